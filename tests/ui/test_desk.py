"""Signing in, finding, locking, leaving: the desk apart from the money."""

from __future__ import annotations

import pytest

from counter import i18n
from counter.errors import ServerUnreachable
from counter.ui.idle import IdleWatch
from counter.ui.screens.lock import LockScreen
from counter.ui.screens.open_shift import OpenShiftScreen
from counter.ui.screens.sign_in import SignInScreen
from counter.ui.widgets.results import ResultList
from tests.ui.driving import at_desk, started
from tests.ui.memory_bureau import PASSWORD, MemoryBureau

ACCOUNT = "0100234567"


async def test_sign_in_shows_the_demonstration_staff_and_uses_one() -> None:
    bureau = MemoryBureau()
    async with started(bureau) as desk:
        await desk.until(lambda: desk.app.gateway is not None)
        assert PASSWORD in desk.text
        await desk.keys("down", "enter")
        await desk.until(lambda: desk.app.session is not None)


async def test_real_bureau_shows_no_passwords() -> None:
    async with started(demo=False) as desk:
        await desk.until(lambda: desk.app.gateway is not None)
        assert "Demonstration" not in desk.text


@pytest.mark.parametrize(("staff_no", "sentence"), [("0107", "密码不对"), ("0999", "已停用")])
async def test_refused_sign_in_says_why_and_empties_the_password(staff_no: str, sentence: str) -> None:
    async with started() as desk:
        await desk.until(lambda: desk.app.gateway is not None)
        await desk.write(staff_no)
        await desk.keys("enter", *"wrong", "enter")
        await desk.until_said(sentence)
        assert desk.field("password").value == ""
        assert "wrong" not in desk.text


async def test_server_away_at_the_start_is_said_and_enter_tries_again() -> None:
    away = ServerUnreachable("No server.", "Nothing was sent.", "Check the network.")
    async with started(factory_error=away) as desk:
        await desk.until_said("Nothing was sent.")
        assert "no server" in desk.text
        await desk.sign_in_after_retry()


async def test_shift_is_opened_on_a_free_till_with_a_float() -> None:
    bureau = MemoryBureau()
    async with started(bureau) as desk:
        await desk.sign_in()
        await desk.until(lambda: isinstance(desk.app.screen, OpenShiftScreen) and "2号柜台" in desk.text)
        await desk.keys("enter", *"-1", "enter")
        assert "cannot be negative" in desk.said
        await desk.keys("backspace", "backspace", *"500.50", "enter")
        await desk.until(lambda: desk.app.shift is not None)
        shift = bureau.shifts["0107"]
        assert (shift.till_no, shift.float_fen) == (108, 50_050)


async def test_held_till_cannot_be_taken() -> None:
    async with started() as desk:
        await desk.sign_in()
        await desk.until(lambda: "赵强" in desk.text)
        await desk.keys("end", "enter", *"1", "enter")
        assert "赵强" in desk.said


async def test_without_a_shift_one_can_look_but_not_take_money() -> None:
    async with started() as desk:
        await desk.sign_in()
        await desk.until(lambda: isinstance(desk.app.screen, OpenShiftScreen))
        await desk.keys("escape")
        await desk.open(ACCOUNT)
        assert desk.field("amount").disabled
        assert "No shift is open" in desk.said


async def test_open_shift_is_not_asked_for_again() -> None:
    async with at_desk() as desk:
        assert not isinstance(desk.app.screen, OpenShiftScreen)
        assert desk.app.focused is desk.screen.box


async def test_results_come_as_typed_and_the_newest_text_wins() -> None:
    bureau = MemoryBureau()
    async with at_desk(bureau) as desk:
        with bureau.held():
            await desk.write("王")
            await desk.pilot.pause(0.1)
            await desk.write("多")
            await desk.pilot.pause(0.1)
            await desk.write("单")
        hits = desk.screen.query_one(ResultList)
        await desk.until(lambda: [hit.name for hit in hits.rows] == ["王多单"])
        searches = [call for call in bureau.calls if call.startswith("search")]
        assert searches == ["search 王", "search 王多单"]


async def test_several_hits_are_chosen_from_the_list() -> None:
    async with at_desk() as desk:
        await desk.write("王")
        await desk.keys("enter")
        await desk.until(lambda: desk.app.focused is desk.screen.query_one(ResultList))
        await desk.keys("down", "enter")
        await desk.until(lambda: desk.screen.form is not None)
        assert desk.screen.form is not None
        assert desk.screen.form.account.name == "王小明"


async def test_nothing_found_says_what_can_be_tried() -> None:
    async with at_desk() as desk:
        await desk.write("nobody")
        await desk.until(lambda: "Nothing found" in desk.text)


async def test_search_without_a_server_says_so() -> None:
    bureau = MemoryBureau()
    async with at_desk(bureau) as desk:
        bureau.unreachable = True
        await desk.write("王")
        await desk.until_said("连不上")


async def test_bracketed_names_are_shown_letter_by_letter() -> None:
    async with at_desk() as desk:
        await desk.write("0100234568")
        await desk.until(lambda: "[测试]公司[/b]" in desk.text)
        await desk.keys("enter")
        await desk.until(lambda: desk.screen.form is not None)
        assert "[测试]公司[/b]" in desk.text
        await desk.keys("enter", "enter")
        await desk.until(lambda: desk.screen.taken is not None)
        assert "[测试]公司[/b]" in desk.text
        await desk.keys("f3")
        await desk.until(lambda: "[测试]" in desk.text and "My payments" in desk.text)


async def test_name_of_sixty_wide_characters_breaks_no_column() -> None:
    from rich.cells import cell_len

    async with at_desk() as desk:
        await desk.write("0100234569")
        await desk.until(lambda: "1 found" in desk.text)
        row = next(line for line in desk.text.splitlines() if "0100234569" in line and ".." in line)
        assert cell_len(row) == 80
        assert row.rstrip().endswith("50.00")
        await desk.keys("enter")
        await desk.until(lambda: desk.screen.form is not None)
        assert all(cell_len(line) <= 80 for line in desk.text.splitlines())
        assert "Prepaid balance" in desk.text


async def test_language_changes_while_typing_and_keeps_what_was_typed() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        await desk.write("77.5")
        await desk.keys("f9")
        await desk.pilot.pause()
        assert i18n.language() == "zh_CN"
        assert "Late fee" not in desk.text
        assert desk.field("amount").value == "77.5"
        assert desk.app.focused is desk.field("amount")


class Clock:
    """Two clocks that a test moves."""

    def __init__(self) -> None:
        self.monotonic_s = 0.0
        self.wall_s = 1_000_000.0

    def watch(self, limit_s: float) -> IdleWatch:
        return IdleWatch(limit_s, lambda: self.monotonic_s, lambda: self.wall_s)


@pytest.mark.parametrize("which", ["monotonic_s", "wall_s"])
async def test_idle_desk_locks_hides_everything_and_opens_with_the_password(which: str) -> None:
    clock = Clock()
    async with at_desk(idle=clock.watch(600)) as desk:
        await desk.open(ACCOUNT)
        await desk.write("12.3")
        setattr(clock, which, getattr(clock, which) + 3_600)
        await desk.keys("4")
        assert isinstance(desk.app.screen, LockScreen)
        assert "王小山" not in desk.text
        await desk.keys(*"nope", "enter")
        await desk.until_said("密码不对")
        await desk.keys(*PASSWORD, "enter")
        await desk.until(lambda: not desk.app.locked)
        assert desk.field("amount").value == "12.3"


async def test_clock_set_back_does_not_lock() -> None:
    clock = Clock()
    watch = clock.watch(600)
    clock.wall_s -= 86_400
    assert not watch.expired


async def test_locked_desk_keeps_dialogs_for_later() -> None:
    bureau = MemoryBureau(lose_reply=True)
    async with at_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        with bureau.held():
            await desk.keys("enter", "enter", "ctrl+l")
        await desk.until(lambda: desk.app.settler.pending)
        assert isinstance(desk.app.screen, LockScreen)
        await desk.keys(*PASSWORD, "enter")
        await desk.until(lambda: "It is not known" in desk.text)


async def test_signing_out_closes_the_session_and_forgets_the_customer() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        await desk.keys("ctrl+n")
        await desk.until(lambda: desk.gateway.desks[0].closed)
        assert isinstance(desk.app.screen, SignInScreen)
        assert "李敏 0107" not in desk.text
        await desk.sign_in()
        assert desk.screen.form is None


async def test_quitting_asks_when_cash_was_counted() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", "ctrl+q")
        await desk.until(lambda: "Quit although" in desk.text)
        await desk.keys("escape")
        assert desk.app.is_running
        await desk.keys("ctrl+q", "enter")
        await desk.until(lambda: not desk.app.is_running)


async def test_crash_tells_and_logs_no_values(caplog: pytest.LogCaptureFixture) -> None:
    from counter.ui import crash

    def breaks() -> None:
        raise RuntimeError("postgresql://clerk:" + PASSWORD)

    with pytest.raises(RuntimeError) as caught:
        breaks()
    crash.record(caught.value)
    said = crash.farewell(caught.value)
    assert PASSWORD not in caplog.text + said
    assert "RuntimeError" in said
    assert "test_desk.py" in caplog.text


async def test_bug_in_a_job_stops_the_program_with_the_farewell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RuntimeError):  # noqa: PT012  (it is raised where the program ends)
        async with at_desk() as desk:

            def broken(_text: str) -> None:
                raise RuntimeError(PASSWORD)

            monkeypatch.setattr(desk.screen.session, "search", broken)
            await desk.write("x")
            await desk.until(lambda: not desk.app.is_running)
    assert PASSWORD not in capsys.readouterr().err
