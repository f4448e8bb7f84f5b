"""The form of one deposit slip, apart from any screen: what is ticked, the sum and the request id.

Invariant: the same content is always sent under the same request id, other content never is; while the
outcome of a request is not known, only that request can be sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from counter.services.ports.deposits import DepositPart, MakeDeposit, WaitingItem
from counter.ui.request_id import new_request_id
from counter.ui.sent_once import Stage


class DepositForm:
    """What a cashier is about to bring to the bank."""

    def __init__(self) -> None:
        """A form opens: its request id is made now."""
        self.stage = Stage.EDITING
        self.sent: MakeDeposit | None = None
        self._request_id = new_request_id()
        self._items: tuple[WaitingItem, ...] = ()
        self._ticked: set[tuple[int, str]] = set()

    def show(self, items: Sequence[WaitingItem]) -> None:
        """What waits now; ticks of what is gone are gone."""
        self._items = tuple(items)
        self._ticked &= {item.key for item in items}

    def is_ticked(self, item: WaitingItem) -> bool:
        """Whether it goes along."""
        return item.key in self._ticked

    def tick(self, item: WaitingItem) -> None:
        """Take it along, or leave it."""
        self._ticked ^= {item.key}

    def tick_all(self) -> None:
        """Take everything along; once more, nothing."""
        everything = {item.key for item in self._items}
        self._ticked = set() if self._ticked == everything else everything

    @property
    def ticked(self) -> tuple[WaitingItem, ...]:
        """What goes along."""
        return tuple(filter(self.is_ticked, self._items))

    @property
    def total_fen(self) -> int:
        """The sum of it."""
        return _sum(self.ticked)

    def part_fen(self, part: DepositPart) -> int:
        """The sum of one part of it."""
        return _sum(item for item in self.ticked if item.part is part)

    def send(self, bank_account_no: str, carried_by: str, seal_no: str, note: str) -> MakeDeposit:
        """The request for what is ticked; one that is not known yet is sent again as it was."""
        if self.stage is Stage.UNKNOWN and self.sent is not None:
            request = self.sent
        else:
            items = tuple(item.key for item in self.ticked)
            request = MakeDeposit(
                self._request_id, bank_account_no, items, self.total_fen, carried_by, seal_no, note
            )
            if self.sent is not None and request != self.sent:
                self._request_id = new_request_id()
                request = replace(request, request_id=self._request_id)
        self.sent, self.stage = request, Stage.POSTING
        return request

    def refused(self) -> None:
        """Nothing was posted: it can be mended."""
        self.stage = Stage.EDITING

    def outcome_unknown(self) -> None:
        """No answer came."""
        self.stage = Stage.UNKNOWN


def _sum(items: Iterable[WaitingItem]) -> int:
    return sum(item.amount_fen for item in items)
