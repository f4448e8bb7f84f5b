"""The form of one sale of a token, apart from any screen: how much, and for which account and meter."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from counter.domain.tenders import Tender
from counter.services.ports.tokens import SellToken, TokenBooks
from counter.ui.sent_once import SentOnce


class TokenForm(SentOnce[SellToken]):
    """What is about to be sold."""

    fixed_fen = 0
    """The amount is always free."""

    def __init__(self, books: TokenBooks) -> None:
        """A form opens."""
        super().__init__()
        self.books = books

    @property
    def limit_fen(self) -> int:
        """The most that may be sold."""
        return self.books.limit_fen

    def send(self, shift_id: int, tenders: tuple[Tender, ...]) -> SellToken | None:
        """The request to post now, or None when one is on its way or the sum cannot be sold."""
        amount_fen = sum(tender.amount_fen for tender in tenders)
        if not self.may_send or not 0 < amount_fen <= self.limit_fen:
            return None
        books = self.books
        return self.going_out(
            SellToken(
                self.request_id,
                shift_id,
                books.account_no,
                books.version,
                books.meter_no,
                amount_fen,
                tenders,
            )
        )

    def send_approved(self, reason: str, approval_id: UUID) -> SellToken | None:
        """The last request once more, with what a supervisor allowed; None when nothing can be sent now."""
        if not self.may_send or self.sent is None:
            return None
        return self.going_out(replace(self.sent, reason=reason, approval_id=approval_id))
