#!/usr/bin/env python3
"""Draw the sample papers: ``python script/receipt_sample.py FOLDER`` writes each kind on each form.

Sheets are PDF, rolls PNG. With ``--pictures`` only the ones that the documents show are written, as
``receipt-*.png``; that needs poppler-utils.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from receipts import sample_reports, samples
from receipts.fonts import load_font
from receipts.papers import Document, as_pdf, as_picture
from receipts.printers import Form

USUAL = samples.usual_receipt()
DOCUMENTS: dict[str, Document] = {
    "usual": USUAL,
    "reprint": replace(USUAL, reprint=True),
    "void": replace(USUAL, reprint=True, reversed_by="0107-261123-0044"),
    "english": replace(USUAL, language="en"),
    "prepayment": samples.prepayment_receipt(),
    "reversal": samples.reversal_receipt(),
    "instalment": samples.instalment_receipt(),
    "refund": samples.refund_receipt(),
    "transfer": samples.transfer_receipt(),
    "cards": samples.card_sale_receipt(),
    "tenders": samples.mixed_receipt(),
    "accounts": samples.many_accounts_receipt(60),
    "forty-bills": samples.long_receipt(40),
    "z-report": sample_reports.z_report(),
    "x-report": sample_reports.blind_x_report(),
    "deposit": sample_reports.deposit_slip(),
    "test-page": sample_reports.sample_test_page(),
}
PICTURES = (
    ("sample", "usual", Form.A5, 110),
    ("void", "void", Form.A5, 70),
    ("tractor", "tenders", Form.TRACTOR241, 70),
    ("thermal", "void", Form.THERMAL80, 0),
    ("z-report", "z-report", Form.A5, 90),
    ("deposit", "deposit", Form.A5, 80),
)
"""Name in the documents, which paper, on which form, at how many dots to the inch."""


def main() -> None:
    """Write the files and say which."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", action="store_true")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if arguments.pictures:
        for name, document, form, dpi in PICTURES:
            print(picture(arguments.folder / f"receipt-{name}.png", DOCUMENTS[document], form, dpi))
        return
    for name, document in DOCUMENTS.items():
        for form in Form:
            print(write(arguments.folder / f"{name}-{form}", document, form))


def write(path: Path, document: Document, form: Form) -> Path:
    """One paper in a file of its own kind."""
    if form.thermal:
        path = path.with_suffix(".png")
        as_picture(document, form, font=load_font()).save(path, optimize=True)
    else:
        path = path.with_suffix(".pdf")
        path.write_bytes(as_pdf(document, form, font=load_font()))
    return path


def picture(path: Path, document: Document, form: Form, dpi: int) -> Path:
    """The first page as a picture."""
    if form.thermal:
        return write(path, document, form)
    with TemporaryDirectory() as folder:
        pdf = write(Path(folder) / "page", document, form)
        draw = ["pdftoppm", "-r", str(dpi), "-gray", "-png", "-singlefile", pdf, path.with_suffix("")]
        subprocess.run(draw, check=True)
    return path


if __name__ == "__main__":
    main()
