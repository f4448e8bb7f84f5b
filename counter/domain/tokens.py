"""A token for a meter without a card, and how a sale of one goes: tables and forms, pure.

A token is twenty decimal digits that carry 66 bits (IEC 62055-41). Only its form can be checked here: whether
it is genuine, meant for this meter and not used yet is known to the meter alone, by its key. An issued token
cannot be taken back: it is printed again, and never made a second time.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from counter.domain.text import BLANKS, DASHES, HALF_WIDTH

TOKEN_DIGITS: Final = 20
_GROUP: Final = 4
_BITS: Final = 66
_NO_MEANING: Final = {**HALF_WIDTH, **dict.fromkeys((*BLANKS, *DASHES, 0x2D), "")}
"""What people and programs put between the groups of a token, and full-width digits."""


class TokenFormError(ValueError):
    """Not twenty digits, or more than 66 bits. The text of the error never has the digits."""


def parse_token(text: str) -> str:
    """The bare twenty digits of a token, however it is grouped; raises TokenFormError."""
    digits = text.translate(_NO_MEANING)
    if len(digits) != TOKEN_DIGITS or not (digits.isascii() and digits.isdecimal()):
        raise TokenFormError(f"not {TOKEN_DIGITS} digits")
    if int(digits) >> _BITS:
        raise TokenFormError(f"more than {_BITS} bits")
    return digits


def grouped(token: str) -> str:
    """A token as it is printed and typed into the meter: five groups of four."""
    return " ".join(token[start : start + _GROUP] for start in range(0, len(token), _GROUP))


class TokenState(StrEnum):
    """PENDING: paid, certainly no token yet. IN_DOUBT: asked for, nobody knows. REFUSED: none, ever."""

    PENDING = "pending"
    IN_DOUBT = "in_doubt"
    ISSUED = "issued"
    REFUSED = "refused"
    UNDONE = "undone"

    @property
    def open(self) -> bool:
        """Whether the vending server has still to be asked."""
        return self in (TokenState.PENDING, TokenState.IN_DOUBT)


class TokenEvent(StrEnum):
    """What happens to a sale."""

    TOKEN_CAME = "token_came"  # noqa: S105  (an event)
    NOT_SENT = "not_sent"
    """The request did not reach the vending server, or was turned away at its door."""
    NO_ANSWER = "no_answer"
    """It may have reached it, and no answer that counts came back."""
    SERVER_REFUSED = "server_refused"
    """The server says of this request that it will never issue a token."""
    PAYMENT_REVERSED = "payment_reversed"


TRANSITIONS: Final = MappingProxyType(
    {
        (TokenState.PENDING, TokenEvent.TOKEN_CAME): TokenState.ISSUED,
        (TokenState.PENDING, TokenEvent.NOT_SENT): TokenState.PENDING,
        (TokenState.PENDING, TokenEvent.NO_ANSWER): TokenState.IN_DOUBT,
        (TokenState.PENDING, TokenEvent.SERVER_REFUSED): TokenState.REFUSED,
        (TokenState.IN_DOUBT, TokenEvent.TOKEN_CAME): TokenState.ISSUED,
        (TokenState.IN_DOUBT, TokenEvent.NOT_SENT): TokenState.IN_DOUBT,
        (TokenState.IN_DOUBT, TokenEvent.NO_ANSWER): TokenState.IN_DOUBT,
        (TokenState.IN_DOUBT, TokenEvent.SERVER_REFUSED): TokenState.REFUSED,
        (TokenState.ISSUED, TokenEvent.TOKEN_CAME): TokenState.ISSUED,
        (TokenState.REFUSED, TokenEvent.PAYMENT_REVERSED): TokenState.UNDONE,
    }
)
"""What is not here cannot happen; above all, nothing leads away from ISSUED."""


class ForbiddenTokenEvent(ValueError):
    """An event that cannot happen in a state: a bug, or a server that contradicts itself."""


def after(state: TokenState, event: TokenEvent) -> TokenState:
    """The next state; raises ForbiddenTokenEvent for what the table does not have."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise ForbiddenTokenEvent(f"{event} in {state}") from None
