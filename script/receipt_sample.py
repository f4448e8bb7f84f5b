#!/usr/bin/env python3
"""Draw the sample receipts: ``python script/receipt_sample.py FOLDER`` writes a PDF of each kind.

With ``--picture`` the usual one is also written as ``receipt-sample.png``, which the documents show.
Needs poppler-utils for the picture.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from receipts import samples
from receipts.fonts import load_font
from receipts.pdf import render_pdf


def main() -> None:
    """Write the files and say which."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--picture", action="store_true")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    usual = samples.usual_receipt()
    documents = {
        "usual": usual,
        "reprint": replace(usual, reprint=True),
        "english": replace(usual, language="en"),
        "prepayment": samples.prepayment_receipt(),
        "reversal": samples.reversal_receipt(),
        "forty-bills": samples.long_receipt(40),
    }
    for name, document in documents.items():
        path = arguments.folder / f"receipt-{name}.pdf"
        path.write_bytes(render_pdf(document, font=load_font()))
        print(path)
    if arguments.picture:
        picture = arguments.folder / "receipt-sample"
        pdf = arguments.folder / "receipt-usual.pdf"
        draw = ["pdftoppm", "-r", "110", "-gray", "-png", "-singlefile", pdf, picture]
        subprocess.run(draw, check=True)
        print(picture.with_suffix(".png"))


if __name__ == "__main__":
    main()
