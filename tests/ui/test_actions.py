"""The registry of actions: every one has a key, a sentence and its place; nothing is cut at 80 columns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.binding import Binding

from counter.i18n import LANGUAGES, set_language, translations
from counter.services.ports.payers import PayerAccount
from counter.ui.actions import ACTIONS, allowed_keymap
from counter.ui.commands import possible_now
from counter.ui.screens.agreements import AgreementsScreen
from counter.ui.screens.breaks import BreaksScreen
from counter.ui.screens.card import CardScreen
from counter.ui.screens.count import CountScreen
from counter.ui.screens.day_close import DayCloseScreen
from counter.ui.screens.deposits import DepositsScreen
from counter.ui.screens.matches import MatchesScreen
from counter.ui.screens.payers import PayersScreen
from counter.ui.screens.reconcile import ReconcileScreen
from counter.ui.screens.reconnections import ReconnectionsScreen
from counter.ui.screens.report import ReportScreen
from counter.ui.screens.statements import StatementsScreen
from counter.ui.screens.till import TillScreen
from counter.ui.screens.vends_in_doubt import VendsInDoubtScreen
from tests.ui.driving import Desk, at_desk, started
from tests.ui.memory_bureau import MemoryBureau
from tests.ui.memory_vends import with_cards

ACCOUNT = "0100234567"


def test_keys_are_unique_and_no_bare_letters() -> None:
    of_the_app = {action.key for action in ACTIONS if action.handler.startswith("app.")}
    for context in {action.context for action in ACTIONS}:
        keys = [action.key for action in ACTIONS if action.context == context]
        assert len(set(keys)) == len(keys)
        assert not context or not of_the_app & set(keys)
    assert all(re.fullmatch(r"((shift|ctrl)\+)?f\d+|ctrl\+[a-z]", action.key) for action in ACTIONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_has_a_label_and_a_sentence_in_both_languages(language: str) -> None:
    set_language(language)
    catalogue = translations(language)
    for action in ACTIONS:
        for text in (action.label, action.help):
            assert catalogue.gettext(text)
            assert text in catalogue._catalog  # type: ignore[attr-defined]


async def test_every_action_is_possible_somewhere_and_listed_in_help_and_palette(tmp_path: Path) -> None:
    seen: set[str] = set()
    bureau = MemoryBureau()
    with_cards(bureau, tmp_path).vends.clear()
    async with at_desk(bureau) as desk:
        seen |= {action.action_id for action, _key in possible_now(desk.app.screen)}
    async with started() as desk:
        await desk.until(lambda: desk.app.gateway is not None)
        seen |= {action.action_id for action, _key in possible_now(desk.app.screen)}
        await desk.sign_in()
        await desk.keys("escape")
        seen |= {action.action_id for action, _key in possible_now(desk.app.screen)}
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        desk.bureau.lose_reply = True
        seen |= {action.action_id for action, _key in possible_now(desk.app.screen)}
        await desk.keys("enter", "enter")
        await desk.until(lambda: desk.app.settler.pending)
        seen |= {action.action_id for action, _key in possible_now(desk.app.screen)}
        desk.bureau.lose_reply = False
        await desk.keys("enter")
        await desk.until(lambda: desk.screen.taken is not None)
        seen |= {action.action_id for action, _key in possible_now(desk.app.screen)}
        seen |= await possible_for_many(desk)
    for screen in (
        AgreementsScreen,
        BreaksScreen,
        CardScreen,
        CountScreen,
        DayCloseScreen,
        MatchesScreen,
        ReconcileScreen,
        ReconnectionsScreen,
        ReportScreen,
        StatementsScreen,
        TillScreen,
        VendsInDoubtScreen,
    ):
        seen |= {binding.id for binding in screen.BINDINGS if isinstance(binding, Binding) and binding.id}
    seen |= {binding.id for binding in DepositsScreen.BINDINGS if isinstance(binding, Binding) and binding.id}
    assert {action.action_id for action in ACTIONS} == seen


async def possible_for_many(desk: Desk) -> set[str]:
    """What the screen for many accounts allows when there is one."""
    await desk.keys("ctrl+e")
    screen = desk.app.screen
    assert isinstance(screen, PayersScreen)
    screen.form.add([PayerAccount(ACCOUNT, 1, "王小四", "城关", False, False, 0, ())])
    screen.show_form()
    return {action.action_id for action, _key in possible_now(desk.app.screen)}


async def test_help_lists_the_keys_of_the_screen_below() -> None:
    async with at_desk() as desk:
        await desk.open(ACCOUNT)
        await desk.keys("f1")
        await desk.until(lambda: "Keys of this screen" in desk.text)
        assert "Choose by hand which bills are paid." in desk.text
        await desk.keys("escape")
        assert "Keys of this screen" not in desk.text


async def test_palette_lists_only_what_is_possible_and_runs_it() -> None:
    async with at_desk() as desk:
        await desk.keys("ctrl+p")
        await desk.until(lambda: "Today  F3" in desk.text)
        assert "Tick  F4" not in desk.text
        await desk.keys(*"today", "enter")
        await desk.until(lambda: "My payments today" in desk.text)


async def test_keys_can_be_bound_anew_but_not_to_bare_letters() -> None:
    async with at_desk(keymap={"day": "f11", "help": "h", "nonsense": "f9"}) as desk:
        await desk.keys("f11")
        await desk.until(lambda: "My payments today" in desk.text)
    assert allowed_keymap({"day": "f11", "help": "h", "nonsense": "f9"}) == {"day": "f11"}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_smallest_screen_is_complete(language: str) -> None:
    async with at_desk(language=language) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", *"500")
        lines = desk.text.splitlines()
        assert len(lines) == 24
        assert all(cell_len(line) == 80 for line in lines)
        for wanted in (
            "李敏",
            "2026-11-23",
            "王小山",
            ACCOUNT,
            "366809002010",
            "解放路12号3单元402室",
            "2026-08",
            "64",
            "9.75",
            "162.05",
            "418.26",
            "12.50",
            "0107-260718-0007",
            "137.57",
            "500",
        ):
            assert wanted in desk.text
        bar = lines[-1].rstrip()
        labels = [
            translations(language).gettext(action.label) for action, _key in possible_now(desk.app.screen)
        ]
        assert any(bar.endswith(label) for label in labels)


async def test_wide_screen_shows_more() -> None:
    async with at_desk(size=(120, 36)) as desk:
        await desk.open(ACCOUNT)
        assert "kWh" in desk.text
        assert "0107-260318-0003" in desk.text
