"""Paper from the ledger's rows: every kind of receipt, on the printer of the till, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from counter.errors import Refusal
from counter.i18n import _
from counter.services.paper import Paper
from counter.services.receipt_papers import document
from db import admin
from db.admin import SAFE_TILL_BASE
from db.queries import payments, receipts
from receipts import sample_reports
from receipts.document import InstalmentPaid, ReceiptDocument, ReceiptKind, Reference, TenderKind
from receipts.press import Press
from tests.bureau import Bureau
from tests.receipts.reading import text_of
from tests.receipts.thermal import Mood, thermal_head

ACCOUNT, OTHER = "330100000001", "330100000002"
CASH: dict[str, Any] = {"kind": "cash", "amount_fen": 500, "received_fen": 1_000}
POS: dict[str, Any] = {
    "kind": "pos",
    "amount_fen": 300,
    "details": {"reference": "12345678-000001-000042", "card": "622848******1234", "rrn": "612345678901"},
}
SLIP: dict[str, Any] = {
    "kind": "transfer",
    "amount_fen": 200,
    "details": {
        "reference": "工商银行/SLIP-1",
        "payer": "6222020200012345",
        "date": "2026-11-22",
        "payer_name": "示范纺织",
    },
}
CHEQUE: dict[str, Any] = {
    "kind": "cheque",
    "amount_fen": 100,
    "details": {"reference": "建设银行/12345678"},
}


@pytest.fixture
def shift(bureau: Bureau) -> int:
    """Two accounts, one with a bill, and an open shift at till 101."""
    bureau.add_account(ACCOUNT, name="王𬭎")
    bureau.add_account(OTHER, name="李四")
    bureau.add_bills(ACCOUNT, (202601, 10_000, date(2999, 1, 1)))
    return bureau.open_shift()


@pytest.fixture
def paper(bureau: Bureau) -> Paper:
    """The paper of the clerk with a folder and no printer of its own."""
    return Paper(bureau.engine("t10001"), Press(bureau.folder / "receipts"))


Take = Callable[..., str]


@pytest.fixture
def take(bureau: Bureau, shift: int) -> Take:
    """Post an advance by these tenders; the receipt's number."""

    def post(*tenders: dict[str, Any], **changes: Any) -> str:
        total_fen = sum(tender["amount_fen"] for tender in tenders)
        request = bureau.payment(
            shift, ACCOUNT, total_fen=total_fen, prepaid_fen=total_fen, tenders=list(tenders), **changes
        )
        return str(bureau.call("t10001", "post_payment", request)["receipt_no"])

    return post


def set_printer(bureau: Bureau, address: str, *, kind: str = "escpos_network", till_no: int = 101) -> None:
    """Give a till a printer."""
    with bureau.admin.begin() as connection:
        admin.add_printer(connection, "roll", hall_no=1, kind=kind, address=address, form="thermal80")
        assert admin.set_printer(connection, till_no, "roll")


def read(bureau: Bureau, receipt_no: str) -> ReceiptDocument:
    """The document of a receipt as the clerk's login sees its rows."""
    with bureau.engine("t10001").connect() as connection:
        row = receipts.receipt(connection, receipt_no)
    assert row is not None
    return document(row, "zh_CN")


def prints(bureau: Bureau) -> list[tuple[str, bool]]:
    """What was recorded of the attempts."""
    with bureau.psql() as connection:
        return connection.execute(
            "SELECT outcome, reprint FROM counter.receipt_print ORDER BY recorded_at"
        ).fetchall()


def test_every_tender_is_on_the_receipt_with_its_parts(bureau: Bureau, take: Take) -> None:
    made = read(bureau, take(POS, SLIP, CHEQUE, CASH))
    assert [(tender.kind, tender.amount_fen, tender.change_fen) for tender in made.tenders] == [
        (TenderKind.POS, 300, 0),
        (TenderKind.TRANSFER, 200, 0),
        (TenderKind.CHEQUE, 100, 0),
        (TenderKind.CASH, 500, 500),
    ]
    assert dict(made.tenders[0].references) == {
        Reference.TERMINAL: "12345678",
        Reference.BATCH: "000001",
        Reference.TRACE: "000042",
        Reference.CARD: "622848******1234",
        Reference.REFERENCE: "********8901",
    }
    assert dict(made.tenders[1].references) == {
        Reference.BANK: "工商银行",
        Reference.SLIP: "SLIP-1",
        Reference.DATE: "2026-11-22",
        Reference.PAYER_ACCOUNT: "************2345",
        Reference.PAYER: "示范纺织",
    }
    assert dict(made.tenders[2].references) == {Reference.BANK: "建设银行", Reference.CHEQUE: "12345678"}
    assert (made.prepaid_in_fen, made.prepaid_after_fen, made.total_fen) == (1_100, 1_100, 1_100)


def test_own_balance_pays_a_bill(bureau: Bureau, take: Take, shift: int) -> None:
    take(POS | {"amount_fen": 20_000})
    request = bureau.payment(
        shift,
        ACCOUNT,
        lines=[{"bill_no": f"{ACCOUNT}-202601-1", "period": 202601, "part": 1, **PRINCIPAL}],
        tenders=[{"kind": "prepaid", "amount_fen": 10_000}],
    )
    made = read(bureau, bureau.call("t10001", "post_payment", request)["receipt_no"])
    assert [(bill.period, bill.principal_fen) for bill in made.bills] == [(202601, 10_000)]
    assert (made.prepaid_in_fen, made.prepaid_after_fen) == (0, 10_000)
    assert made.tenders[0].kind is TenderKind.PREPAID


PRINCIPAL = {"principal_fen": 10_000, "late_fee_fen": 0}


def test_many_accounts_are_rows_of_the_details(bureau: Bureau, shift: int, paper: Paper) -> None:
    accounts = [
        {"account_no": ACCOUNT, "version": 0, "prepaid_fen": 400, "lines": []},
        {"account_no": OTHER, "version": 0, "prepaid_fen": 600, "lines": []},
    ]
    for account in accounts:
        account["version"] = bureau.value(
            "SELECT version FROM counter.account_balance WHERE account_no = %s", account["account_no"]
        )
    request = bureau.payment(shift, ACCOUNT, tenders=[SLIP | {"amount_fen": 1_000}], accounts=accounts)
    answer = bureau.call("t10001", "post_payment", request | {"payer_name": "示范连锁公司"})
    made = read(bureau, answer["receipt_no"])
    assert made.customer.name == "示范连锁公司"
    assert [(row.account_no, row.prepaid_in_fen, row.prepaid_after_fen) for row in made.accounts] == [
        (ACCOUNT, 400, 400),
        (OTHER, 600, 600),
    ]
    told = paper.print_receipt(answer["receipt_no"])
    assert (told.error, told.reprint) == ("", False)
    assert told.pdf_path is not None
    said = text_of(told.pdf_path)
    assert [
        part for part in ("示范连锁公司", ACCOUNT, OTHER, "王𬭎", "李四", "¥10.00") if part not in said
    ] == []


def test_the_tills_printer_prints_and_the_attempt_is_recorded(
    bureau: Bureau, take: Take, paper: Paper
) -> None:
    number = take(CASH)
    with thermal_head() as head:
        set_printer(bureau, head.address)
        first, second = paper.print_receipt(number), paper.print_receipt(number)
    assert [(told.queue, told.reprint, told.error) for told in (first, second)] == [
        ("roll", False, ""),
        ("roll", True, ""),
    ]
    assert head.cuts == 2
    assert prints(bureau) == [("printed", False), ("printed", True)]


def test_without_paper_the_receipt_stays_in_the_list_and_is_an_original_later(
    bureau: Bureau, take: Take, paper: Paper
) -> None:
    number = take(CASH)
    with thermal_head(Mood.PAPER_OUT) as head:
        set_printer(bureau, head.address)
        told = paper.print_receipt(number)
        assert (
            _("Printer {printer} is out of paper: put in a new roll, then print again.").format(
                printer="roll"
            )
            in told.error
        )
        head.mood = Mood.WELL
        again = paper.print_receipt(number)
    assert (again.error, again.reprint) == ("", False)
    assert prints(bureau) == [("failed", False), ("printed", False)]


def test_what_may_have_been_printed_is_listed_and_is_a_reprint_the_next_time(
    bureau: Bureau, take: Take, paper: Paper
) -> None:
    number = take(CASH)
    with thermal_head(Mood.DIES_MIDWAY) as head:
        set_printer(bureau, head.address)
        first = paper.print_receipt(number)
        with paper.engine.connect() as connection:
            assert [row.receipt_no for row in payments.mine_unprinted(connection)] == [number]
        head.mood = Mood.WELL
        second = paper.print_receipt(number)
    assert (first.reprint, bool(first.error), second.reprint, second.error) == (False, True, True, "")
    assert prints(bureau) == [("unsure", False), ("printed", True)]
    with paper.engine.connect() as connection:
        assert payments.mine_unprinted(connection) == ()


def version(bureau: Bureau, account_no: str) -> int:
    """The version of an account's balance."""
    query = "SELECT version FROM counter.account_balance WHERE account_no = %s"
    return int(bureau.value(query, account_no))


def corrected(bureau: Bureau, function: str, shift: int, **request: Any) -> str:
    """A correction with a supervisor's approval; its receipt's number."""
    asked = {"request_id": str(uuid4()), "shift_id": shift, "reason": "销户", **request}
    approval_id = str(uuid4())
    action = {"reverse_payment": "reversal"}.get(function, function)
    question = {"approval_id": approval_id, "action": action, "subject": asked, "reason": "销户"}
    bureau.call("t10001", "request_approval", question)
    bureau.call("t30001", "decide_approval", {"approval_id": approval_id, "approved": True})
    return str(bureau.call("t10001", function, asked | {"approval_id": approval_id})["receipt_no"])


def test_a_posted_reversal_is_printed_and_makes_the_payment_void(
    bureau: Bureau, take: Take, shift: int, paper: Paper
) -> None:
    number = take(POS, CASH)
    journal_id = bureau.value("SELECT max(journal_id) FROM counter.receipt")
    request = {"request_id": str(uuid4()), "shift_id": shift, "journal_id": journal_id}
    answer = bureau.call("t10001", "reverse_payment", request | {"cause": "mistake", "reason": "录错户号"})
    told = paper.print_receipt(answer["receipt_no"])
    assert isinstance(told.pdf_path, Path)
    said = text_of(told.pdf_path)
    assert [part for part in (number, "-¥8.00", "录错户号") if part not in said] == []
    void = paper.print_receipt(number)
    assert isinstance(void.pdf_path, Path)
    mark = _("VOID: reversed by No. {number}").format(number=answer["receipt_no"])
    assert mark in text_of(void.pdf_path)


def test_posted_refunds_say_the_payee_or_cash(bureau: Bureau, take: Take, shift: int, paper: Paper) -> None:
    take(CASH)
    payee = {"payee_name": "王小四", "payee_account": "6222020200012345", "payee_bank": "工商银行"}
    made: list[ReceiptDocument] = []
    for number, changes in ((1, {"method": "cash"}), (2, {"method": "bank", **payee})):
        receipt_no = corrected(
            bureau,
            "refund",
            shift,
            account_no=ACCOUNT,
            account_version=version(bureau, ACCOUNT),
            amount_fen=number * 100,
            **changes,
        )
        made.append(read(bureau, receipt_no))
        assert (made[-1].kind, made[-1].total_fen) == (ReceiptKind.REFUND, -number * 100)
        assert paper.print_receipt(receipt_no).error == ""
    assert [document.approved_by for document in made] == ["陈刚", "陈刚"]
    assert dict(made[-1].tenders[0].references) == {
        Reference.BANK: "工商银行",
        Reference.PAYEE: "王小四",
        Reference.PAYEE_ACCOUNT: "************2345",
    }


def test_a_posted_transfer_names_both_accounts(bureau: Bureau, take: Take, shift: int, paper: Paper) -> None:
    take(CASH)
    receipt_no = corrected(
        bureau,
        "balance_transfer",
        shift,
        from_account=ACCOUNT,
        to_account=OTHER,
        from_version=version(bureau, ACCOUNT),
        to_version=version(bureau, OTHER),
        amount_fen=400,
    )
    made = read(bureau, receipt_no)
    assert made.transfer_to is not None
    assert (made.customer.account_no, made.transfer_to.account_no) == (ACCOUNT, OTHER)
    assert (made.total_fen, made.prepaid_after_fen, made.transfer_to.prepaid_after_fen) == (400, 100, 400)
    assert paper.print_receipt(receipt_no).error == ""


def test_a_reprint_goes_to_the_till_where_the_clerk_sits(bureau: Bureau, take: Take) -> None:
    number = take(CASH)
    bureau.open_shift("t10002", 102)
    with thermal_head() as head:
        set_printer(bureau, head.address, till_no=102)
        other = Paper(bureau.engine("t10002"), Press(bureau.folder / "other"))
        assert other.print_receipt(number).queue == "roll"
    assert head.cuts == 1


def test_without_a_shift_the_till_of_the_receipt_decides(bureau: Bureau, take: Take) -> None:
    number = take(CASH)
    with thermal_head() as head:
        set_printer(bureau, head.address)
        supervisor = Paper(bureau.engine("t30001"), Press(bureau.folder / "other"))
        assert supervisor.print_receipt(number).queue == "roll"
    assert head.cuts == 1


def test_a_printer_that_is_set_up_wrongly_leaves_the_file(bureau: Bureau, take: Take, paper: Paper) -> None:
    set_printer(bureau, "nonsense", kind="escpos_usb")
    told = paper.print_receipt(take(CASH))
    assert told.pdf_path is not None
    assert "roll" in told.error
    assert prints(bureau) == [("failed", False)]


def test_a_report_goes_to_the_tills_printer_and_into_the_folder_of_reports(
    bureau: Bureau, shift: int, paper: Paper
) -> None:
    with thermal_head() as head:
        set_printer(bureau, head.address)
        told = paper.print_document(sample_reports.z_report(), business_date=date(2026, 11, 23))
    assert (told.name, told.printer, told.error) == ("0107-261123-Z0128", "roll", "")
    assert told.pdf_path == bureau.folder / "receipts/reports/2026/11/23/0107-261123-Z0128.pdf"
    assert head.cuts == 1


def test_a_report_finds_the_printer_of_its_till_after_the_shift_is_closed(bureau: Bureau) -> None:
    supervisor = Paper(bureau.engine("t30001"), Press(bureau.folder / "other"))
    with thermal_head() as head:
        set_printer(bureau, head.address)
        report = replace(sample_reports.z_report(), till_no=101)
        assert supervisor.print_document(report, business_date=date(2026, 11, 23)).printer == "roll"
    assert head.cuts == 1


def test_a_deposit_slip_without_a_printer_is_a_file(bureau: Bureau, shift: int, paper: Paper) -> None:
    told = paper.print_document(sample_reports.deposit_slip(), business_date=date(2026, 11, 23))
    assert (told.printer, told.error) == ("", "")
    assert told.pdf_path is not None
    assert told.pdf_path.exists()


def test_who_holds_no_till_prints_where_the_halls_safe_does(bureau: Bureau) -> None:
    cashier = Paper(bureau.engine("t20001"), Press(bureau.folder / "other"))
    with thermal_head() as head:
        set_printer(bureau, head.address, till_no=SAFE_TILL_BASE + 1)
        told = cashier.print_document(sample_reports.deposit_slip(), business_date=date(2026, 11, 23))
    assert (told.printer, head.cuts) == ("roll", 1)


def test_the_test_page_names_hall_till_and_printer(bureau: Bureau, shift: int, paper: Paper) -> None:
    with thermal_head() as head:
        address = head.address
        set_printer(bureau, address)
        told = paper.print_test_page()
    assert (told.printer, told.error) == ("roll", "")
    assert told.pdf_path is not None
    said = text_of(told.pdf_path)
    assert [part for part in ("roll", address, "thermal80", "𬭎䶮𤋮㛃喆鱻") if part not in said] == []


def test_the_test_page_of_a_printer_that_is_not_there_is_refused(paper: Paper) -> None:
    with pytest.raises(Refusal):
        paper.print_test_page("'; --")


def test_a_test_page_without_paper_says_so_and_is_kept(bureau: Bureau, shift: int, paper: Paper) -> None:
    with thermal_head(Mood.COVER_OPEN) as head:
        set_printer(bureau, head.address)
        told = paper.print_test_page("roll")
    assert (
        _("The cover of printer {printer} is open: close it, then print again.").format(printer="roll")
        in told.error
    )
    assert told.pdf_path is not None


def test_another_halls_clerk_sees_no_receipt(bureau: Bureau, take: Take) -> None:
    number = take(CASH)
    with pytest.raises(Refusal):
        Paper(bureau.engine("t10003"), Press(bureau.folder / "other")).print_receipt(number)


def test_nobody_but_the_administrator_sets_up_a_printer(bureau: Bureau) -> None:
    for staff_no in ("t10001", "t20001", "t30001"):
        with (
            pytest.raises(Exception, match="permission denied"),
            bureau.engine(staff_no).begin() as connection,
        ):
            connection.execute(text("UPDATE counter.printer SET address = 'x'"))


def test_an_account_number_with_dashes_is_hidden_too(bureau: Bureau, take: Take, paper: Paper) -> None:
    dashed = SLIP["details"] | {"payer": "6222-0202-0001-2345"}
    told = paper.print_receipt(take(SLIP | {"details": dashed}))
    assert isinstance(told.pdf_path, Path)
    said = text_of(told.pdf_path)
    assert "6222-0202" not in said
    assert "2345" in said


def test_the_whole_account_number_of_a_payer_is_on_no_paper(bureau: Bureau, take: Take, paper: Paper) -> None:
    told = paper.print_receipt(take(SLIP))
    assert isinstance(told.pdf_path, Path)
    assert "6222020200012345" not in text_of(told.pdf_path)


def test_a_receipt_tells_what_bills_drew_since_the_one_before(
    bureau: Bureau, take: Take, shift: int, paper: Paper
) -> None:
    """Once each: the next receipt of the account begins where this one ended, and a reprint says the same."""
    first = take(CASH | {"amount_fen": 30_000, "received_fen": 30_000})
    bureau.add_bills(ACCOUNT, (202602, 4_000, date(2999, 1, 1)), (202603, 1_000, date(2999, 1, 1)))
    second, third = take(CASH), take(CASH)
    told = [
        [(each.period, each.amount_fen) for each in read(bureau, n).drawn] for n in (first, second, third)
    ]
    assert told == [[], [(202601, 10_000), (202602, 4_000), (202603, 1_000)], []]
    done = paper.print_receipt(second)
    assert done.pdf_path is not None
    assert [part for part in ("150.00", "100.00 (", "40.00 (") if part not in text_of(done.pdf_path)] == []


def test_an_instalment_names_its_agreement_and_what_is_still_due(
    bureau: Bureau, take: Take, shift: int
) -> None:
    """An advance over two instalments names both; its reversal opens them again."""
    plan = [{"due_date": f"2030-01-{day}", "amount_fen": 400} for day in (10, 20, 31)]
    agreement_id = str(uuid4())
    agreed = {"request_id": agreement_id, "account_no": OTHER, "period": 203001, "expected_kwh": 10}
    bureau.call("t10001", "make_agreement", agreed | {"instalments": plan, "reason": "大用户"})

    def pay(amount_fen: int) -> dict[str, Any]:
        request = bureau.payment(shift, OTHER, total_fen=amount_fen, prepaid_fen=amount_fen)
        request["accounts"][0]["agreement_id"] = agreement_id
        return dict(bureau.call("t10001", "post_payment", request))

    first, second = pay(100), pay(500)
    body = {"request_id": str(uuid4()), "shift_id": shift, "journal_id": second["journal_id"]}
    back = bureau.call("t10001", "reverse_payment", body | {"cause": "mistake", "reason": "录错"})
    told = [read(bureau, answer["receipt_no"]).instalments for answer in (first, second, back)]
    number = f"203001-{agreement_id[-8:].upper()}"
    assert told == [
        (InstalmentPaid(number, 1, 1, 3, 1_100),),
        (InstalmentPaid(number, 1, 2, 3, 600),),
        (InstalmentPaid(number, 1, 2, 3, 1_100),),
    ]
