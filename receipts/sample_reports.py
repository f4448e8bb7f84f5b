"""Made-up reports, slips and test pages: for the pictures in the documents, and for the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from receipts.day_summary import (
    DayAccount,
    DayBank,
    DayDeposit,
    DayHead,
    DayReceipts,
    DayShift,
    DayStepLine,
    DaySummary,
)
from receipts.deposit import DepositedCheque, DepositedShift, DepositSlip, PosTotal
from receipts.document import TenderKind
from receipts.printers import Form, PrinterKind, PrinterSetup
from receipts.reports import (
    CashCount,
    CashMovement,
    CountedPieces,
    HourTaking,
    ReportKind,
    ShiftReport,
    Tally,
    TenderTaking,
    VoidedReceipt,
)
from receipts.samples import SAMPLE_HASH
from receipts.testpage import TestPage

_CHINA = timezone(timedelta(hours=8))
_DAY = date(2026, 11, 23)


def _at(hour: int, minute: int) -> datetime:
    """A time of the sample's day."""
    return datetime(2026, 11, 23, hour, minute, tzinfo=_CHINA)


def _pieces(counted: dict[int, int]) -> tuple[CountedPieces, ...]:
    """Notes and coins: how many of each face value in fen."""
    return tuple(CountedPieces(face_fen, pieces) for face_fen, pieces in counted.items())


def z_report() -> ShiftReport:
    """A full day with a recount, a shortage, a reversal and a handover between two clerks."""
    pieces = _pieces({10000: 180, 5000: 12, 1000: 31, 50: 3})
    hourly = (
        (8, 212_340),
        (9, 640_010),
        (10, 811_200),
        (11, 455_000),
        (14, 835_850),
        (15, 980_000),
        (16, 65_210),
    )
    return ShiftReport(
        kind=ReportKind.Z,
        number=128,
        business_date=_DAY,
        payee="示范供电公司",
        hall_name="城东营业厅",
        till_no=107,
        till_name="3号窗口",
        clerk_names=("陈晓燕", "王𬭎"),
        opened_at=_at(8, 0),
        closed_at=_at(17, 31),
        printed_at=_at(17, 32),
        float_fen=50_000,
        takings=(
            TenderTaking(TenderKind.CASH, 88, 1_905_160),
            TenderTaking(TenderKind.POS, 31, 1_410_450),
            TenderTaking(TenderKind.TRANSFER, 4, 684_000),
        ),
        reversals=Tally(1, 140_950),
        refunds=Tally(1, 5000),
        movements=(
            CashMovement(_at(10, 15), 20_000, "换零钱", "陈晓燕"),
            CashMovement(_at(12, 0), -50_000, "午间上缴", "陈晓燕"),
        ),
        cash_expected_fen=1_891_160,
        counts=(
            CashCount(_at(17, 20), "陈晓燕", _pieces({10000: 181, 5000: 12})),
            CashCount(_at(17, 28), "陈晓燕", pieces),
        ),
        cash_short_fen=10,
        first_receipt_no="0107-261123-0001",
        last_receipt_no="0107-261123-0124",
        receipt_count=124,
        voided=(VoidedReceipt("0107-261123-0042", "0107-261123-0044", 140_950, "金额录错"),),
        hours=tuple(HourTaking(hour, amount // 40_000 + 1, amount) for hour, amount in hourly),
        chain_head=SAMPLE_HASH,
    )


def blind_x_report() -> ShiftReport:
    """A look into the same shift before any count: the expected cash is not shown."""
    return replace(
        z_report(),
        kind=ReportKind.X,
        number=0,
        closed_at=None,
        cash_expected_fen=None,
        counts=(),
        cash_short_fen=0,
    )


def deposit_slip() -> DepositSlip:
    """Cash, two cheques and two POS terminals of two shifts."""
    cheques = (
        DepositedCheque("示范银行", "10203040", _DAY, "示范纺织有限公司", 684_000),
        DepositedCheque("农商行", "55001122", _DAY, "鱻喆餐饮店", 20_050),
    )
    return DepositSlip(
        slip_no="D01-261123-02",
        business_date=_DAY,
        made_at=_at(17, 45),
        payee="示范供电公司",
        hall_name="城东营业厅",
        bank_name="示范银行城东支行",
        account_name="示范供电公司电费专户",
        account_no_masked="****************5678",
        made_by="周建国",
        carrier_name="李强",
        bag_no="F2026-00981",
        total_fen=1_841_100 + 704_050 + 1_410_450,
        cash_fen=1_841_100,
        pieces=_pieces({10000: 175, 5000: 12, 1000: 31, 100: 1}),
        cheques=cheques,
        pos_totals=(PosTotal("01234567", "000123", 21, 910_450), PosTotal("01234568", "000077", 10, 500_000)),
        shifts=(
            DepositedShift("3号窗口", "陈晓燕", _at(17, 31), 128, 1_841_100, 684_000, 910_450),
            DepositedShift("4号窗口", "赵一帆", _at(17, 35), 96, 0, 20_050, 500_000),
        ),
        note="支票未清算前不计到账",
    )


def sample_test_page(form: Form = Form.A5) -> TestPage:
    """A printer's test page."""
    kind = PrinterKind.ESCPOS_NETWORK if form.thermal else PrinterKind.CUPS
    setup = PrinterSetup("hall1-receipts", kind, "192.0.2.15:9100", form)
    return TestPage(_at(8, 0), "示范供电公司", "城东营业厅", setup, "3号窗口")


def day_summary() -> DaySummary:
    """A closed day with two shifts, one of them short, and money on its way to the bank."""
    return DaySummary(
        business_date=_DAY,
        payee="示范供电公司",
        hall_no=1,
        hall_name="城关营业厅",
        closed_by="赵静",
        closed_at=_at(18, 20),
        printed_at=_at(18, 21),
        journals=214,
        bank=DayBank(1_482_300_00, 96_410_55, 31, 1_566_710_55, 12_000_00, 2),
        takings=(
            TenderTaking(TenderKind.CASH, 141, 38_412_60),
            TenderTaking(TenderKind.POS, 52, 41_997_95),
            TenderTaking(TenderKind("transfer"), 3, 128_400_00),
        ),
        reversals=Tally(1, 120_00),
        shifts=(
            DayShift(118, "1 号台", "张敏", 18_960_00, 0),
            DayShift(97, "2 号台", "李强", 19_952_60, -5_00),
        ),
        receipts=(
            DayReceipts("1 号台", "0101-261123-0001", "0101-261123-0102", 102),
            DayReceipts("2 号台", "0102-261123-0001", "0102-261123-0095", 95),
        ),
        deposits=(DayDeposit("80001-261123-0001", "赵静", 80_405_55),),
        steps=(
            DayStepLine("班次已关、已点钞", "完成"),
            DayStepLine("POS 批次已结算", "在期限内", "52  41,997.95"),
            DayStepLine("银行对账单已到", "已说明", "银行系统升级，对账单明日到"),
            DayStepLine("账簿已验证", "完成"),
        ),
        accounts=(
            DayAccount("在途现金", 25_000_00, 38_407_60, 25_000_00, 38_407_60),
            DayAccount("POS 待清算", 12_400_00, 41_997_95, 12_400_00, 41_997_95),
            DayAccount("预收", -910_000_00, 0, 4_120_40, -914_120_40),
        ),
        heads=(DayHead("1 号台", 48_213, SAMPLE_HASH), DayHead("2 号台", 39_870, SAMPLE_HASH[::-1])),
    )
