"""camt: what an entry, a balance and a batch are, and what is refused rather than read wrongly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from counter.bank import camt
from counter.bank.reading import importable
from counter.bank.statement import Statement, UnreadableError

SAMPLE = (Path(__file__).parent / "files" / "three_days.camt053.xml").read_text("utf-8")
BOMB = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]>\n'


def only(text: str = SAMPLE, encoding: str = "utf-8") -> Statement:
    """The one statement in it."""
    (statement,) = camt.read(text.encode(encoding)).statements
    return statement


def message(
    entries: str, name: str = "BkToCstmrStmt", holder: str = "Stmt", version: str = "053.001.02"
) -> str:
    """A message with these entries alone."""
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.{version}"
    return (
        f'<Document xmlns="{space}"><{name}><{holder}><CreDtTm>2026-03-09T00:00:00</CreDtTm>'
        f"{entries}</{holder}></{name}></Document>"
    )


def entry(
    amount: str, sign: str = "<CdtDbtInd>CRDT</CdtDbtInd>", more: str = "", currency: str = "CNY"
) -> str:
    """One Ntry."""
    return f'<Ntry><Amt Ccy="{currency}">{amount}</Amt>{sign}{more}</Ntry>'


def refusal(text: str) -> UnreadableError:
    """The error that it is refused with."""
    with pytest.raises(UnreadableError) as refused:
        camt.read(text.encode())
    return refused.value


def test_opening_is_opbd_before_prcd_and_closing_the_last_clbd_with_their_signs() -> None:
    statement = only()
    assert (Decimal("-100.00"), Decimal("199.95")) == (statement.opening, statement.closing)
    assert (date(2026, 3, 1), date(2026, 3, 3)) == (statement.opening_date, statement.closing_date)
    assert (statement.account, statement.currency, statement.balanced) == ("6222000011112222", "CNY", True)


def test_a_batch_is_one_entry_with_its_parts() -> None:
    batch = only().entries[0]
    assert (Decimal("300.00"), "BANK-1", date(2026, 3, 2)) == (batch.amount, batch.reference, batch.booked)
    parts = [(each.amount, each.party, each.text) for each in batch.details]
    assert [(Decimal("100.00"), "张三", "电费 100100100101"), (Decimal("200.00"), "李四", "RF18")] == parts


def test_parts_that_do_not_make_the_amount_are_no_parts() -> None:
    assert only(SAMPLE.replace(">200.00<", ">200.01<")).entries[0].details == ()


def test_a_reversal_has_the_sign_of_its_own_and_the_party_of_what_it_takes_back() -> None:
    back = only().entries[1]
    assert (Decimal("-0.05"), True, "王五", "XX1") == (
        back.amount,
        back.reversal,
        back.party,
        back.party_account,
    )


def test_entries_know_their_lines() -> None:
    assert [each.line for each in only().entries] == [12, 21]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-8-sig"])
def test_every_declared_or_marked_encoding_gives_the_same_rows(encoding: str) -> None:
    declared = SAMPLE.replace("UTF-8", "GB18030" if encoding == "gb18030" else "UTF-8")
    assert only() == only(declared, encoding)


@pytest.mark.parametrize(
    ("name", "holder", "version", "format_"),
    [
        *(("BkToCstmrAcctRpt", "Rpt", f"052.001.{number:02}", "camt.052") for number in range(2, 14)),
        *(("BkToCstmrStmt", "Stmt", f"053.001.{number:02}", "camt.053") for number in range(2, 14)),
        *(("BkToCstmrDbtCdtNtfctn", "Ntfctn", f"054.001.{number:02}", "camt.054") for number in range(2, 14)),
        ("BkToCstmrAcctRptV01", "Rpt", "052.001.01", "camt.052"),
        ("BkToCstmrStmtV01", "Stmt", "053.001.01", "camt.053"),
        ("BkToCstmrDbtCdtNtfctnV01", "Ntfctn", "054.001.01", "camt.054"),
    ],
)
def test_every_version_of_every_message_is_read(name: str, holder: str, version: str, format_: str) -> None:
    data = message(entry("1.5"), name, holder, version).encode()
    found = camt.read(data)
    assert (True, format_, Decimal("1.5")) == (camt.fits(data), found.format, found.statements[0].credits)


def test_an_entry_without_direction_takes_it_from_its_transactions_or_is_refused() -> None:
    inside = "<NtryDtls><TxDtls><CdtDbtInd>DBIT</CdtDbtInd></TxDtls></NtryDtls>"
    assert Decimal(5) == only(message(entry("5", "", inside))).debits
    assert refusal(message("\n" + entry("5", ""))).hint == "direction"
    assert refusal(message("\n" + entry("5", ""))).line == 2


def test_a_balance_without_direction_has_the_sign_that_is_written() -> None:
    balance = '<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">-4.10</Amt></Bal>'
    assert Decimal("-4.10") == only(message(balance)).closing


@pytest.mark.parametrize("amount", ["", "1,50", "1e3", "NaN", "1_000", "１２", "1 000", "9" * 16])
def test_an_amount_in_doubt_is_refused(amount: str) -> None:
    assert refusal(message(entry(amount))).hint == "amount"


def test_a_negative_amount_with_a_direction_is_refused() -> None:
    assert refusal(message(entry("-5"))).hint == "direction"


def test_entries_in_two_currencies_have_no_sum() -> None:
    refused = refusal(message(entry("1") + "\n" + entry("1", currency="USD")))
    assert (refused.hint, refused.line) == ("currencies", 2)


def test_an_entry_outside_of_a_statement_is_not_passed_over() -> None:
    assert refusal(message(f"\n<Other>{entry('1')}</Other>")).hint == "outside"
    assert refusal(message(f"\n<Other>{entry('1')}</Other>")).line == 2


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("", "booked"),
        ("<Sts>BOOK</Sts>", "booked"),
        ("<Sts><Cd>BOOK</Cd></Sts>", "booked"),
        ("<Sts>PDNG</Sts>", "pending"),
        ("<Sts><Cd>INFO</Cd></Sts>", "information"),
        ("<Sts><Cd>FUTR</Cd></Sts>", "future"),
        ("<Sts><Prtry>OURS</Prtry></Sts>", "information"),
    ],
)
def test_only_what_is_booked_moves_the_balance(said: str, status: str) -> None:
    statement = only(message(entry("5", more=said)))
    (found,) = statement.entries
    assert (status, Decimal(5)) == (found.status, statement.credits)
    assert (found,) * (status == "booked") == statement.booked


def test_balances_tie_by_what_is_booked_and_balance_by_everything() -> None:
    pending = only(SAMPLE.replace("<c:Cd>BOOK</c:Cd>", "<c:Cd>PDNG</c:Cd>"))
    assert (pending.balanced, pending.ties) == (True, False)
    assert only().ties


@pytest.mark.parametrize(
    ("name", "holder", "kind"),
    [
        ("BkToCstmrAcctRpt", "Rpt", "interim"),
        ("BkToCstmrStmt", "Stmt", "final"),
        ("BkToCstmrDbtCdtNtfctn", "Ntfctn", "advice"),
    ],
)
def test_a_statement_says_what_it_is_worth(name: str, holder: str, kind: str) -> None:
    assert kind == only(message(entry("1"), name, holder)).kind


def test_the_number_is_the_running_one_else_the_name() -> None:
    numbered = SAMPLE.replace("<c:Id>S1</c:Id>", "<c:Id>S1</c:Id><c:ElctrncSeqNb>17</c:ElctrncSeqNb>")
    assert (only().number, only(numbered).number) == ("S1", "17")


def paged(page: int, last: str, more: str, account: str = "1") -> str:
    """A statement that is one page of several."""
    return (
        f"<Stmt><Id>S</Id><StmtPgntn><PgNb>{page}</PgNb><LastPgInd>{last}</LastPgInd></StmtPgntn>"
        f"<CreDtTm>2026-03-09T00:00:00</CreDtTm><Acct><Id><IBAN>{account}</IBAN></Id></Acct>{more}</Stmt>"
    )


def of_pages(*pages: str) -> tuple[Statement, ...]:
    """The statements of a message of pages."""
    space = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
    whole = f'<Document xmlns="{space}"><BkToCstmrStmt>{"".join(pages)}</BkToCstmrStmt></Document>'
    return camt.read(whole.encode()).statements


def balance(kind: str, amount: str) -> str:
    """One Bal in credit."""
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{amount}</Amt>'
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-08</Dt></Dt></Bal>"
    )


def test_the_pages_of_a_statement_are_one() -> None:
    first, last = balance("OPBD", "1") + entry("5"), balance("CLBD", "13") + entry("7")
    (statement,) = of_pages(paged(1, "false", first), paged(2, "true", last))
    assert (
        [int(each.amount) for each in statement.entries],
        statement.ties,
        statement.complete,
    ) == ([5, 7], True, True)


def test_a_page_that_is_missing_is_missed() -> None:
    first, last = balance("OPBD", "1") + entry("5"), balance("CLBD", "13") + entry("7")
    assert [each.complete for each in of_pages(paged(1, "false", first))] == [False]
    for pages in (
        of_pages(paged(1, "0", first), paged(3, "true", last)),
        of_pages(paged(1, "0", first), paged(2, "1", last, "2")),
    ):
        assert [each.complete for each in pages] == [False, True]
    with pytest.raises(UnreadableError) as refused:
        importable(
            camt.read(
                SAMPLE.replace(
                    "<c:Id>S1</c:Id>",
                    "<c:Id>S1</c:Id><c:StmtPgntn><c:LastPgInd>false</c:LastPgInd></c:StmtPgntn>",
                ).encode()
            )
        )
    assert refused.value.hint == "unfinished"


def test_a_message_without_a_statement_is_read_but_not_taken_over() -> None:
    found = camt.read(message("").replace("<Stmt>", "<Other>").replace("</Stmt>", "</Other>").encode())
    assert found.statements == ()
    with pytest.raises(UnreadableError) as refused:
        importable(found)
    assert refused.value.hint == "nothing"


def test_an_entry_without_a_day_has_that_of_the_statement() -> None:
    assert date(2026, 3, 9) == only(message(entry("1"))).entries[0].booked


def test_a_day_that_does_not_exist_is_refused() -> None:
    more = "<BookgDt><Dt>2026-02-30</Dt></BookgDt>"
    assert refusal(message(entry("1", more=more))).hint == "date"


def test_document_types_are_refused_before_anything_is_read() -> None:
    assert refusal(BOMB + message(entry("&d;"))).hint == "entities"
    outside = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x">' + message(entry("1"))
    assert refusal(outside).hint == "entities"
    with pytest.raises(UnreadableError):
        camt.read((BOMB + message(entry("1"))).encode("utf-16"))


@pytest.mark.parametrize("cut", range(900, len(SAMPLE.rstrip()) - 1, 97))
def test_a_file_that_was_cut_off_gives_no_rows(cut: int) -> None:
    with pytest.raises(UnreadableError):
        camt.read(SAMPLE[:cut].encode())


def test_what_it_is_not_encoded_in_is_refused_with_the_line() -> None:
    bad = SAMPLE.replace("UTF-8", "GB18030").encode("latin-1", "replace").replace(b"S1", b"\xff\xff")
    with pytest.raises(UnreadableError) as refused:
        camt.read(bad)
    assert (refused.value.line, refused.value.hint) == (6, "encoding")
