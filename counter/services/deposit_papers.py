"""A deposit slip from the ledger's rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from counter.domain.undeposited import masked_account
from db.queries.deposits import SlipDocumentRow, SlipRow, SlipShiftRow
from receipts.deposit import DepositedCheque, DepositedShift, DepositSlip, PosTotal


def deposit_slip(
    row: SlipRow,
    shifts: Iterable[SlipShiftRow],
    documents: Iterable[SlipDocumentRow],
    *,
    reprint: bool,
    language: str,
) -> DepositSlip:
    """The paper's content; raises ValueError for rows that contradict each other."""
    kept = tuple(documents)
    return DepositSlip(
        slip_no=row.slip_no,
        business_date=row.business_date,
        made_at=row.made_at,
        payee=row.payee,
        hall_name=row.hall_name,
        bank_name=row.bank_name,
        account_name=row.holder,
        account_no_masked=masked_account(row.bank_account_no),
        made_by=row.made_by,
        carrier_name=row.carried_by,
        total_fen=row.cash_fen + row.cheques_fen + row.pos_fen,
        cash_fen=row.cash_fen,
        cheques=tuple(_cheque(document) for document in kept if document.kind == "cheque"),
        pos_totals=_pos_totals(document for document in kept if document.kind == "pos"),
        shifts=tuple(
            DepositedShift(
                shift.till_name,
                shift.staff_name,
                shift.closed_at,
                shift.z_no,
                shift.cash_fen,
                shift.cheques_fen,
                shift.pos_fen,
            )
            for shift in shifts
        ),
        bag_no=row.seal_no,
        note=row.note,
        reprint=reprint,
        language=language,
    )


def _cheque(document: SlipDocumentRow) -> DepositedCheque:
    """A reference is ``bank/number``; a cheque without a readable date was taken on its day."""
    bank, _slash, number = document.reference.rpartition("/")
    dated = document.taken_on
    with suppress(ValueError):
        dated = date.fromisoformat(document.dated)
    return DepositedCheque(bank, number, dated, document.payer, document.amount_fen)


def _pos_totals(documents: Iterable[SlipDocumentRow]) -> tuple[PosTotal, ...]:
    """By terminal and batch; a reference is ``terminal-batch-trace``."""
    amounts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for document in documents:
        terminal, batch, *_trace = document.reference.split("-")
        amounts[terminal, batch].append(document.amount_fen)
    return tuple(
        PosTotal(terminal, batch, len(fen), sum(fen)) for (terminal, batch), fen in sorted(amounts.items())
    )
