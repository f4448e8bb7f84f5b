"""The way to the vending server that makes tokens: ``ports.tokens.TokenVendor`` by HTTP.

One rule for every fault: the same request id is asked again, and the server answers the token that it made
for it, so there is never a second one. What docs/token-server.md wants of the server is checked in every
answer; an answer about another sale is none. Neither the key nor a token is in any error, log or
representation.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

from counter.errors import Refusal, TokenInDoubt, TokenRefused, VendingUnreachable
from counter.i18n import _
from counter.services import token_answers
from counter.services.ports.tokens import Token, TokenRequest
from counter.services.token_answers import NoAnswer

if TYPE_CHECKING:
    import httpx

PAUSES_S: Final = (0.5, 2.0)
"""How long to wait before each further try."""
_ANSWER_BYTES_MAX: Final = 65_536
_KEY_CHARACTERS_MAX: Final = 4096

Answer = TypeVar("Answer", bound="Token | None")


@dataclass(frozen=True, slots=True)
class VendingServer:
    """One vending server; ``answer_s`` bounds a whole answer, also one that comes a byte at a time."""

    url: str
    key_file: Path | None = None
    ca_file: Path | None = None
    connect_s: float = 5.0
    answer_s: float = 15.0
    pauses_s: Sequence[float] = field(default=PAUSES_S, repr=False)

    @property
    def simulated(self) -> bool:
        """A real one."""
        return False

    def check(self) -> None:
        """Key and certificates can be read; raises Refusal."""
        self._trust()
        self._key()

    def vend(self, request: TokenRequest) -> Token:
        """The token of this request, made now or before; see ``ports.tokens.TokenVendor``."""
        body = {
            "request_id": str(request.request_id),
            "account_no": request.account_no,
            "meter_no": request.meter_no,
            "amount_fen": request.amount_fen,
        }

        def once(client: httpx.Client) -> Token:
            status, answer = self._exchange(client, "POST", "/vends", body)
            return token_answers.issued(status, answer, request)

        return self._tried(once)

    def ask(self, request_id: UUID) -> Token | None:
        """The token that was made for this request, or None; makes nothing."""

        def once(client: httpx.Client) -> Token | None:
            status, answer = self._exchange(client, "GET", f"/vends/{request_id}", None)
            return token_answers.known(status, answer, request_id)

        return self._tried(once)

    def _tried(self, once: Callable[[httpx.Client], Answer]) -> Answer:
        """Try until there is an answer that counts; what is left says whether anything was asked for."""
        sent = False
        with self._client() as client:
            for pause_s in (*self.pauses_s, None):
                try:
                    return once(client)
                except NoAnswer as problem:
                    sent = sent or problem.sent
                    if pause_s is None or not problem.again:
                        raise _left(problem, sent=sent) from None
                    time.sleep(pause_s)
        raise AssertionError("the last try returns or raises")

    def _exchange(
        self, client: httpx.Client, method: str, path: str, body: dict[str, Any] | None
    ) -> tuple[int, bytes]:
        """One request and its whole answer; raises NoAnswer. Nothing is followed to another address."""
        import httpx

        try:
            with client.stream(method, self.url + path, json=body) as response:
                return response.status_code, self._content(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _not_reached(error) from None
        except httpx.TransportError:
            raise NoAnswer(_("The vending server did not answer."), sent=True, again=True) from None
        except (httpx.DecodingError, httpx.InvalidURL) as error:
            raise token_answers.garbage(type(error).__name__) from None

    def _content(self, response: httpx.Response) -> bytes:
        """The body, of bounded length and within bounded time."""
        until = time.monotonic() + self.answer_s
        content = bytearray()
        for part in response.iter_bytes():
            content += part
            if len(content) > _ANSWER_BYTES_MAX:
                raise token_answers.garbage(_("too long"))
            if time.monotonic() > until:
                raise NoAnswer(_("The vending server did not answer."), sent=True, again=True)
        return bytes(content)

    def _client(self) -> httpx.Client:
        """Fresh for each sale: no proxy from the environment, no redirect, no connection of yesterday."""
        import httpx

        return httpx.Client(
            verify=self._trust(),
            headers={"Accept": "application/json", "Accept-Encoding": "identity", **self._key()},
            timeout=httpx.Timeout(self.answer_s, connect=self.connect_s),
            follow_redirects=False,
            trust_env=False,
        )

    def _trust(self) -> ssl.SSLContext:
        """Whom to believe: the certificates of the file, else the system's. Raises Refusal."""
        try:
            return ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
        except (OSError, ssl.SSLError) as error:
            raise _unusable(_("token_server_ca: {file} cannot be used.").format(file=self.ca_file)) from error

    def _key(self) -> dict[str, str]:
        """The header with the desk's key, read anew each time; raises Refusal, which has no part of it."""
        if self.key_file is None:
            return {}
        wrong = _("token_server_key_file: {file} has no usable key in its first line.")
        try:
            with self.key_file.open(encoding="ascii") as file:
                key = file.readline(_KEY_CHARACTERS_MAX).strip()
        except (OSError, ValueError):
            key = ""
        if not key or not key.isprintable() or " " in key:
            raise _unusable(wrong.format(file=self.key_file))
        return {"Authorization": f"Bearer {key}"}


def _not_reached(error: Exception) -> NoAnswer:
    """No connection was made, so nothing was asked for."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        said = _("The certificate of the vending server is not to be trusted: {why}.").format(
            why=cause.verify_message
        )
        return NoAnswer(said, sent=False, again=False)
    return NoAnswer(_("The vending server cannot be reached."), sent=False, again=True)


def _left(problem: NoAnswer, *, sent: bool) -> TokenInDoubt | TokenRefused | VendingUnreachable:
    """What a sale is left with after the last try."""
    if problem.final:
        return TokenRefused(
            problem.title,
            _("There will be no token for this sale. The money is in the books."),
            _("Reverse its receipt and give the money back."),
        )
    if sent:
        return TokenInDoubt(
            problem.title,
            _("It is not known whether it made the token. The money is in the books."),
            _("Ask again: the same sale gets the same token, and never a second one."),
        )
    return VendingUnreachable(
        problem.title,
        _("It has made no token this time. The money is in the books."),
        _("Ask again when it works: the same sale gets its token then."),
    )


def _unusable(what: str) -> Refusal:
    """A setting of this desk is wrong: told before anything is sent."""
    return Refusal(what, _("The vending server was not asked."), _("Tell the administrator of this desk."))
