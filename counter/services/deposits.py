"""The way of the takings to the bank: what waits in the safe, and the slips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine

from counter.domain import undeposited
from counter.domain.undeposited import CashAlarm, CashPlace, CashRules, masked_account
from counter.errors import Refusal
from counter.i18n import _
from counter.services.deposit_papers import deposit_slip
from counter.services.paper import Paper
from counter.services.ports.deposits import (
    BankAccount,
    DepositMade,
    DepositPart,
    MakeDeposit,
    OpenDrawer,
    Safe,
    SlipSummary,
    WaitingItem,
)
from counter.services.ports.paper import PaperOutcome
from counter.services.posting import Posting
from counter.services.unit_of_work import transaction
from db.queries import deposits
from db.queries.deposits import DrawerRow, RulesRow, SlipRow, WaitingRow

SLIPS_LISTED: Final = 200
"""How many earlier slips a list shows."""

_CARRIER_MAX = _SEAL_MAX = 40
_NOTE_MAX = 200


@dataclass(frozen=True, slots=True)
class Deposits:
    """The real part behind ``ports.deposits.Deposits``."""

    engine: Engine
    paper: Paper
    posting: Posting

    def safe(self) -> Safe:
        """What waits in the own hall, and what is wrong with it."""
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ")
        with transaction(engine) as connection:
            policy = deposits.rules(connection)
            rows = deposits.waiting(connection)
            open_drawers = deposits.drawers(connection)
            accounts = deposits.bank_accounts(connection)
        rules = _rules(policy)
        return Safe(
            items=tuple(_item(row, policy, rules) for row in rows),
            drawers=tuple(_drawer(row, rules) for row in open_drawers),
            bank_accounts=tuple(
                BankAccount(
                    row.bank_account_no, row.bank_name, row.holder, masked_account(row.bank_account_no)
                )
                for row in accounts
            ),
            alarm=undeposited.worst(_places(rows, open_drawers), rules),
            deposit_by=f"{policy.deposit_by:%H:%M}",
            cash_ceiling_fen=policy.cash_ceiling_fen,
        )

    def cash_alarm(self) -> CashAlarm | None:
        """The most pressing thing about the hall's cash."""
        with transaction(self.engine) as connection:
            policy = deposits.rules(connection)
            places = _places(deposits.waiting(connection), deposits.drawers(connection))
        return undeposited.worst(places, _rules(policy))

    def make_deposit(self, request: MakeDeposit) -> DepositMade:
        """Post a slip once; what cannot be printed is refused before it is sent."""
        check(request)
        answer = self.posting.post("post_deposit", _body(request))
        return DepositMade(
            UUID(answer["request_id"]),
            answer["slip_no"],
            answer["cash_fen"],
            answer["cheques_fen"],
            answer["pos_fen"],
            answer["replayed"],
        )

    def slips(self) -> tuple[SlipSummary, ...]:
        """The last slips of the hall, the newest first."""
        with transaction(self.engine) as connection:
            return tuple(map(_summary, deposits.slips(connection, SLIPS_LISTED)))

    def print_slip(self, slip_no: str, *, reprint: bool) -> PaperOutcome:
        """Draw the slip from the ledger and print it."""
        with transaction(self.engine) as connection:
            row = deposits.slip(connection, slip_no)
            if row is None:
                raise Refusal(
                    _("There is no deposit slip {number} in this hall.").format(number=slip_no),
                    _("Nothing was printed."),
                    _("Slips are printed in the hall that made them."),
                )
            shifts = deposits.slip_shifts(connection, row.journal_id)
            documents = deposits.slip_documents(connection, row.journal_id, row.made_at)
        slip = deposit_slip(row, shifts, documents, reprint=reprint, language=self.paper.language)
        return self.paper.print_document(slip, business_date=row.business_date)


def check(request: MakeDeposit) -> None:
    """Raise Refusal for particulars that the slip cannot hold, each with its sentence."""
    for value, length_max, why in (
        (
            request.carried_by,
            _CARRIER_MAX,
            _("The carrier's name has at most 40 characters, all of them visible."),
        ),
        (request.seal_no, _SEAL_MAX, _("The seal number has at most 40 characters, all of them visible.")),
        (request.note, _NOTE_MAX, _("The remark has at most 200 characters, all of them visible.")),
    ):
        if len(_words(value)) > length_max or not _words(value).isprintable():
            raise _incomplete(why)
    if not _words(request.carried_by):
        raise _incomplete(_("Who carries the money? Enter a name."))
    if not request.items or request.total_fen <= 0:
        raise _incomplete(_("Nothing is ticked."))


def _incomplete(why: str) -> Refusal:
    return Refusal(why, _("Nothing was deposited."), _("Correct it and confirm again."))


def _body(request: MakeDeposit) -> dict[str, Any]:
    body: dict[str, Any] = {
        "request_id": str(request.request_id),
        "bank_account_no": request.bank_account_no,
        "items": [{"shift_id": shift_id, "part": part} for shift_id, part in sorted(request.items)],
        "total_fen": request.total_fen,
        "carried_by": _words(request.carried_by),
        "seal_no": _words(request.seal_no),
    }
    return body | ({"note": _words(request.note)} if _words(request.note) else {})


def _words(typed: str) -> str:
    """What was typed, with the wide blanks of an input method as plain ones."""
    return typed.replace("\u3000", " ").strip()


def _rules(policy: RulesRow) -> CashRules:
    return CashRules(policy.business_date, policy.local_time, policy.cash_ceiling_fen, policy.deposit_by)


def _places(rows: tuple[WaitingRow, ...], drawers: tuple[DrawerRow, ...]) -> Iterator[CashPlace]:
    """All undeposited cash of a hall: of closed shifts in the safe, of open ones also in drawers."""
    yield from (_waiting_place(row) for row in rows)
    yield from map(_drawer_place, drawers)


def _waiting_place(row: WaitingRow) -> CashPlace:
    return CashPlace(row.business_date, row.amount_fen if row.part == DepositPart.CASH else 0, 0)


def _drawer_place(row: DrawerRow) -> CashPlace:
    return CashPlace(row.business_date, row.safe_fen, row.cash_fen - row.float_fen, row.cash_fen)


def _item(row: WaitingRow, policy: RulesRow, rules: CashRules) -> WaitingItem:
    return WaitingItem(
        shift_id=row.shift_id,
        part=DepositPart(row.part),
        amount_fen=row.amount_fen,
        pieces=row.pieces,
        till_name=row.till_name,
        business_date=row.business_date,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        age_h=_hours(row.closed_at, policy.now),
        alarm=undeposited.alarm_of(_waiting_place(row), rules),
    )


def _hours(since: datetime, now: datetime) -> int:
    """Whole hours, never below 0."""
    return max(0, int((now - since).total_seconds())) // 3600


def _drawer(row: DrawerRow, rules: CashRules) -> OpenDrawer:
    return OpenDrawer(
        till_name=row.till_name,
        staff_name=row.staff_name,
        business_date=row.business_date,
        cash_fen=row.cash_fen,
        over_float_fen=max(0, row.cash_fen - row.float_fen),
        safe_fen=row.safe_fen,
        alarm=undeposited.alarm_of(_drawer_place(row), rules),
    )


def _summary(row: SlipRow) -> SlipSummary:
    return SlipSummary(
        slip_no=row.slip_no,
        business_date=row.business_date,
        made_at=row.made_at,
        made_by=row.made_by,
        carried_by=row.carried_by,
        seal_no=row.seal_no,
        bank=f"{masked_account(row.bank_account_no)} {row.bank_name}",
        cash_fen=row.cash_fen,
        cheques_fen=row.cheques_fen,
        pos_fen=row.pos_fen,
    )
