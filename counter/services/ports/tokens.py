"""Tokens for meters without a card: sold, asked for, printed. Plain data and two protocols.

``TokenVendor`` is the server outside that makes tokens; ``Tokens`` is what the screens ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from counter.domain.tenders import Tender
from counter.domain.tokens import TokenState
from counter.services.ports.payments import PaymentTaken


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What the vending server is asked for. The same ``request_id`` is only ever this sale."""

    request_id: UUID
    account_no: str
    meter_no: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Token:
    """An issued token: its twenty digits, and what the server says that it is for."""

    request_id: UUID
    meter_no: str
    amount_fen: int
    digits: str = field(repr=False)


class TokenVendor(Protocol):
    """The server that makes tokens. ``vend`` and ``ask`` block, and never lead to a second token."""

    @property
    def simulated(self) -> bool:
        """Whether its tokens are for show, which screen and paper then say."""
        ...

    def check(self) -> None:
        """Raises Refusal when this desk's way to the server is not usable; sends nothing."""
        ...

    def vend(self, request: TokenRequest) -> Token:
        """The token of this request, made now or long ago.

        Raises TokenRefused (there never will be one), VendingUnreachable (nothing was asked for), or
        TokenInDoubt (it may have been made: ask again with the same request).
        """
        ...

    def ask(self, request_id: UUID) -> Token | None:
        """The token that was made for a request, or None when the server knows of none; makes nothing.

        Raises as ``vend`` does.
        """
        ...


@dataclass(frozen=True, slots=True)
class SellToken:
    """Request: power for a meter without a card. ``version`` is that of the account as the desk saw it.

    ``reason`` and ``approval_id`` go with a sale that a supervisor had to allow.
    """

    request_id: UUID
    shift_id: int
    account_no: str
    version: int
    meter_no: str
    amount_fen: int
    tenders: tuple[Tender, ...]
    reason: str = ""
    approval_id: UUID | None = None

    @property
    def total_fen(self) -> int:
        """What is taken."""
        return self.amount_fen


@dataclass(frozen=True, slots=True)
class TokenSale:
    """A sale as lists and the desk show it; ``digits`` are empty while there is no token."""

    vend_id: UUID
    account_no: str
    account_name: str
    meter_no: str
    amount_fen: int
    state: TokenState
    receipt_no: str
    staff_name: str
    hall_name: str
    began_at: datetime
    note: str
    digits: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class TokenBooks:
    """What a sale has to know of an account; ``meter_no`` is empty without a meter.

    ``limit_fen`` is the most that may be sold at once; ``open_sale`` stands in the way of another.
    """

    account_no: str
    account_name: str
    meter_no: str
    version: int
    limit_fen: int
    prepaid_fen: int
    arrears_fen: int
    sales: tuple[TokenSale, ...] = ()

    @property
    def open_sale(self) -> TokenSale | None:
        """The one that is not settled; an account has never two."""
        return next((sale for sale in self.sales if sale.state.open), None)


class TokenStep(StrEnum):
    """What a sale is at, for the screen that waits."""

    BOOKING = "booking"
    ASKING = "asking"
    ASKING_AGAIN = "asking_again"
    KEEPING = "keeping"


@dataclass(frozen=True, slots=True)
class TokenOutcome:
    """How a sale stands now. ``problem`` and ``hint`` are empty when nothing went wrong.

    ``digits`` may be there although the state is in doubt: the token came, and the books did not take it yet.
    """

    vend_id: UUID
    state: TokenState
    receipt_no: str
    amount_fen: int
    meter_no: str
    digits: str = field(repr=False, default="")
    problem: str = ""
    hint: str = ""
    taken: PaymentTaken | None = None
    """The payment, when it was posted just now."""


OnStep = Callable[[TokenStep], None]


class Tokens(Protocol):
    """Selling tokens. Every method blocks; see ``counter.services.ports``."""

    @property
    def is_set_up(self) -> bool:
        """Whether this desk knows a vending server; without one nothing is sold."""
        ...

    @property
    def is_simulated(self) -> bool:
        """Whether the vending server is none, and its tokens are for show."""
        ...

    def books(self, account_no: str) -> TokenBooks | None:
        """What a sale needs of the account; None when it is no account whose meter takes tokens."""
        ...

    def sell(self, request: SellToken, on_step: OnStep) -> TokenOutcome:
        """Post the money, ask the vending server, keep the token.

        Raises Refusal, ServerUnreachable or OutcomeUnknown only while nothing was asked of the vending
        server; afterwards every fault is a TokenOutcome.
        """
        ...

    def resume(self, vend_id: UUID, on_step: OnStep) -> TokenOutcome:
        """Ask for the token of a sale again, at any desk; one that was issued comes out of the books."""
        ...

    def decide(
        self, vend_id: UUID, request_id: UUID, *, digits: str, reason: str, approval_id: UUID
    ) -> TokenOutcome:
        """A supervisor's decision when the vending server does not answer any more.

        ``digits`` are the token that its operator read out; without them there never will be one. The server
        is asked once more, and a token that it knows goes before the decision.
        """
        ...

    def decision_subject(self, vend_id: UUID, *, digits: str, reason: str) -> tuple[str, dict[str, Any]]:
        """Action and subject of the question to a supervisor about a decision."""
        ...

    def unsettled(self) -> tuple[TokenSale, ...]:
        """The hall's sales without a token, also refused ones that are not given back; the oldest first."""
        ...

    def unfinished(self) -> tuple[TokenSale, ...]:
        """Those that the caller began and the vending server has still to be asked for."""
        ...

    def subject_of(self, request: SellToken) -> tuple[str, dict[str, Any]]:
        """Action and subject of the question to a supervisor about a sale; the asker adds the reason."""
        ...
