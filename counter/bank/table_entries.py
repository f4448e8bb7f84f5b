"""The statements of one bank table, made of its columns: signs, order in time, balances.

Sums are whole fen until they stand in an entry.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from counter.bank import cells, signs, table_totals
from counter.bank.card_numbers import without_cards
from counter.bank.cells import Cell, text_of
from counter.bank.headings import Columns
from counter.bank.manner import Manner
from counter.bank.packed import Packed
from counter.bank.statement import Entry, Statement, UnreadableError
from counter.bank.table_lines import Moved
from counter.bank.table_notes import account_in, closing_in, currency, currency_in, opening_in
from counter.bank.table_rows import Body


class Builder:
    """Makes the statements of one table out of its columns."""

    def __init__(self, columns: Columns, body: Body, notes: str, headings: str, manner: Manner) -> None:
        """``notes`` is all that stands beside the rows, ``headings`` their headings as one text."""
        self._columns, self._body = columns, body
        self._notes, self._headings, self._manner = notes, headings, manner
        self._known_sums, self._wrong_total = dict[str, list[int | None]](), 0

    def statements(self) -> list[Statement]:
        """One statement for each account and currency, entries in the order of time."""
        body, balances = self._body, self._balances()
        amounts = self._amounts(has_balance=balances is not None)
        groups = self._groups()
        turned, orders = self._settled(amounts, balances, list(groups.values()))
        moved = Moved(body.columns, body.days, body.lines, array("q", turned), balances, self._manner)
        if len(groups) == 1:
            (key,), (order,) = groups, orders
            return [self._statement(key, moved.entries(order), alone=True)]
        every = moved.entries(range(len(turned)))
        return [
            self._statement(key, tuple([every[group[at]] for at in order]), alone=False)
            for (key, group), order in zip(groups.items(), orders, strict=True)
        ]

    def _amounts(self, *, has_balance: bool) -> list[int]:
        """The sums with their signs, once the totals of the table were looked at."""
        sides, sums = self._moves()
        self._wrong_total = table_totals.wrong_total(self._body.totals, self._columns, self._known_sums)
        self._known_sums.clear()
        return signs.signed(sides, sums, self._body.lines, has_balance=has_balance, card=self._is_card())

    def _settled(
        self, amounts: list[int], balances: array[int] | None, groups: list[Sequence[int]]
    ) -> tuple[list[int], list[list[int]]]:
        """The sums turned where the balances say so, and the order of each group in time."""
        known: Sequence[int | None] = balances if balances is not None else [None] * len(amounts)
        rows = list(zip(self._body.days, amounts, known, strict=True))
        factor, orders = signs.settle([[rows[at] for at in group] for group in groups])
        return [-amount for amount in amounts] if factor < 0 else amounts, orders

    def _sums(self, name: str) -> list[int | None]:
        """The sums of a column. Raises UnreadableError with the line of a cell that is none."""
        sums = list[int | None]()
        for column in self._body.columns[name]:
            known = cells.sums(column)
            sums += known if known is not None else self._sums_one_by_one(column, len(sums))
        self._known_sums[name] = sums
        self._body.columns[name].clear()
        return sums

    def _sums_one_by_one(self, column: Sequence[Cell], start: int) -> list[int | None]:
        """The sums of a block that begins with the movement ``start``. Raises UnreadableError."""
        sums = list[int | None]()
        for at, cell in enumerate(column, start):
            try:
                sums.append(cells.fen(cell))
            except ValueError as error:
                reason = without_cards(str(error))
                raise UnreadableError(reason, line=self._body.lines[at], hint="amount") from error
        return sums

    def _balances(self) -> array[int] | None:
        """The running balances; None without the column or where any is blank or masked."""
        found = array("q")
        for column in self._body.columns.get("balance", ()):
            try:
                block = cells.sums(column) or [cells.fen(cell) for cell in column]
            except ValueError:
                return None
            if None in block:
                return None
            found.extend(balance for balance in block if balance is not None)
        return found or None

    def _moves(self) -> tuple[list[int], list[int]]:
        """What the columns say of each row's side, and its sum as written."""
        if "credit" in self._columns and "debit" in self._columns:
            return self._two_sided()
        sums, sides = self._sums("amount"), self._sides()
        if None in sums:
            raise UnreadableError(
                "a row without a sum", line=self._body.lines[sums.index(None)], hint="amount"
            )
        return sides, [amount for amount in sums if amount is not None]

    def _two_sided(self) -> tuple[list[int], list[int]]:
        """Rows with a column for money in and one for money out; one of them holds the sum."""
        sides, sums = list[int](), list[int]()
        for into, out, line in zip(self._sums("credit"), self._sums("debit"), self._body.lines, strict=True):
            if into is None and out is None:
                raise UnreadableError("a row without a sum", line=line, hint="amount")
            if into and out:
                raise UnreadableError("a row with money in and out", line=line, hint="amount")
            sides.append(-1 if out else 1)
            sums.append(out or into or 0)
        return sides, sums

    def _sides(self) -> list[int]:
        """What the column of 借/贷 says; a column of kinds counts where all its words say a side."""
        name = "direction" if "direction" in self._columns else "kind"
        words = [self._manner.word(cell) for column in self._column(name) for cell in column]
        known = signs.CREDITS | signs.DEBITS
        if not words or (name == "kind" and not {word.lower() for word in set(words)} <= known):
            return [0] * len(self._body.lines)
        return [signs.side_of(word, line) for word, line in zip(words, self._body.lines, strict=True)]

    def _column(self, name: str) -> Packed:
        """A column; one that is not there has no blocks."""
        return self._body.columns.get(name) or Packed()

    def _is_card(self) -> bool:
        """Whether it is the bill of a credit card."""
        return "信用卡" in self._notes or "card_tail" in self._columns

    def _groups(self) -> dict[tuple[str, str], Sequence[int]]:
        """The rows of each account and currency."""
        noted = self._manner.currency or currency_in(
            self._headings if "人民币" in self._headings else self._notes + self._headings
        )
        account = self._manner.account or account_in(self._notes, self._manner.account_pattern)
        count = len(self._body.lines)
        if not {"account", "currency"} & self._columns.keys():
            return {(account, noted): range(count)}
        accounts = [text_of(cell) for column in self._column("account") for cell in column] or [""] * count
        words = [text_of(cell) for column in self._column("currency") for cell in column] or [""] * count
        groups = dict[tuple[str, str], list[int]]()
        for index, (own, word) in enumerate(zip(accounts, words, strict=True)):
            groups.setdefault((own or account, currency(word) or noted), []).append(index)
        return dict(groups)

    def _statement(self, key: tuple[str, str], entries: Sequence[Entry], *, alone: bool) -> Statement:
        """One statement; balances from the running ones, else from beside the table."""
        first, last = entries[0], entries[-1]
        opening = None if first.balance is None else first.balance - first.amount
        closing = last.balance
        if alone:
            noted = opening_in(self._notes), closing_in(self._notes)
            opening = opening if noted[0] is None else noted[0]
            closing = closing if noted[1] is None else noted[1]
        days = first.booked, last.booked
        return Statement(*key, opening, closing, *days, entries, wrong_total=self._wrong_total)
