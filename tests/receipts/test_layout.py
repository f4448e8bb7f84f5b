"""Whatever stands in a document, every piece of type lies on its paper, and none of it is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receipts import contents, contents_reports, samples, words
from receipts.document import PaidBill, ReceiptDocument, Tender, TenderKind
from receipts.fonts import load_font
from receipts.forms import measures
from receipts.layout import Box, Code, Fields, Row, Setter, Text
from receipts.printers import Form
from receipts.sample_reports import deposit_slip, z_report
from receipts.template import load_template
from receipts.text import clean

FORMS = tuple(form for form in Form if form is not Form.A5)
ANYTHING = st.text(
    alphabet=st.one_of(
        st.sampled_from("王𬭎[]{}<>&'\";-–—…０１２ \t\n\0"),
        st.characters(codec="utf-8", max_codepoint=0x2FFFF),
    ),
    max_size=70,
)


def rows(kind: str, fields: Fields, form: Form, language: str = "zh_CN") -> list[Row]:
    """Everything that is set of a document on a form."""
    template = load_template(kind, form)
    paper = measures(form, landscape=template.landscape)
    setter = Setter(load_font(), paper, words.translator(replace(samples.usual_receipt(), language=language)))
    return [row for page in setter.pages(template, fields) for row in page]


def receipt(document: ReceiptDocument, form: Form) -> list[Row]:
    """A receipt's rows."""
    fields = contents.receipt_fields(document, "", words.translator(document))
    return rows("receipt", fields, form, document.language)


def assert_on_paper(set_rows: list[Row], form: Form, *, landscape: bool = False) -> None:
    """No mark begins left of the line or ends right of it."""
    line_width = measures(form, landscape=landscape).line_width
    for row in set_rows:
        for mark in row.marks:
            if isinstance(mark, Text):
                width = load_font().width(mark.text, mark.size)
            elif isinstance(mark, Code):
                width = mark.side
            else:
                width = mark.width
            assert mark.x >= -0.01, mark
            assert mark.x + width <= line_width + 0.5, mark


@pytest.mark.parametrize("form", FORMS)
@given(name=ANYTHING, reason=ANYTHING)
@settings(max_examples=40, deadline=None)
def test_any_name_lies_on_the_paper_and_is_whole(form: Form, name: str, reason: str) -> None:
    usual = samples.usual_receipt()
    document = replace(usual, customer=replace(usual.customer, name=name, address=reason), reason=reason)
    made = receipt(document, form)
    assert_on_paper(made, form)
    said = "".join(mark.text for row in made for mark in row.marks if isinstance(mark, Text))
    assert "".join(clean(name).split()) in "".join(said.split())


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_the_largest_amounts_lie_on_the_paper(form: Form, language: str) -> None:
    most_fen = 10**12 - 1
    document = replace(
        samples.usual_receipt(),
        language=language,
        bills=(PaidBill(202610, 99_999_999, most_fen - 1, 1),),
        prepaid_in_fen=0,
        prepaid_after_fen=most_fen,
        arrears_after_fen=most_fen,
        total_fen=most_fen,
        tenders=(Tender(TenderKind.CASH, most_fen),),
    )
    assert_on_paper(receipt(document, form), form)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("form", Form)
def test_reports_and_slips_lie_on_the_paper(form: Form, language: str) -> None:
    report = replace(z_report(), language=language, float_fen=10**12, cash_expected_fen=10**12)
    slip = replace(deposit_slip(), language=language)
    translate = words.translator(report)
    assert_on_paper(rows("report", contents_reports.report_fields(report, translate), form, language), form)
    set_rows = rows("deposit", contents_reports.deposit_fields(slip, translate), form, language)
    assert_on_paper(set_rows, form, landscape=True)


def test_the_best_hour_has_the_longest_bar() -> None:
    fields = contents_reports.report_fields(z_report(), words.translator(z_report()))
    made = rows("report", fields, Form.A5)
    bars = [mark.width for row in made for mark in row.marks if isinstance(mark, Box) and mark.filled]
    hours = [hour.amount_fen for hour in z_report().hours]
    assert bars.index(max(bars)) == hours.index(max(hours))
    assert sorted(range(len(bars)), key=bars.__getitem__) == sorted(range(len(hours)), key=hours.__getitem__)
