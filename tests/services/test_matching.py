"""What the cashier sees of both sides, and how it is found."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from counter.domain.matching import MANUAL, RULES
from counter.errors import Refusal
from counter.services.match_words import reason
from counter.services.ports.matching import ConfirmMatch, MatchPart, RunMatching, Side, Unmatch
from tests.bureau import Bureau
from tests.services import matching_work
from tests.services import posting_work as ready
from tests.services.posting_work import CASHIER, Work
from tests.services.tap import Tap


@pytest.fixture
def work(bureau: Bureau) -> Iterator[Work]:
    """A slip, its line at the bank, and a fee; nothing is matched."""
    bureau.add_account(ready.ACCOUNT)
    bureau.add_account(ready.OTHER, name="李四")
    bureau.open_shift(float_fen=ready.FLOAT_FEN)
    tap = Tap(bureau.url)
    work = Work(bureau, tap)
    matching_work.arrives(work)
    yield work
    for desk in work.desks.values():
        desk.close()
    tap.close()


def test_the_board_shows_both_sides_and_what_is_unexplained(work: Work) -> None:
    """What a suggestion joins is no longer unexplained; a match takes it off, with its reason kept."""
    matching = work.desk(CASHIER).matching
    before = matching.board(Side.BANK)
    assert [each.amount_fen for each in before.lines] == [before.items[0].amount_fen, -50]
    assert (before.unexplained_fen, before.suggestions) == (-50, ())
    assert matching.run(RunMatching(uuid4())).matches == 1
    after = matching.board(Side.BANK)
    assert (after.lines_open, after.items_open, after.unexplained_fen, after.matched_today) == (1, 0, 0, 1)
    (fee,) = after.suggestions
    assert (fee.rule, fee.difference_fen, fee.difference_account) == ("fee_line", -50, "bank_fees")
    today = after.lines[0].booked
    (made,) = matching.matches(Side.BANK, today, today)
    assert made.reason == "银行流水号 SLIP-1 和金额相同。"
    assert (made.items[0].kind, made.lines[0].reference, made.undone) == ("transfer", "SLIP-1", False)
    assert matching.board(Side.POS).lines == ()


@pytest.mark.parametrize(
    ("typed", "lines", "items"),
    [("slip-1", 1, 1), ("０.５０", 1, 0), ("手续费", 1, 0), ("[/]", 0, 0), ("'; --", 0, 0), ("\0", 0, 0), ("9" * 400, 0, 0)],
)  # fmt: skip
def test_open_lines_and_items_are_found_by_words_or_amount(
    work: Work, typed: str, lines: int, items: int
) -> None:
    """Also as an input method writes it; nothing that is typed breaks it."""
    found = work.desk(CASHIER).matching.find(typed, Side.BANK)
    assert (len(found.lines), len(found.items)) == (lines, items)


def test_a_refusal_tells_what_was_not_saved(work: Work) -> None:
    """Sums that differ; no reason."""
    matching = work.desk(CASHIER).matching
    board = matching.board(Side.BANK)
    request = ConfirmMatch(
        uuid4(), (MatchPart(board.lines[0].line_id, 7),), (MatchPart(board.items[0].item_id),)
    )
    with pytest.raises(Refusal) as differs:
        matching.confirm(request)
    assert differs.value.message == "没有勾对任何项目。"
    with pytest.raises(Refusal):
        matching.unmatch(Unmatch(uuid4(), 1, "　"))


def test_every_rule_has_its_sentence() -> None:
    """None of them is told as a match by hand."""
    told = {rule.name: reason(rule.name, {}) for rule in RULES}
    assert len(set(told.values())) == len(RULES)
    assert reason(MANUAL, {}) not in told.values()
