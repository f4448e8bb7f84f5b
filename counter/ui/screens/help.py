"""F1: what every key does, those of the screen below first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen

from counter.i18n import N_, _
from counter.ui.action import ActionGroup
from counter.ui.actions import key_name
from counter.ui.cells import fit
from counter.ui.commands import possible_now
from counter.ui.widgets.label import Words

_KEY_CELLS = 10
_LABEL_CELLS = 16

_FIXED_KEYS = (
    ("Enter", N_("Next"), N_("Go on: open the account, then the cash, then post.")),
    ("Esc", N_("Back"), N_("One step back; at the end the next customer.")),
    ("Up Down", N_("Move"), N_("Move in a list; Down goes from the box into the results.")),
    ("Space", N_("Tick"), N_("Tick the bill under the cursor.")),
    ("Tab", N_("Next field"), N_("Go to the next field, Shift+Tab to the one before.")),
)

Row = tuple[str, str, str]
"""Key, label and sentence; a screen whose Enter and Space mean something else has its ``FIXED_KEYS``."""


class HelpScreen(ModalScreen[None]):
    """A list made from the registry of actions; nothing is written twice."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,f1", "dismiss", show=False, priority=True),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
    ]

    def __init__(self, rows: dict[ActionGroup, list[Row]], fixed: Sequence[Row] = _FIXED_KEYS) -> None:
        """``rows`` are keys with label and sentence as message ids, by group; ``fixed`` no action has."""
        super().__init__()
        self._rows = rows
        self._fixed = fixed

    @classmethod
    def of(cls, screen: Screen[object]) -> HelpScreen:
        """The help of ``screen`` as it is now."""
        rows: dict[ActionGroup, list[Row]] = {}
        for action, key in possible_now(screen):
            rows.setdefault(action.group, []).append((key_name(key), action.label, action.help))
        return cls(rows, getattr(screen, "FIXED_KEYS", _FIXED_KEYS))

    def compose(self) -> ComposeResult:
        """One scrolling text."""
        with VerticalScroll(id="help"):
            yield Words(self._text)

    def _text(self) -> Content:
        """The whole help in the language of now."""
        groups = [(_(group), rows) for group, rows in self._rows.items()]
        groups.append((_("Always"), list(self._fixed)))
        parts = [Content.styled(_("Keys of this screen") + "\n", "bold $primary")]
        for heading, rows in groups:
            parts.append(Content.styled(f"\n{heading}\n", "bold $quiet"))
            parts += [_line(*row) for row in rows]
        parts.append(Content.styled("\n" + _("Esc closes the help."), "$quiet"))
        return Content("").join(parts)

    def action_scroll(self, lines: int) -> None:
        """Up or down."""
        self.query_one("#help", VerticalScroll).scroll_relative(y=lines, animate=False)


def _line(key: str, label: str, sentence: str) -> Content:
    """One key."""
    return Content.assemble(
        (f" {fit(key, _KEY_CELLS)}", "bold"), fit(_(label), _LABEL_CELLS), (_(sentence) + "\n", "$quiet")
    )
