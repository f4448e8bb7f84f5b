"""The form of one sale onto a card, apart from any screen: what is sold, how much, and for which account."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from counter.domain.tenders import Tender
from counter.services.ports.vends import CardBooks, CardView, SellVend, VendKind
from counter.ui.sent_once import SentOnce


class VendForm(SentOnce[SellVend]):
    """What is about to be sold onto ``card``."""

    def __init__(self, kind: VendKind, card: CardView, books: CardBooks) -> None:
        """A form opens."""
        super().__init__()
        self.kind, self.card, self.books = kind, card, books

    @property
    def fixed_fen(self) -> int:
        """What is on the card already, when only the booking is completed; 0 when the amount is free."""
        return self.card.wallet_fen if self.kind is VendKind.BOOKING else 0

    @property
    def limit_fen(self) -> int:
        """The most that may be sold; a booking is as much as the card has."""
        return self.fixed_fen or self.books.limit_fen

    @property
    def vend_count(self) -> int:
        """The count of this vend."""
        return self.books.vend_count + 1

    def send(self, shift_id: int, tenders: tuple[Tender, ...], reason: str = "") -> SellVend | None:
        """The request to post now, or None when one is on its way or the sum cannot be sold."""
        amount_fen = sum(tender.amount_fen for tender in tenders)
        if not self.may_send or not 0 < amount_fen <= self.limit_fen:
            return None
        return self.going_out(
            SellVend(
                request_id=self.request_id,
                shift_id=shift_id,
                account_no=self.books.account_no,
                version=self.books.version,
                meter_no=self.books.meter_no,
                card_serial=self.card.serial,
                profile=self.card.profile,
                vend_count=self.vend_count,
                amount_fen=amount_fen,
                kind=self.kind,
                tenders=tenders,
                reason=reason,
            )
        )

    def send_approved(self, reason: str, approval_id: UUID) -> SellVend | None:
        """The last request once more, with what a supervisor allowed; None when nothing can be sent now."""
        if not self.may_send or self.sent is None:
            return None
        return self.going_out(replace(self.sent, reason=reason, approval_id=approval_id))
