"""Files of banks and acquirers as a cashier takes them over."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from counter.domain.undeposited import masked_account
from counter.errors import NotAllowed, OutcomeUnknown, Refusal
from counter.services.bank_profiles import BankFolders
from counter.services.gateway import ServerGateway
from counter.services.ports import DeskSession
from counter.services.ports.bank_import import AccountNeeded, BalancesNeeded, ImportFile, ImportStage
from db import admin
from db.queries.payments import UnsureCommitError
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau
from tests.ledger.closed import add_bank_account
from tests.services.bank_files import ACCOUNT, MERCHANT, Row, acquirer_file, csv_file, mt940_file

ROWS: list[Row] = [
    ("2026-11-01", 10_000, "A1", "DIANFEI"),
    ("2026-11-01", -500, "A2", "FEE"),
    ("2026-11-02", 700, "A3", "DIANFEI"),
]


@pytest.fixture
def bank(bureau: Bureau) -> Bureau:
    """A bank account and a merchant number."""
    add_bank_account(bureau, ACCOUNT)
    with bureau.admin.begin() as connection:
        admin.add_bank_account(connection, MERCHANT, bank_name="银联商务", holder="滨江供电局", acquirer=True)
    return bureau


def sign_in(bureau: Bureau, staff_no: str = "t20001", files: Path | None = None) -> DeskSession:
    """A session of somebody."""
    folder = bureau.folder / staff_no
    gateway = ServerGateway(bureau.url, folder, Press(folder / "receipts"), bank=BankFolders(files=files))
    return gateway.sign_in(staff_no, PASSWORD)


def file_of(bureau: Bureau, content: bytes, name: str = "11月.csv", **more: object) -> ImportFile:
    """A request for a file with this content."""
    path = bureau.folder / name
    path.write_bytes(content)
    return ImportFile(uuid4(), str(path), **more)  # type: ignore[arg-type]


def test_a_file_is_taken_over_and_listed(bank: Bureau) -> None:
    """With what was done on the way, who did it, and the account as it stands now."""
    area, heard = sign_in(bank).bank_import, []
    done = area.import_file(file_of(bank, csv_file(ROWS, 100_000)), lambda *what: heard.append(what))
    assert (done.lines_new, done.lines_known, done.statements[0].closing_fen) == (3, 0, 110_200)
    assert heard == [(ImportStage.READING, 0), (ImportStage.SAVING, 3), (ImportStage.SAVED, 3)]
    view = area.statements()[0]
    assert (view.file_name, view.format, view.staff_name, view.lines_new) == ("11月.csv", "csv", "赵静", 3)
    account = area.accounts()[0]
    assert (account.closing_fen, str(account.through), account.open_lines) == (110_200, "2026-11-02", 3)


def test_the_same_lines_in_another_format_add_nothing(bank: Bureau) -> None:
    """MT940 after a table, and the table that has a line more."""
    area = sign_in(bank).bank_import
    area.import_file(file_of(bank, mt940_file(ROWS, 100_000), "a.sta"))
    more = [*ROWS, ("2026-11-02", 42, "A4", "X")]
    done = area.import_file(file_of(bank, csv_file(more, 100_000)))
    assert (done.lines_new, done.lines_known, done.statements[0].closing_fen) == (1, 3, 110_242)


def test_the_same_request_again_gives_the_same_answer(bank: Bureau) -> None:
    """And the same file again is not taken, by its name or another."""
    area, asked = sign_in(bank).bank_import, file_of(bank, csv_file(ROWS, 100_000))
    first = area.import_file(asked)
    again = area.import_file(asked)
    assert (again.replayed, again.statements) == (True, first.statements)
    with pytest.raises(Refusal, match="赵静"):
        area.import_file(file_of(bank, csv_file(ROWS, 100_000), "copy.csv"))


def test_the_name_of_a_file_may_be_anything_that_a_disk_takes(bank: Bureau) -> None:
    """Markup, quotes, and bytes that are no text."""
    area = sign_in(bank).bank_import
    for number, name in enumerate(("[b]'; --.csv", "\udcff.csv", "长" * 80 + ".csv")):
        rows = [(f"2026-11-0{number + 1}", 1, f"{number}", "x")]
        assert area.import_file(file_of(bank, csv_file(rows, number), name)).lines_new == 1
    assert area.statements()[1].file_name == "?.csv"


def test_a_file_without_balances_asks_for_them(bank: Bureau) -> None:
    """A person states them, and the statement says so; wrong ones are refused."""
    area = sign_in(bank).bank_import
    asked = file_of(bank, csv_file(ROWS, 0, balances=False))
    with pytest.raises(BalancesNeeded):
        area.import_file(asked)
    with pytest.raises(Refusal, match="1,102"):
        area.import_file(ImportFile(uuid4(), asked.path, "", 100_000, 110_201))
    area.import_file(ImportFile(asked.request_id, asked.path, "", 100_000, 110_200))
    assert area.statements()[0].by_person is True


def test_a_file_that_names_no_account_asks_for_it(bank: Bureau) -> None:
    """What a person says counts only where the file says nothing."""
    area = sign_in(bank).bank_import
    asked = file_of(bank, csv_file(ROWS, 100_000, account=""))
    with pytest.raises(AccountNeeded):
        area.import_file(asked)
    assert area.import_file(ImportFile(uuid4(), asked.path, ACCOUNT)).lines_new == 3
    with pytest.raises(Refusal, match="62220000"):
        area.import_file(file_of(bank, csv_file(ROWS, 0, account="62220000"), bank_account_no=ACCOUNT))


def test_a_settlement_file_owes_us_net_and_keeps_its_fee(bank: Bureau) -> None:
    """A statement for each day; the same lines again add nothing, one with another fee is refused."""
    area = sign_in(bank).bank_import
    rows = [("2026-11-01 09:00:00", "000001", 50_000, 190), ("2026-11-02 10:00:00", "000002", -10_000, -38)]
    done = area.import_file(file_of(bank, acquirer_file(rows), "pos.csv"))
    assert [(each.lines_new, each.closing_fen) for each in done.statements] == [(1, None), (1, None)]
    postings = bank.value(
        "SELECT jsonb_object_agg(ledger_account, fen) FROM (SELECT ledger_account::text, sum(amount_fen) AS fen"
        " FROM counter.posting GROUP BY 1) p"
    )
    assert postings == {"acquirer_receivable": 39_848, "bank_fees": 152, "pos_unmatched": -40_000}
    again = [*rows, ("2026-11-02 11:00:00", "000003", 100, 1)]
    assert area.import_file(file_of(bank, acquirer_file(again), "pos.csv")).lines_new == 1
    with pytest.raises(Refusal, match="12345678 000001"):
        area.import_file(file_of(bank, acquirer_file([("2026-11-01 09:00:00", "000001", 50_000, 191)])))
    traded = "SELECT traded_at AT TIME ZONE 'Asia/Shanghai' FROM counter.statement_line ORDER BY seq LIMIT 1"
    assert str(bank.value(traded)) == "2026-11-01 09:00:00"


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff" * 50, b"PK\x03\x04", b"no statement", csv_file(ROWS, 0).replace(b"95.00", b"95.01")],
)
def test_what_cannot_be_read_is_refused_in_words(bank: Bureau, content: bytes) -> None:
    """And nothing of it is kept."""
    with pytest.raises(Refusal):
        sign_in(bank).bank_import.import_file(file_of(bank, content))
    assert bank.value("SELECT count(*) FROM counter.bank_file") == 0


@pytest.mark.parametrize("path", ["/no/such/file", "/dev/zero", "", "\0", "/"])
def test_a_path_that_is_no_file_is_refused_in_words(bank: Bureau, path: str) -> None:
    with pytest.raises(Refusal):
        sign_in(bank).bank_import.import_file(ImportFile(uuid4(), path))


def test_a_clerk_takes_nothing_over(bank: Bureau) -> None:
    with pytest.raises(NotAllowed):
        sign_in(bank, "t10001").bank_import.import_file(file_of(bank, csv_file(ROWS, 0)))


def test_a_lost_answer_is_unknown_and_asked_for_again(bank: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's disk knows that a file is under way; the same request finds it in."""
    session, asked = sign_in(bank), file_of(bank, csv_file(ROWS, 100_000))
    from db.queries import statements

    real = statements.send_file

    def lost(*what: object) -> object:
        real(*what)  # type: ignore[arg-type]
        raise UnsureCommitError

    monkeypatch.setattr(statements, "send_file", lost)
    monkeypatch.setattr("counter.services.once.time.sleep", lambda _pause_s: None)
    with pytest.raises(OutcomeUnknown):
        session.bank_import.import_file(asked)
    monkeypatch.setattr(statements, "send_file", real)
    assert [each.request_id for each in session.pending()] == [asked.request_id]
    assert session.bank_import.import_file(asked).replayed is True
    assert session.pending() == ()


def test_the_files_of_the_folder_are_offered(bank: Bureau, tmp_path: Path) -> None:
    """No folder, no files; hidden ones and folders are not files of a bank."""
    assert sign_in(bank).bank_import.files() == ()
    (tmp_path / "in" / "old").mkdir(parents=True)
    (tmp_path / "in" / "a.csv").write_bytes(b"1")
    (tmp_path / "in" / ".b").write_bytes(b"1")
    files = sign_in(bank, files=tmp_path / "in").bank_import.files()
    assert [(each.path.name, each.size_bytes) for each in files] == [("a.csv", 1)]
    with pytest.raises(Refusal):
        sign_in(bank, files=tmp_path / "gone").bank_import.files()


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("4400 1234 1234 1234", True),
        ("4400-1234-1234-1234", True),
        ("ICBKCNBJ/4400123412341234", True),
        ("4400123412341234CNY", True),
        ("4400********1234", True),
        ("4400123412341235", False),
        ("1234", False),
        ("****1234", True),
        ("***4", False),
    ],
)
def test_banks_write_our_number_in_many_ways(written: str, means: bool) -> None:
    from counter.services.bank_accounts import means as is_ours

    assert is_ours(written, ACCOUNT) is means
    assert masked_account(ACCOUNT) == "**** 1234"


def test_a_bank_that_writes_the_days_of_balances_wrongly_is_read_all_the_same(bank: Bureau) -> None:
    """The closing balance of a year before the opening one: the days are the first and the last of all."""
    content = mt940_file(ROWS, 100_000).replace(b":62F:C261102", b":62F:C251031")
    area = sign_in(bank).bank_import
    assert area.import_file(file_of(bank, content, "a.sta")).lines_new == 3
    view = area.statements()[0]
    assert (str(view.opening_date), str(view.closing_date)) == ("2025-10-31", "2026-11-02")
