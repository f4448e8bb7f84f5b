"""What is agreed with a customer: instalments, relief of late fees, reconnections."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Agreements:
    """The real part behind ``ports.agreements.Agreements``."""

    engine: Engine
