"""Whole imports into a real database: all or nothing, once only, every bad line told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from counter import i18n
from counter.errors import NotAllowed, Refusal, ServerUnreachable
from counter.services.demo_data import write_demo_data
from counter.services.imports.loading import ImportOutcome, Phase, import_accounts, import_bills
from counter.services.imports.messages import describe
from counter.services.imports.problems import FileRefused, Problem, Reason
from db.engine import make_engine
from db.queries import imports
from tests.bureau import Bureau

ACCOUNT_HEADINGS = (
    "户号,营业厅,户名,用电地址,表号,联系电话,客户类别,付费方式,租户,困难户,停电,对公账户,状态,预收余额"
)
BILL_HEADINGS = "户号,账期,分次,电量,应收电费,到期日"
WANG = "0100000001,1,王小四,人民路128号金桂花园3幢,330000000001,13812345678,居民,后付费,否,否,否,否,在用,"
LI = "0100000002,城关营业厅,李四,,,,非居民,,,,,是,,1000.00"
OLD_BILL = "0100000002,2026-08,1,100,300.00,2099-09-25"
NEW_BILL = "0100000002,2026-09,1,100,900.00,2099-10-25"


class Desk:
    """Imports files for a bureau as its service login and keeps what was told."""

    def __init__(self, bureau: Bureau) -> None:
        """Nothing is told yet."""
        self.bureau = bureau
        self.problems: list[Problem] = []

    def accounts(
        self, *lines: str, headings: str = ACCOUNT_HEADINGS, encoding: str = "utf-8-sig"
    ) -> ImportOutcome:
        """Import these account lines."""
        return self.take(import_accounts, (headings, *lines), encoding)

    def bills(self, *lines: str, headings: str = BILL_HEADINGS) -> ImportOutcome:
        """Import these bill lines."""
        return self.take(import_bills, (headings, *lines), "utf-8")

    def take(self, run: Callable[..., ImportOutcome], lines: Sequence[str], encoding: str) -> ImportOutcome:
        """Write a file and import it."""
        path = self.bureau.folder / "file.csv"
        path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
        self.problems.clear()
        return run(self.bureau.engine("t60001"), path, on_problem=self.problems.append)

    def reasons(self) -> list[tuple[int, str, Reason]]:
        """Where and why lines were not taken."""
        return [(problem.line_no, problem.column, problem.reason) for problem in self.problems]

    def counts(self) -> tuple[int, ...]:
        """How many accounts, addresses, bills and journals there are."""
        tables = ("account", "account_address", "bill", "journal")
        return tuple(self.bureau.value(f"SELECT count(*) FROM counter.{table}") for table in tables)


@pytest.fixture
def desk(bureau: Bureau) -> Desk:
    """Imports for a fresh bureau."""
    return Desk(bureau)


def test_an_accounts_file_becomes_accounts(desk: Desk) -> None:
    """With initials, addresses and the opening balance."""
    assert desk.accounts(WANG, LI) == ImportOutcome(lines=2, added=2, opening_balances=1)
    columns = "hall_no, name, name_initials, customer_class, corporate_bank"
    row = f"SELECT concat_ws('|', {columns}) FROM counter.account"
    assert desk.bureau.value(f"{row} WHERE account_no = '0100000001'") == "1|王小四|wxs|residential|f"
    assert desk.bureau.value(f"{row} WHERE account_no = '0100000002'") == "1|李四|ls|non_residential|t"
    prepaid = "SELECT prepaid_fen FROM counter.account_balance WHERE account_no = '0100000002'"
    assert desk.bureau.value(prepaid) == 100_000
    tails = "SELECT string_agg(p.name || '/' || a.tail, ' ' ORDER BY a.tail)"
    source = "FROM counter.account_address a JOIN counter.place p USING (place_id)"
    assert desk.bureau.value(f"{tails} {source}") == "人民路/128号金桂花园3幢 金桂花园/3幢"


def test_the_mark_of_a_risk_customer_is_an_optional_column(desk: Desk) -> None:
    """A file without it marks nobody; one with it marks, and takes the mark away again."""
    said = []
    for heading, value in (("", ""), (",风险客户", ",是"), (",风险客户", ",否")):
        desk.accounts(WANG + value, headings=ACCOUNT_HEADINGS + heading)
        said.append(desk.bureau.value("SELECT risk_customer FROM counter.account"))
    assert said == [False, True, False]
    desk.accounts(WANG + ",'; --", headings=f"{ACCOUNT_HEADINGS},风险客户")
    assert [column for _line, column, _reason in desk.reasons()] == ["risk_customer"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_every_usual_encoding_gives_the_same_names(desk: Desk, encoding: str) -> None:
    """What a Chinese spreadsheet saves."""
    desk.accounts(WANG, encoding=encoding)
    assert desk.bureau.value("SELECT name FROM counter.account") == "王小四"


def test_every_character_arrives_as_it_stands(desk: Desk) -> None:
    """Also those that COPY and arrays give a meaning to, and characters outside the first plane."""
    name, address = "\\N王\\四[测试]'{,}𬭎", '人民\\路"1号"{金桂},𤋮苑'
    quoted = address.replace('"', '""')
    desk.accounts(f'0100000001,1,{name.replace(",", "，")},"{quoted}",,,居民,,,,,,,')
    assert desk.problems == []
    assert desk.bureau.value("SELECT name FROM counter.account") == name
    assert desk.bureau.value("SELECT address FROM counter.account") == address
    places = "SELECT string_agg(name, '|' ORDER BY name COLLATE \"C\") FROM counter.place"
    assert desk.bureau.value(places) == "{金桂},𤋮苑|人民路"


def test_the_same_file_twice_adds_nothing(desk: Desk) -> None:
    """Neither accounts nor bills, nor opening balances, nor journals."""
    desk.accounts(WANG, LI)
    desk.bills(OLD_BILL, NEW_BILL)
    before = desk.counts()
    assert desk.accounts(WANG, LI) == ImportOutcome(lines=2)
    assert desk.bills(OLD_BILL, NEW_BILL) == ImportOutcome(lines=2)
    assert desk.counts() == before


def test_a_changed_account_is_changed_and_keeps_its_phone(desk: Desk) -> None:
    """A number that was asked for at the counter is not wiped by a file that lacks it."""
    desk.accounts(WANG, LI)
    outcome = desk.accounts(WANG.replace("王小四", "王五").replace("13812345678", ""), LI)
    assert outcome == ImportOutcome(lines=2, changed=1)
    query = "SELECT name || name_initials || phone FROM counter.account WHERE account_no = '0100000001'"
    assert desk.bureau.value(query) == "王五ww13812345678"


def test_a_bill_debits_the_receivable_and_draws_the_prepaid_balance_down(desk: Desk) -> None:
    """Oldest first, as far as the balance reaches; every journal balances."""
    desk.accounts(LI)
    assert desk.bills(NEW_BILL, OLD_BILL) == ImportOutcome(lines=2, added=2, drawn_down=1)
    balance = "SELECT concat_ws('|', prepaid_fen, arrears_fen) FROM counter.account_balance"
    assert desk.bureau.value(balance) == "0|20000"
    paid = "SELECT string_agg(principal_paid_fen::text, '|' ORDER BY period) FROM counter.bill"
    assert desk.bureau.value(paid) == "30000|70000"
    assert desk.bureau.value("SELECT sum(amount_fen) FROM counter.posting") == 0


def test_a_bad_line_changes_nothing_and_all_are_told(desk: Desk) -> None:
    """By line, column and reason, in the order of the file."""
    bad = "0100000003,9,,人民路,33,abc,居民,后付费,maybe,否,否,否,在用,1e3"
    outcome = desk.accounts(WANG, bad, LI, WANG, "0100000004,1")
    assert outcome == ImportOutcome(problems=8)
    assert desk.reasons() == [
        (3, "hall_no", Reason.UNKNOWN_HALL),
        (3, "name", Reason.MISSING),
        (3, "meter_no", Reason.BAD_METER_NO),
        (3, "phone", Reason.BAD_PHONE),
        (3, "tenant", Reason.UNKNOWN_WORD),
        (3, "prepaid", Reason.AMOUNT_NOT_A_NUMBER),
        (5, "account_no", Reason.DUPLICATE_ACCOUNT),
        (6, "", Reason.FIELD_COUNT),
    ]
    assert desk.counts() == (0, 0, 0, 0)


def test_bills_are_checked_against_each_other_and_against_what_is_there(desk: Desk) -> None:
    """Unknown account, the same bill twice with other content, a bill imported before with another amount."""
    desk.accounts(WANG, LI)
    desk.bills(OLD_BILL)
    outcome = desk.bills(
        "0999999999,2026-08,1,100,1.00,2099-09-25",
        NEW_BILL,
        NEW_BILL,
        NEW_BILL.replace("900.00", "901.00"),
        OLD_BILL.replace("300.00", "301.00"),
        "0100000001,2026-08,1,100,1e3,2099-02-30",
    )
    assert outcome == ImportOutcome(problems=5)
    assert desk.reasons() == [
        (2, "account_no", Reason.UNKNOWN_ACCOUNT),
        (5, "period", Reason.DUPLICATE_BILL),
        (6, "amount", Reason.BILLED_OTHERWISE),
        (7, "amount", Reason.AMOUNT_NOT_A_NUMBER),
        (7, "due_date", Reason.BAD_DATE),
    ]
    assert desk.problems[2].found == "300.00 100 2099-09-25"


def test_a_bill_that_stands_twice_alike_is_taken_once(desk: Desk) -> None:
    """An export that overlaps with itself is no mistake."""
    desk.accounts(WANG, LI)
    assert desk.bills(OLD_BILL, OLD_BILL.replace("300.00", "300")).added == 1


def test_a_refused_file_can_be_corrected_and_imported(desk: Desk) -> None:
    """The refusal leaves no lock and no rest behind."""
    desk.accounts(WANG.replace("居民", "?"))
    assert desk.accounts(WANG).added == 1


def test_a_file_of_headings_only_adds_nothing(desk: Desk) -> None:
    """An empty month is no error."""
    assert desk.accounts() == ImportOutcome()


def test_a_file_that_is_no_table_is_refused_and_leaves_no_lock(desk: Desk) -> None:
    """With a sentence that says what does not fit."""
    with pytest.raises(FileRefused, match="户名"):
        desk.accounts(headings="户号,营业厅,用电地址,客户类别")
    assert desk.accounts(WANG).added == 1


def test_two_imports_at_once_are_refused(desk: Desk) -> None:
    """The second is told to wait."""
    with desk.bureau.engine("t50001").begin() as connection:
        imports.begin(connection)
        with pytest.raises(Refusal):
            desk.accounts(WANG)


def test_a_clerk_may_not_import(desk: Desk) -> None:
    """The database refuses, whatever the program offers."""
    path = desk.bureau.folder / "file.csv"
    path.write_text(f"{ACCOUNT_HEADINGS}\n{WANG}\n", encoding="utf-8")
    with pytest.raises(NotAllowed):
        import_accounts(desk.bureau.engine("t10001"), path, on_problem=desk.problems.append)
    assert desk.counts() == (0, 0, 0, 0)


def test_an_unreachable_server_is_a_sentence(bureau: Bureau, tmp_path: Path) -> None:
    """Nothing was sent."""
    path = tmp_path / "file.csv"
    path.write_text(f"{ACCOUNT_HEADINGS}\n{WANG}\n", encoding="utf-8")
    nowhere = make_engine("postgresql://t60001@127.0.0.1:1/counter")
    with pytest.raises(ServerUnreachable):
        import_accounts(nowhere, path, on_problem=lambda _problem: None)


def test_progress_goes_through_all_phases_to_the_end_of_the_file(desk: Desk, tmp_path: Path) -> None:
    """Reading counts bytes; checking and booking begin when all are read."""
    path = tmp_path / "accounts.csv"
    path.write_text(f"{ACCOUNT_HEADINGS}\n{WANG}\n", encoding="utf-8")
    heard: list[tuple[Phase, int, int]] = []
    import_accounts(
        desk.bureau.engine("t60001"),
        path,
        on_problem=desk.problems.append,
        on_progress=lambda phase, done, total: heard.append((phase, done, total)),
    )
    size = path.stat().st_size
    assert heard == [(phase, size, size) for phase in (Phase.READING, Phase.CHECKING, Phase.BOOKING)]


def test_a_demonstration_bureau_is_taken_whole(desk: Desk, tmp_path: Path) -> None:
    """The files that the program writes are files that it reads, and the books balance."""
    with desk.bureau.admin.begin() as connection:
        from db import admin

        for hall_no in range(3, 12):
            admin.add_hall(connection, hall_no, f"{hall_no} 号营业厅")
    written = write_demo_data(300, 7, tmp_path, as_of=date(2026, 11, 23))
    engine = desk.bureau.engine("t60001")
    accounts = import_accounts(engine, written.accounts_path, on_problem=desk.problems.append)
    bills = import_bills(engine, written.bills_path, on_problem=desk.problems.append)
    assert desk.problems == []
    assert (accounts.added, bills.added) == (300, written.bills)
    assert desk.bureau.value("SELECT sum(amount_fen) FROM counter.posting") == 0
    owed = "SELECT sum(principal_fen - principal_paid_fen) FROM counter.bill"
    assert desk.bureau.value(owed) == desk.bureau.value(
        "SELECT sum(arrears_fen) FROM counter.account_balance"
    )


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_reason_has_its_sentence(language: str) -> None:
    """Line, column as the file has it, and what stands there."""
    i18n.set_language(language)
    for reason in Reason:
        sentence = describe(Problem(7, "account_no", reason, "found-text"))
        assert "7" in sentence
        assert "户号" in sentence
    assert "7" in describe(Problem(7, "", Reason.FIELD_COUNT, "3"))
