"""Which way the money of a bank table went.

Invariant: a column's heading says it, or a word in the row, or a minus; where a table has a running
balance, it must not contradict that. Exports were seen with debit and credit swapped:
then the balance is believed, for all rows or for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from counter.bank.card_numbers import without_cards
from counter.bank.statement import UnreadableError

CREDITS = frozenset("贷 贷方 贷记 c cr credit 收 收入 来账 转入 入账 存入 入 + 收款 收方".split())
DEBITS = frozenset("借 借方 借记 d dr debit 付 支 支出 往账 转出 出账 支取 出 - 付款 付方 取出".split())
SIGNED_MIN = 2
"""So many negative sums in the column for money out, and no positive one, make the minus a mere sign."""

Row = tuple[date, int, int | None]
"""Day, signed sum, running balance; fen."""


def side_of(word: str, line: int) -> int:
    """1 or -1 for a word such as 贷 or 借. Raises UnreadableError for any other."""
    plain = word.strip().lower()
    if plain in CREDITS:
        return 1
    if plain in DEBITS:
        return -1
    raise UnreadableError(
        f"neither debit nor credit: {without_cards(plain[:20])}", line=line, hint="direction"
    )


def signed(
    sides: Sequence[int], sums: Sequence[int], lines: Sequence[int], *, has_balance: bool, card: bool
) -> list[int]:
    """The sums with their signs, money in above zero. Raises UnreadableError where nothing tells.

    A side is 1 for in, -1 for out, 0 where only the sum's own sign tells. ``card`` marks the bill of a credit
    card: there what was spent stands without a minus.
    """
    if any(sides):
        factor = _out_factor(sides, sums, lines, has_balance=has_balance)
        if factor > 0:
            return list(sums)
        return [amount if side >= 0 else -amount for side, amount in zip(sides, sums, strict=True)]
    below = any(amount < 0 for amount in sums)
    if not (below or has_balance or card) and sums:
        raise UnreadableError("nothing tells money in from money out", line=lines[0], hint="direction")
    return [-amount for amount in sums] if card and not has_balance else list(sums)


def _out_factor(sides: Sequence[int], sums: Sequence[int], lines: Sequence[int], *, has_balance: bool) -> int:
    """-1 where money out is written without a minus (which then reverses), 1 where it has one."""
    out = [at for at, side in enumerate(sides) if side < 0 and sums[at]]
    below = sum(1 for at in out if sums[at] < 0)
    if below == 0 or below < len(out):
        return -1
    if any(amount < 0 for side, amount in zip(sides, sums, strict=True) if side > 0):
        raise UnreadableError("a minus on either side", line=lines[out[0]], hint="direction")
    if below < SIGNED_MIN and not has_balance:
        raise UnreadableError("a single minus may be a reversal", line=lines[out[0]], hint="direction")
    return 1


def orders(rows: Sequence[Row]) -> list[list[int]]:
    """The ways in which the rows may follow each other in time: as written, backwards, by day."""
    forward = list(range(len(rows)))
    backward = forward[::-1]
    by_day = sorted(forward, key=lambda index: rows[index][0])
    by_day_backward = sorted(backward, key=lambda index: rows[index][0])
    found = list[list[int]]()
    for order in (forward, backward, by_day, by_day_backward):
        if order not in found and _in_time(rows, order):
            found.append(order)
    return found


def _in_time(rows: Sequence[Row], order: list[int]) -> bool:
    """Whether no day comes before the one in front of it."""
    dates = [rows[index][0] for index in order]
    return all(map(date.__le__, dates, dates[1:]))


def steps(rows: Sequence[Row], order: list[int], factor: int) -> int:
    """How many rows lead from the balance before them to their own."""
    balances = [rows[index][2] for index in order]
    amounts = [rows[index][1] for index in order]
    count = 0
    for before, after, amount in zip(balances, balances[1:], amounts[1:], strict=False):
        if before is not None and after is not None and after - before == factor * amount:
            count += 1
    return count


def settle(groups: Sequence[Sequence[Row]]) -> tuple[int, list[list[int]]]:
    """Find whether the sides are swapped (-1) or not (1), and the order of each group in time.

    Raises UnreadableError where the balance contradicts the headings without bearing out the opposite.
    """
    straight = [_best(rows, 1) for rows in groups]
    testable = sum(max(len(rows) - 1, 0) for rows in groups if all(row[2] is not None for row in rows))
    right = sum(count for count, _ in straight)
    if testable in {0, right}:
        return 1, [order for _, order in straight]
    turned = [_best(rows, -1) for rows in groups]
    wrong = sum(count for count, _ in turned)
    if wrong == testable:
        return -1, [order for _, order in turned]
    if wrong > right:
        raise UnreadableError("the running balance contradicts the headings", hint="balance")
    return 1, [order for _, order in straight]


def _best(rows: Sequence[Row], factor: int) -> tuple[int, list[int]]:
    """The order that the balances bear out most; by day where there are none."""
    best, most = list(range(len(rows))), -1
    for order in orders(rows):
        count = steps(rows, order, factor)
        if count > most:
            best, most = order, count
        if count == len(rows) - 1:
            break
    return max(most, 0), best
