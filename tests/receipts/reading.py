"""Reading a PDF with poppler and zbar: what a viewer, a printer and a telephone see."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from PIL import Image


def run(*command: str | Path) -> str:
    """The output of a tool that must succeed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, check=True)
    return done.stdout.decode()


def text_of(pdf: Path) -> str:
    """The text of all pages, laid out as on the paper."""
    return run("pdftotext", "-layout", "-enc", "UTF-8", pdf, "-")


def pages_of(pdf: Path) -> list[str]:
    """The text of each page."""
    return text_of(pdf).split("\f")[:-1]


def fonts_of(pdf: Path) -> list[Sequence[str]]:
    """Name, embedded, subset and unicode of every font, as ``pdffonts`` says."""
    lines = run("pdffonts", pdf).splitlines()[2:]
    pattern = re.compile(r"(\S+) .* (yes|no) +(yes|no) +(yes|no) +\d+ +\d+$")
    return [match.groups() for line in lines if (match := pattern.match(line))]


def image_of(pdf: Path, *, dpi: int = 150) -> Image.Image:
    """The first page as a grey picture."""
    run(
        "pdftoppm",
        "-r",
        str(dpi),
        "-f",
        "1",
        "-l",
        "1",
        "-gray",
        "-singlefile",
        pdf,
        pdf.with_suffix(""),
    )
    with Image.open(pdf.with_suffix(".pgm")) as picture:
        return picture.copy()


def codes_of(pdf: Path) -> list[str]:
    """What a QR reader finds on the last page."""
    pages = re.search(r"Pages: +(\d+)", run("pdfinfo", pdf))
    assert pages is not None
    run("pdftoppm", "-r", "150", "-f", pages[1], "-png", "-singlefile", pdf, pdf.with_suffix(""))
    return run("zbarimg", "-q", "--raw", pdf.with_suffix(".png")).splitlines()
