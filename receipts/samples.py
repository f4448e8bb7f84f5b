"""Made-up receipts: for a printer's test page, for the picture in the documents, for the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from receipts.document import (
    CardVend,
    Customer,
    Desk,
    DrawDown,
    InstalmentPaid,
    PaidAccount,
    PaidBill,
    ReceiptDocument,
    ReceiptKind,
    Reference,
    SoldCard,
    Tender,
    TenderKind,
    TokenSold,
    TransferTarget,
    VendMark,
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


def instalment_receipt() -> ReceiptDocument:
    """The second instalment of six; two bills drew the balance down since the last receipt."""
    return replace(
        usual_receipt(),
        receipt_no="0107-261123-0050",
        bills=(),
        total_fen=500_000,
        prepaid_in_fen=500_000,
        prepaid_after_fen=512_345,
        tenders=(Tender(TenderKind.CASH, 500_000, received_fen=500_000),),
        drawn=(
            DrawDown(202609, 1, date(2026, 10, 8), 36_680),
            DrawDown(202610, 1, date(2026, 11, 8), 44_240),
        ),
        instalments=(InstalmentPaid("202611-9F2C4E1A", 2, 2, 6, 2_000_000),),
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


def refund_receipt() -> ReceiptDocument:
    """Prepaid balance paid out in cash, with reason and approval."""
    return replace(
        usual_receipt(),
        receipt_no="0107-261123-0045",
        kind=ReceiptKind.REFUND,
        bills=(),
        prepaid_in_fen=0,
        prepaid_out_fen=5000,
        total_fen=-5000,
        prepaid_after_fen=3835,
        tenders=(Tender(TenderKind.CASH, -5000),),
        reason="客户销户，余额退还",
        approved_by="周建国",
    )


def transfer_receipt() -> ReceiptDocument:
    """Prepaid balance moved to another account of the customer."""
    return replace(
        usual_receipt(),
        receipt_no="0107-261123-0046",
        kind=ReceiptKind.BALANCE_TRANSFER,
        bills=(),
        prepaid_in_fen=3000,
        total_fen=3000,
        prepaid_after_fen=835,
        tenders=(Tender(TenderKind.PREPAID, 3000, references=((Reference.ACCOUNT, "010700123456"),)),),
        transfer_to=TransferTarget("010700654321", "鱻喆餐饮店", 3000),
        reason="同一客户两户互转",
    )


def card_sale_receipt() -> ReceiptDocument:
    """Two recharge cards sold over the counter."""
    return replace(
        usual_receipt(),
        receipt_no="0107-261123-0047",
        kind=ReceiptKind.RECHARGE_CARD_SALE,
        customer=Customer(),
        bills=(),
        cards=(SoldCard("8800******0001", 20000), SoldCard("8800******0002", 20000)),
        prepaid_in_fen=0,
        prepaid_after_fen=0,
        total_fen=40000,
        tenders=(Tender(TenderKind.CASH, 40000, received_fen=40000),),
    )


def vend_receipt() -> ReceiptDocument:
    """Power sold onto a prepaid card of the demonstration."""
    return replace(
        usual_receipt(),
        receipt_no="0107-261123-0051",
        kind=ReceiptKind.VEND,
        customer=replace(_CUSTOMER, vend_count=10),
        bills=(),
        prepaid_in_fen=0,
        prepaid_after_fen=0,
        vend=CardVend("purchase", "00B0********0001", 20000, VendMark.DEMONSTRATION),
        total_fen=20000,
        tenders=(Tender(TenderKind.CASH, 20000, received_fen=20000),),
    )


def token_receipt() -> ReceiptDocument:
    """Power sold as a token."""
    return replace(
        usual_receipt(),
        receipt_no="0107-261123-0052",
        kind=ReceiptKind.VEND,
        customer=_CUSTOMER,
        bills=(),
        prepaid_in_fen=0,
        prepaid_after_fen=0,
        token=TokenSold(20000, "12345678901234567890"),
        total_fen=20000,
        tenders=(Tender(TenderKind.CASH, 20000, received_fen=20000),),
    )


def mixed_receipt() -> ReceiptDocument:
    """Every tender with its references, a waived late fee, on one receipt."""
    tenders = (
        Tender(TenderKind.CASH, 10000, received_fen=20000),
        *prepayment_receipt().tenders,
        Tender(
            TenderKind.TRANSFER,
            30000,
            references=(
                (Reference.BANK, "示范银行城东支行"),
                (Reference.SLIP, "20261123-8801"),
                (Reference.DATE, "2026-11-22"),
                (Reference.PAYER, "示范纺织有限公司"),
                (Reference.PAYER_ACCOUNT, "****5678"),
            ),
        ),
        Tender(
            TenderKind.CHEQUE,
            20000,
            references=(
                (Reference.BANK, "示范银行"),
                (Reference.CHEQUE, "10203040"),
                (Reference.DATE, "2026-11-23"),
            ),
        ),
        Tender(TenderKind.RECHARGE_CARD, 20000, references=((Reference.RECHARGE_CARD, "8800******0009"),)),
        Tender(TenderKind.CARE_FUND, 10000, references=((Reference.APPROVED_BY, "周建国"),)),
        Tender(TenderKind.PREPAID, 30950, references=((Reference.ACCOUNT, "010700123456"),)),
    )
    first, *others = usual_receipt().bills
    bills = (replace(first, late_fee_fen=2410, late_fee_waived_fen=1000), *others)
    return replace(
        usual_receipt(), receipt_no="0107-261123-0048", bills=bills, prepaid_in_fen=9835, tenders=tenders
    )


def many_accounts_receipt(account_count: int) -> ReceiptDocument:
    """One transfer for all the accounts of one payer."""
    accounts = tuple(
        PaidAccount(
            account_no=f"0107{number:08d}",
            name=f"示范连锁超市第{number}分店",
            address=f"城东区解放路{number}号一层商铺及附属用房",
            first_period=202608,
            last_period=202610,
            bill_count=1 + number % 3,
            principal_fen=123_456 + number,
            late_fee_fen=number % 500,
            late_fee_waived_fen=100 if number % 7 == 0 else 0,
            prepaid_in_fen=50 if number % 5 == 0 else 0,
            prepaid_after_fen=50,
        )
        for number in range(1, account_count + 1)
    )
    total_fen = sum(account.total_fen for account in accounts)
    return replace(
        usual_receipt(),
        receipt_no="0107-261123-0049",
        customer=Customer(name="示范连锁超市有限公司", address="城东区中山大道1号"),
        bills=(),
        accounts=accounts,
        prepaid_in_fen=0,
        prepaid_after_fen=0,
        total_fen=total_fen,
        tenders=(
            Tender(
                TenderKind.TRANSFER,
                total_fen,
                references=((Reference.BANK, "示范银行"), (Reference.SLIP, "20261123-8802")),
            ),
        ),
    )
