"""What happened with agreements, reconnections and balances: the messages of their jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter.ui.messages import Told

if TYPE_CHECKING:
    from pathlib import Path

    from counter.errors import CounterError
    from counter.services.ports.agreements import Agreement, AgreementBasis, BalanceMove, ReconnectionTask


class AgreementsListed(Told):
    """The agreements of an account, or those of the hall with something due."""

    agreements: tuple[Agreement, ...]


class BasisRead(Told):
    """What a new agreement starts from."""

    basis: AgreementBasis


class AgreementChanged(Told):
    """An agreement was made or ended."""


class NotChanged(Told):
    """A write was refused, or its outcome is not known."""

    error: CounterError


class TasksListed(Told):
    """The open reconnection tasks of the hall."""

    tasks: tuple[ReconnectionTask, ...]


class TaskDone(Told):
    """An account is connected again."""

    task: ReconnectionTask


class TasksExported(Told):
    """The file is written."""

    path: Path


class TasksCounted(Told):
    """So many tasks are open."""

    count: int


class BalanceRead(Told):
    """What moved a balance."""

    moves: tuple[BalanceMove, ...]
