"""The paper itself, read back: text, fonts, code and pages."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from counter.i18n import translations
from receipts.document import PaidBill, ReceiptDocument, Reference, Tender, TenderKind
from receipts.fonts import Font, load_font
from receipts.pdf import missing_characters, render_pdf
from receipts.qr import qr_text
from receipts.samples import (
    SAMPLE_HASH,
    long_receipt,
    prepayment_receipt,
    reversal_receipt,
    usual_receipt,
)
from tests.receipts.conftest import Put
from tests.receipts.reading import codes_of, fonts_of, image_of, pages_of, text_of

RARE = "𬭎䶮𤋮㛃喆鱻"
SIZE_MAX = 40 * 1024


def said(document: ReceiptDocument, message: str) -> str:
    """A sentence as the document's language has it."""
    return translations(document.language).gettext(message)


def named(name: str) -> ReceiptDocument:
    """The usual receipt for a customer of another name."""
    usual = usual_receipt()
    return replace(usual, customer=replace(usual.customer, name=name))


def test_the_paper_says_everything_that_the_document_holds(put: Put) -> None:
    document = usual_receipt()
    text = text_of(put(document))
    expected = (
        *("示范供电公司", "0107-261123-0042", "2026-11-23 14:05:09", "010700123456", "王𬭎"),
        *(
            "城东区解放路128号和平里小区3幢2单元501室",
            "250366809002",
            "城东营业厅",
            "3号窗口",
            "陈晓燕",
        ),
        *("812", "454.72", "34.10", "488.82", "2,257", "1,263.92", "57.23", "88.35"),
        *("人民币壹仟肆佰零玖元伍角整", "¥1,409.50", "1,500.00", "90.50"),
        *(
            said(document, "Electricity Receipt"),
            said(document, "ORIGINAL"),
            said(document, "Cash"),
        ),
        *(said(document, "(payee's seal)"), said(document, "(blank below)")),
    )
    assert [part for part in expected if part not in text] == []


def test_the_figures_of_a_bill_stand_on_one_line(put: Put) -> None:
    text = text_of(put(usual_receipt()))
    assert re.search(r"655 +366\.80 +16\.50 +383\.30\n", text)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_reprint_is_marked_and_keeps_number_and_code(put: Put, language: str) -> None:
    original = replace(usual_receipt(), language=language)
    reprint = replace(original, reprint=True)
    text = text_of(put(reprint))
    assert said(reprint, "REPRINT") in text
    assert said(reprint, "ORIGINAL") not in text
    assert original.receipt_no in text
    assert qr_text(reprint) == qr_text(original)


def test_a_prepayment_is_said_to_be_no_tax_invoice(put: Put) -> None:
    document = prepayment_receipt()
    text = text_of(put(document))
    note = "Receipt for money paid in advance; not a tax invoice until it is used."
    assert said(document, "Prepayment Receipt") in text
    assert said(document, note) in text
    assert re.search(rf"{said(document, 'Card purchases')} +9\n", text)


def test_the_references_of_a_tender_are_printed(put: Put) -> None:
    text = text_of(put(prepayment_receipt()))
    for value in ("01234567", "000123", "000456", "612345678901", "A1B2C3", "622848******1234"):
        assert value in text


def test_a_reversal_is_negative_and_names_the_receipt_that_it_reverses(put: Put) -> None:
    document = reversal_receipt()
    text = text_of(put(document))
    assert said(document, "Electricity Receipt (Reversal)") in text
    assert "0107-261123-0042" in text
    assert "0107-261123-0044" in text
    assert "-¥1,409.50" in text
    negative = said(document, "(negative) {amount}").format(amount="人民币壹仟肆佰零玖元伍角整")
    assert negative in text


def test_an_english_receipt_keeps_the_capitals(put: Put) -> None:
    text = text_of(put(replace(usual_receipt(), language="en")))
    assert "Electricity Receipt" in text
    assert "人民币壹仟肆佰零玖元伍角整" in text


@pytest.mark.parametrize(
    "name", ["[测试]", "<b>王</b>", "A&B &amp; <para>", "{0}%s\\n", "[b]$x[/b]", "王/Tj ET (小)"]
)
def test_a_name_appears_as_it_is(put: Put, name: str) -> None:
    assert name in text_of(put(named(name)))


def test_a_name_of_sixty_characters_is_there_to_the_last(put: Put) -> None:
    name = "".join(chr(0x4E00 + 37 * index) for index in range(60))
    text = text_of(put(named(name)))
    assert [character for character in name if character not in text] == []
    assert "…" not in text


def test_rare_characters_are_found_in_the_text_of_the_paper(put: Put) -> None:
    assert RARE in text_of(put(named(RARE)))


def test_rare_characters_are_drawn_and_not_boxes(put: Put) -> None:
    pictures = [
        hashlib.sha256(image_of(put(named(character))).tobytes()).hexdigest()
        for character in [*RARE, "\U0010fffd", "王"]
    ]
    assert len(set(pictures)) == len(RARE) + 2


def test_a_character_without_a_font_is_named_on_the_paper(put: Put, font: Font) -> None:
    document = named("王\U0010fffd")
    assert missing_characters(document, font=font) == "\U0010fffd"
    text = text_of(put(document))
    assert "王〓" in text
    assert "U+10FFFD" in text


def test_all_fonts_are_embedded_subsets_with_a_text_mapping(put: Put) -> None:
    fonts = fonts_of(put(named("王😀𬭎")))
    assert len(fonts) >= 2
    assert [font[1:] for font in fonts] == [("yes", "yes", "yes")] * len(fonts)


def test_without_a_font_file_the_receipt_is_made_with_a_font_of_the_printer(tmp_path: Path) -> None:
    path = tmp_path / "fallback.pdf"
    path.write_bytes(render_pdf(usual_receipt(), font=load_font(directories=())))
    assert [(font[0], font[1]) for font in fonts_of(path)] == [("STSong-Light", "no")]


@pytest.mark.parametrize(
    "document",
    [
        usual_receipt(),
        reversal_receipt(),
        long_receipt(40),
        replace(usual_receipt(), chain_hash=""),
    ],
)
def test_the_code_is_read_back_from_the_paper(put: Put, document: ReceiptDocument) -> None:
    assert codes_of(put(document)) == [qr_text(document)]


def test_the_code_holds_number_amount_and_hash() -> None:
    assert qr_text(usual_receipt()).split("/") == [
        "CR1",
        "0107-261123-0042",
        "1409.50",
        SAMPLE_HASH.upper(),
    ]


def test_the_code_is_read_whatever_the_hash(put: Put) -> None:
    for number in range(8):
        digits = hashlib.sha256(bytes([number])).hexdigest()
        document = replace(usual_receipt(), chain_hash=digits)
        assert codes_of(put(document)) == [qr_text(document)]


@pytest.mark.parametrize(("bill_count", "page_count"), [(3, 1), (40, 3), (240, 12)])
def test_many_bills_take_more_pages_and_none_is_lost(put: Put, bill_count: int, page_count: int) -> None:
    document = long_receipt(bill_count)
    pages = pages_of(put(document))
    assert len(pages) == page_count
    kwh = [int(found) for page in pages for found in re.findall(r" (\d+) +5\d\.\d\d +\d\.\d\d ", page)]
    assert kwh == [bill.kwh for bill in document.bills]
    for number, page in enumerate(pages, start=1):
        counted = said(document, "Page {page} of {pages}").format(page=number, pages=page_count)
        assert counted.replace(" ", "") in page.replace(" ", "")
        assert document.receipt_no in page
    assert [said(document, "(payee's seal)") in page for page in pages] == [
        number == page_count for number in range(1, page_count + 1)
    ]


def test_many_tenders_flow_like_bills(put: Put) -> None:
    references = tuple((Reference.PAYER, "某某市某某科技发展有限责任公司" * 3) for _ in range(20))
    transfers = tuple(Tender(TenderKind.TRANSFER, 100, references=references) for _ in range(20))
    document = replace(
        usual_receipt(),
        bills=(PaidBill(202610, 1, 2000, 0),),
        prepaid_in_fen=0,
        total_fen=2000,
        tenders=transfers,
    )
    text = text_of(put(document))
    assert text.count(said(document, "Bank transfer")) == 20


def test_the_largest_amount_fits(put: Put) -> None:
    amount_fen = 10**12 - 1
    document = replace(
        usual_receipt(),
        bills=(PaidBill(202610, 99_999_999, amount_fen, 0),),
        prepaid_in_fen=0,
        total_fen=amount_fen,
        tenders=(Tender(TenderKind.CASH, amount_fen),),
    )
    text = text_of(put(document))
    assert "¥9,999,999,999.99" in text
    assert "人民币玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分" in text


@pytest.mark.parametrize("document", [usual_receipt(), prepayment_receipt(), reversal_receipt()])
def test_a_usual_receipt_is_small(font: Font, document: ReceiptDocument) -> None:
    assert len(render_pdf(document, font=font)) <= SIZE_MAX


def test_equal_documents_give_equal_bytes_in_every_process(font: Font) -> None:
    code = (
        "import hashlib;from receipts.samples import usual_receipt;"
        "from receipts.fonts import load_font;"
        "from receipts.pdf import render_pdf;"
        "print(hashlib.sha256(render_pdf(usual_receipt(), font=load_font())).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    render_pdf(long_receipt(40), font=font)
    here = hashlib.sha256(render_pdf(usual_receipt(), font=font)).hexdigest()
    assert done.stdout.strip() == here


def test_the_file_names_nothing_of_this_machine(font: Font) -> None:
    content = render_pdf(usual_receipt(), font=font)
    assert b"/usr/" not in content
    assert b".ttf" not in content


def test_threads_take_turns(font: Font) -> None:
    documents = [usual_receipt(), prepayment_receipt(), reversal_receipt(), long_receipt(40)]
    expected = [render_pdf(document, font=font) for document in documents]
    made: list[list[bytes]] = [[] for _ in documents]

    def render(index: int) -> None:
        made[index] = [render_pdf(documents[index], font=font) for _ in range(3)]

    threads = [threading.Thread(target=render, args=(index,)) for index in range(len(documents))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [[content] * 3 for content in expected]
