"""The cashier's screen by keys, on statement and books in memory; ``test_reconcile_real`` has real ones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import pytest
from rich.cells import cell_len

from counter.errors import ServerUnreachable
from counter.i18n import LANGUAGES
from counter.services.ports import Duty
from counter.services.ports.matching import BreakState, ConfirmMatch, MatchPart, NoteBreak, SuggestionView
from counter.ui.screens.reconcile import ReconcileScreen
from tests.ui.driving import SMALLEST, Desk, at_desk
from tests.ui.memory_bureau import MemoryBureau
from tests.ui.memory_matching import MemoryMatching, example_match, item, line


@asynccontextmanager
async def reconciling(
    matching: MemoryMatching | None = None,
    duty: Duty = Duty.CASHIER,
    *,
    size: tuple[int, int] = SMALLEST,
    language: str = "en",
) -> AsyncIterator[tuple[Desk, ReconcileScreen, MemoryMatching]]:
    """The screen with both sides on it."""
    bureau = MemoryBureau(matching=matching or MemoryMatching())
    async with at_desk(bureau, size=size, language=language) as desk:
        assert desk.app.session is not None
        cashier = replace(desk.app.session.staff, staff_no="0108", name="赵强", duty=duty)
        desk.app.session._staff = cashier  # type: ignore[attr-defined]
        await desk.keys("ctrl+f2")
        screen = desk.app.screen
        assert isinstance(screen, ReconcileScreen)
        await desk.until(lambda: screen.work.board is not None or screen.notice.text)
        yield desk, screen, bureau.matching


def said_on(desk: Desk, words: str) -> bool:
    """Whether the notice says this."""
    return words in desk.said


def confirmed(matching: MemoryMatching) -> list[ConfirmMatch]:
    """What was asked to be matched."""
    return [each for each in matching.asked if isinstance(each, ConfirmMatch)]


async def test_suggestions_stand_side_by_side_with_score_and_reason() -> None:
    async with reconciling() as (desk, _screen, _matching):
        row = next(text for text in desk.text.splitlines() if "=95=" in text)
        assert row.count("+12,845.50") == 2
        assert "Score 95  account in the text: 附言中有户号" in desk.text
        assert "Unexplained -2,081.64" in desk.text
        assert "Statement 51,749.26 - books 53,845.90 = -2,096.64" in desk.text


async def test_enter_accepts_and_the_next_suggestion_takes_its_place() -> None:
    async with reconciling() as (desk, screen, matching):
        await desk.keys("enter")
        await desk.until(lambda: "Matched, journal 1001." in desk.said)
        assert "=95=" not in desk.text
        assert screen.suggestion is not None
        assert screen.suggestion.suggestion_id == 3
        await desk.keys("enter")
        await desk.until(lambda: "journal 1002" in desk.said)
    assert [each.suggestion_id for each in confirmed(matching)] == [1, 3]


async def test_one_to_many_stands_on_as_many_rows_and_closes_together() -> None:
    async with reconciling() as (desk, screen, matching):
        await desk.keys("f3", "f3")
        assert screen.suggestion is not None
        assert screen.suggestion.item_ids == (2, 3)
        await desk.keys("enter")
        await desk.until(lambda: "Matched" in desk.said)
        assert "王小山" not in desk.text
    assert set(matching.items) == {1, 4, 5, 6}


async def test_next_and_previous_go_round() -> None:
    async with reconciling() as (desk, screen, _matching):
        seen = []
        for _turn in range(5):
            assert screen.suggestion is not None
            seen.append(screen.suggestion.suggestion_id)
            await desk.keys("f3")
        await desk.keys("shift+f3", "shift+f3")
        assert seen == [1, 3, 2, 4, 1]
        assert screen.suggestion is not None
        assert screen.suggestion.suggestion_id == 4


async def test_a_rejected_suggestion_lets_its_line_and_item_stand_alone() -> None:
    async with reconciling() as (desk, screen, matching):
        await desk.keys("f8")
        await desk.until(lambda: "not suggested again" in desk.said)
        assert [s.suggestion_id for s in screen.work.joined] == [3, 2, 4]
        assert len(screen.work.board.lines if screen.work.board else ()) == 6
    assert [s.suggestion_id for s in matching.suggestions] == [2, 3, 4]


async def test_marked_lines_and_items_are_matched_when_their_sums_agree() -> None:
    lines = (line(1, 500, "r1", "", "甲", "", 0), line(2, 700, "r2", "", "甲", "", 0))
    items = (item(1, "transfer", 400, "s1", "甲", "", 0), item(2, "transfer", 800, "s2", "甲", "", 0))
    async with reconciling(MemoryMatching(lines, items, ())) as (desk, _screen, matching):
        await desk.keys("space", "f4", "tab", "space", "space")
        assert "Marked 2: 12.00, 2: 12.00, difference 0.00" in desk.text
        await desk.keys("enter")
        await desk.until(lambda: "Everything is matched" in desk.text)
    sent = confirmed(matching)[0]
    assert sent.lines == (MatchPart(1, 500), MatchPart(2, 700))
    assert sent.items == (MatchPart(1, 400), MatchPart(2, 800))


async def test_sums_that_differ_are_asked_about_and_need_an_account() -> None:
    async with reconciling() as (desk, screen, matching):
        await desk.keys(*["down"] * 5)
        assert screen.current is not None
        await desk.keys("space", "tab", "home", *["down"] * 5, "space", "enter")
        await desk.until(lambda: "Match these amounts" in desk.text)
        assert "Statement minus books: +0.10" in desk.text
        await desk.keys("enter", "enter", "enter", "enter")
        await desk.until(lambda: "The sums differ" in desk.text)
        await desk.keys("right", "enter", "enter")
        await desk.until(lambda: "Matched" in desk.said)
    sent = confirmed(matching)[0]
    assert (sent.lines, sent.items) == ((MatchPart(5, 88_000),), (MatchPart(5, 87_990),))
    assert sent.difference_account == "bank_fees"


async def test_a_part_leaves_the_rest_open() -> None:
    async with reconciling() as (desk, screen, matching):
        await desk.keys("f3", "f3", "f7")
        await desk.until(lambda: "Match these amounts" in desk.text)
        await desk.write("1000")
        await desk.keys("enter", "enter")
        await desk.write("0")
        await desk.keys("enter", "enter", "enter")
        await desk.until(lambda: "Matched" in desk.said)
        await desk.until(lambda: "of +1,620.50" in desk.text or "+620.50" in desk.text)
        assert screen.work.board is not None
    assert matching.lines[2].open_fen == 62_050
    assert 2 not in matching.items
    assert matching.items[3].open_fen == 62_050


async def test_more_than_is_open_is_refused_before_it_is_sent() -> None:
    async with reconciling() as (desk, _screen, matching):
        await desk.keys("f7")
        await desk.until(lambda: "Match these amounts" in desk.text)
        await desk.write("99999999")
        await desk.keys("enter")
        await desk.until(lambda: "No more than 12,845.50 is open there." in desk.text)
        await desk.keys("escape")
    assert not confirmed(matching)


async def test_a_fee_line_goes_to_bank_fees_without_an_item() -> None:
    async with reconciling() as (desk, _screen, matching):
        await desk.keys("shift+f3", "f7")
        await desk.until(lambda: "bank fees" in desk.text)
        await desk.keys("enter", "enter", "enter")
        await desk.until(lambda: "Matched" in desk.said)
    sent = confirmed(matching)[0]
    assert sent.lines == (MatchPart(4, -1_500),)
    assert (sent.items, sent.difference_account) == ((), "bank_fees")


async def test_many_are_accepted_from_a_score_on_after_a_question() -> None:
    async with reconciling() as (desk, _screen, matching):
        await desk.keys("f11")
        await desk.until(lambda: "1 of 4 suggestion(s)" in desk.text)
        await desk.write("85")
        await desk.keys("enter")
        await desk.until(lambda: "Accept 2 suggestion(s) of 85 or more?" in desk.text)
        assert "Together 48,845.50." in desk.text
        await desk.keys("enter")
        await desk.until(lambda: "Accepted 2 suggestion(s)." in desk.said)
        await desk.until(lambda: "=95=" not in desk.text and "=88=" not in desk.text and "=82=" in desk.text)
    assert [each.suggestion_id for each in confirmed(matching)] == [1, 3]


async def test_help_tells_what_the_keys_do_here() -> None:
    async with reconciling(size=(120, 50)) as (desk, _screen, _matching):
        await desk.keys("f1")
        await desk.until(lambda: "These do not belong together" in desk.text)
        await desk.keys(*["down"] * 30)
        await desk.until(lambda: "on a suggestion the other" in desk.text)


async def test_too_many_to_look_at_one_by_one_are_told_by_how_much_they_differ() -> None:
    lines = tuple(line(n, 100, f"r{n}", "", "甲", "", 0) for n in range(1, 42))
    async with reconciling(MemoryMatching(lines, (), ())) as (desk, _screen, matching):
        await desk.keys(*["space"] * 41, "enter")
        await desk.until(lambda: "these differ by 41.00" in desk.said)
    assert not confirmed(matching)


async def test_a_score_is_a_number_from_1_to_100() -> None:
    async with reconciling() as (desk, _screen, matching):
        await desk.keys("f11")
        for text in ("０", "0", "101", "-5", "9x", "²"):
            await desk.write(text)
            await desk.keys("enter")
            await desk.until(lambda: "A score is a number from 1 to 100." in desk.text)
            await desk.keys("home", "shift+end")
        await desk.keys("escape")
    assert not confirmed(matching)


async def test_a_lost_answer_holds_everything_and_is_asked_for_under_the_same_id() -> None:
    async with reconciling() as (desk, screen, matching):
        matching.lose_reply = True
        await desk.keys("enter")
        await desk.until(lambda: "It is not known" in desk.said)
        await desk.keys("f8", "f11", "space", "f7")
        assert desk.app.screen is screen
        await desk.keys("escape")
        await desk.until(lambda: "Leave although" in desk.text)
        await desk.keys("escape")
        matching.lose_reply = False
        await desk.keys("enter")
        await desk.until(lambda: "Matched, journal 1001." in desk.said)
    first, second = confirmed(matching)
    assert first == second
    assert len(matching.made) == 1


async def test_a_fault_after_a_lost_answer_is_no_answer() -> None:
    async with reconciling() as (desk, screen, matching):
        matching.lose_request = True
        await desk.keys("enter")
        await desk.until(lambda: screen.unknown)
        await desk.keys("f5")
        await desk.until(lambda: len(confirmed(matching)) == 2 and screen.unknown)
        matching.lose_request = False
        await desk.keys("f5")
        await desk.until(lambda: "Matched" in desk.said)
    assert len({each.request_id for each in confirmed(matching)}) == 1


async def test_many_stop_where_an_answer_is_lost_and_go_on_from_there() -> None:
    async with reconciling() as (desk, screen, matching):
        await desk.keys("f11")
        await desk.write("1")
        await desk.keys("enter")
        matching.lose_reply = True
        await desk.keys("enter")
        await desk.until(lambda: screen.unknown)
        matching.lose_reply = False
        await desk.keys("enter")
        await desk.until(lambda: "Matched" in desk.said)
    assert len(matching.made) == 1


async def test_another_cashier_was_faster_and_the_place_is_kept() -> None:
    async with reconciling() as (desk, screen, matching):
        await desk.keys("f3", "f3")
        del matching.lines[1], matching.items[1]
        matching.suggestions = [s for s in matching.suggestions if s.suggestion_id not in (1, 2)]
        await desk.keys("enter")
        await desk.until(lambda: "Another cashier has matched this meanwhile." in desk.said)
        await desk.until(lambda: "=95=" not in desk.text)
        assert screen.current is not None
        assert getattr(screen.current, "line_id", 0) == 2
    assert len(matching.made) == 0


async def test_what_others_matched_goes_by_itself_and_cursor_and_marks_stay() -> None:
    async with reconciling() as (desk, screen, matching):
        await desk.keys(*["down"] * 5, "space")
        del matching.lines[1], matching.items[1]
        matching.suggestions = matching.suggestions[1:]
        screen.look()
        await desk.until(lambda: "=95=" not in desk.text)
        assert [each.line_id for each in screen.work.marked_lines] == [5]
        assert getattr(screen.current, "line_id", 0) == 6


async def test_what_was_read_stays_on_the_screen_when_the_server_is_away() -> None:
    async with reconciling() as (desk, _screen, matching):
        matching.fail = ServerUnreachable("The server is away.")
        await desk.keys("f5")
        await desk.until(lambda: "The server is away." in desk.said)
        assert "=95=" in desk.text


async def test_nothing_read_says_so_and_f5_asks_again() -> None:
    matching = MemoryMatching()
    matching.fail = ServerUnreachable("The server is away.")
    async with reconciling(matching) as (desk, _screen, _same):
        await desk.until(lambda: "F5 asks again." in desk.text)
        matching.fail = None
        await desk.keys("f5")
        await desk.until(lambda: "=95=" in desk.text)


async def test_find_shows_what_fits_and_marks_stay() -> None:
    async with reconciling() as (desk, screen, _matching):
        await desk.keys(*["down"] * 5, "space", "f2")
        await desk.write("879.90")
        await desk.keys("enter")
        await desk.until(lambda: "found: 879.90" in desk.text)
        assert "+12,845.50" not in "\n".join(desk.text.splitlines()[3:15])
        await desk.keys("space")
        assert "Marked 1: 880.00, 1: 879.90, difference +0.10" in desk.text
        await desk.keys("escape")
        await desk.until(lambda: "=95=" in desk.text)
        assert len(screen.work.marked_lines) == 1
        await desk.keys("escape")
        assert not screen.work.marked_lines


async def test_nothing_found_is_said_and_changes_nothing() -> None:
    async with reconciling() as (desk, _screen, _matching):
        for text in ("[/]", "'; --", "=cmd|' /C calc'!A0", "１２"):
            await desk.keys("f2")
            await desk.write(text)
            await desk.keys("enter")
            said = f"Nothing that is open has “{text}”."
            await desk.until(partial(said_on, desk, said))
        assert "=95=" in desk.text


async def test_a_note_says_state_owner_and_what_is_known() -> None:
    async with reconciling() as (desk, _screen, matching):
        await desk.keys(*["down"] * 6, "f6")
        await desk.until(lambda: "Who looks after it" in desk.text)
        await desk.keys("right", "enter", "enter", "enter")
        await desk.until(lambda: "Say in the note" in desk.text)
        await desk.write("[b]客户[/b] 明日来 =cmd|")
        await desk.keys("enter")
        await desk.until(lambda: "The note is kept." in desk.said)
        await desk.until(lambda: "[b]客户[/b] 明日来 =cmd|" in desk.text)
    note = next(each for each in matching.asked if isinstance(each, NoteBreak))
    assert (note.line_id, note.state, note.owner) == (6, BreakState.WAITING, "0108")


async def test_an_auditor_looks_and_changes_nothing() -> None:
    async with reconciling(duty=Duty.AUDITOR) as (desk, _screen, matching):
        await desk.keys("space", "f8", "f7", "f6", "f11", "shift+f5", "enter")
        await desk.until(lambda: "You can look" in desk.said)
    assert not matching.asked


async def test_a_clerk_has_no_such_key() -> None:
    async with at_desk() as desk:
        await desk.keys("ctrl+f2")
        assert not isinstance(desk.app.screen, ReconcileScreen)


async def test_the_rules_run_again_and_the_slips_of_the_acquirer_are_a_side_of_their_own() -> None:
    async with reconciling() as (desk, _screen, _matching):
        await desk.keys("shift+f5")
        await desk.until(lambda: "4 suggestion(s) wait for you." in desk.said)
        await desk.keys("f12")
        await desk.until(lambda: "Match: **** 5678 建设银行滨江支行" in desk.text)
        await desk.keys("f12", "f12")
        await desk.until(lambda: "Everything is matched" in desk.text)
        assert "card slips of the acquirer" in desk.text
        await desk.keys("f12")
        await desk.until(lambda: "=95=" in desk.text)


async def test_a_match_is_taken_back_with_a_reason() -> None:
    matching = MemoryMatching()
    matching.kept = [example_match()]
    async with reconciling(matching) as (desk, _screen, _same):
        await desk.keys("ctrl+f2")
        await desk.until(lambda: "stands" in desk.text)
        assert "account in the text 95: 附言中有户号 0100300001，金额相同" in desk.text
        await desk.keys("ctrl+b")
        await desk.write("看错了")
        await desk.keys("enter")
        await desk.until(lambda: "Taken back, journal 1099." in desk.said)
        await desk.until(lambda: "stands" not in desk.text)
        await desk.keys("ctrl+b", "escape")
        await desk.until(lambda: "Match: all bank accounts" in desk.text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["[/]", "=cmd|' /C calc'!A0", "a\0b\x1b[31mred", "龘" * 60, "\u202e反"])
async def test_hostile_words_of_a_statement_are_shown_and_obeyed_by_nothing(text: str, language: str) -> None:
    lines = (line(1, 500, text, text, text, text, 0),)
    items = (item(1, "transfer", 500, text, text, text, 0),)
    suggestions = (SuggestionView(1, text, 90, text, (1,), (1,), 0, ""),)
    async with reconciling(MemoryMatching(lines, items, suggestions), language=language) as (desk, _s, _m):
        assert "=90=" in desk.text
        assert all(cell_len(each) == 80 for each in desk.text.splitlines())
        assert not set("\0\x1b\u202e") & set(desk.text)
        await desk.keys("f7", "escape", "f6", "escape", "space", "enter")
        await desk.until(lambda: "500" in desk.text or "5.00" in desk.text)
