"""Rules, cards and the fund by command."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from counter.cli import main
from db.engine import as_login
from tests.bureau import PASSWORD, Bureau


def as_staff(bureau: Bureau, staff_no: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands sign in with the login in the address."""
    url = as_login(bureau.url, staff_no, PASSWORD) if staff_no else bureau.url
    address = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    monkeypatch.setenv("COUNTER_DATABASE_URL", address)


def test_rules_hold_from_their_day_and_are_replaced_for_the_same_day(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown tender is refused."""
    as_staff(bureau, "", monkeypatch)
    rule = ["rules", "set-payment", "--class", "residential", "--mode", "postpaid", "--from", "2027-01-01"]
    assert main([*rule, "--tenders", "cash,pos", "--exposure", "100"]) == 0
    assert main([*rule, "--tenders", "cash", "--exposure", "50.5", "--approval", "cash", "--no-slips"]) == 0
    assert main([*rule, "--tenders", "shells", "--exposure", "1"]) == 1
    assert main([*rule, "--tenders", "cash", "--exposure", "1e3"]) == 1
    kept = bureau.value(
        "SELECT (tenders, approval_tenders, slip_counts, slip_exposure_fen)::text FROM counter.payment_policy"
        " WHERE valid_from = '2027-01-01'"
    )
    assert kept == "({cash},{cash},f,5050)"
    till = ["rules", "set-till", "--from", "2027-01-01", "--ceiling", "30000", "--deposit-by", "16:45"]
    assert main(till) == 0
    assert bureau.value("SELECT deposit_by FROM counter.till_policy WHERE valid_from = '2027-01-01'") == time(
        16, 45
    )
    vend = ["rules", "set-vend", "--from", "2027-01-01", "--hoard-limit", "9000", "--card-maximum"]
    assert main([*vend, "5000.50"]) == 0
    assert main([*vend, "1000000"]) == 1
    kept = bureau.value("SELECT card_maximum_fen FROM counter.vend_policy WHERE valid_from = '2027-01-01'")
    assert kept == 500_050
    add = [
        "db",
        "add-bank-account",
        "898330000000001",
        "--bank",
        "银联",
        "--holder",
        "供电公司",
        "--acquirer",
    ]
    contract = ["rules", "set-contract", "898330000000001", "--from", "2027-01-01", "--class", "借记卡"]
    assert main([*contract, "--rate", "0.5"]) == 1, "no such merchant"
    assert main(add) == 0
    assert main([*contract, "--rate", "0.55", "--most", "20"]) == 0
    assert main([*contract, "--rate", "0.5%%"]) == 1
    kept = bureau.value("SELECT (rate_ppm, fee_min_fen, fee_max_fen)::text FROM counter.acquirer_contract")
    assert kept == "(5500,0,2000)"
    bank = ["rules", "set-bank", "--from", "2027-01-01", "--arrive", "5", "--tolerance", "0.05"]
    assert main(bank) == 0
    assert main([*bank, "--alarm", "-1"]) == 1
    kept = bureau.value(
        "SELECT (arrive_within_days, amount_tolerance_fen, checklist::text)::text FROM counter.bank_policy"
        " WHERE valid_from = '2027-01-01'"
    )
    assert kept == "(5,5,{})"


def test_cards_come_into_stock_and_their_secrets_stay_here(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same file again adds nothing; a bad line is told by its number, never with its secret."""
    as_staff(bureau, "t60001", monkeypatch)
    file = tmp_path / "cards.csv"
    file.write_text("card,secret,yuan\n80000001,998877665544,200\n80000002,112233445566,200.00\n", "utf-8")
    assert main(["cards", "import", str(file)]) == 0
    assert main(["cards", "import", str(file)]) == 0
    assert bureau.value("SELECT sum(face_fen) FROM counter.recharge_card") == 40_000
    file.write_text("80000003,13571357\n", "utf-8")
    assert main(["cards", "import", str(file)]) == 1
    said = "".join(capsys.readouterr())
    assert "1" in said
    assert "13571357" not in said
    assert "998877665544" not in said


def test_the_fund_gets_money_by_a_supervisor(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clerk's login is refused."""
    as_staff(bureau, "t30001", monkeypatch)
    assert main(["fund", "add", "--amount", "5000", "--reason", "年度拨款"]) == 0
    assert bureau.value("SELECT balance_fen FROM counter.fund") == 500_000
    as_staff(bureau, "t10001", monkeypatch)
    assert main(["fund", "add", "--amount", "1", "--reason", "x"]) == 1


def test_meter_cards_of_older_books_are_taken_over(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once, whole, for accounts and meters that the books know; a bad line is told by its number."""
    as_staff(bureau, "t60001", monkeypatch)
    bureau.add_account("330100000001", meter_no="250366809002")
    file = tmp_path / "cards.csv"
    good = "户号,表号,卡号,卡型,购电次数\n330100000001,250366809002,00B0990108000001,stategrid-2014,9\n"
    file.write_text(good, "utf-8-sig")
    assert main(["import", "meter-cards", str(file)]) == 0
    assert main(["import", "meter-cards", str(file)]) == 0
    assert bureau.value("SELECT vend_count FROM counter.meter_count") == 9
    for bad in ("330100000002,250366809002,00B0,p,1", "330100000001,1,00B0,p,1", "1,2", "a,b,c,d,-1"):
        file.write_text(f"{good}{bad}\n", "utf-8")
        assert main(["import", "meter-cards", str(file)]) == 1
    assert bureau.value("SELECT count(*) FROM counter.meter_card") == 1
    assert "3" in "".join(capsys.readouterr())
