"""What happened with receipts of the bank: listed, and an account read as of the bank's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter.ui.messages import Told

if TYPE_CHECKING:
    from counter.errors import CounterError
    from counter.services.ports import AccountView
    from counter.services.ports.held_receipts import HeldReceipt


class HeldListed(Told):
    """The receipts that fit; ``typed`` is what had been typed when they were asked for."""

    typed: str
    receipts: tuple[HeldReceipt, ...]


class HeldNotListed(Told):
    """They could not be asked for."""

    typed: str
    error: CounterError


class ClaimRead(Told):
    """An account as of the day of a receipt, or None when there is no such account."""

    receipt: HeldReceipt
    account: AccountView | None


class ClaimNotRead(Told):
    """The account could not be read."""

    receipt: HeldReceipt
    error: CounterError
