"""The desk's keys that lead to the bank side: who may use which, and the screens they open."""

from __future__ import annotations

from counter.ui.screens.posting import PostingScreen


class BankKeys(PostingScreen):
    """The desk's part that leads to statements, matching and the closing of the day; mixed into the desk."""

    @property
    def bank_possible(self) -> dict[str, bool]:
        """Which of the keys do something for whoever is signed in."""
        return {}
