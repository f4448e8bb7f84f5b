"""A bureau in memory that sells no tokens; what sells them is tried on a real one (tests/tokens)."""

from __future__ import annotations

from typing import Any, NoReturn

from counter.services.ports.tokens import TokenBooks, TokenSale


class NoTokens:
    """``ports.tokens.Tokens`` without a vending server."""

    is_set_up = False
    is_simulated = False

    def books(self, account_no: str) -> TokenBooks | None:  # noqa: ARG002  (the port's signature)
        """No account takes tokens."""
        return None

    def unsettled(self) -> tuple[TokenSale, ...]:
        """None."""
        return ()

    def unfinished(self) -> tuple[TokenSale, ...]:
        """None."""
        return ()

    def sell(self, *_given: Any) -> NoReturn:
        """Never asked for."""
        raise AssertionError(_given)

    def resume(self, *_given: Any) -> NoReturn:
        """Never asked for."""
        raise AssertionError(_given)

    def decide(self, *_given: Any, **_named: Any) -> NoReturn:
        """Never asked for."""
        raise AssertionError(_given)

    def decision_subject(self, *_given: Any, **_named: Any) -> NoReturn:
        """Never asked for."""
        raise AssertionError(_given)

    def subject_of(self, *_given: Any) -> NoReturn:
        """Never asked for."""
        raise AssertionError(_given)
