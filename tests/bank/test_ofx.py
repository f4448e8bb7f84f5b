"""OFX 1 and 2: amounts by point and comma, several accounts, and cut files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from counter.bank import ofx
from counter.bank.statement import StatementFile, UnreadableError

SAMPLE = (Path(__file__).parent / "files" / "two_accounts.ofx").read_text("utf-8")
ENTRY = "<STMTTRN><DTPOSTED>20260301<TRNAMT>{}<FITID>1{}</STMTTRN>"
CARD = (
    "<OFX><CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>CNY<CCACCTFROM><ACCTID>6222</CCACCTFROM><BANKTRANLIST>"
    "{}</BANKTRANLIST><LEDGERBAL><BALAMT>-5.00<DTASOF>20260301</LEDGERBAL></CCSTMTRS></CCSTMTTRNRS>"
    "</CREDITCARDMSGSRSV1></OFX>"
)
XML = """<?xml version="1.0" encoding="UTF-8"?>
<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>CNY</CURDEF>
<BANKACCTFROM><ACCTID>1</ACCTID></BANKACCTFROM>
<BANKTRANLIST><!-- <STMTTRN><TRNAMT>9</TRNAMT></STMTTRN> -->
<STMTTRN><DTPOSTED>20260301</DTPOSTED><TRNAMT>-12.30</TRNAMT><FITID>7</FITID><MEMO><![CDATA[a < b]]></MEMO></STMTTRN>
</BANKTRANLIST><LEDGERBAL/></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def read(text: str) -> StatementFile:
    """The rows of a text."""
    return ofx.read(text.encode(), text, "utf-8")


def amount(text: str, more: str = "") -> Decimal:
    """The amount of one entry of a card."""
    return read(CARD.format(ENTRY.format(text, more))).statements[0].entries[0].amount


def test_a_headerless_file_of_two_accounts() -> None:
    first, second = read(SAMPLE).statements
    assert (first.account, first.currency, first.opening, first.closing) == ("A-1", "EUR", None, None)
    assert (Decimal("1234.56"), Decimal("0.06")) == (first.credits, first.debits)
    assert ("A-2", "CNY", Decimal("-7.50"), 0) == (
        second.account,
        second.currency,
        second.closing,
        len(second.entries),
    )


def test_texts_keep_what_was_written() -> None:
    entry = read(SAMPLE).statements[0].entries[0]
    assert (entry.party, entry.text, entry.reference, entry.line) == ("A & B", "rent & more", "F1", 9)


def test_version_2_with_comments_and_verbatim_text() -> None:
    found = read(XML)
    (entry,) = found.statements[0].entries
    assert ("ofx2", Decimal("-12.30"), "a < b", 6) == (found.format, entry.amount, entry.text, entry.line)
    assert found.statements[0].closing is None


def test_a_card_is_an_account() -> None:
    (statement,) = read(CARD.format("")).statements
    assert ("6222", Decimal("-5.00")) == (statement.account, statement.closing)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1.5", "1.5"), ("-1,5", "-1.5"), ("+3", "3"), (".5", "0.5"), ("1,234.50", "1234.50"), ("1.234.567,8", "1234567.8"),
     ("12345,678", "12345.678"), ("0,125", "0.125")],
)  # fmt: skip
def test_amounts_by_point_and_comma(written: str, meant: str) -> None:
    assert Decimal(meant) == amount(written)


@pytest.mark.parametrize(
    "written", ["1,234", "", "1e3", "1 000", "１２", "1,23,45", "abc", "--5", "1.2.3", "9" * 16]
)
def test_an_amount_in_doubt_is_refused(written: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        amount(written)
    assert refused.value.hint == ("ambiguous" if written == "1,234" else "amount")


@pytest.mark.parametrize(
    "more",
    ["<TRNAMT>6", "<CURRENCY><CURRATE>7<CURSYM>USD</CURRENCY>", "<CORRECTFITID>3<CORRECTACTION>REPLACE"],
)
def test_what_would_make_a_wrong_sum_is_refused(more: str) -> None:
    with pytest.raises(UnreadableError):
        amount("5", more)


def test_an_amount_that_was_converted_already_is_in_the_money_of_the_account() -> None:
    assert Decimal(5) == amount("5", "<ORIGCURRENCY><CURRATE>7<CURSYM>USD</ORIGCURRENCY>")


@pytest.mark.parametrize("cut", range(12, len(SAMPLE.rstrip()) - 6, 13))
def test_a_file_that_was_cut_off_gives_no_rows(cut: int) -> None:
    with pytest.raises(UnreadableError):
        read(SAMPLE[:cut])


def test_document_types_are_refused() -> None:
    with pytest.raises(UnreadableError) as refused:
        read(XML.replace("<OFX>", '<!DOCTYPE x [<!ENTITY a "b">]><OFX>'))
    assert refused.value.hint == "entities"
