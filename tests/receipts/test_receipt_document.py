"""A document that contradicts itself is never made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from receipts.document import (
    PaidAccount,
    PaidBill,
    ReceiptDocument,
    ReceiptKind,
    SoldCard,
    Tender,
    TenderKind,
    TransferTarget,
)
from receipts.samples import (
    long_receipt,
    prepayment_receipt,
    reversal_receipt,
    usual_receipt,
)


@pytest.mark.parametrize(
    "document", [usual_receipt(), prepayment_receipt(), reversal_receipt(), long_receipt(40)]
)
def test_items_and_tenders_make_the_total(document: ReceiptDocument) -> None:
    assert document.settled_fen == document.total_fen
    assert sum(tender.amount_fen for tender in document.tenders) == document.total_fen


def test_principal_and_late_fee_are_summed_over_the_bills() -> None:
    assert (usual_receipt().principal_fen, usual_receipt().late_fee_fen) == (126392, 5723)


def test_only_money_for_no_bill_is_a_prepayment() -> None:
    assert prepayment_receipt().prepayment_only
    assert not usual_receipt().prepayment_only
    assert not reversal_receipt().prepayment_only


def test_prepaid_balance_can_settle_a_part_of_the_bills() -> None:
    document = replace(
        usual_receipt(),
        bills=(PaidBill(202610, 100, 10000, 0),),
        prepaid_in_fen=0,
        prepaid_out_fen=3000,
        total_fen=7000,
        tenders=(Tender(TenderKind.CASH, 7000),),
    )
    assert document.settled_fen == 7000


@pytest.mark.parametrize(
    "change",
    [
        {"total_fen": 140951},
        {"total_fen": 0},
        {"prepaid_in_fen": 8836},
        {"prepaid_out_fen": 1},
        {"tenders": ()},
        {"tenders": (Tender(TenderKind.CASH, 140949),)},
        {"bills": ()},
        {"reverses": "0107-261123-0041"},
    ],
)
def test_a_document_that_does_not_add_up_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"fen|reversal"):
        replace(usual_receipt(), **change)  # type: ignore[arg-type]


def test_a_reversal_names_what_it_reverses() -> None:
    with pytest.raises(ValueError, match="reversal"):
        replace(reversal_receipt(), reverses="")


def test_change_is_what_was_received_beyond_the_amount() -> None:
    assert Tender(TenderKind.CASH, 140950, received_fen=150000).change_fen == 9050
    assert Tender(TenderKind.CASH, 140950).change_fen == 0


def test_only_refunds_and_reversals_are_negative() -> None:
    refund = replace(
        usual_receipt(),
        kind=ReceiptKind.REFUND,
        bills=(),
        prepaid_in_fen=0,
        prepaid_out_fen=5000,
        total_fen=-5000,
        tenders=(Tender(TenderKind.CASH, -5000),),
    )
    assert refund.settled_fen == -5000
    with pytest.raises(ValueError, match="negative"):
        replace(refund, kind=ReceiptKind.PAYMENT)
    with pytest.raises(ValueError, match="negative"):
        replace(usual_receipt(), kind=ReceiptKind.REFUND)


def test_a_balance_transfer_names_where_the_balance_goes() -> None:
    moved = replace(
        usual_receipt(),
        kind=ReceiptKind.BALANCE_TRANSFER,
        bills=(),
        prepaid_in_fen=5000,
        total_fen=5000,
        tenders=(Tender(TenderKind.PREPAID, 5000),),
        transfer_to=TransferTarget("010700123457", "李小明", 5000),
    )
    assert moved.settled_fen == 5000
    with pytest.raises(ValueError, match="account"):
        replace(moved, transfer_to=None)


def test_the_accounts_of_one_payer_make_the_total() -> None:
    accounts = (
        PaidAccount("010700123457", "甲", principal_fen=700, late_fee_fen=100, prepaid_in_fen=200),
        PaidAccount("010700123458", "乙", principal_fen=500, late_fee_waived_fen=30),
    )
    document = replace(
        usual_receipt(),
        bills=(),
        prepaid_in_fen=0,
        accounts=accounts,
        total_fen=1500,
        tenders=(Tender(TenderKind.TRANSFER, 1500),),
    )
    assert (document.settled_fen, document.principal_fen, document.late_fee_waived_fen) == (1500, 1200, 30)
    with pytest.raises(ValueError, match="many accounts"):
        replace(document, prepaid_in_fen=1)


def test_a_waived_late_fee_keeps_the_original_amount() -> None:
    bill = PaidBill(202610, 100, 10000, 40, late_fee_waived_fen=60)
    assert (bill.late_fee_original_fen, bill.total_fen) == (100, 10040)


def test_sold_cards_make_the_total() -> None:
    cards = (SoldCard("8800******0001", 20000), SoldCard("8800******0002", 20000))
    document = replace(
        usual_receipt(),
        kind=ReceiptKind.RECHARGE_CARD_SALE,
        bills=(),
        prepaid_in_fen=0,
        cards=cards,
        total_fen=40000,
        tenders=(Tender(TenderKind.CASH, 40000),),
    )
    assert (document.settled_fen, document.prepayment_only) == (40000, False)
