"""What the status line says: who, where, which shift, and whether server and printer are there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from counter.domain.undeposited import CashAlarm
    from counter.services.ports import Shift, StaffMember
    from counter.services.ports.breaks import BreakAlarm
    from counter.services.ports.vends import Slot


class Link(Enum):
    """The connection to the server, as last seen."""

    CONNECTING = auto()
    UP = auto()
    DOWN = auto()


@dataclass(frozen=True, slots=True)
class DeskStatus:
    """Everything of the status line; a new one replaces the old, so that it is painted once."""

    link: Link = Link.CONNECTING
    staff: StaffMember | None = None
    shift: Shift | None = None
    business_date: date | None = None
    printer: str = ""
    fallback_font: bool = False
    unprinted: int = 0
    pending: int = 0
    approvals: int = 0
    reconnections: int = 0
    cash_alarm: CashAlarm | None = None
    break_alarm: BreakAlarm | None = None
    slot: Slot | None = None
    doubts: int = 0
