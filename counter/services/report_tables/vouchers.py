"""The voucher for the finance system (营财一体化): debits and credits of each day and ledger account.

One voucher for each day, hall and kind of journal, so that each one sums to zero; the file has a line for
every ledger account that it moves, with the code that the finance system knows it by.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from counter.domain.tabular import Cell, Column, Kind, Table
from counter.i18n import _
from counter.services.report_tables.ledger_words import account_words
from db.queries.reports import LedgerSum

CODES: Final[Mapping[str, str]] = {
    "cash_in_till": "1001.01",
    "float_fund": "1001.02",
    "undeposited_cash": "1001.03",
    "bank": "1002",
    "cash_in_transit": "1012.01",
    "cheques_in_hand": "1012.02",
    "pos_clearing": "1012.03",
    "acquirer_receivable": "1012.04",
    "transfer_clearing": "1012.05",
    "receivable": "1122",
    "cash_short": "1221.01",
    "unexplained_payments": "1221.02",
    "prepaid": "2203.01",
    "recharge_cards": "2203.02",
    "vend_in_flight": "2203.03",
    "unidentified_receipts": "2241.01",
    "cash_over": "2241.02",
    "refunds_payable": "2241.03",
    "care_fund": "2241.04",
    "pos_unmatched": "2241.05",
    "opening_equity": "4104",
    "billed_sales": "6001.01",
    "vended": "6001.02",
    "late_fee_income": "6301",
    "bank_fees": "6603",
}
"""Codes of the standard chart of accounts; a company's own replace them by the setting ``ledger_codes``."""


def voucher_table(rows: tuple[LedgerSum, ...], codes: Mapping[str, str]) -> Table:
    """The lines in the order of days and vouchers, each with a debit or a credit."""
    lines: list[tuple[Cell, ...]] = []
    number, before = 0, None
    for row in rows:
        voucher = (row.business_date, row.hall_no, row.journal_kind)
        number, before = number + (voucher != before), voucher
        code = codes.get(row.ledger_account) or CODES.get(row.ledger_account, "")
        for debit, credit in ((row.debit_fen, None), (None, row.credit_fen)):
            if debit or credit:
                lines.append(
                    (
                        row.business_date,
                        number,
                        row.hall_no,
                        code,
                        account_words(row.ledger_account),
                        row.ledger_account,
                        row.journal_kind,
                        debit,
                        credit,
                    )
                )
    return Table(
        _("Voucher lines"),
        (
            Column(_("Date"), Kind.DAY, 12),
            Column(_("Voucher"), Kind.COUNT, 8),
            Column(_("Hall"), Kind.COUNT, 6),
            Column(_("Code"), width=10),
            Column(_("Name of the account"), width=24),
            Column(_("Ledger account"), width=22),
            Column(_("Entry"), width=16),
            Column(_("Debit"), Kind.FEN, 16),
            Column(_("Credit"), Kind.FEN, 16),
        ),
        tuple(lines),
        (
            _("Total"),
            *(None,) * 6,
            sum(row.debit_fen for row in rows),
            sum(row.credit_fen for row in rows),
        ),
    )


def ledger_table(rows: tuple[LedgerSum, ...]) -> Table:
    """Debits and credits of each ledger account over all the days."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        tally = sums.setdefault(row.ledger_account, [0, 0])
        tally[0] += row.debit_fen
        tally[1] += row.credit_fen
    return Table(
        _("Ledger accounts"),
        (
            Column(_("Code"), width=10),
            Column(_("Name of the account"), width=26),
            Column(_("Debit"), Kind.FEN, 16),
            Column(_("Credit"), Kind.FEN, 16),
            Column(_("Change"), Kind.FEN, 16),
        ),
        tuple(
            (CODES.get(name, ""), account_words(name), debit, credit, debit - credit)
            for name, (debit, credit) in sorted(sums.items(), key=lambda pair: CODES.get(pair[0], pair[0]))
        ),
        (
            _("Total"),
            None,
            sum(debit for debit, _credit in sums.values()),
            sum(credit for _debit, credit in sums.values()),
            0,
        ),
    )
