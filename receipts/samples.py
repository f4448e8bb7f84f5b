"""Made-up receipts: for a printer's test page, for the picture in the documents, for the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from receipts.document import (
    Customer,
    Desk,
    PaidBill,
    ReceiptDocument,
    ReceiptKind,
    Reference,
    Tender,
    TenderKind,
)

SAMPLE_HASH = "9f2c4e1ab7d803655c1f0e77a94b23d86e5fd1c2039ab4467788f0e1d2c3b4a5"
_CHINA = timezone(timedelta(hours=8))
_DESK = Desk(payee="示范供电公司", hall_name="城东营业厅", till_name="3号窗口", clerk_name="陈晓燕")
_CUSTOMER = Customer(
    account_no="010700123456",
    name="王𬭎",
    address="城东区解放路128号和平里小区3幢2单元501室",
    meter_no="250366809002",
)


def usual_receipt() -> ReceiptDocument:
    """Three months' arrears with late fee and something in advance, in cash with change."""
    return ReceiptDocument(
        receipt_no="0107-261123-0042",
        paid_at=datetime(2026, 11, 23, 14, 5, 9, tzinfo=_CHINA),
        desk=_DESK,
        customer=_CUSTOMER,
        bills=(
            PaidBill(period=202608, kwh=812, principal_fen=45472, late_fee_fen=3410),
            PaidBill(period=202609, kwh=655, principal_fen=36680, late_fee_fen=1650),
            PaidBill(period=202610, kwh=790, principal_fen=44240, late_fee_fen=663),
        ),
        prepaid_in_fen=8835,
        total_fen=140950,
        tenders=(Tender(TenderKind.CASH, 140950, received_fen=150000),),
        prepaid_after_fen=8835,
        chain_hash=SAMPLE_HASH,
    )


def prepayment_receipt() -> ReceiptDocument:
    """Money for no bill, on an account with a prepaid card, by bank card."""
    references = (
        (Reference.TERMINAL, "01234567"),
        (Reference.BATCH, "000123"),
        (Reference.TRACE, "000456"),
        (Reference.REFERENCE, "612345678901"),
        (Reference.AUTHORISATION, "A1B2C3"),
        (Reference.CARD, "622848******1234"),
    )
    return replace(
        usual_receipt(),
        receipt_no="0107-261123-0043",
        customer=replace(_CUSTOMER, vend_count=9),
        bills=(),
        total_fen=20000,
        prepaid_in_fen=20000,
        prepaid_after_fen=28835,
        tenders=(Tender(TenderKind.POS, 20000, references=references),),
    )


def reversal_receipt() -> ReceiptDocument:
    """The same-day mirror of the usual receipt."""
    usual = usual_receipt()
    bills = tuple(
        PaidBill(bill.period, -bill.kwh, -bill.principal_fen, -bill.late_fee_fen) for bill in usual.bills
    )
    return replace(
        usual,
        receipt_no="0107-261123-0044",
        kind=ReceiptKind.REVERSAL,
        reverses=usual.receipt_no,
        bills=bills,
        prepaid_in_fen=-usual.prepaid_in_fen,
        total_fen=-usual.total_fen,
        tenders=(Tender(TenderKind.CASH, -usual.total_fen),),
        prepaid_after_fen=0,
        arrears_after_fen=126392,
    )


def long_receipt(bill_count: int) -> ReceiptDocument:
    """A payment of ``bill_count`` bills, oldest first, for a customer with a very long name."""
    bills = tuple(
        PaidBill(
            period=(2000 + number // 12) * 100 + number % 12 + 1,
            kwh=100 + number,
            principal_fen=5600 + number,
            late_fee_fen=number,
        )
        for number in range(bill_count)
    )
    total_fen = sum(bill.total_fen for bill in bills)
    return replace(
        usual_receipt(),
        customer=replace(_CUSTOMER, name="示范市城东区和平里街道" * 5 + "居民委员会"),
        bills=bills,
        prepaid_in_fen=0,
        prepaid_after_fen=0,
        total_fen=total_fen,
        tenders=(Tender(TenderKind.CASH, total_fen),),
    )
