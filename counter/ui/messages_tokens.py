"""What happened around tokens, in the past tense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter.ui.messages import Told

if TYPE_CHECKING:
    from counter.errors import CounterError
    from counter.services.ports.tokens import (
        SellToken,
        TokenBooks,
        TokenOutcome,
        TokenSale,
        TokenStep,
    )


class TokenBooksRead(Told):
    """What a sale has to know of the account; None when its meter takes no tokens."""

    books: TokenBooks | None


class TokenStepReached(Told):
    """A sale has come to this step."""

    step: TokenStep


class TokenAnswered(Told):
    """A sale is in the ledger, and its token came or did not."""

    request: SellToken
    outcome: TokenOutcome


class TokenNotAnswered(Told):
    """A sale was refused, or nobody knows; the vending server was not asked."""

    request: SellToken
    error: CounterError


class TokenResumed(Told):
    """The token of a sale was asked for again."""

    outcome: TokenOutcome


class TokenNotResumed(Told):
    """It could not be asked for; the sale stands as it did."""

    error: CounterError


class TokensListed(Told):
    """The sales without a token."""

    sales: tuple[TokenSale, ...]


class TokensUnfinished(Told):
    """Those that the one who signed in had begun."""

    sales: tuple[TokenSale, ...]


class TokenDecided(Told):
    """A supervisor decided on a sale, or the vending server knew its token after all."""

    outcome: TokenOutcome


class TokenNotDecided(Told):
    """It was refused, or nobody knows."""

    error: CounterError
