"""One command and its answer over anything that carries bytes; pure, and the same for every link.

Invariants: 61xx and 6Cxx end here; an answer has the length that was asked for; nothing is sent again but a
command without data that the card itself refused for its length (6Cxx: it did nothing yet).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from cardio.apdu import OK, Command, Response
from cardio.errors import CardLost, Garbled

Transmit = Callable[[bytes], bytes]
"""Sends bytes, answers bytes; raises CardLost when the connection broke."""

ALL: Final = 256
READER_CLASS: Final = 0xFF
"""Commands to the reader itself (PC/SC part 3): never cut for the card's protocol."""
GET_RESPONSE: Final = 0xC0
MORE, WRONG_LENGTH = 0x61, 0x6C
PIECES_MAX: Final = 8
"""A card that always has more to give is out of order."""


def exchange(transmit: Transmit, command: Command, *, character_protocol: bool = False) -> Response:
    """Send and settle; ``character_protocol`` is T=0, where data and a wanted length never go together.

    Raises CardLost or Garbled; after either the link is out of step and of no more use.
    """
    message = bytes(command)
    if character_protocol and command.data and command.le is not None and command.cla != READER_CLASS:
        message = message[:-1]
    response = _once(transmit, message)
    if response.sw >> 8 == WRONG_LENGTH:
        response = _with_right_length(transmit, command, response.sw & 0xFF)
    if response.sw >> 8 == MORE:
        response = _rest(transmit, command, response)
    _check_length(command, response)
    return response


def _once(transmit: Transmit, message: bytes) -> Response:
    """One message there and one back."""
    answer = transmit(message)
    if not answer:
        raise CardLost("no answer")
    if len(answer) == 1:
        raise Garbled("an answer without a status word")
    return Response(answer[:-2], int.from_bytes(answer[-2:], "big"))


def _with_right_length(transmit: Transmit, command: Command, length: int) -> Response:
    """Ask again with the length that the card named; a write is never sent again, whatever the card says."""
    if command.data:
        raise Garbled("a length refused where none was asked for")
    response = _once(transmit, bytes(replace(command, le=length or ALL)))
    if response.sw >> 8 == WRONG_LENGTH:
        raise Garbled("a length refused that the card had named")
    return response


def _rest(transmit: Transmit, command: Command, first: Response) -> Response:
    """Fetch what the card says that there is; a caller that wants no data is content with its success."""
    if command.le is None:
        return Response(first.data, OK)
    data, waiting = first.data, first.sw & 0xFF
    for _piece in range(PIECES_MAX):
        ask = Command(command.cla & 0x03, GET_RESPONSE, 0, 0, le=waiting or ALL)
        response = _once(transmit, bytes(ask))
        if response.sw >> 8 == WRONG_LENGTH:
            response = _with_right_length(transmit, ask, response.sw & 0xFF)
        data += response.data
        if response.sw >> 8 != MORE:
            return Response(data, response.sw)
        waiting = response.sw & 0xFF
    raise Garbled("an answer without an end")


def _check_length(command: Command, response: Response) -> None:
    """A frame cut short may end in 9000 by chance, and two frames may stick together."""
    got, wanted = len(response.data), command.le or 0
    if got > wanted:
        raise Garbled(f"{got} bytes where at most {wanted} were asked for")
    if response.ok and wanted not in {ALL, got}:
        raise Garbled(f"{got} bytes where {wanted} were asked for")
