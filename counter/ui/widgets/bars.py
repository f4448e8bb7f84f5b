"""The line on top (who, where, server) and the line at the bottom (keys). Neither is ever cut in a word."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from counter.i18n import _
from counter.services.ports.vends import Slot, SlotState
from counter.ui.actions import key_name
from counter.ui.cells import clip
from counter.ui.commands import possible_now
from counter.ui.status import DeskStatus, Link
from counter.ui.vend_words import slot_word
from counter.ui.words import break_kind, cash_alarm, clock

_NAME_CELLS_MAX = 16


class StatusBar(Widget):
    """Staff, hall, till, shift, business date, server; and printer and font where there is room."""

    DEFAULT_CSS = "StatusBar { height: 1; background: $bar; color: $foreground; }"
    ALLOW_SELECT = False

    status: reactive[DeskStatus] = reactive(DeskStatus)
    """What to say."""

    def relabel(self) -> None:
        """Say it in the language of now."""
        self.refresh()

    def render(self) -> Content:
        """Left what stays, right what changes; from the left the least needed goes when it is tight."""
        right = self._right()
        room = self.size.width - cell_len(right.plain) - 1
        left = _packed(self._left(), room)
        return Content.assemble(left, " " * max(1, room + 1 - cell_len(left.plain)), right)

    def _left(self) -> list[Content]:
        """The lasting facts, the most important first."""
        status = self.status
        facts = [Content.styled(f" {_('Counter')} ", "bold")]
        if status.staff is not None:
            facts.append(Content(clip(f"{status.staff.name} {status.staff.staff_no}", _NAME_CELLS_MAX)))
            facts.append(Content(clip(status.staff.hall_name, _NAME_CELLS_MAX)))
        if status.shift is not None:
            facts.append(Content(clip(status.shift.till_name, _NAME_CELLS_MAX)))
            facts.append(Content(_("shift {time}").format(time=clock(status.shift.opened_at))))
        return facts

    def _right(self) -> Content:
        """The date and the state of the server, in a word and not only a colour."""
        status = self.status
        parts = [] if status.business_date is None else [Content(f"{status.business_date} ")]
        word, style = _link_words(status.link)
        return Content.assemble(*parts, *self._reader(), (f" {word} ", style))

    def _reader(self) -> list[Content]:
        """The card reader in a word, and whether it is a real one; nothing at a desk without one."""
        slot = self.status.slot
        word = slot_word(slot) if slot is not None else ""
        if slot is None or not word:
            return []
        marks = (
            (_("SIMULATED"), slot.simulated),
            (_("DEMO KEYS"), slot.demonstration_keys and not slot.simulated),
        )
        chips = [
            Content.styled(f" {mark} ", "bold $background on $warning") for mark, shown in marks if shown
        ]
        return [*chips, Content.styled(f" {word} ", _slot_style(slot)), Content(" ")]


class Foot(Widget):
    """The line above the keys: receipts not on paper, payments not known, printer, font."""

    DEFAULT_CSS = "Foot { height: 1; color: $quiet; background: $surface; }"
    ALLOW_SELECT = False

    status: reactive[DeskStatus] = reactive(DeskStatus)
    """What to say."""

    def relabel(self) -> None:
        """Say it in the language of now."""
        self.refresh()

    def render(self) -> Content:
        """What needs a hand first."""
        return _packed(self._facts(), self.size.width - 1)

    def _facts(self) -> list[Content]:
        """Warnings with the key that helps, then printer and font."""
        status = self.status
        facts = [Content("")]
        if status.pending:
            said = _("{count} not known: ^R").format(count=status.pending)
            facts.append(Content.styled(f" {said} ", "bold $background on $error"))
        if status.approvals:
            said = _("{count} to approve: F10").format(count=status.approvals)
            facts.append(Content.styled(f" {said} ", "bold $background on $accent"))
        if status.doubts:
            said = _("Cards in doubt {count}: ⇧F1").format(count=status.doubts)
            facts.append(Content.styled(f" {said} ", "bold $background on $error"))
        if status.slot is not None and status.slot.simulated and status.slot.demonstration_keys:
            facts.append(Content.styled(f" {_('DEMO KEYS')} ", "bold $background on $warning"))
        if status.unprinted:
            said = _("{count} not printed: F8").format(count=status.unprinted)
            facts.append(Content.styled(f" {said} ", "bold $background on $warning"))
        facts += self._of_the_bank()
        if status.reconnections:
            facts.append(Content(_("{count} to reconnect: ⇧F5").format(count=status.reconnections)))
        if status.printer:
            facts.append(Content(_("Printer: {name}").format(name=clip(status.printer, 24))))
        if status.fallback_font:
            facts.append(Content(_("Substitute font: rare characters may be missing on paper")))
        return facts

    def _of_the_bank(self) -> list[Content]:
        """Cash that must go to the bank, and breaks that are late; the worst of them in red."""
        facts = []
        if self.status.cash_alarm is not None:
            said = _("Cash to the bank: {why} ^D").format(why=cash_alarm(self.status.cash_alarm))
            facts.append(Content.styled(f" {said} ", "bold $background on $warning"))
        alarm = self.status.break_alarm
        if alarm is not None:
            words = _("Breaks {count} late, {kind} {days} d: ^F4")
            said = words.format(count=alarm.late, kind=break_kind(alarm.kind), days=alarm.age_days)
            colour = "error" if alarm.alarm > 1 else "warning"
            facts.append(Content.styled(f" {said} ", f"bold $background on ${colour}"))
        return facts


class KeyBar(Widget):
    """The keys that do something now, by rank, as many as fit whole."""

    DEFAULT_CSS = "KeyBar { height: 1; background: $bar; color: $foreground; }"
    ALLOW_SELECT = False

    def on_mount(self) -> None:
        """Repaint whenever the screen can do something else."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        """The possible actions are others now."""
        self.refresh()

    def relabel(self) -> None:
        """Say it in the language of now."""
        self.refresh()

    def render(self) -> Content:
        """Key and label pairs."""
        ranked = sorted(
            (pair for pair in possible_now(self.screen) if pair[0].on_bar), key=lambda pair: pair[0].on_bar
        )
        keys = [
            Content.assemble((f" {key_name(key)} ", "bold on $chip"), f" {_(action.label)}")
            for action, key in ranked
        ]
        return _packed(keys, self.size.width, gap=" ")


def _link_words(link: Link) -> tuple[str, str]:
    """Word and style of a state of the connection."""
    return {
        Link.CONNECTING: (_("connecting"), "on $chip"),
        Link.UP: (_("online"), "bold $background on $success"),
        Link.DOWN: (_("no server"), "bold $background on $error"),
    }[link]


def _slot_style(slot: Slot) -> str:
    """A card is there, all is ready, or something needs a hand."""
    if slot.wrong_slot:
        return "bold $background on $error"
    return {SlotState.CARD: "bold $background on $accent", SlotState.EMPTY: "on $chip"}.get(
        slot.state, "bold $background on $error"
    )


def _packed(parts: list[Content], cells: int, gap: str = "  ") -> Content:
    """As many parts as fit whole, in order."""
    line = Content("")
    for part in parts:
        longer = Content.assemble(line, gap, part) if line.plain else part
        if cell_len(longer.plain) <= cells:
            line = longer
    return line
