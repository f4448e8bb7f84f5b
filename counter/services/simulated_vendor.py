"""A vending server that is none, for the demonstration: no meter takes its tokens.

It keeps its one promise, over restarts too: the same request has the same token. Two amounts let its faults
be tried: one with 4 fen at its end is refused, one with 5 fen is not answered the first time, though its
token is made. Threads take turns.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from counter.domain.tokens import TOKEN_DIGITS, TokenFormError, parse_token
from counter.errors import TokenInDoubt, TokenRefused
from counter.i18n import _
from counter.services.ports.tokens import Token, TokenRequest

_REFUSED_AT: Final = 4
_SILENT_AT: Final = 5
_LAST_FEN: Final = 10


@dataclass(frozen=True, slots=True)
class SimulatedVendor:
    """``ports.tokens.TokenVendor`` out of a file of the desk; ``step_s`` is how long an answer takes."""

    path: Path
    step_s: float = 1.0
    simulated: bool = True
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def check(self) -> None:
        """Always usable."""

    def vend(self, request: TokenRequest) -> Token:
        """The token of this request, made now or before; raises TokenRefused or TokenInDoubt."""
        time.sleep(self.step_s)
        with self._turn:
            known = self._known()
            made = known.get(str(request.request_id))
            if made is None and request.amount_fen % _LAST_FEN == _REFUSED_AT:
                raise _refused()
            if made is None:
                made = {
                    "meter_no": request.meter_no,
                    "amount_fen": request.amount_fen,
                    "token": f"{secrets.randbelow(2**66):0{TOKEN_DIGITS}d}",
                }
                self._keep({**known, str(request.request_id): made})
                if request.amount_fen % _LAST_FEN == _SILENT_AT:
                    raise _silent()
        return _token(request.request_id, made)

    def ask(self, request_id: UUID) -> Token | None:
        """The token that was made for this request, or None."""
        with self._turn:
            made = self._known().get(str(request_id))
        return _token(request_id, made) if made else None

    def _known(self) -> dict[str, dict[str, Any]]:
        """What was made; a file that was written by half is as if it were not there."""
        try:
            known = json.loads(self.path.read_text("utf-8"))
            for request_id, made in known.items():
                _token(UUID(request_id), made)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, TokenFormError):
            return {}
        return dict(known)

    def _keep(self, known: dict[str, dict[str, Any]]) -> None:
        """Before it is answered."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".tmp")
        draft.write_text(json.dumps(known), "utf-8")
        draft.replace(self.path)


def _token(request_id: UUID, made: dict[str, Any]) -> Token:
    """A token of the file."""
    return Token(request_id, str(made["meter_no"]), int(made["amount_fen"]), parse_token(made["token"]))


def _refused() -> TokenRefused:
    """As a real one refuses a meter that it does not know."""
    return TokenRefused(
        _("The vending server refuses this sale: {reason}").format(reason=_("simulated refusal")),
        _("There will be no token for this sale. The money is in the books."),
        _("Reverse its receipt and give the money back."),
    )


def _silent() -> TokenInDoubt:
    """As a real one that dies behind the work."""
    return TokenInDoubt(
        _("The vending server did not answer."),
        _("It is not known whether it made the token. The money is in the books."),
        _("Ask again: the same sale gets the same token, and never a second one."),
    )
