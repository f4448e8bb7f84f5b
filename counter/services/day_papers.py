"""The summary of a closed day from what was signed and from the ledger's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from counter.domain.money import format_yuan
from counter.i18n import translations
from counter.services.ports.day_words import LEDGER_WORDS, STATE_WORDS, STEP_TITLES
from db.queries import day_close
from db.queries.day_close import SummaryRow
from receipts.day_summary import (
    DayAccount,
    DayBank,
    DayDeposit,
    DayHead,
    DayReceipts,
    DayShift,
    DayStepLine,
    DaySummary,
)
from receipts.document import TenderKind
from receipts.reports import Tally, TenderTaking

Say = Callable[[str], str]


def day_summary(connection: Connection, row: SummaryRow, *, reprint: bool, language: str) -> DaySummary:
    """The paper's content."""
    say = translations(language).gettext
    back = day_close.given_back(connection, row)
    return DaySummary(
        business_date=row.business_date,
        payee=row.payee,
        hall_no=row.hall_no,
        hall_name=row.hall_name,
        closed_by=row.staff_name,
        closed_at=row.closed_at,
        printed_at=row.made_at,
        journals=row.journals,
        bank=_bank(row.bank),
        takings=tuple(
            TenderTaking(TenderKind(kind), count, amount_fen)
            for kind, count, amount_fen in day_close.takings(connection, row)
        ),
        reversals=Tally(*back.get("reversal", (0, 0))),
        refunds=Tally(*back.get("refund", (0, 0))),
        shifts=tuple(
            DayShift(each.z_no, each.till_name, each.staff_name, each.counted_fen, each.over_fen)
            for each in day_close.shifts(connection, row)
        ),
        receipts=tuple(
            DayReceipts(each.till_name, each.first_no, each.last_no, each.count)
            for each in day_close.receipts(connection, row)
        ),
        deposits=tuple(DayDeposit(*each) for each in day_close.deposits(connection, row)),
        steps=tuple(_step(step, say) for step in row.checklist),
        accounts=tuple(_accounts(row.totals, say)),
        heads=tuple(
            DayHead(name, head["seq"], head["hash"])
            for name, head in day_close.heads(connection, row)
            if head["seq"]
        ),
        reprint=reprint,
        language=language,
    )


def _step(step: Mapping[str, Any], say: Say) -> DayStepLine:
    """A step as it was signed: its note, or how much waits in time."""
    waits = f"{step['waiting']}  {format_yuan(step['waiting_fen'])}" if step["waiting"] else ""
    return DayStepLine(
        say(STEP_TITLES[step["step"]]), say(STATE_WORDS[step["state"]]), step.get("note", "") or waits
    )


def _accounts(totals: Mapping[str, Any], say: Say) -> list[DayAccount]:
    """The ledger accounts that moved or stand at something."""
    known = [name for name in LEDGER_WORDS if name in totals]
    names = known + sorted(totals.keys() - LEDGER_WORDS.keys())
    rows = [
        DayAccount(
            say(LEDGER_WORDS.get(name, name)),
            totals[name]["opening_fen"],
            totals[name]["debits_fen"],
            totals[name]["credits_fen"],
            totals[name]["closing_fen"],
        )
        for name in names
    ]
    return [row for row in rows if row.opening_fen or row.debits_fen or row.credits_fen]


def _bank(bank: Mapping[str, Any]) -> DayBank:
    """The reconciliation in its figures."""
    return DayBank(
        statement_fen=bank["statement_fen"],
        not_at_bank_fen=bank["not_at_bank"]["amount_fen"],
        not_at_bank_count=bank["not_at_bank"]["count"],
        books_fen=bank["books_fen"],
        not_in_books_fen=bank["not_in_books"]["amount_fen"],
        not_in_books_count=bank["not_in_books"]["count"],
    )
