"""What the vending server said, checked: a token of exactly this sale, or why it is none.

Nothing of an answer is believed before it agrees with what was asked for; and nothing that could be a token
gets into an error.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from counter.domain.money import format_yuan
from counter.domain.tokens import TokenFormError, parse_token
from counter.i18n import _
from counter.services.ports.tokens import Token, TokenRequest

_NOT_LET_IN: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_TRY_AGAIN: Final = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
_REASON_MAX: Final = 120
_DIGITS: Final = re.compile(r"[0-9](?:[ -]?[0-9]){8,}")


class NoAnswer(Exception):
    """One try came to nothing. ``title`` says why.

    ``sent``: a token may have been made by it. ``again``: another try may help. ``final``: the server says
    that there will never be one.
    """

    def __init__(self, title: str, *, sent: bool, again: bool, final: bool = False) -> None:
        """Keep what the one who tries has to know."""
        super().__init__(title)
        self.title = title
        self.sent = sent
        self.again = again
        self.final = final


def issued(status: int, content: bytes, request: TokenRequest) -> Token:
    """The token in an answer to a sale; raises NoAnswer."""
    if status not in (HTTPStatus.OK, HTTPStatus.CREATED):
        raise _declined(status, content, request.request_id)
    token = _token(_fields(content), request.request_id)
    check(token, request)
    return token


def known(status: int, content: bytes, request_id: UUID) -> Token | None:
    """The token in an answer to a question, or None; raises NoAnswer."""
    if status == HTTPStatus.NOT_FOUND and _names(content, request_id):
        return None
    if status != HTTPStatus.OK:
        raise _declined(status, content, request_id)
    return _token(_fields(content), request_id)


def check(token: Token, request: TokenRequest) -> None:
    """Refuse a token that is for something else than was sold; raises NoAnswer."""
    if token.meter_no != request.meter_no:
        raise _other(_("The vending server answered for another meter than {meter}."), meter=request.meter_no)
    if token.amount_fen != request.amount_fen:
        raise _other(
            _("The vending server answered for {answered} yuan instead of {amount}."),
            answered=format_yuan(token.amount_fen),
            amount=format_yuan(request.amount_fen),
        )


def garbage(what: str) -> NoAnswer:
    """An answer that cannot be read; there may be a token behind it."""
    words = _("The vending server's answer cannot be read: {what}.")
    return NoAnswer(words.format(what=what), sent=True, again=True)


def _token(fields: dict[str, Any], request_id: UUID) -> Token:
    """The token in these fields."""
    meter_no, amount_fen, text = (fields.get(name) for name in ("meter_no", "amount_fen", "token"))
    if fields.get("request_id") != str(request_id):
        raise _other(_("The vending server answered about another sale."))
    if not isinstance(meter_no, str) or type(amount_fen) is not int or not isinstance(text, str):
        raise garbage(_("meter, amount or token is missing"))
    try:
        return Token(request_id, meter_no, amount_fen, parse_token(text))
    except TokenFormError:
        raise garbage(_("the token has not the form of one")) from None


def _fields(content: bytes) -> dict[str, Any]:
    """The object in a JSON text."""
    try:
        fields = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise garbage(_("it is no JSON")) from None
    if not isinstance(fields, dict):
        raise garbage(_("it is no JSON object"))
    return fields


def _names(content: bytes, request_id: UUID) -> bool:
    """Whether an answer speaks of this request: so it comes from the vending server itself."""
    try:
        return _fields(content).get("request_id") == str(request_id)
    except NoAnswer:
        return False


def _declined(status: int, content: bytes, request_id: UUID) -> NoAnswer:
    """What a status other than success means."""
    if status == HTTPStatus.UNPROCESSABLE_ENTITY and _names(content, request_id):
        return _refused(_fields(content))
    if status == HTTPStatus.CONFLICT:
        return NoAnswer(_("The vending server knows this sale with other content."), sent=True, again=False)
    if status in _NOT_LET_IN:
        return NoAnswer(_("The vending server does not accept this desk's key."), sent=False, again=False)
    if status == HTTPStatus.NOT_FOUND:
        return NoAnswer(_("There is no vending server at the address."), sent=False, again=False)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return NoAnswer(
            _("The vending server points to another address: not followed."), sent=True, again=False
        )
    again = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _TRY_AGAIN
    words = _("The vending server reports an error: {status}.")
    return NoAnswer(words.format(status=status), sent=True, again=again)


def _refused(fields: dict[str, Any]) -> NoAnswer:
    """It will never make a token for this sale; its own words are shown, without control characters."""
    given = fields.get("reason")
    reason = given if isinstance(given, str) else ""
    visible = "".join(letter if letter.isprintable() else " " for letter in reason)
    said = _DIGITS.sub("*", " ".join(visible.split()))[:_REASON_MAX]
    words = _("The vending server refuses this sale.")
    if said:
        words = _("The vending server refuses this sale: {reason}").format(reason=said)
    return NoAnswer(words, sent=False, again=False, final=True)


def _other(words: str, **facts: str) -> NoAnswer:
    """An answer about something else: whether there is a token for this sale is not known."""
    return NoAnswer(words.format(**facts), sent=True, again=False)
