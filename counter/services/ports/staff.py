"""Who works here, and the tills they work at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Duty(StrEnum):
    """What a member of staff is there for; each is a group role of the database."""

    CLERK = "clerk"
    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Who signed in; ``hall_no`` is the hall this person works in."""

    staff_no: str
    name: str
    duty: Duty
    hall_no: int
    hall_name: str


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """A demonstration sign-in shown on the first screen; never present in a real bureau."""

    staff_no: str
    name: str
    duty: Duty
    hall_name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Till:
    """A drawer for cash; free when ``held_by`` is empty."""

    till_no: int
    name: str
    held_by: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A clerk's turn at a till. ``business_date`` is the day it was opened."""

    shift_id: int
    till_no: int
    till_name: str
    business_date: date
    opened_at: datetime
    float_fen: int


@dataclass(frozen=True, slots=True)
class OpenShift:
    """Request: take a till with ``float_fen`` of change in it (0 or more)."""

    request_id: UUID
    till_no: int
    float_fen: int
