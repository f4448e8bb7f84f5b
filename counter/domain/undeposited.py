"""When undeposited cash is too much or too old: a rule of dates, a time of day and a ceiling.

Amounts are whole fen. Whoever asks brings the clock and the policy of the day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class CashAlarm(StrEnum):
    """Why somebody has to see to the cash; the most pressing first."""

    OLD = "old"
    CEILING = "ceiling"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class CashPlace:
    """Cash of one shift. In a drawer the float is taken off: it is not the bank's."""

    business_date: date
    safe_fen: int
    drawer_fen: int
    held_fen: int = 0


@dataclass(frozen=True, slots=True)
class CashRules:
    """``cash_ceiling_fen`` is the most that a drawer may hold; by ``deposit_by`` the day's cash has left."""

    today: date
    local_time: time
    cash_ceiling_fen: int
    deposit_by: time


def alarm_of(place: CashPlace, rules: CashRules) -> CashAlarm | None:
    """What is wrong with the cash of one shift, if anything."""
    undeposited_fen = place.safe_fen + max(0, place.drawer_fen)
    if undeposited_fen > 0 and place.business_date < rules.today:
        return CashAlarm.OLD
    if place.held_fen > rules.cash_ceiling_fen:
        return CashAlarm.CEILING
    if undeposited_fen > 0 and rules.local_time >= rules.deposit_by:
        return CashAlarm.LATE
    return None


def worst(places: Iterable[CashPlace], rules: CashRules) -> CashAlarm | None:
    """The most pressing alarm of a hall, if any."""
    found = {alarm_of(place, rules) for place in places}
    return next((alarm for alarm in CashAlarm if alarm in found), None)


def masked_account(bank_account_no: str) -> str:
    """A bank account's number as screens and papers show it: its last four characters."""
    return "**** " + bank_account_no[-4:] if len(bank_account_no) > 4 else "****"  # noqa: PLR2004  (four shown)
