"""The money of a token: how much power, what was laid on the counter, what goes back."""

from __future__ import annotations

from counter.domain.money import format_yuan
from counter.i18n import _
from counter.ui.widgets.vend_pane import VendPane


class TokenPane(VendPane):
    """As for a card, and nothing is on anything already."""

    def refusal(self, amount_fen: int) -> str:
        """Too much at once."""
        if amount_fen <= self.limit_fen:
            return ""
        words = _("At most {limit} may be sold at once. Nothing was sold.")
        return words.format(limit=format_yuan(self.limit_fen))

    def onto_words(self) -> str:
        """What the figure at the left is."""
        return _("As a token")
