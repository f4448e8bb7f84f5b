"""What a template can show of the summary of a closed day."""

from __future__ import annotations

from collections.abc import Mapping

from counter.domain.money import format_yuan
from receipts import words
from receipts.contents import grouped
from receipts.day_summary import DaySummary
from receipts.layout import Fields, Value
from receipts.reports import Tally

_TIME = "%Y-%m-%d %H:%M:%S"


def day_fields(day: DaySummary, _: words.Translate) -> Fields:
    """Every field of a day summary."""
    return {
        "title": _("Day Summary"),
        "reprint": _("REPRINT") if day.reprint else "",
        "name": day.name,
        "payee": day.payee,
        "hall": day.hall_name,
        "business_date": day.business_date.isoformat(),
        "closed_at": day.closed_at.strftime(_TIME),
        "closed_by": day.closed_by,
        "printed_at": day.printed_at.strftime(_TIME),
        "entries": str(day.journals),
        "taken": format_yuan(day.taken_fen),
        "taken_count": str(sum(taking.count for taking in day.takings)),
        **_tally("reversals", day.reversals),
        **_tally("refunds", day.refunds),
        **_bank(day),
        **_lists(day, _),
    }


def _tally(name: str, tally: Tally) -> Mapping[str, Value]:
    """A count and an amount; empty where nothing of the kind happened."""
    return {
        f"{name}_count": str(tally.count) if tally.count else "",
        f"{name}_amount": format_yuan(-tally.amount_fen) if tally.count else "",
    }


def _bank(day: DaySummary) -> Mapping[str, Value]:
    """Both sides of the reconciliation; a difference only where there is one."""
    bank = day.bank
    return {
        "statement": format_yuan(bank.statement_fen),
        "not_at_bank": format_yuan(bank.not_at_bank_fen),
        "not_at_bank_count": str(bank.not_at_bank_count),
        "books": format_yuan(bank.books_fen),
        "not_in_books": format_yuan(bank.not_in_books_fen),
        "not_in_books_count": str(bank.not_in_books_count),
        "adjusted": format_yuan(bank.statement_fen + bank.not_at_bank_fen),
        "difference": format_yuan(bank.difference_fen) if bank.difference_fen else "",
    }


def _lists(day: DaySummary, _: words.Translate) -> Mapping[str, Value]:
    """Everything that is a list."""
    return {
        "takings": [
            {
                "kind": words.tender_kind(taking.kind, _),
                "count": str(taking.count),
                "amount": format_yuan(taking.amount_fen),
            }
            for taking in day.takings
        ],
        "shifts": [
            {
                "number": f"Z{shift.number:04d}",
                "till": shift.till_name,
                "staff": shift.staff_name,
                "counted": format_yuan(shift.counted_fen),
                "over": format_yuan(shift.over_fen),
            }
            for shift in day.shifts
        ],
        "receipts": [
            {"till": each.till_name, "first": each.first_no, "last": each.last_no, "count": str(each.count)}
            for each in day.receipts
        ],
        "deposits": [
            {"slip": each.slip_no, "carrier": each.carrier_name, "amount": format_yuan(each.amount_fen)}
            for each in day.deposits
        ],
        "steps": [{"title": step.title, "state": step.state, "detail": step.detail} for step in day.steps],
        "accounts": [
            {
                "name": account.name,
                "opening": format_yuan(account.opening_fen),
                "debits": format_yuan(account.debits_fen),
                "credits": format_yuan(account.credits_fen),
                "closing": format_yuan(account.closing_fen),
            }
            for account in day.accounts
        ],
        "heads": [
            {"till": head.till_name, "seq": str(head.seq), "head": grouped(head.head)} for head in day.heads
        ],
    }
