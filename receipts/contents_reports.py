"""What a template can show of shift reports, deposit slips and test pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from counter.domain.capitals import capital_amount
from counter.domain.money import format_yuan
from receipts import words
from receipts.contents import grouped, joined
from receipts.deposit import DepositSlip
from receipts.layout import BAR_FULL, Fields, Value
from receipts.reports import CashCount, CountedPieces, ReportKind, ShiftReport, Tally
from receipts.testpage import RARE_CHARACTERS, TestPage

_TIME = "%Y-%m-%d %H:%M:%S"
_MINUTE = "%m-%d %H:%M"


def report_fields(report: ShiftReport, _: words.Translate) -> Fields:
    """Every field of a shift report; what is not known yet in a blind X is empty."""
    return {
        **_report_head(report, _),
        **_report_cash(report, _),
        "takings": [
            {
                "kind": words.tender_kind(taking.kind, _),
                "count": str(taking.count),
                "amount": format_yuan(taking.amount_fen),
            }
            for taking in report.takings
        ],
        "taken": format_yuan(report.taken_fen),
        "taken_count": str(sum(taking.count for taking in report.takings)),
        **_tally("reversals", report.reversals),
        **_tally("refunds", report.refunds),
        "hours": _hours(report),
        "first_receipt_no": report.first_receipt_no or "-",
        "last_receipt_no": report.last_receipt_no or "-",
        "receipt_count": str(report.receipt_count),
        "voided": [
            {
                "receipt_no": void.receipt_no,
                "reversed_by": void.reversed_by,
                "amount": format_yuan(void.amount_fen),
                "reason": void.reason,
            }
            for void in report.voided
        ],
        "void_count": str(len(report.voided)),
        "chain_head": grouped(report.chain_head),
    }


def _report_head(report: ShiftReport, _: words.Translate) -> Mapping[str, Value]:
    """Which shift, whose, when."""
    is_z = report.kind is ReportKind.Z
    return {
        "title": _("Shift Report Z (closing)") if is_z else _("Shift Report X (interim)"),
        "is_z": is_z,
        "number": f"Z{report.number:04d}" if is_z else "",
        "reprint": _("REPRINT") if report.reprint else "",
        "name": report.name,
        "payee": report.payee,
        "hall": report.hall_name,
        "till": f"{report.till_no} {report.till_name}",
        "clerks": joined(report.clerk_names),
        "business_date": report.business_date.isoformat(),
        "opened_at": report.opened_at.strftime(_TIME),
        "closed_at": report.closed_at.strftime(_TIME) if report.closed_at else "",
        "printed_at": report.printed_at.strftime(_TIME),
    }


def _report_cash(report: ShiftReport, _: words.Translate) -> Mapping[str, Value]:
    """The drawer: what it began with, what went in and out, what was counted."""
    counted_fen = report.counted_fen
    return {
        "float": format_yuan(report.float_fen),
        "deposited": format_yuan(report.deposited_fen) if report.deposited_fen else "",
        "movements": [
            {
                "at": movement.at.strftime(_MINUTE),
                "amount": format_yuan(movement.amount_fen),
                "reason": movement.reason,
                "staff": movement.staff_name,
            }
            for movement in report.movements
        ],
        "cash_expected": "" if report.cash_expected_fen is None else format_yuan(report.cash_expected_fen),
        "cash_counted": "" if counted_fen is None else format_yuan(counted_fen),
        "cash_over": format_yuan(report.cash_over_fen),
        "cash_short": format_yuan(report.cash_short_fen),
        "counts": [_count(number, count, _) for number, count in enumerate(report.counts, start=1)],
        "pieces": _pieces(report.counts[-1].pieces) if report.counts else [],
    }


def _count(number: int, count: CashCount, _: words.Translate) -> Mapping[str, Value]:
    """One count of the drawer; the later ones are recounts."""
    label = _("Count {number}") if number == 1 else _("Recount {number}")
    return {
        "label": label.format(number=number),
        "at": count.counted_at.strftime(_MINUTE),
        "staff": count.staff_name,
        "amount": format_yuan(count.total_fen),
    }


def _pieces(pieces: tuple[CountedPieces, ...]) -> list[Mapping[str, Value]]:
    """Notes and coins by their face."""
    return [
        {
            "face": format_yuan(counted.face_fen),
            "pieces": str(counted.pieces),
            "amount": format_yuan(counted.amount_fen),
        }
        for counted in pieces
    ]


def _tally(name: str, tally: Tally) -> Mapping[str, Value]:
    """A count and an amount; the amount is empty where nothing of the kind happened."""
    return {
        f"{name}_count": str(tally.count),
        f"{name}_amount": format_yuan(-tally.amount_fen) if tally.count else "",
    }


def _hours(report: ShiftReport) -> list[Mapping[str, Value]]:
    """Takings by hour with bars; the best hour's is full."""
    most_fen = max((hour.amount_fen for hour in report.hours), default=0)
    return [
        {
            "hour": f"{hour.hour:02d}:00",
            "count": str(hour.count),
            "amount": format_yuan(hour.amount_fen),
            "share": str(max(0, hour.amount_fen) * BAR_FULL // most_fen if most_fen > 0 else 0),
        }
        for hour in report.hours
    ]


def deposit_fields(slip: DepositSlip, _: words.Translate) -> Fields:
    """Every field of a deposit slip."""
    return {
        "title": _("Deposit Slip"),
        "reprint": _("REPRINT") if slip.reprint else "",
        "slip_no": slip.slip_no,
        "business_date": slip.business_date.isoformat(),
        "made_at": slip.made_at.strftime(_TIME),
        "payee": slip.payee,
        "hall": slip.hall_name,
        "bank": slip.bank_name,
        "account_name": slip.account_name,
        "account_no": slip.account_no_masked,
        "made_by": slip.made_by,
        "carrier": slip.carrier_name,
        "bag": slip.bag_no,
        "note": slip.note,
        "total": words.yuan(slip.total_fen),
        "capitals": capital_amount(slip.total_fen),
        "cash": format_yuan(slip.cash_fen) if slip.cash_fen else "",
        "cheque_sum": format_yuan(slip.cheque_fen),
        "pos_sum": format_yuan(slip.pos_fen),
        **_deposit_lists(slip),
    }


def _deposit_lists(slip: DepositSlip) -> Mapping[str, Value]:
    """What the slip lists: notes and coins, cheques, POS totals, shifts."""
    return {
        "pieces": _pieces(slip.pieces),
        "cheques": [
            {
                "bank": cheque.bank,
                "number": cheque.number,
                "dated": cheque.dated.isoformat(),
                "payer": cheque.payer,
                "amount": format_yuan(cheque.amount_fen),
            }
            for cheque in slip.cheques
        ],
        "pos_totals": [
            {
                "terminal": total.terminal,
                "batch": total.batch,
                "count": str(total.count),
                "amount": format_yuan(total.amount_fen),
            }
            for total in slip.pos_totals
        ],
        "shifts": [
            {
                "till": shift.till_name,
                "staff": shift.staff_name,
                "closed_at": shift.closed_at.strftime(_MINUTE),
                "number": f"Z{shift.z_number:04d}" if shift.z_number else "",
                "amount": format_yuan(shift.total_fen),
            }
            for shift in slip.shifts
        ],
    }


def page_fields(page: TestPage, _: words.Translate) -> Fields:
    """Every field of a test page."""
    printer = page.printer
    return {
        "title": _("Printer Test Page"),
        "payee": page.payee,
        "hall": page.hall_name,
        "till": page.till_name,
        "printed_at": _at(page.printed_at),
        "printer": printer.name if printer else _("(folder of files only)"),
        "kind": printer.kind.value if printer else "",
        "address": printer.address if printer else "",
        "form": printer.form.value if printer else "a5",
        "rare": RARE_CHARACTERS,
        "digits": "0123456789 ¥1,234,567.89",
        "capitals": capital_amount(123_456_789),
        "ruler": "".join(f"{mark}----" for mark in "123456789"),
        "qr": "CR1/TEST/0.00/",
    }


def _at(moment: datetime) -> str:
    """Date and time as printed."""
    return moment.strftime(_TIME)
