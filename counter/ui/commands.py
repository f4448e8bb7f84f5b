"""The palette (ctrl+p): the actions of the registry that are possible at this moment, and no others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.screen import Screen

from counter.i18n import _
from counter.ui.action import Action
from counter.ui.actions import BY_ID, key_name

_NOT_LISTED = "palette"


def possible_now(screen: Screen[object]) -> Iterator[tuple[Action, str]]:
    """Each registered action that ``screen`` would carry out now, with the key that does it."""
    seen: set[str] = set()
    for key, active in screen.active_bindings.items():
        action = BY_ID.get(active.binding.id or "")
        if action is not None and active.enabled and action.action_id not in seen:
            seen.add(action.action_id)
            yield action, key


class ActionCommands(Provider):
    """Feeds the palette from the registry."""

    async def discover(self) -> Hits:
        """Everything that is possible now, before a letter was typed."""
        for action, key in self._listed():
            yield DiscoveryHit(Content(_title(action, key)), self._runner(action), help=_(action.help))

    async def search(self, query: str) -> Hits:
        """What fits the typed text, by label and by help sentence."""
        matcher = self.matcher(query)
        for action, key in self._listed():
            title, sentence = _title(action, key), _(action.help)
            score = max(matcher.match(title), matcher.match(sentence) * 0.5)
            if score > 0:
                yield Hit(score, Content(title), self._runner(action), text=title, help=sentence)

    def _listed(self) -> list[tuple[Action, str]]:
        """The possible actions without the palette itself."""
        return [pair for pair in possible_now(self.screen) if pair[0].action_id != _NOT_LISTED]

    def _runner(self, action: Action) -> Callable[[], Awaitable[None]]:
        """What the palette calls when the action is chosen."""
        screen = self.screen

        async def run() -> None:
            """Carry the action out where it would have been by its key."""
            await screen.run_action(action.handler)

        return run


def _title(action: Action, key: str) -> str:
    """Label and key on one line."""
    return f"{_(action.label)}  {key_name(key)}"
