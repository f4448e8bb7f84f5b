"""The statements of one bank table, made of its rows: signs, order in time, balances, texts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from counter.bank import cells, signs, table_totals
from counter.bank.card_numbers import without_cards
from counter.bank.cells import Cell, text_of
from counter.bank.headings import Columns
from counter.bank.manner import Manner
from counter.bank.statement import Entry, Statement, UnreadableError
from counter.bank.table_notes import account_in, closing_in, currency, currency_in, opening_in
from counter.bank.table_rows import Body


class Builder:
    """Makes the statements of one table out of its rows."""

    def __init__(self, columns: Columns, body: Body, notes: str, headings: str, manner: Manner) -> None:
        """``notes`` is all that stands beside the rows, ``headings`` their headings as one text."""
        self._columns, self._rows, self._totals = columns, body.rows, body.totals
        self._notes, self._headings, self._manner = notes, headings, manner
        self._known_sums = dict[str, list[Decimal | None]]()

    def statements(self) -> list[Statement]:
        """One statement for each account and currency, entries in the order of time."""
        balances = self._balances()
        moves = self._moves()
        table_totals.check(self._totals, self._columns, self._known_sums)
        amounts = signs.signed(moves, has_balance=balances is not None, card=self._is_card())
        groups = dict[tuple[str, str], list[int]]()
        for index, key in enumerate(self._keys()):
            groups.setdefault(key, []).append(index)
        lists = list(groups.values())
        known = balances or [None] * len(amounts)
        factor, orders = signs.settle(
            [[(self._rows[i].day, amounts[i], known[i]) for i in group] for group in lists]
        )
        if factor < 0:
            amounts = [-amount for amount in amounts]
        return [
            self._statement(key, [group[i] for i in order], amounts, known, alone=len(lists) == 1)
            for (key, group), order in zip(groups.items(), orders, strict=True)
        ]

    def _column(self, name: str) -> list[Cell]:
        """The cells of a column, blank where there is none or the row is short."""
        index = self._columns.get(name, -1)
        if index < 0:
            return [""] * len(self._rows)
        return [row.cells[index] if index < len(row.cells) else "" for row in self._rows]

    def _sums(self, name: str) -> list[Decimal | None]:
        """The sums of a column. Raises UnreadableError with the line of a cell that is none."""
        sums = list[Decimal | None]()
        for cell, row in zip(self._column(name), self._rows, strict=True):
            try:
                sums.append(cells.money(cell))
            except ValueError as error:
                raise UnreadableError(without_cards(str(error)), line=row.line, hint="amount") from error
        self._known_sums[name] = sums
        return sums

    def _balances(self) -> list[Decimal | None] | None:
        """The running balances; None without the column or where any is blank or masked."""
        try:
            found = [cells.money(cell) for cell in self._column("balance")]
        except ValueError:
            return None
        return None if any(balance is None for balance in found) else found

    def _moves(self) -> list[signs.Move]:
        """The sums with what the columns say of their side."""
        if "credit" in self._columns and "debit" in self._columns:
            return self._two_sided()
        sums, sides = self._sums("amount"), self._sides()
        moves = list[signs.Move]()
        for amount, side, row in zip(sums, sides, self._rows, strict=True):
            if amount is None:
                raise UnreadableError("a row without a sum", line=row.line, hint="amount")
            moves.append(signs.Move(side, amount, row.line))
        return moves

    def _two_sided(self) -> list[signs.Move]:
        """Rows with a column for money in and one for money out; one of them holds the sum."""
        moves = list[signs.Move]()
        for into, out, row in zip(self._sums("credit"), self._sums("debit"), self._rows, strict=True):
            if into is None and out is None:
                raise UnreadableError("a row without a sum", line=row.line, hint="amount")
            if into and out:
                raise UnreadableError("a row with money in and out", line=row.line, hint="amount")
            moves.append(
                signs.Move(-1, out, row.line) if out else signs.Move(1, into or Decimal(0), row.line)
            )
        return moves

    def _sides(self) -> list[int]:
        """What the column of 借/贷 says; a column of kinds counts where all its words say a side."""
        name = "direction" if "direction" in self._columns else "kind"
        words = list(map(self._manner.word, self._column(name)))
        known = signs.CREDITS | signs.DEBITS
        if name == "kind" and not {word.lower() for word in set(words)} <= known:
            return [0] * len(words)
        return [signs.side_of(word, row.line) for word, row in zip(words, self._rows, strict=True)]

    def _is_card(self) -> bool:
        """Whether it is the bill of a credit card."""
        return "信用卡" in self._notes or "card_tail" in self._columns

    def _keys(self) -> list[tuple[str, str]]:
        """Account and currency of each row."""
        noted = self._manner.currency or currency_in(
            self._headings if "人民币" in self._headings else self._notes + self._headings
        )
        account = self._manner.account or account_in(self._notes, self._manner.account_pattern)
        pairs = zip(self._column("account"), self._column("currency"), strict=True)
        return [(text_of(own) or account, currency(text_of(word)) or noted) for own, word in pairs]

    def _statement(
        self,
        key: tuple[str, str],
        order: list[int],
        amounts: list[Decimal],
        balances: Sequence[Decimal | None],
        *,
        alone: bool,
    ) -> Statement:
        """One statement; balances from the running ones, else from beside the table."""
        first, last = balances[order[0]], balances[order[-1]]
        opening = first - amounts[order[0]] if first is not None else None
        if alone:
            noted = opening_in(self._notes), closing_in(self._notes)
            opening, last = (
                (opening if noted[0] is None else noted[0]),
                (last if noted[1] is None else noted[1]),
            )
        entries = self._entries(order, amounts, balances)
        days = entries[0].booked, entries[-1].booked
        return Statement(key[0], key[1], opening, last, *days, entries)

    def _told(self, name: str, instead: str = "") -> list[str]:
        """The texts of a column, or of the one that stands in for it."""
        name = name if name in self._columns else instead
        if name not in self._columns:
            return [""] * len(self._rows)
        return list(map(text_of, self._column(name)))

    def _texts_of(self) -> list[str]:
        """What all the columns with texts say, row by row."""
        columns = [self._told(name) for name in self._columns if name.startswith("text")]
        if len(columns) == 1:
            return columns[0]
        return [" ".join(filter(None, words)) for words in zip(*columns, strict=True)] or self._told("")

    @cached_property
    def _words(self) -> tuple[list[str], ...]:
        """The texts of the whole table, once for all its accounts."""
        return (
            self._texts_of(),
            self._told("reference"),
            self._told("party", "payer"),
            self._told("party", "payee"),
            self._told("party_account", "payer_account"),
            self._told("party_account", "payee_account"),
        )

    def _entries(
        self, order: list[int], amounts: list[Decimal], balances: Sequence[Decimal | None]
    ) -> tuple[Entry, ...]:
        """The movements in order."""
        texts, references, payers, payees, from_accounts, to_accounts = self._words
        return tuple(
            [
                Entry(
                    booked=self._rows[at].day,
                    amount=amounts[at],
                    text=texts[at],
                    reference=references[at],
                    party=(payers if amounts[at] > 0 else payees)[at],
                    party_account=(from_accounts if amounts[at] > 0 else to_accounts)[at],
                    balance=balances[at],
                    line=self._rows[at].line,
                )
                for at in order
            ]
        )
