"""Cards and vends between the card library, the database and the screens: plain conversions."""

from __future__ import annotations

from typing import Any

from cardio.contents import CardContents
from counter.domain.vends import BookFacts, CardFacts, VendState, meaning
from counter.services.payments import tender_body
from counter.services.ports import PaymentTaken
from counter.services.ports.vends import CardBooks, CardView, OpenVend, SellVend, VendKind
from db.queries import vends


def as_request(request: SellVend) -> dict[str, Any]:
    """A sale as the database function reads it; what is empty is left out."""
    body: dict[str, Any] = {
        "request_id": str(request.request_id),
        "shift_id": request.shift_id,
        "account_no": request.account_no,
        "version": request.version,
        "meter_no": request.meter_no,
        "card_serial": request.card_serial,
        "profile": request.profile,
        "vend_count": request.vend_count,
        "amount_fen": request.amount_fen,
        "kind": request.kind.value,
        "tenders": [tender_body(tender) for tender in request.tenders],
    }
    if request.reason:
        body["reason"] = request.reason
    if request.approval_id:
        body["approval_id"] = str(request.approval_id)
    return body


def evidence(contents: CardContents) -> dict[str, Any]:
    """What a card proves, as the ledger keeps it."""
    return {
        "card_serial": contents.serial,
        "vend_count": contents.vend_count,
        "wallet_fen": contents.wallet_fen,
        "writeback_empty": contents.writeback is None,
        "writeback_count": contents.writeback.vend_count if contents.writeback else None,
    }


def holds(contents: CardContents, vend_count: int, amount_fen: int) -> bool:
    """Whether this vend is on the card, or was and has been loaded by the meter.

    A card that still has an older write-back is not written: no meter credits it before that is cleared.
    """
    if contents.writeback is not None:
        return contents.vend_count == contents.writeback.vend_count == vend_count
    return (contents.vend_count, contents.wallet_fen) == (vend_count, amount_fen)


def digits(number: str) -> str:
    """A number as a card has it: 12 digits, so zeros in front do not matter."""
    return number.zfill(12)


def card_view(contents: CardContents) -> CardView:
    """A card as the screens show it."""
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
        raw=contents.raw,
    )


def card_books(row: vends.BooksRow, contents: CardContents | None) -> CardBooks:
    """The books beside a card, or alone."""
    found = None
    if contents is not None:
        back = contents.writeback
        card = CardFacts(
            digits(contents.account_no),
            digits(contents.meter_no),
            contents.vend_count,
            contents.wallet_fen,
            back.vend_count if back else None,
        )
        found = meaning(card, BookFacts(digits(row.account_no), digits(row.meter_no), row.vend_count))
    return CardBooks(
        account_no=row.account_no,
        account_name=row.account_name,
        meter_no=row.meter_no,
        version=row.version,
        vend_count=row.vend_count,
        card_serial=row.card_serial,
        prepaid_fen=row.prepaid_fen,
        arrears_fen=row.arrears_fen,
        limit_fen=row.limit_fen,
        meaning=found,
        open_vend=open_vend(row.open_vend) if row.open_vend else None,
        last_vends=tuple(map(open_vend, row.last_vends)),
    )


def open_vend(row: vends.VendRow) -> OpenVend:
    """A vend as lists show it."""
    return OpenVend(
        vend_id=row.vend_id,
        account_no=row.account_no,
        account_name=row.account_name,
        meter_no=row.meter_no,
        card_serial=row.card_serial,
        vend_count=row.vend_count,
        amount_fen=row.amount_fen,
        kind=VendKind(row.kind),
        state=VendState(row.state),
        receipt_no=row.receipt_no,
        staff_name=row.staff_name,
        hall_name=row.hall_name,
        began_at=row.began_at,
        note=row.note,
    )


def taken_of(row: vends.VendRow) -> PaymentTaken:
    """What the payment of a vend was answered with."""
    return PaymentTaken(
        request_id=row.vend_id,
        journal_id=row.journal_id,
        receipt_no=row.receipt_no,
        total_fen=row.amount_fen,
        change_fen=row.change_fen,
        prepaid_after_fen=row.prepaid_after_fen,
        arrears_after_fen=row.arrears_after_fen,
        replayed=True,
    )
