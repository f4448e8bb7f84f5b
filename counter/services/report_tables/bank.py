"""The bank side on paper: reconciliation, unidentified receipts, what is in transit, POS on three levels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from counter.domain.tabular import Cell, Column, Kind, Table
from counter.domain.undeposited import masked_account
from counter.i18n import _
from counter.services.ports.matching import ITEM_KINDS
from db.queries.bank_reports import BankBalance, OpenItem, OpenLine, Settlement

_BANK_SIDE = ("transfer_clearing", "cash_in_transit", "acquirer_receivable", "refunds_payable")
"""Items of these ledger accounts are to come in at a bank, or to go out there."""
_AGES = ((0, 1), (2, 3), (4, 7), (8, 30), (31, None))


def reconciliation_tables(
    balances: tuple[BankBalance, ...],
    books: dict[str, int],
    items: tuple[OpenItem, ...],
    lines: tuple[OpenLine, ...],
    as_of: date,
) -> tuple[Table, ...]:
    """银行存款余额调节表 of all bank accounts together, and every item of it with its age.

    Statement balance and what the bank has not yet seen, against the balance of the books and what they
    have not yet seen: both come to the same when nothing is wrong.
    """
    awaited = [item for item in items if item.ledger_account in _BANK_SIDE]
    statement_fen = sum(row.balance_fen or 0 for row in balances)
    books_fen = sum(books.values())
    left = statement_fen + sum(item.open_fen for item in awaited)
    right = books_fen + sum(line.open_fen for line in lines)
    return (
        Table(
            _("Statements"),
            (
                Column(_("Account at the bank"), width=16),
                Column(_("Bank"), width=20),
                Column(_("Statements through"), Kind.DAY, 14),
                Column(_("Closing balance"), Kind.FEN, 18),
            ),
            tuple(
                (masked_account(row.bank_account_no), row.bank_name, row.through, row.balance_fen)
                for row in balances
            ),
            (_("Total"), "", None, statement_fen),
        ),
        Table(
            _("Reconciliation"),
            (Column(_("Item"), width=44), Column(_("Amount"), Kind.FEN, 18)),
            (
                (_("Balance of the statements"), statement_fen),
                (
                    _("+ in the books, not yet at the bank: money in"),
                    sum(item.open_fen for item in awaited if item.open_fen > 0),
                ),
                (
                    _("- in the books, not yet at the bank: money out"),
                    sum(item.open_fen for item in awaited if item.open_fen < 0),
                ),
                (_("Statements, adjusted"), left),
                (_("Balance of the books"), books_fen),
                (
                    _("+ at the bank, not yet in the books: money in"),
                    sum(line.open_fen for line in lines if line.open_fen > 0),
                ),
                (
                    _("- at the bank, not yet in the books: money out"),
                    sum(line.open_fen for line in lines if line.open_fen < 0),
                ),
                (_("Books, adjusted"), right),
            ),
            (_("Difference"), left - right),
        ),
        items_table(_("In the books, not yet at the bank"), awaited, as_of),
        lines_table(_("At the bank, not yet in the books"), lines, as_of),
    )


def items_table(title: str, items: Sequence[OpenItem], as_of: date) -> Table:
    """Each item with its age."""
    rows: list[tuple[Cell, ...]] = [
        (
            item.business_date,
            (as_of - item.business_date).days,
            item.hall_name,
            _(ITEM_KINDS[item.kind]),
            item.reference,
            item.payer,
            item.note,
            item.open_fen,
        )
        for item in items
    ]
    return Table(
        title,
        (
            Column(_("Date"), Kind.DAY, 11),
            Column(_("Days"), Kind.COUNT, 6),
            Column(_("Hall"), width=14),
            Column(_("Kind"), width=12),
            Column(_("Reference"), width=22),
            Column(_("Payer"), width=16),
            Column(_("Remark"), width=20),
            Column(_("Open amount"), Kind.FEN, 14),
        ),
        tuple(rows),
        (_("Total"), *(None,) * 6, sum(item.open_fen for item in items)),
    )


def lines_table(title: str, lines: Sequence[OpenLine], as_of: date) -> Table:
    """Each line with its age."""
    rows: list[tuple[Cell, ...]] = [
        (
            line.booked,
            (as_of - line.booked).days,
            masked_account(line.bank_account_no),
            line.reference,
            line.party,
            line.words,
            line.note,
            line.open_fen,
        )
        for line in lines
    ]
    return Table(
        title,
        (
            Column(_("Date"), Kind.DAY, 11),
            Column(_("Days"), Kind.COUNT, 6),
            Column(_("Account at the bank"), width=12),
            Column(_("Reference"), width=18),
            Column(_("Other party"), width=16),
            Column(_("Text"), width=22),
            Column(_("Remark"), width=18),
            Column(_("Open amount"), Kind.FEN, 14),
        ),
        tuple(rows),
        (_("Total"), *(None,) * 6, sum(line.open_fen for line in lines)),
    )


def ages_table(dated: Iterable[tuple[date, int]], as_of: date) -> Table:
    """How much is how old; ``dated`` are days with open fen."""
    known = [((as_of - day).days, open_fen) for day, open_fen in dated]
    rows = []
    for least, most in _AGES:
        sums = [fen for age, fen in known if least <= age and (most is None or age <= most)]
        name = (
            _("{days} days and more").format(days=least)
            if most is None
            else _("{since} to {until} days").format(since=least, until=most)
        )
        rows.append((name, len(sums), sum(sums)))
    return Table(
        _("By age"),
        (
            Column(_("Days old"), width=20),
            Column(_("How many"), Kind.COUNT, 8),
            Column(_("Open amount"), Kind.FEN, 16),
        ),
        tuple(rows),
        (_("Total"), len(known), sum(fen for _age, fen in known)),
    )


def settlement_table(rows: tuple[Settlement, ...]) -> Table:
    """Slip against line, net against credit, fee against contract."""
    return Table(
        _("POS settlements"),
        (
            Column(_("Settled"), Kind.DAY, 11),
            Column(_("Merchant"), width=16),
            Column(_("Lines"), Kind.COUNT, 7),
            Column(_("Gross"), Kind.FEN, 14),
            Column(_("Fee"), Kind.FEN, 11),
            Column(_("Net"), Kind.FEN, 14),
            Column(_("Lines without slip"), Kind.COUNT, 10),
            Column(_("Their amount"), Kind.FEN, 13),
            Column(_("Net not credited"), Kind.FEN, 14),
            Column(_("Fee by contract"), Kind.FEN, 12),
            Column(_("Fee difference"), Kind.FEN, 11),
        ),
        tuple(
            (
                row.settled,
                row.merchant,
                row.lines,
                row.gross_fen,
                row.fee_fen,
                row.net_fen,
                row.unmatched,
                row.unmatched_fen,
                row.uncredited_fen,
                row.contract_fee_fen,
                row.fee_fen - row.contract_fee_fen,
            )
            for row in rows
        ),
        (
            _("Total"),
            None,
            sum(row.lines for row in rows),
            sum(row.gross_fen for row in rows),
            sum(row.fee_fen for row in rows),
            sum(row.net_fen for row in rows),
            sum(row.unmatched for row in rows),
            sum(row.unmatched_fen for row in rows),
            sum(row.uncredited_fen for row in rows),
            sum(row.contract_fee_fen for row in rows),
            sum(row.fee_fen - row.contract_fee_fen for row in rows),
        ),
    )
