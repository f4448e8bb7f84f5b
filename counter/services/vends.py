"""Selling power onto cards: the money in the ledger first, then the card, then the proof.

Why in this order. The intent stands in the database, with its money, before a byte goes to the card; so
whatever dies, the vend is found again, by whoever asks, and is settled by reading the card. A write sets
values and adds nothing, so writing the same vend on the same card again is safe; on any other card it is
refused by its serial number.

A vend costs three round trips: the books, the intent, the proof.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Engine

from cardio.contents import CardContents, CardType, VendOrder
from cardio.errors import CardError, CardSwapped
from counter.domain.vends import VendEvent, VendState, after
from counter.errors import CounterError, Refusal
from counter.services.card_desk import CardDesk
from counter.services.card_words import told
from counter.services.payments import as_taken
from counter.services.ports import PaymentTaken
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
from counter.services.posting import Posting
from counter.services.unit_of_work import glance, rehearsal
from counter.services.vend_refusals import another_card, further_on, is_torn, still_on_card, taken_by_meter
from counter.services.vend_views import (
    as_request,
    card_books,
    card_view,
    digits,
    evidence,
    holds,
    open_vend,
    taken_of,
)
from db.queries import vends

_NOTE_MAX: Final = 200

_TYPES: Mapping[VendKind, CardType] = {
    VendKind.OPENING: CardType.OPENING,
    VendKind.PURCHASE: CardType.PURCHASE,
    VendKind.REPLACEMENT: CardType.REPLACEMENT,
}

OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Vends:
    """The real part behind ``ports.vends.Vends``."""

    engine: Engine
    posting: Posting
    desk: CardDesk
    staff_no: str

    @property
    def drawer(self) -> CardDrawer | None:
        """The cards of the demonstration."""
        return self.desk.drawer

    def slot(self) -> Slot:
        """The reader now."""
        return self.desk.slot()

    def watch(self, heard: Callable[[Slot], None]) -> Callable[[], None]:
        """Hear of the reader; the answer ends it."""
        return self.desk.watch(heard)

    def look(self) -> CardSeen:
        """The card in the reader beside the books."""
        contents = self.desk.read()
        return CardSeen(card_view(contents), self._books(contents.account_no, contents))

    def books(self, account_no: str) -> CardBooks | None:
        """The books of an account without a card."""
        return self._books(account_no, None)

    def sell(self, request: SellVend, on_step: OnStep) -> VendOutcome:
        """Post the money and the intent, then write; what is on the card already is only booked."""
        body = as_request(request)
        if self.slot().simulated:
            body["mark"] = "simulated"
        if request.kind is VendKind.BOOKING:
            body["evidence"] = evidence(self.desk.read())
        taken = as_taken(self.posting.post("begin_vend", body))
        if request.kind is VendKind.BOOKING:
            return VendOutcome(request.request_id, VendState.WRITTEN, taken)
        order = VendOrder(
            request.card_serial,
            request.account_no,
            request.meter_no,
            _TYPES[request.kind],
            request.amount_fen,
            request.vend_count,
        )
        return self._written(request.request_id, taken, self._as_it_is_set(order), on_step)

    def resume(self, vend_id: UUID, on_step: OnStep) -> VendOutcome:
        """Settle by the card, or write it on; a card with a torn file proves nothing and is written on.

        That is safe: a meter that took the vend counts it, and takes no count twice.
        """
        vend = self._vend(vend_id)
        try:
            contents = self._card_of(vend)
        except Refusal as refused:
            if not is_torn(refused, vend):
                raise
            order = self._order_of(vend, vend.card_serial)
            return self._written(vend_id, taken_of(vend), order, on_step)
        if contents.vend_count > vend.vend_count and vend.kind == VendKind.PURCHASE:
            raise further_on(vend, contents)
        taken = taken_of(vend)
        if holds(contents, vend.vend_count, vend.amount_fen):
            return self._settled(vend_id, taken, VendState.WRITTEN, contents)
        return self._written(vend_id, taken, self._order_of(vend, contents.serial), on_step)

    def _order_of(self, vend: vends.VendRow, serial: str) -> VendOrder:
        """What is to stand on the card with this serial number: the vend's own, or its replacement."""
        same = serial == vend.card_serial
        order = VendOrder(
            serial,
            vend.account_no,
            vend.meter_no,
            _TYPES[VendKind(vend.kind)] if same else CardType.REPLACEMENT,
            vend.amount_fen,
            vend.vend_count,
        )
        return self._as_it_is_set(order)

    def _as_it_is_set(self, order: VendOrder) -> VendOrder:
        """The order with what the card in the reader has beside the credit: tariff kind, alarms, ratios."""
        known = self.desk.known(order.serial)
        if known is None or digits(known.account_no) != digits(order.account_no):
            return order
        return replace(
            order,
            user_type=known.user_type,
            alarm1_fen=known.alarm1_fen,
            alarm2_fen=known.alarm2_fen,
            ct_ratio=known.ct_ratio,
            pt_ratio=known.pt_ratio,
        )

    def _written(self, vend_id: UUID, taken: PaymentTaken, order: VendOrder, on_step: OnStep) -> VendOutcome:
        """Write the card; what comes of it decides the state."""
        writing = after(VendState.PENDING, VendEvent.WRITE_BEGAN)
        try:
            contents = self.desk.write(order, lambda step: on_step(step.name.lower()))
        except CardError as error:
            if not error.maybe_written:
                return VendOutcome(vend_id, VendState.PENDING, taken, str(told(error)))
            return self._after_fault(vend_id, taken, order, writing, error)
        return self._settled(vend_id, taken, after(writing, VendEvent.READ_BACK_AGREES), contents)

    def _after_fault(
        self,
        vend_id: UUID,
        taken: PaymentTaken,
        order: VendOrder,
        state: VendState,
        error: CardError,
    ) -> VendOutcome:
        """Read the card where it is still there: it knows. Else it is a doubt."""
        event, contents = VendEvent.FAULT_AFTER_WRITE, None
        try:
            contents = self.desk.read()
        except Refusal:
            pass
        else:
            if contents.serial == order.serial and holds(contents, order.vend_count, order.amount_fen):
                event = VendEvent.READ_BACK_AGREES
            elif contents.serial == order.serial and contents.vend_count < order.vend_count:
                event = VendEvent.READ_BACK_OLD
        return self._settled(vend_id, taken, after(state, event), contents, str(told(error)))

    def _settled(
        self,
        vend_id: UUID,
        taken: PaymentTaken,
        state: VendState,
        contents: CardContents | None,
        problem: str = "",
    ) -> VendOutcome:
        """Tell the ledger; when it cannot be told now, the card tells it the next time it is read."""
        body: dict[str, Any] = {
            "request_id": str(uuid4()),
            "vend_id": str(vend_id),
            "outcome": state.value,
            "note": problem[:_NOTE_MAX],
        }
        if contents is not None:
            body["evidence"] = evidence(contents)
        if state is VendState.WRITTEN:
            problem = ""
        try:
            self.posting.post("settle_vend", body)
        except CounterError as error:
            problem = f"{problem} {error}".strip()
        return VendOutcome(vend_id, state, taken, problem)

    def undo(
        self, vend_id: UUID, request_id: UUID, shift_id: int, reason: str, approval_id: UUID | None = None
    ) -> PaymentTaken:
        """Clear the credit from the card, read back, and give the money back."""
        vend = self._vend(vend_id)
        contents = self._card_of(vend)
        if contents.writeback is not None and contents.writeback.vend_count >= vend.vend_count:
            if not VendState(vend.state).settled:
                self._settled(vend_id, taken_of(vend), VendState.WRITTEN, contents)
            raise taken_by_meter()
        body = {
            "request_id": str(request_id),
            "shift_id": shift_id,
            **self.undo_subject(vend_id, reason)[1],
        }
        if approval_id is not None:
            body["approval_id"] = str(approval_id)
        if contents.vend_count == vend.vend_count:
            self._rehearse_undo(body, vend, contents)
            self._doubt(vend, reason)
            contents = self._cleared(vend, contents)
        return as_taken(self.posting.post("undo_vend", {**body, "evidence": evidence(contents)}))

    def _doubt(self, vend: vends.VendRow, reason: str) -> None:
        """What dies from here on is listed as in doubt, until it is undone or its card was read again."""
        if vend.state == VendState.WRITTEN:
            body = {
                "request_id": str(uuid4()),
                "vend_id": str(vend.vend_id),
                "reason": reason,
            }
            self.posting.post("doubt_vend", body)

    def _rehearse_undo(self, body: Mapping[str, Any], vend: vends.VendRow, contents: CardContents) -> None:
        """Hear every refusal before the card is touched; nothing of this is kept."""
        cleared = replace(contents, vend_count=vend.vend_count - 1, wallet_fen=0, writeback=None)
        with rehearsal(self.engine) as connection:
            vends.undo(connection, {**body, "evidence": evidence(cleared)})

    def _cleared(self, vend: vends.VendRow, contents: CardContents) -> CardContents:
        """The card without this credit, read back."""
        order = VendOrder(
            contents.serial, vend.account_no, vend.meter_no, contents.card_type, 0, vend.vend_count - 1
        )
        try:
            return self.desk.write(self._as_it_is_set(order), lambda _step: None)
        except CardError as error:
            raise told(error) from error

    def decide(
        self, vend_id: UUID, request_id: UUID, *, written: bool, reason: str, approval_id: UUID
    ) -> VendState:
        """A supervisor's decision."""
        body = {
            "request_id": str(request_id),
            "approval_id": str(approval_id),
            **self.decision_subject(vend_id, written=written, reason=reason)[1],
        }
        return VendState(self.posting.post("decide_vend", body)["state"])

    def replace_card(self, account_no: str, request_id: UUID, reason: str, on_step: OnStep) -> CardView:
        """Make the card in the reader the one in use, with the last count and what was sold with it.

        Nothing is sold. A meter that has loaded the last vend takes the count and no credit; one that has not
        loads it from here, so nobody loses what was on the lost card, and nobody gets it twice.
        """
        contents = self.desk.read()
        row = self._row(account_no)
        if row is None:
            raise told(None)
        if row.card_serial != contents.serial:
            body = {
                "request_id": str(request_id),
                "account_no": account_no,
                "meter_no": row.meter_no,
                "card_serial": contents.serial,
                "profile": contents.profile,
                "reason": reason,
            }
            self.posting.post("replace_card", body)
        last = row.last_booked
        order = VendOrder(
            contents.serial,
            row.account_no,
            row.meter_no,
            CardType.REPLACEMENT,
            last.amount_fen if last else 0,
            row.vend_count,
        )
        try:
            written = self.desk.write(self._as_it_is_set(order), lambda step: on_step(step.name.lower()))
        except CardError as error:
            raise told(error) from error
        if last is not None and last.is_open:
            self._settled(last.vend_id, taken_of(last), VendState.WRITTEN, written)
        return card_view(written)

    def sign(self, request_id: UUID, business_date: date, note: str) -> int:
        """A supervisor knows of what is not settled."""
        body = {"request_id": str(request_id), "business_date": business_date.isoformat(), "note": note}
        return int(self.posting.post("sign_vends", body)["signed"])

    def return_card(self, card_serial: str, request_id: UUID, reason: str) -> None:
        """End the use of the card in the reader, and make it a new one; the books come first."""
        contents = self.desk.read()
        if contents.serial != card_serial:
            raise told(CardSwapped())
        if contents.writeback is None and contents.wallet_fen:
            raise still_on_card(contents.wallet_fen)
        body = {"request_id": str(request_id), "card_serial": card_serial, "reason": reason}
        self.posting.post("return_card", body)
        try:
            self.desk.write(VendOrder(card_serial, "", "", CardType.OPENING, 0, 0), lambda _step: None)
        except CardError as error:
            raise told(error) from error

    def change_meter(
        self, account_no: str, request_id: UUID, meter_no: str, vend_count: int, reason: str
    ) -> None:
        """Another meter, whose count begins at ``vend_count``."""
        body = {
            "request_id": str(request_id),
            "account_no": account_no,
            "meter_no": meter_no,
            "vend_count": vend_count,
            "reason": reason,
        }
        self.posting.post("change_meter", body)

    def subject_of(self, request: SellVend) -> tuple[str, dict[str, Any]]:
        """A sale, as a supervisor approves it."""
        return "payment", as_request(replace(request, approval_id=None))

    def undo_subject(self, vend_id: UUID, reason: str) -> tuple[str, dict[str, Any]]:
        """Undoing a vend, which is approved as a reversal is."""
        return "reversal", {"vend_id": str(vend_id), "reason": reason}

    def decision_subject(self, vend_id: UUID, *, written: bool, reason: str) -> tuple[str, dict[str, Any]]:
        """A decision on a vend."""
        return "vend_decision", {"vend_id": str(vend_id), "written": written, "reason": reason}

    def in_doubt(self) -> tuple[OpenVend, ...]:
        """The hall's vends that are not settled."""
        with glance(self.engine) as connection:
            return tuple(map(open_vend, vends.in_doubt(connection)))

    def unfinished(self) -> tuple[OpenVend, ...]:
        """Those that the caller began."""
        with glance(self.engine) as connection:
            return tuple(map(open_vend, vends.unsettled(connection, self.staff_no)))

    def _card_of(self, vend: vends.VendRow) -> CardContents:
        """What is on the card of this vend, or on the one that replaced it; any other is refused."""
        contents = self.desk.read()
        if contents.serial != vend.card_serial:
            books = self._books(vend.account_no, None)
            if books is None or books.card_serial != contents.serial:
                raise another_card(vend)
        return contents

    def _vend(self, vend_id: UUID) -> vends.VendRow:
        """One vend; a wrong id is a bug of the caller."""
        with glance(self.engine) as connection:
            row = vends.vend(connection, vend_id)
        assert row is not None, "the list named it"
        return row

    def _books(self, account_no: str, contents: CardContents | None) -> CardBooks | None:
        """What the books have, compared with a card."""
        row = self._row(account_no)
        return None if row is None else card_books(row, contents)

    def _row(self, account_no: str) -> vends.BooksRow | None:
        """The books of an account as the database has them; one round trip."""
        with glance(self.engine) as connection:
            return vends.books(connection, account_no)
