"""The form of one count of a drawer, apart from any screen: pieces, request ids and how far it has come.

Invariant: the same content is always sent under the same request id, other content never is; what was
expected is known to nobody before the count is signed.
"""

from __future__ import annotations

from enum import Enum, auto

from counter.domain.denominations import FACES_FEN, PIECES_MAX, counted_fen
from counter.services.ports.drawer import CloseShift, CountSigned, ShiftClosed, SignCount, TakeOver
from counter.ui.request_id import new_request_id


class Step(Enum):
    """Where a count is; a request is on its way in SIGNING and CLOSING."""

    COUNTING = auto()
    SIGNING = auto()
    SIGNED = auto()
    CLOSING = auto()
    CLOSED = auto()


class CountForm:
    """The count of one shift's drawer, then its closing."""

    def __init__(self, shift_id: int) -> None:
        """A form opens: its request ids are made now."""
        self.shift_id = shift_id
        self.step = Step.COUNTING
        self.signed: CountSigned | None = None
        self.closed: ShiftClosed | None = None
        self.handover_to = ""
        self._pieces: dict[int, int] = {}
        self._sent: SignCount | None = None
        self._count_id = new_request_id()
        self._closing_id = new_request_id()

    @property
    def total_fen(self) -> int:
        """What has been counted so far."""
        return counted_fen(self._pieces)

    def worth_fen(self, face_fen: int) -> int:
        """What the pieces of one face value come to."""
        return face_fen * self._pieces.get(face_fen, 0)

    @property
    def sent_unknown(self) -> bool:
        """Whether a count was sent and its outcome is not known: the same is sent again."""
        return self._sent is not None and self.signed is None

    @property
    def on_its_way(self) -> bool:
        """Whether something was sent that has no answer yet."""
        return self.step in (Step.SIGNING, Step.CLOSING)

    def set_pieces(self, face_fen: int, text: str) -> bool:
        """Take over what was typed for a face value; False for a text that is no number of pieces."""
        typed = text.strip()
        if typed and not (typed.isascii() and typed.isdecimal() and int(typed) <= PIECES_MAX):
            return False
        self._pieces[face_fen] = int(typed or 0)
        return True

    def sign(self) -> SignCount:
        """The request that signs what was counted."""
        pieces = tuple((face, self._pieces.get(face, 0)) for face in FACES_FEN)
        request = SignCount(self._count_id, self.shift_id, pieces, self.handover_to)
        if self._sent is not None and request != self._sent:
            self._count_id = new_request_id()
            request = SignCount(self._count_id, self.shift_id, pieces, self.handover_to)
        self._sent, self.step = request, Step.SIGNING
        return request

    def was_signed(self, signed: CountSigned) -> None:
        """The count stands."""
        self.signed, self.step = signed, Step.SIGNED

    def again(self) -> None:
        """Count once more: the next count is another one."""
        self._count_id, self._closing_id = new_request_id(), new_request_id()
        self._sent, self.signed, self.step = None, None, Step.COUNTING

    def refused(self) -> None:
        """Nothing was saved of what was sent."""
        self.step = Step.SIGNED if self.signed else Step.COUNTING

    def close(self) -> CloseShift:
        """The request that closes by the signed count."""
        assert self.signed is not None, "a shift closes by a signed count"
        self.step = Step.CLOSING
        return CloseShift(self._closing_id, self.shift_id, self.signed.count_id)

    def hand_over(self, float_fen: int) -> TakeOver:
        """The request that the next person signs."""
        assert self.signed is not None, "a till is handed over by a signed count"
        self.step = Step.CLOSING
        return TakeOver(self._closing_id, self.shift_id, self.signed.count_id, float_fen)

    def was_closed(self, closed: ShiftClosed | None) -> None:
        """It is over; None when the next person has the till."""
        self.closed, self.step = closed, Step.CLOSED
