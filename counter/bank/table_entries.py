"""The statements of one bank table, made of its columns: signs, order in time, balances, texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import repeat

from counter.bank import cells, signs, table_totals
from counter.bank.card_numbers import without_cards
from counter.bank.cells import Cell, text_of
from counter.bank.headings import Columns
from counter.bank.manner import Manner
from counter.bank.statement import Entry, Statement, UnreadableError
from counter.bank.table_notes import account_in, closing_in, currency, currency_in, opening_in
from counter.bank.table_rows import Body, days_in


class Builder:
    """Makes the statements of one table out of its columns."""

    def __init__(self, columns: Columns, body: Body, notes: str, headings: str, manner: Manner) -> None:
        """``notes`` is all that stands beside the rows, ``headings`` their headings as one text."""
        self._columns, self._body = columns, body
        self._notes, self._headings, self._manner = notes, headings, manner
        self._known_sums, self._wrong_total = dict[str, list[Decimal | None]](), 0

    def statements(self) -> list[Statement]:
        """One statement for each account and currency, entries in the order of time."""
        balances = self._balances() or [None] * len(self._body.lines)
        amounts = self._amounts(has_balance=balances[:1] != [None])
        groups = self._groups()
        amounts, orders = self._settled(amounts, balances, list(groups.values()))
        entries = self._entries(amounts, balances)
        return [
            self._statement(key, [entries[group[at]] for at in order], alone=len(groups) == 1)
            for (key, group), order in zip(groups.items(), orders, strict=True)
        ]

    def _amounts(self, *, has_balance: bool) -> list[Decimal]:
        """The sums with their signs, once the totals of the table agree."""
        sides, sums = self._moves()
        self._wrong_total = table_totals.wrong_total(self._body.totals, self._columns, self._known_sums)
        self._known_sums.clear()
        return signs.signed(sides, sums, self._body.lines, has_balance=has_balance, card=self._is_card())

    def _settled(
        self, amounts: list[Decimal], balances: Sequence[Decimal | None], groups: list[list[int]]
    ) -> tuple[list[Decimal], list[list[int]]]:
        """The sums turned where the balances say so, and the order of each group in time."""
        rows = list(zip(self._body.days, amounts, balances, strict=True))
        factor, orders = signs.settle([[rows[at] for at in group] for group in groups])
        return [-amount for amount in amounts] if factor < 0 else amounts, orders

    def _column(self, name: str) -> Sequence[Cell]:
        """The cells of a column, blank where there is none."""
        index = self._columns.get(name, -1)
        return self._body.columns[index] if index >= 0 else [""] * len(self._body.lines)

    def _sums(self, name: str) -> list[Decimal | None]:
        """The sums of a column. Raises UnreadableError with the line of a cell that is none."""
        column = self._column(name)
        sums = cells.sums(column) or []
        for cell, line in () if sums else zip(column, self._body.lines, strict=True):
            try:
                sums.append(cells.money(cell))
            except ValueError as error:
                raise UnreadableError(without_cards(str(error)), line=line, hint="amount") from error
        self._known_sums[name] = sums
        self._let_go(name)
        return sums

    def _let_go(self, name: str) -> None:
        """Free the texts of a column of sums, which are large and of no more use."""
        self._body.columns[self._columns[name]] = ()

    def _balances(self) -> list[Decimal | None] | None:
        """The running balances; None without the column or where any is blank or masked."""
        if "balance" not in self._columns:
            return None
        column = self._column("balance")
        try:
            found = cells.sums(column) or [cells.money(cell) for cell in column]
        except ValueError:
            return None
        self._let_go("balance")
        return None if None in found else found

    def _moves(self) -> tuple[list[int], list[Decimal]]:
        """What the columns say of each row's side, and its sum as written."""
        if "credit" in self._columns and "debit" in self._columns:
            return self._two_sided()
        sums, sides = self._sums("amount"), self._sides()
        if None in sums:
            raise UnreadableError(
                "a row without a sum", line=self._body.lines[sums.index(None)], hint="amount"
            )
        return sides, [amount for amount in sums if amount is not None]

    def _two_sided(self) -> tuple[list[int], list[Decimal]]:
        """Rows with a column for money in and one for money out; one of them holds the sum."""
        sides, sums, zero = list[int](), list[Decimal](), Decimal(0)
        for into, out, line in zip(self._sums("credit"), self._sums("debit"), self._body.lines, strict=True):
            if into is None and out is None:
                raise UnreadableError("a row without a sum", line=line, hint="amount")
            if into and out:
                raise UnreadableError("a row with money in and out", line=line, hint="amount")
            sides.append(-1 if out else 1)
            sums.append(out or into or zero)
        return sides, sums

    def _sides(self) -> list[int]:
        """What the column of 借/贷 says; a column of kinds counts where all its words say a side."""
        name = "direction" if "direction" in self._columns else "kind"
        words = list(map(self._manner.word, self._column(name)))
        known = signs.CREDITS | signs.DEBITS
        if name == "kind" and not {word.lower() for word in set(words)} <= known:
            return [0] * len(words)
        return [signs.side_of(word, line) for word, line in zip(words, self._body.lines, strict=True)]

    def _is_card(self) -> bool:
        """Whether it is the bill of a credit card."""
        return "信用卡" in self._notes or "card_tail" in self._columns

    def _groups(self) -> dict[tuple[str, str], list[int]]:
        """The rows of each account and currency."""
        noted = self._manner.currency or currency_in(
            self._headings if "人民币" in self._headings else self._notes + self._headings
        )
        account = self._manner.account or account_in(self._notes, self._manner.account_pattern)
        if not {"account", "currency"} & self._columns.keys():
            return {(account, noted): list(range(len(self._body.lines)))}
        groups = dict[tuple[str, str], list[int]]()
        pairs = zip(self._column("account"), self._column("currency"), strict=True)
        for index, (own, word) in enumerate(pairs):
            key = (text_of(own) or account, currency(text_of(word)) or noted)
            groups.setdefault(key, []).append(index)
        return groups

    def _statement(self, key: tuple[str, str], entries: list[Entry], *, alone: bool) -> Statement:
        """One statement; balances from the running ones, else from beside the table."""
        first, last = entries[0], entries[-1]
        opening = None if first.balance is None else first.balance - first.amount
        closing = last.balance
        if alone:
            noted = opening_in(self._notes), closing_in(self._notes)
            opening = opening if noted[0] is None else noted[0]
            closing = closing if noted[1] is None else noted[1]
        days = first.booked, last.booked
        return Statement(*key, opening, closing, *days, tuple(entries), wrong_total=self._wrong_total)

    def _told(self, name: str, instead: str = "") -> list[str]:
        """The texts of a column, or of the one that stands in for it."""
        name = name if name in self._columns else instead
        if name not in self._columns:
            return self._blank
        return cells.texts(self._column(name))

    @cached_property
    def _blank(self) -> list[str]:
        """A column without texts."""
        return [""] * len(self._body.lines)

    def _texts(self) -> list[str]:
        """What all the columns with texts say, row by row."""
        columns = [self._told(name) for name in self._columns if name.startswith("text")]
        if len(columns) == 1:
            return columns[0]
        return [" ".join(filter(None, words)) for words in zip(*columns, strict=True)] or self._blank

    def _values(self) -> list[date | None]:
        """The days of value; None where a row has none that can be read."""
        column = self._column("valued")
        if "valued" not in self._columns:
            return [None] * len(column)
        try:
            known = days_in(column, None, self._manner)
        except ValueError:
            return [None] * len(column)
        return [known[cell] for cell in column]

    def _parties(self, name: str, amounts: list[Decimal]) -> list[str]:
        """The other side, or its account: of money in the payer, of money out the payee."""
        suffix = name.removeprefix("party")
        if name in self._columns or not {f"payer{suffix}", f"payee{suffix}"} & self._columns.keys():
            return self._told(name)
        pairs = zip(amounts, self._told(f"payer{suffix}"), self._told(f"payee{suffix}"), strict=True)
        return [payer if amount > 0 else payee for amount, payer, payee in pairs]

    def _entries(self, amounts: list[Decimal], balances: Sequence[Decimal | None]) -> list[Entry]:
        """The movements as they stand in the table; what each argument is stands in ``Entry``."""
        return list(
            map(
                Entry,
                self._body.days,
                amounts,
                self._texts(),
                self._told("reference"),
                self._values(),
                self._parties("party", amounts),
                self._parties("party_account", amounts),
                balances,
                repeat(False),
                self._body.lines,
            )
        )
