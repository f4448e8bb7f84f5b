"""A desk at which nobody has set prepaid cards up: it says so, and everything else works."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from counter.errors import NotAllowed
from counter.i18n import _
from counter.services.ports.vends import OpenVend, Slot, SlotState

if TYPE_CHECKING:
    from counter.services.ports.vends import CardDrawer


class WithoutCards:
    """``ports.vends.Vends`` where there is no reader and nothing to sell."""

    @property
    def drawer(self) -> CardDrawer | None:
        """No demonstration."""
        return None

    def slot(self) -> Slot:
        """No reader."""
        return Slot(SlotState.NONE)

    def watch(self, heard: Callable[[Slot], None]) -> Callable[[], None]:
        """Nothing will ever change."""
        heard(self.slot())
        return lambda: None

    def in_doubt(self) -> tuple[OpenVend, ...]:
        """None."""
        return ()

    def unfinished(self) -> tuple[OpenVend, ...]:
        """None."""
        return ()

    def _refuse(self, *_values: Any, **_named: Any) -> NoReturn:
        """Everything else needs a reader."""
        raise NotAllowed(
            _("No card reader is set up at this desk."),
            _("Nothing was done."),
            _("Everything else works; set a reader up in the settings."),
        )

    look = books = sell = resume = undo = decide = sign = replace_card = return_card = change_meter = _refuse
    subject_of = undo_subject = decision_subject = _refuse
