"""Reports and deposit slips that contradict themselves are never made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from receipts.deposit import DepositedShift, DepositSlip, PosTotal
from receipts.reports import CashCount, CountedPieces, ReportKind, ShiftReport

NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
X_REPORT = ShiftReport(
    ReportKind.X, date(2026, 11, 23), "示范供电公司", "城东营业厅", 107, "3号窗口", ("陈晓燕",), NOW, NOW
)
SLIP = DepositSlip(
    "D0107-261123-01",
    date(2026, 11, 23),
    NOW,
    "示范供电公司",
    "城东营业厅",
    "示范银行",
    "示范供电公司",
    "****1234",
    "陈晓燕",
    "李强",
    1500,
    cash_fen=1000,
    pos_totals=(PosTotal("01234567", "000123", 1, 500),),
)


def test_a_z_report_has_a_number_an_end_and_an_expected_sum() -> None:
    report = replace(X_REPORT, kind=ReportKind.Z, number=12, closed_at=NOW, cash_expected_fen=0)
    assert report.name == "0107-261123-Z0012"
    for change in ({"number": 0}, {"closed_at": None}, {"cash_expected_fen": None}):
        with pytest.raises(ValueError, match="Z report"):
            replace(report, **change)


def test_an_x_report_may_be_blind() -> None:
    assert (X_REPORT.cash_expected_fen, X_REPORT.counted_fen) == (None, None)
    with pytest.raises(ValueError, match="Z report"):
        replace(X_REPORT, number=1)


def test_the_last_count_holds() -> None:
    counts = (
        CashCount(NOW, "陈晓燕", (CountedPieces(10000, 3),)),
        CashCount(NOW, "陈晓燕", (CountedPieces(10000, 4), CountedPieces(50, 1))),
    )
    assert replace(X_REPORT, counts=counts).counted_fen == 40050


def test_over_and_short_have_no_sign() -> None:
    with pytest.raises(ValueError, match="over and short"):
        replace(X_REPORT, cash_short_fen=-1)


@pytest.mark.parametrize(
    "change",
    [
        {"total_fen": 1501},
        {"total_fen": 0},
        {"cash_fen": 1001},
        {"pieces": (CountedPieces(100, 9),)},
        {"shifts": (DepositedShift("3号窗口", "陈晓燕", NOW, 12, cash_fen=1000),)},
    ],
)
def test_a_slip_that_does_not_add_up_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="fen"):
        replace(SLIP, **change)  # type: ignore[arg-type]


def test_a_slip_adds_up_over_its_shifts_too() -> None:
    shifts = (DepositedShift("3号窗口", "陈晓燕", NOW, 12, cash_fen=1000, pos_fen=500),)
    assert replace(SLIP, shifts=shifts).total_fen == 1500
