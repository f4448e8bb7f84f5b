"""Documents from the ledger's rows: what a paper says of each kind of journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from counter.errors import PrintFailed
from counter.services.paper import composed
from counter.services.receipt_papers import document, masked
from db.queries.receipts import (
    PrepaidMove,
    ReceiptAccount,
    ReceiptBill,
    ReceiptCard,
    ReceiptRow,
    ReceiptTender,
)
from receipts.document import ReceiptKind, Reference, TenderKind

ACCOUNT, OTHER = "330100000001", "330100000002"

ROW = ReceiptRow(
    journal_id=1,
    receipt_no="0101-261123-0002",
    business_date=date(2026, 11, 23),
    paid_at=datetime(2026, 11, 23, 9, 0),  # noqa: DTZ001  (the hall's own time)
    payee="供电局",
    hall_name="一厅",
    till_name="1号台",
    staff_name="张敏",
    account_no=ACCOUNT,
    account_name="王𬭎",
    address="人民路",
    meter_no="",
    total_fen=1_100,
    prepaid_after_fen=0,
    arrears_after_fen=0,
    chain_hash="ab" * 32,
    printed=False,
    kind="payment",
    reverses="",
    reversed_kind="",
    reversed_by="",
    reason="",
    approved_by="",
    till_no=101,
    bills=(ReceiptBill(202601, 1, 100, 1_000, 40, 60, 100),),
    tenders=(ReceiptTender("cash", 1_100, 2_000, None),),
    moves=(PrepaidMove(ACCOUNT, "王𬭎", 60),),
)


def mirrored(row: ReceiptRow, **changes: Any) -> ReceiptRow:
    """The reversal of a row, as the ledger mirrors it."""
    bill = row.bills[0] if row.bills else None
    return replace(
        row,
        receipt_no="0101-261123-0003",
        kind="reversal",
        reverses=row.receipt_no,
        reversed_kind=row.kind,
        total_fen=-row.total_fen,
        bills=(replace(bill, principal_fen=-bill.principal_fen, late_fee_fen=-bill.late_fee_fen),)
        if bill
        else (),
        tenders=tuple(replace(each, amount_fen=-each.amount_fen, received_fen=None) for each in row.tenders),
        moves=tuple(replace(each, amount_fen=-each.amount_fen) for each in row.moves),
        **changes,
    )


def test_a_waiver_is_shown_with_what_the_late_fee_was() -> None:
    bill = document(ROW, "zh_CN").bills[0]
    assert (bill.late_fee_fen, bill.late_fee_waived_fen, bill.late_fee_original_fen) == (40, 60, 100)


def test_a_reversal_is_negative_and_names_its_payment_and_the_reason() -> None:
    made = document(mirrored(ROW, reason="录错", approved_by="陈刚"), "zh_CN")
    assert (made.kind, made.reverses, made.total_fen) == (ReceiptKind.REVERSAL, ROW.receipt_no, -1_100)
    assert (made.bills[0].principal_fen, made.bills[0].kwh, made.prepaid_in_fen) == (-1_000, -100, -60)
    assert (made.reason, made.approved_by) == ("录错", "陈刚")


def test_a_reprint_of_a_reversed_payment_is_void() -> None:
    made = document(replace(ROW, reversed_by="0101-261123-0003", printed=True), "zh_CN")
    assert (made.void, made.reprint, made.reversed_by) == (True, True, "0101-261123-0003")


@pytest.mark.parametrize("sign", [1, -1])
def test_a_refund_takes_out_of_the_balance(sign: int) -> None:
    row = replace(
        ROW,
        kind="refund",
        bills=(),
        total_fen=-500,
        tenders=(ReceiptTender("cash", -500, None, None),),
        moves=(PrepaidMove(ACCOUNT, "王𬭎", -500),),
    )
    made = document(row if sign > 0 else mirrored(row), "zh_CN")
    assert (made.total_fen, made.prepaid_out_fen) == (sign * -500, sign * 500)


def test_a_refund_by_the_bank_needs_no_tender_row() -> None:
    row = replace(
        ROW, kind="refund", bills=(), total_fen=-500, tenders=(), moves=(PrepaidMove(ACCOUNT, "王𬭎", -500),)
    )
    assert [tender.kind for tender in document(row, "zh_CN").tenders] == [TenderKind.TRANSFER]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_transfer_names_both_accounts(sign: int) -> None:
    accounts = tuple(
        ReceiptAccount(number, name, "", after, 0, 0, 0, 0, 0, 0, moved)
        for number, name, after, moved in ((ACCOUNT, "王𬭎", 200, -300), (OTHER, "李四", 300, 300))
    )
    row = replace(
        ROW,
        kind="balance_transfer",
        account_no=ACCOUNT,
        bills=(),
        total_fen=300,
        tenders=(),
        moves=(PrepaidMove(ACCOUNT, "王𬭎", -300), PrepaidMove(OTHER, "李四", 300)),
        accounts=accounts,
    )
    made = document(row if sign > 0 else mirrored(row), "zh_CN")
    assert made.transfer_to is not None
    assert (made.customer.account_no, made.transfer_to.account_no) == (ACCOUNT, OTHER)
    assert (made.total_fen, made.tenders[0].kind) == (sign * 300, TenderKind.PREPAID)
    assert made.transfer_to.prepaid_after_fen == 300


def test_sold_cards_are_listed_masked() -> None:
    row = replace(
        ROW,
        kind="card_sale",
        account_no="",
        account_name="",
        bills=(),
        total_fen=20_000,
        tenders=(ReceiptTender("cash", 20_000, 20_000, None),),
        moves=(),
        cards=(ReceiptCard("88****0001", 20_000),),
    )
    made = document(row, "zh_CN")
    assert (made.kind, made.cards[0].card_no) == (ReceiptKind.RECHARGE_CARD_SALE, "88****0001")
    assert document(replace(row, cards=()), "zh_CN").cards[0].face_fen == 20_000


def test_rows_that_do_not_add_up_are_told_and_not_printed() -> None:
    with pytest.raises(PrintFailed, match="0101-261123-0002"):
        composed(replace(ROW, bills=()), "zh_CN")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("6222020200012345", "************2345"),
        ("12345678", "12345678"),
        ("农行 6222020200012345 收", "农行 ************2345 收"),
    ],
)
def test_long_numbers_show_their_last_digits_only(shown: str, expected: str) -> None:
    assert masked(shown) == expected


def test_a_claimed_receipt_says_when_the_bank_had_the_money_and_who_sent_it() -> None:
    """The number is that of the statement line; a reversal says the same."""
    details = {"reference": "42", "date": "2026-11-18", "payer_name": "某某公司"}
    row = replace(ROW, tenders=(ReceiptTender("bank_receipt", 1_100, None, details),))
    for made in (document(row, "zh_CN"), document(mirrored(row), "zh_CN")):
        (tender,) = made.tenders
        assert tender.kind is TenderKind.BANK_RECEIPT
        assert tender.references == (
            (Reference.SERIAL, "42"),
            (Reference.CREDITED, "2026-11-18"),
            (Reference.PAYER, "某某公司"),
        )
