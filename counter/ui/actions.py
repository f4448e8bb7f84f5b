"""Every action of the screens, once: key bar, F1 help, palette and rebinding all read this list.

Keys are F-keys and ctrl combinations only: a bare letter dies while a Chinese input method composes. A key
means one thing everywhere, or one thing within the screens of a context (``counter.ui.action``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from textual.binding import Binding

from counter.i18n import N_
from counter.ui.action import Action, ActionGroup
from counter.ui.actions_bank import BANK_ACTIONS
from counter.ui.actions_day import DAY_ACTIONS
from counter.ui.actions_held import HELD_ACTIONS
from counter.ui.actions_reports import REPORT_ACTIONS
from counter.ui.actions_statements import STATEMENT_ACTIONS

_ALLOWED_KEY = re.compile(r"((shift|ctrl)\+)?f([1-9]|1[0-9]|2[0-4])|ctrl\+[a-z]")

_DESK, _PAPER, _PROGRAM = ActionGroup.DESK, ActionGroup.PAPER, ActionGroup.PROGRAM

ACTIONS = (
    Action("help", "f1", N_("Help"), N_("Show what every key of this screen does."), _PROGRAM, "app.help", 1),
    Action(
        "find", "f2", N_("Find"), N_("Go to the search box and start the next customer."), _DESK, "find", 3
    ),
    Action("day", "f3", N_("Today"), N_("List your payments of the day."), _PAPER, "day", 6),
    Action("tick", "f4", N_("Tick"), N_("Choose by hand which bills are paid."), _DESK, "tick", 4),
    Action("reload", "f5", N_("Reload"), N_("Ask the server for the present state."), _DESK, "reload", 10),
    Action(
        "reprint", "f6", N_("Reprint"), N_("Print this receipt again under its number."), _PAPER, "reprint", 5
    ),
    Action("phone", "f7", N_("Phone"), N_("Keep a phone number for this account."), _DESK, "phone", 7),
    Action(
        "unprinted", "f8", N_("Not printed"), N_("List the receipts not on paper."), _PAPER, "unprinted", 8
    ),
    Action(
        "test_page",
        "shift+f8",
        N_("Test page"),
        N_("Print a test page on this till's printer."),
        _PAPER,
        "app.test_page",
    ),
    Action("language", "f9", N_("中文"), N_("Speak the other language."), _PROGRAM, "app.language", 9),
    Action(
        "approvals", "f10", N_("Approvals"), N_("List what waits for a supervisor."), _DESK, "app.approvals"
    ),
    Action("payers", "ctrl+e", N_("Many accounts"), N_("One payer pays for many accounts."), _DESK, "payers"),
    Action(
        "keep_group",
        "ctrl+s",
        N_("Group"),
        N_("Keep these accounts as a group."),
        _DESK,
        "keep_group",
        5,
    ),
    Action("reverse", "ctrl+b", N_("Reverse"), N_("Take a payment back by a reversal."), _PAPER, "reverse"),
    Action("voids", "shift+f3", N_("Voids"), N_("List what was reversed in the hall."), _PAPER, "voids"),
    Action("refund", "ctrl+f", N_("Refund"), N_("Pay prepaid balance back."), _DESK, "refund"),
    Action(
        "transfer", "ctrl+y", N_("Move"), N_("Move prepaid balance to another account."), _DESK, "transfer"
    ),
    Action("relief", "ctrl+w", N_("Late fee"), N_("Ask to waive a late fee or put it off."), _DESK, "relief"),
    Action(
        "tenders",
        "ctrl+g",
        N_("Tenders"),
        N_("Take POS, slips, cheques, cards; or several together."),
        _DESK,
        "tenders",
        4,
    ),
    Action(
        "sell_cards",
        "shift+f7",
        N_("Sell cards"),
        N_("Sell recharge cards out of the stock."),
        _DESK,
        "sell_cards",
    ),
    Action(
        "card",
        "f12",
        N_("Power card"),
        N_("Prepaid card: look at it, sell, write, take back."),
        _DESK,
        "card",
        7,
    ),
    Action(
        "buy_token",
        "ctrl+z",
        N_("Token"),
        N_("Power for a meter without a card: sell a token; without an account: what has none yet."),
        _DESK,
        "buy_token",
    ),
    Action("raw_card", "f11", N_("Bytes"), N_("Show the card's bytes, or hide them."), _DESK, "raw_card", 8),
    Action(
        "card_work",
        "shift+f11",
        N_("Card work"),
        N_("Take a card back for good, or enter another meter."),
        _DESK,
        "card_work",
        9,
    ),
    Action(
        "vends_in_doubt",
        "shift+f1",
        N_("In doubt"),
        N_("List the vends whose card is not proven written."),
        _DESK,
        "app.vends_in_doubt",
    ),
    Action(
        "decide_vend",
        "shift+f12",
        N_("Decide"),
        N_("A supervisor decides on a vend whose card does not come back."),
        _DESK,
        "decide_vend",
        4,
    ),
    Action(
        "sign_vends",
        "ctrl+v",
        N_("Sign"),
        N_("A supervisor signs for what is in doubt, so that the day can be closed."),
        _DESK,
        "sign_vends",
        5,
    ),
    Action(
        "drawer",
        "shift+f10",
        N_("Card drawer"),
        N_("Demonstration: put a simulated card in, pull it, take it home."),
        _PROGRAM,
        "app.drawer",
        10,
    ),
    Action(
        "settle",
        "ctrl+r",
        N_("Ask again"),
        N_("Ask what became of what has no answer."),
        _DESK,
        "app.settle",
        2,
    ),
    Action("open_shift", "ctrl+o", N_("Open shift"), N_("Take a till with a float."), _DESK, "open_shift", 2),
    Action(
        "till", "ctrl+k", N_("Till"), N_("Count, close, hand over; cash in and out; reports."), _DESK, "till"
    ),
    Action("count", "ctrl+u", N_("Count"), N_("Count the drawer, sign, close the shift."), _DESK, "count", 4),
    Action(
        "move_cash",
        "ctrl+x",
        N_("Cash in, out"),
        N_("Book change or takings in or out."),
        _DESK,
        "move_cash",
        5,
    ),
    Action(
        "deposits",
        "ctrl+d",
        N_("Deposits"),
        N_("Bring takings to the bank; there once more: earlier slips."),
        _DESK,
        "deposits",
    ),
    Action(
        "tick_all",
        "shift+f4",
        N_("Tick all"),
        N_("Take along everything that waits, or nothing."),
        _DESK,
        "tick_all",
        4,
    ),
    Action(
        "agreements",
        "ctrl+a",
        N_("Instalments"),
        N_("The account's instalment agreements, there again: a new one; without an account: what is due."),
        _DESK,
        "agreements",
    ),
    Action(
        "end_agreement",
        "shift+f9",
        N_("End agreement"),
        N_("End the agreement under the cursor."),
        _DESK,
        "end_agreement",
        4,
    ),
    Action(
        "reconnections",
        "shift+f5",
        N_("Reconnections"),
        N_("List the accounts to be connected again."),
        _DESK,
        "reconnections",
    ),
    Action("export", "shift+f6", N_("Export"), N_("Write this list into a file."), _DESK, "export", 4),
    Action(
        "balance",
        "shift+f2",
        N_("Balance"),
        N_("List what moved the account's prepaid balance."),
        _DESK,
        "balance",
    ),
    Action("lock", "ctrl+l", N_("Lock"), N_("Hide the screen until you return."), _PROGRAM, "app.lock"),
    Action("theme", "ctrl+t", N_("Light or dark"), N_("Change the colours."), _PROGRAM, "app.theme"),
    Action("sign_out", "ctrl+n", N_("Sign out"), N_("Let somebody else sign in."), _PROGRAM, "app.sign_out"),
    Action("palette", "ctrl+p", N_("Commands"), N_("Find a command by name."), _PROGRAM, "app.palette", 2),
    Action("quit", "ctrl+q", N_("Quit"), N_("End the program."), _PROGRAM, "app.quit_safely", 11),
    *BANK_ACTIONS,
    *HELD_ACTIONS,
    *REPORT_ACTIONS,
    *STATEMENT_ACTIONS,
    *DAY_ACTIONS,
)

BY_ID = {action.action_id: action for action in ACTIONS}


def bindings(*action_ids: str) -> list[Binding]:
    """The Textual bindings of these actions, for ``BINDINGS`` of an app or a screen."""
    return [_binding(BY_ID[action_id]) for action_id in action_ids]


def allowed_keymap(keymap: Mapping[str, str]) -> dict[str, str]:
    """The part of a keymap from the settings that names known actions and keys that an IME lets through."""
    return {
        action_id: key
        for action_id, key in keymap.items()
        if action_id in BY_ID and _ALLOWED_KEY.fullmatch(key)
    }


def key_name(key: str) -> str:
    """A key as it is printed on keyboards: ``F3``, ``^P``."""
    return key.upper().replace("CTRL+", "^").replace("SHIFT+", "⇧")


def _binding(action: Action) -> Binding:
    """One binding; its id makes it rebindable, ``priority`` lets it work while a field has the focus."""
    return Binding(
        action.key, action.handler, action.label, id=action.action_id, tooltip=action.help, priority=True
    )
