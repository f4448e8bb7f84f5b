"""Any document on any form: which template, which fields, and which of the two ways of drawing.

A receipt on A5 is drawn by ``receipts.pdf``; everything else is set from a template, as PDF for sheets and as
dots for rolls.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from counter.errors import PrintFailed
from counter.i18n import _
from receipts import contents, contents_days, contents_reports, words
from receipts.day_summary import DaySummary
from receipts.deposit import DepositSlip
from receipts.document import ReceiptDocument
from receipts.fonts import Font
from receipts.form_pdf import draw_pages
from receipts.forms import Measures, measures
from receipts.layout import Fields, Row, Setter
from receipts.pdf import missing_characters, render_pdf
from receipts.printers import Form
from receipts.reports import ShiftReport
from receipts.template import TemplateFault, load_template
from receipts.testpage import TestPage
from receipts.text import clean

if TYPE_CHECKING:
    from PIL.Image import Image

Paperwork: TypeAlias = ShiftReport | DepositSlip | DaySummary | TestPage
Document: TypeAlias = ReceiptDocument | Paperwork


def name_of(document: Document) -> str:
    """The document's own number, which is also its file's name."""
    return document.receipt_no if isinstance(document, ReceiptDocument) else document.name


def is_reprint(document: Document) -> bool:
    """Whether it was made before."""
    return not isinstance(document, TestPage) and document.reprint


def missing_in(document: Document, *, font: Font) -> str:
    """The characters of the document that no font has."""
    if isinstance(document, ReceiptDocument):
        return missing_characters(document, font=font)
    return font.missing(clean("".join(_texts(_fields(document, font)[1]))))


def _texts(fields: Fields) -> Iterator[str]:
    """Every text among the fields."""
    for value in fields.values():
        if isinstance(value, str):
            yield value.replace("\n", "")
        elif not isinstance(value, bool):
            for row in value:
                yield from _texts(row)


def as_pdf(document: Document, form: Form, *, font: Font, templates: Path | None = None) -> bytes:
    """``document`` as PDF on a sheet; raises PrintFailed for a template that cannot be used."""
    assert not form.thermal, form
    if isinstance(document, ReceiptDocument) and form is Form.A5:
        return render_pdf(document, font=font)
    pages, paper = _set(document, form, font, templates)
    return draw_pages(pages, paper, font, title=name_of(document), _=words.translator(document))


def as_picture(document: Document, form: Form, *, font: Font, templates: Path | None = None) -> Image:
    """``document`` in black and white dots for a roll; raises PrintFailed."""
    from receipts.raster import rasterise

    assert form.thermal, form
    pages, paper = _set(document, form, font, templates)
    return rasterise([row for page in pages for row in page], paper, font)


def _set(
    document: Document, form: Form, font: Font, templates: Path | None
) -> tuple[list[list[Row]], Measures]:
    """The pages of the document's template."""
    kind, fields = _fields(document, font)
    try:
        template = load_template(kind, form, templates)
    except TemplateFault as fault:
        raise template_failed(fault) from fault
    paper = measures(form, landscape=template.landscape)
    try:
        return Setter(font, paper, words.translator(document)).pages(template, fields), paper
    except TemplateFault as fault:
        raise template_failed(TemplateFault(f"{template.source}: {fault}")) from fault


def _fields(document: Document, font: Font) -> tuple[str, Fields]:
    """Which template a document takes, and what it can show."""
    translate = words.translator(document)
    if isinstance(document, ReceiptDocument):
        missing = missing_characters(document, font=font)
        return "receipt", contents.receipt_fields(document, missing, translate)
    if isinstance(document, ShiftReport):
        return "report", contents_reports.report_fields(document, translate)
    if isinstance(document, DepositSlip):
        return "deposit", contents_reports.deposit_fields(document, translate)
    if isinstance(document, DaySummary):
        return "day", contents_days.day_fields(document, translate)
    return "test", contents_reports.page_fields(document, translate)


def template_failed(fault: TemplateFault) -> PrintFailed:
    """A template of the bureau's own that cannot be used."""
    return PrintFailed(
        _("The paper was not printed: its template is wrong."),
        _("Nothing else is affected; what was posted stands."),
        _("Correct it or take it away: {fault}").format(fault=fault),
    )
