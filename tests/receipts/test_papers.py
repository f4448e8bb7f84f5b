"""Every document on every form, read back: by pdftotext from sheets, by shape and code from rolls."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from counter.i18n import translations
from receipts import sample_reports, samples, words
from receipts.document import PaidAccount, ReceiptDocument
from receipts.fonts import Font, load_font
from receipts.forms import measures
from receipts.papers import Document, as_pdf, as_picture
from receipts.pdf import render_pdf
from receipts.printers import Form
from receipts.qr import qr_text
from receipts.testpage import RARE_CHARACTERS
from tests.receipts.reading import codes_of, pages_of, run, text_of

SHEETS = (Form.A5, Form.TRACTOR241, Form.TRACTOR241_HALF)
ROLLS = (Form.THERMAL80, Form.THERMAL58)
RECEIPTS: dict[str, ReceiptDocument] = {
    "usual": samples.usual_receipt(),
    "prepayment": samples.prepayment_receipt(),
    "reversal": samples.reversal_receipt(),
    "instalment": samples.instalment_receipt(),
    "refund": samples.refund_receipt(),
    "transfer": samples.transfer_receipt(),
    "cards": samples.card_sale_receipt(),
    "vend": samples.vend_receipt(),
    "token": samples.token_receipt(),
    "mixed": samples.mixed_receipt(),
    "many": samples.many_accounts_receipt(70),
}
DOCUMENTS: dict[str, Document] = {
    **RECEIPTS,
    "z": sample_reports.z_report(),
    "x": sample_reports.blind_x_report(),
    "deposit": sample_reports.deposit_slip(),
    "day": sample_reports.day_summary(),
    "test": sample_reports.sample_test_page(),
}


def paper(document: Document, form: Form, font: Font, folder: Path) -> Path:
    """The document's PDF in a file."""
    path = folder / f"{form}.pdf"
    path.write_bytes(as_pdf(document, form, font=font))
    return path


def squeezed(text: str) -> str:
    """Text without blanks and line ends, as columns break it."""
    return "".join(text.split())


def said(message: str) -> str:
    """A sentence in Chinese."""
    return translations("zh_CN").gettext(message)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_there_is_a_template_for_every_document_on_every_form(
    font: Font, name: str, form: Form, language: str
) -> None:
    document = replace(DOCUMENTS[name], language=language)
    if form.thermal:
        assert as_picture(document, form, font=font).width == measures(form).width
    else:
        assert as_pdf(document, form, font=font).startswith(b"%PDF-")


@pytest.mark.parametrize("form", SHEETS)
@pytest.mark.parametrize("name", RECEIPTS)
def test_number_total_and_capitals_are_on_every_sheet(
    font: Font, tmp_path: Path, name: str, form: Form
) -> None:
    document = RECEIPTS[name]
    text = squeezed(text_of(paper(document, form, font, tmp_path)))

    expected = [document.receipt_no, words.yuan(document.total_fen), words.capitals(document, said)]
    expected += [words.title(document, said), document.desk.clerk_name]
    expected += [value for tender in document.tenders for _, value in tender.references]
    assert [part for part in expected if squeezed(part) not in text] == []


@pytest.mark.parametrize("form", SHEETS)
def test_a_void_receipt_says_so_with_the_number_that_reversed_it(
    font: Font, tmp_path: Path, form: Form
) -> None:
    document = replace(samples.usual_receipt(), reprint=True, reversed_by="0107-261123-0044")
    text = text_of(paper(document, form, font, tmp_path))
    assert said("VOID: reversed by No. {number}").format(number="0107-261123-0044") in text
    assert said("REPRINT") in text


def test_a_receipt_that_stands_is_not_void(font: Font, tmp_path: Path) -> None:
    assert said("VOID") not in text_of(paper(samples.usual_receipt(), Form.A5, font, tmp_path))


def test_the_void_word_lies_across_every_page(font: Font, tmp_path: Path) -> None:
    document = replace(samples.many_accounts_receipt(70), reversed_by="0107-261123-0050")
    pages = pages_of(paper(document, Form.A5, font, tmp_path))
    assert [set(said("VOID")) <= set(page) for page in pages] == [True] * 4


@pytest.mark.parametrize("form", SHEETS)
def test_a_waiver_shows_the_original_amount(font: Font, tmp_path: Path, form: Form) -> None:
    text = text_of(paper(samples.mixed_receipt(), form, font, tmp_path))
    waived = said("late fee {original}, waived {waived}").format(original="34.10", waived="10.00")
    assert squeezed(waived) in squeezed(text)


@pytest.mark.parametrize("form", [Form.A5, Form.TRACTOR241])
def test_every_account_of_the_payer_has_its_row_in_order(font: Font, tmp_path: Path, form: Form) -> None:
    document = samples.many_accounts_receipt(70)
    text = text_of(paper(document, form, font, tmp_path))
    places = [text.find(account.account_no) for account in document.accounts]
    assert -1 not in places
    assert places == sorted(places)


def test_two_thousand_accounts_are_all_there(font: Font, tmp_path: Path) -> None:
    document = samples.many_accounts_receipt(2000)
    pages = pages_of(paper(document, Form.A5, font, tmp_path))
    rows = [line for page in pages for line in page.splitlines() if line.lstrip().startswith("0107000")]
    assert len(rows) == 2000
    assert said("Page {page} of {pages}").format(page=78, pages=78).replace(" ", "") in squeezed(pages[-1])


def test_hostile_account_names_are_text(font: Font, tmp_path: Path) -> None:
    names = ("[/]{total}", "'; --", "<b>&amp;", "{@till}", "\0空", "１２３")
    accounts = tuple(
        PaidAccount(f"01070000000{number}", name, name, principal_fen=100)
        for number, name in enumerate(names)
    )
    many = samples.many_accounts_receipt(1)
    tender = replace(many.tenders[0], amount_fen=600)
    document = replace(many, accounts=accounts, total_fen=600, tenders=(tender,))
    for form in SHEETS:
        text = text_of(paper(document, form, font, tmp_path))
        assert [name for name in names if name.replace("\0", "") not in text] == []


@pytest.mark.parametrize("form", SHEETS)
def test_the_codes_of_sheets_are_read_back(font: Font, tmp_path: Path, form: Form) -> None:
    document = samples.prepayment_receipt()
    assert codes_of(paper(document, form, font, tmp_path)) == [qr_text(document)]


@pytest.mark.parametrize("form", ROLLS)
def test_the_codes_of_rolls_are_read_back(font: Font, tmp_path: Path, form: Form) -> None:
    document = samples.mixed_receipt()
    path = tmp_path / "roll.png"
    as_picture(document, form, font=font).save(path)
    assert run("zbarimg", "-q", "--raw", path).splitlines() == [qr_text(document)]


@pytest.mark.parametrize("character", RARE_CHARACTERS)
def test_rare_characters_are_drawn_in_dots_and_not_as_boxes(font: Font, character: str) -> None:
    def dots(name: str) -> bytes:
        usual = samples.usual_receipt()
        document = replace(usual, customer=replace(usual.customer, name=name))
        return as_picture(document, Form.THERMAL58, font=font).tobytes()

    assert len({dots(character), dots("\U0010fffd"), dots("王")}) == 3


def test_a_roll_knows_black_and_white_only(font: Font) -> None:
    picture = as_picture(samples.usual_receipt(), Form.THERMAL80, font=font)
    assert picture.mode == "1"


def test_the_tractor_form_is_an_exact_part_of_eleven_inches(font: Font, tmp_path: Path) -> None:
    sizes = {}
    for form in (Form.TRACTOR241, Form.TRACTOR241_HALF):
        info = run("pdfinfo", paper(samples.usual_receipt(), form, font, tmp_path))
        sizes[form] = next(line.split()[2:5:2] for line in info.splitlines() if line.startswith("Page size"))
    assert sizes == {Form.TRACTOR241: ["683.15", "396"], Form.TRACTOR241_HALF: ["683.15", "264"]}


@pytest.mark.parametrize("form", [Form.TRACTOR241, Form.TRACTOR241_HALF])
def test_nothing_is_printed_on_the_strips_with_the_holes(font: Font, tmp_path: Path, form: Form) -> None:
    path = paper(samples.mixed_receipt(), form, font, tmp_path)
    run("pdftoppm", "-r", "72", "-f", "1", "-l", "1", "-gray", "-singlefile", path, tmp_path / "page")
    with Image.open(tmp_path / "page.pgm") as picture:
        ink = picture.point(lambda grey: 255 - grey).getbbox()
    assert ink is not None
    assert ink[0] >= 53
    assert ink[2] <= 683 - 53


def test_a_usual_receipt_needs_one_page_of_each_form(font: Font, tmp_path: Path) -> None:
    counts = [len(pages_of(paper(samples.usual_receipt(), form, font, tmp_path))) for form in SHEETS]
    assert counts == [1, 1, 1]


@pytest.mark.parametrize("form", SHEETS)
def test_a_z_report_shows_the_whole_shift(font: Font, tmp_path: Path, form: Form) -> None:
    text = squeezed(text_of(paper(sample_reports.z_report(), form, font, tmp_path)))
    expected = (
        *("Z0128", "107", "陈晓燕、王𬭎", "2026-11-2308:00:00", "2026-11-2317:31:00", "500.00"),
        *("19,051.60", "14,104.50", "6,840.00", "39,996.10", "-1,409.50", "-50.00", "换零钱", "-500.00"),
        *("18,911.60", "18,911.50", "0.10", "18,700.00", "×180", "0107-261123-0001", "0107-261123-0124"),
        *("0107-261123-0042", "金额录错", "15:00", "9,800.00", "9F2C4E1A"),
        *(
            said(label)
            for label in ("Clerk (signature)", "Supervisor (signature)", "Cash over", "Cash short")
        ),
    )
    assert [part for part in expected if squeezed(part) not in text] == []


def test_a_blind_x_report_does_not_tell_the_expected_cash(font: Font, tmp_path: Path) -> None:
    text = text_of(paper(sample_reports.blind_x_report(), Form.A5, font, tmp_path))
    assert "18,911" not in text
    assert said("Cash over") not in text


@pytest.mark.parametrize("form", SHEETS)
def test_a_deposit_slip_lists_what_is_in_the_bag(font: Font, tmp_path: Path, form: Form) -> None:
    text = squeezed(text_of(paper(sample_reports.deposit_slip(), form, font, tmp_path)))
    expected = (
        *("D01-261123-02", "示范银行城东支行", "****5678", "李强", "F2026-00981", "18,411.00", "10203040"),
        *("鱻喆餐饮店", "01234568", "000077", "Z0128", "Z0096", "¥39,556.00", "人民币叁万玖仟伍佰伍拾陆元整"),
        *(said(label) for label in ("Hall (signature)", "Carrier (signature)", "Bank (signature)")),
    )
    assert [part for part in expected if squeezed(part) not in text] == []


@pytest.mark.parametrize("form", SHEETS)
def test_a_test_page_shows_rare_characters_and_the_printer(font: Font, tmp_path: Path, form: Form) -> None:
    page = sample_reports.sample_test_page(form)
    text = text_of(paper(page, form, font, tmp_path))
    assert page.printer is not None
    expected = (RARE_CHARACTERS, page.printer.name, page.printer.address, form.value)
    assert [part for part in expected if part not in text] == []


def test_equal_reports_give_equal_bytes(font: Font) -> None:
    made = [as_pdf(sample_reports.z_report(), Form.TRACTOR241, font=font) for _ in range(2)]
    assert made[0] == made[1]


def test_the_a5_receipt_is_the_one_that_code_draws(font: Font) -> None:
    usual = samples.usual_receipt()
    assert as_pdf(usual, Form.A5, font=font) == render_pdf(usual, font=font)


def test_a_roll_without_a_font_file_is_refused_with_a_sentence() -> None:
    from counter.errors import PrintFailed

    with pytest.raises(PrintFailed) as caught:
        as_picture(samples.usual_receipt(), Form.THERMAL80, font=load_font(directories=()))
    assert "font_file" in caught.value.hint


@pytest.mark.parametrize("form", SHEETS)
def test_a_token_is_on_every_sheet_in_groups_of_four_and_the_largest_of_all(
    font: Font, tmp_path: Path, form: Form
) -> None:
    path = paper(RECEIPTS["token"], form, font, tmp_path)
    token = "1234 5678 9012 3456 7890"
    assert token in " ".join(text_of(path).split())
    shown = run("pdftotext", "-bbox", str(path), "-")
    heights = {
        word: float(bottom) - float(top)
        for top, bottom, word in re.findall(r'yMin="([\d.]+)"[^>]*yMax="([\d.]+)">([^<]*)<', shown)
    }
    assert heights["1234"] == max(heights.values())
    assert heights["1234"] > 1.4 * heights["0107-261123-0052"]


@pytest.mark.parametrize("form", ROLLS)
def test_a_token_is_large_on_a_roll_and_gone_without_it(font: Font, form: Form) -> None:
    sold = RECEIPTS["token"]
    assert sold.token
    waiting = replace(sold, token=replace(sold.token, digits=""))
    taller = as_picture(sold, form, font=font).height - as_picture(waiting, form, font=font).height
    assert taller > measures(form).sizes["huge"]


@pytest.mark.parametrize(
    ("changes", "words_"),
    [
        ({}, "Type the token into meter"),
        ({"digits": ""}, "there is no token yet"),
        ({"digits": "", "refused": True}, "there will be none"),
    ],
)
def test_a_paper_says_how_the_token_stands(
    font: Font, tmp_path: Path, changes: dict[str, Any], words_: str
) -> None:
    sold = RECEIPTS["token"]
    assert sold.token
    document = replace(sold, token=replace(sold.token, **changes), language="en")
    text = " ".join(text_of(paper(document, Form.A5, font, tmp_path)).split())
    assert words_ in text
    assert ("1234 5678 9012 3456 7890" in text) is not changes.get("refused", "digits" in changes)
