"""Prepaid cards of the bureau in memory: books, vends, and the demonstration's reader in front of them.

It keeps the promises that the screens rely on: the money is booked before the card is written, a request id
sells once, another card is refused, and what is not proven stays open. Faults happen when asked for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cardio.contents import CardContents, CardType, Step, VendOrder
from cardio.errors import CardError
from cardio.simulator import HOLDERS, Holder, SimulatedReader, serial_of, stock
from counter.domain.vends import BookFacts, CardFacts, VendState, meaning
from counter.errors import NeedsApproval, NotAllowed, OutcomeUnknown, Refusal
from counter.services.card_desk import CardDesk
from counter.services.card_words import told
from counter.services.ports import PaymentTaken, Pending
from counter.services.ports.vends import (
    CardBooks,
    CardDrawer,
    CardSeen,
    CardView,
    OpenVend,
    SellVend,
    Slot,
    VendKind,
    VendOutcome,
)
from counter.services.simulated_drawer import SimulatedDrawer
from tests.ui.customers import HALL, NOW, account
from tests.ui.settling import jobs_held

if TYPE_CHECKING:
    from tests.ui.memory_bureau import MemoryBureau

LIMIT_FEN = 200_000
NAMES = ("赵一", "钱二", "孙三", "李四", "周五", "吴六")
ACCOUNTS = tuple(f"010070000{n}" for n in range(1, len(HOLDERS) + 1))
HOLDER_LIST = [Holder(number, f"36680900300{n}", 4) for n, number in enumerate(ACCOUNTS, 1)]
_TYPES = {VendKind.OPENING: CardType.OPENING, VendKind.REPLACEMENT: CardType.REPLACEMENT}


def account_of(kind: str) -> str:
    """The account whose card is of this kind."""
    return ACCOUNTS[HOLDERS.index(kind)]


@dataclass
class Book:
    """What the books have of one account's card."""

    meter_no: str
    name: str
    vend_count: int = 0
    card_serial: str = ""
    prepaid_fen: int = 0


@dataclass
class MemoryVends:
    """``ports.vends.Vends``, for every session of a bureau in memory."""

    bureau: MemoryBureau
    reader: SimulatedReader
    books_by_account: dict[str, Book]
    vends: dict[UUID, OpenVend] = field(default_factory=dict)
    taken: dict[UUID, PaymentTaken] = field(default_factory=dict)
    lose_begin: bool = False
    wants_approval: bool = False
    calls: list[str] = field(default_factory=list)
    stop_at: str = ""
    go_on: threading.Event = field(default_factory=threading.Event)
    desk: CardDesk = field(init=False)

    def __post_init__(self) -> None:
        """One reader for all."""
        self.desk = CardDesk(self.reader)

    @property
    def drawer(self) -> CardDrawer | None:
        """The demonstration's cards."""
        return SimulatedDrawer(self.reader)

    def slot(self) -> Slot:
        """The reader now."""
        return self.desk.slot()

    def watch(self, heard: Callable[[Slot], None]) -> Callable[[], None]:
        """Hear of the reader."""
        return self.desk.watch(heard)

    def look(self) -> CardSeen:
        """The card beside the books."""
        self.bureau.arrive("look")
        contents = self.desk.read()
        return CardSeen(_view(contents), self._books(contents.account_no, contents))

    def books(self, account_no: str) -> CardBooks | None:
        """The books alone."""
        self.bureau.arrive("books")
        return self._books(account_no, None)

    def _books(self, account_no: str, contents: CardContents | None) -> CardBooks | None:
        account_no = account_no.zfill(10)
        book = self.books_by_account.get(account_no)
        if book is None:
            return None
        own = [vend for vend in self.vends.values() if vend.account_no == account_no]
        facts = BookFacts(account_no, book.meter_no, book.vend_count)
        return CardBooks(
            account_no=account_no,
            account_name=book.name,
            meter_no=book.meter_no,
            version=1,
            vend_count=book.vend_count,
            card_serial=book.card_serial,
            prepaid_fen=book.prepaid_fen,
            arrears_fen=0,
            limit_fen=LIMIT_FEN,
            meaning=None if contents is None else meaning(_facts(contents), facts),
            open_vend=next((vend for vend in own if not vend.state.settled), None),
            last_vends=tuple(reversed(own)),
        )

    def sell(self, request: SellVend, on_step: Callable[[str], None]) -> VendOutcome:
        """Book, write, settle."""
        self.bureau.arrive("sell")
        if self.wants_approval and request.approval_id is None:
            raise NeedsApproval("需要主管批准。", "没有入账。", "请主管签字。")
        if request.request_id not in self.vends:
            self._begin(request)
        if self.lose_begin:
            self.bureau.unknown[request.request_id] = Pending(
                request.request_id, request.account_no, request.amount_fen, NOW, function="begin_vend"
            )
            raise OutcomeUnknown("没有收到答复。", "不知道是否已入账。", "稍后会自动查询。")
        if request.kind is VendKind.BOOKING:
            return self._settled(request.request_id, VendState.WRITTEN, "")
        return self._write(request.request_id, on_step)

    def _begin(self, request: SellVend) -> None:
        book = self.books_by_account[request.account_no]
        assert request.vend_count == book.vend_count + 1
        number = f"0108-261123-{len(self.vends) + 101:04d}"
        change_fen = sum(tender.change_fen for tender in request.tenders)
        self.vends[request.request_id] = OpenVend(
            request.request_id,
            request.account_no,
            book.name,
            book.meter_no,
            request.card_serial,
            request.vend_count,
            request.amount_fen,
            request.kind,
            VendState.PENDING,
            number,
            "李敏",
            HALL,
            NOW,
            "",
        )
        self.taken[request.request_id] = taken = PaymentTaken(
            request.request_id, 900 + len(self.vends), number, request.amount_fen, change_fen, 0, 0, False
        )
        self.bureau.posted[request.request_id] = (request, taken)  # type: ignore[assignment]
        book.vend_count, book.card_serial = request.vend_count, request.card_serial

    def resume(self, vend_id: UUID, on_step: Callable[[str], None]) -> VendOutcome:
        """By the card: settle it, or write it on."""
        self.bureau.arrive("resume")
        vend, contents = self.vends[vend_id], self.desk.read()
        if contents.serial != vend.card_serial:
            raise Refusal("这是另一张卡。", "没有写卡。", "请插入原来的卡。")
        if (contents.vend_count, contents.wallet_fen) == (vend.vend_count, vend.amount_fen):
            return self._settled(vend_id, VendState.WRITTEN, "")
        return self._write(vend_id, on_step)

    def _write(self, vend_id: UUID, on_step: Callable[[str], None]) -> VendOutcome:
        vend = self.vends[vend_id]
        kind = _TYPES.get(vend.kind, CardType.PURCHASE)
        order = VendOrder(
            vend.card_serial, vend.account_no, vend.meter_no, kind, vend.amount_fen, vend.vend_count
        )

        def step_reached(step: Step) -> None:
            self.calls.append(step.name)
            on_step(step.name.lower())
            if step.name == self.stop_at:
                with jobs_held():
                    self.go_on.wait(60)

        try:
            self.desk.write(order, step_reached)
        except CardError as error:
            state = VendState.IN_DOUBT if error.maybe_written else VendState.PENDING
            return self._settled(vend_id, state, str(told(error)))
        return self._settled(vend_id, VendState.WRITTEN, "")

    def _settled(self, vend_id: UUID, state: VendState, problem: str) -> VendOutcome:
        self.vends[vend_id] = replace(self.vends[vend_id], state=state, note=problem)
        return VendOutcome(vend_id, state, self.taken[vend_id], problem)

    def undo(
        self, vend_id: UUID, request_id: UUID, shift_id: int, reason: str, approval_id: UUID | None = None
    ) -> PaymentTaken:
        """Clear the card, book back."""
        assert shift_id
        assert reason
        self.bureau.arrive("undo")
        if self.wants_approval and approval_id is None:
            raise NeedsApproval("需要主管批准。", "没有入账。", "请主管签字。")
        vend = self.vends[vend_id]
        order = VendOrder(
            vend.card_serial, vend.account_no, vend.meter_no, CardType.PURCHASE, 0, vend.vend_count - 1
        )
        self.desk.write(order, lambda _step: None)
        self.books_by_account[vend.account_no].vend_count -= 1
        self._settled(vend_id, VendState.UNDONE, reason)
        return replace(
            self.taken[vend_id],
            request_id=request_id,
            receipt_no="0108-261123-0999",
            total_fen=-vend.amount_fen,
            change_fen=vend.amount_fen,
        )

    def decide(
        self, vend_id: UUID, request_id: UUID, *, written: bool, reason: str, approval_id: UUID
    ) -> VendState:
        """As the supervisor says."""
        self.calls.append(f"decide {request_id} {approval_id}")
        state = VendState.WRITTEN if written else VendState.UNDONE
        self._settled(vend_id, state, reason)
        return state

    def replace_card(
        self, account_no: str, request_id: UUID, reason: str, on_step: Callable[[str], None]
    ) -> CardView:
        """The last count and amount on the card in the reader."""
        assert reason
        self.calls.append(f"replace {account_no} {request_id}")
        book, contents = self.books_by_account[account_no], self.desk.read()
        own = [vend for vend in self.vends.values() if vend.account_no == account_no]
        last = own[-1] if own else None
        amount_fen = last.amount_fen if last else 0
        order = VendOrder(
            contents.serial, account_no, book.meter_no, CardType.REPLACEMENT, amount_fen, book.vend_count
        )
        book.card_serial = contents.serial
        try:
            written = self.desk.write(order, lambda step: on_step(step.name.lower()))
        except CardError as error:
            raise told(error) from error
        if last is not None and not last.state.settled:
            self._settled(last.vend_id, VendState.WRITTEN, "")
        return _view(written)

    def sign(self, request_id: UUID, business_date: date, note: str) -> int:
        """Whatever is open."""
        assert note
        self.calls.append(f"sign {business_date} {request_id}")
        return len(self.in_doubt())

    def return_card(self, card_serial: str, request_id: UUID, reason: str) -> None:
        """Out of use."""
        assert reason
        self.calls.append(f"return {card_serial} {request_id}")
        for book in self.books_by_account.values():
            if book.card_serial == card_serial:
                book.card_serial = ""

    def change_meter(
        self, account_no: str, request_id: UUID, meter_no: str, vend_count: int, reason: str
    ) -> None:
        """Another meter."""
        assert reason
        self.calls.append(f"meter {meter_no} {request_id}")
        if not meter_no:
            raise NotAllowed("没有这块表。")
        book = self.books_by_account[account_no]
        book.meter_no, book.vend_count = meter_no, vend_count

    def subject_of(self, request: SellVend) -> tuple[str, dict[str, Any]]:
        """A sale as a question."""
        return "payment", {"account_no": request.account_no, "amount_fen": request.amount_fen}

    def undo_subject(self, vend_id: UUID, reason: str) -> tuple[str, dict[str, Any]]:
        """An undoing as a question."""
        return "reversal", {"vend_id": str(vend_id), "reason": reason}

    def decision_subject(self, vend_id: UUID, *, written: bool, reason: str) -> tuple[str, dict[str, Any]]:
        """A decision as a question."""
        return "vend_decision", {"vend_id": str(vend_id), "written": written, "reason": reason}

    def in_doubt(self) -> tuple[OpenVend, ...]:
        """What is open."""
        return tuple(vend for vend in self.vends.values() if not vend.state.settled)

    def unfinished(self) -> tuple[OpenVend, ...]:
        """All of them are of the one clerk."""
        return self.in_doubt()


def with_cards(bureau: MemoryBureau, folder: Path, *, step_s: float = 0) -> MemoryVends:
    """Give a bureau the demonstration's drawer and books that fit it."""
    reader = SimulatedReader(folder / "drawer.json", stock(HOLDER_LIST), step_s=step_s)
    vends = MemoryVends(bureau, reader, _all_books())
    for kind in ("not_inserted", "never_written"):
        _sold_before(vends, kind)
    for number, book in vends.books_by_account.items():
        if number not in bureau.accounts:
            bureau.accounts[number] = account(number, book.name, meter_no=book.meter_no, payment_mode="card")
    bureau.vends = vends
    return vends


def _all_books() -> dict[str, Book]:
    books: dict[str, Book] = {"0100234567": Book("366809002010", "王小山", prepaid_fen=1_250)}
    for kind, holder, name in zip(HOLDERS, HOLDER_LIST, NAMES, strict=True):
        books[holder.account_no] = Book(holder.meter_no, name, holder.vend_count, serial_of(kind))
    return books


def _sold_before(vends: MemoryVends, kind: str) -> None:
    """The last vend of a card: written and not inserted at home, or never written."""
    holder = HOLDER_LIST[HOLDERS.index(kind)]
    vend_id = UUID(int=HOLDERS.index(kind) + 1)
    written = kind == "not_inserted"
    vends.vends[vend_id] = OpenVend(
        vend_id,
        holder.account_no,
        vends.books_by_account[holder.account_no].name,
        holder.meter_no,
        serial_of(kind),
        holder.vend_count,
        10_000,
        VendKind.PURCHASE,
        VendState.WRITTEN if written else VendState.PENDING,
        f"0108-261122-00{vend_id.int:02d}",
        "李敏",
        HALL,
        NOW,
        "",
    )
    vends.taken[vend_id] = PaymentTaken(
        vend_id, vend_id.int, vends.vends[vend_id].receipt_no, 10_000, 0, 0, 0, True
    )


def _view(contents: CardContents) -> CardView:
    back = contents.writeback
    return CardView(
        serial=contents.serial,
        profile=contents.profile,
        account_no=contents.account_no,
        meter_no=contents.meter_no,
        card_type=contents.card_type.value,
        wallet_fen=contents.wallet_fen,
        vend_count=contents.vend_count,
        remaining_fen=back.remaining_fen if back else None,
        writeback_count=back.vend_count if back else None,
        overdraft_fen=back.overdraft_fen if back else 0,
        illegal_inserts=back.illegal_inserts if back else 0,
        alarm1_fen=contents.alarm1_fen,
        alarm2_fen=contents.alarm2_fen,
        written_at=back.written_at if back else "",
        raw=_bytes(contents.raw),
    )


def _bytes(raw: Mapping[str, bytes]) -> dict[str, bytes]:
    return dict(raw)


def _facts(contents: CardContents) -> CardFacts:
    back = contents.writeback
    return CardFacts(
        contents.account_no.zfill(10),
        contents.meter_no,
        contents.vend_count,
        contents.wallet_fen,
        back.vend_count if back else None,
    )
