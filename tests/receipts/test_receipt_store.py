"""Receipts as files: whole or not at all, and a full disk never hurts the payment."""

from __future__ import annotations

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from counter.errors import PrintFailed
from counter.i18n import _
from receipts.store import save_pdf

DAY = date(2026, 11, 23)
NUMBER = "0107-261123-0042"
NOBODY = 65534


def save(folder: Path, content: bytes = b"%PDF-1.4", *, reprint: bool = False) -> Path:
    """Save the usual number on the usual day."""
    return save_pdf(content, folder=folder, receipt_no=NUMBER, business_date=DAY, reprint=reprint)


def files_in(folder: Path) -> list[str]:
    """Every file below ``folder``, the temporary ones too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """A disk that is full after ``size`` bytes, for root and for everybody else."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def an_ordinary_user() -> Iterator[None]:
    """Give up root's rights for a while; whoever has none keeps what they have."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_receipt_lies_in_the_folder_of_its_day(tmp_path: Path) -> None:
    path = save(tmp_path / "receipts")
    assert path == tmp_path / "receipts/2026/11/23/0107-261123-0042.pdf"
    assert path.read_bytes() == b"%PDF-1.4"
    assert files_in(tmp_path) == ["receipts/2026/11/23/0107-261123-0042.pdf"]


def test_files_and_folders_are_for_the_owner_alone(tmp_path: Path) -> None:
    path = save(tmp_path / "receipts")
    modes = [stat.S_IMODE(place.stat().st_mode) for place in (path, *list(path.parents)[:4])]
    assert modes == [0o600, 0o700, 0o700, 0o700, 0o700]


def test_an_original_made_again_replaces_itself(tmp_path: Path) -> None:
    save(tmp_path, b"first")
    assert save(tmp_path, b"second").read_bytes() == b"second"
    assert len(files_in(tmp_path)) == 1


def test_every_reprint_gets_a_file_of_its_own(tmp_path: Path) -> None:
    original = save(tmp_path, b"original")
    reprints = [save(tmp_path, b"reprint", reprint=True) for _number in range(3)]
    assert [path.name for path in reprints] == [f"{NUMBER}-R{number}.pdf" for number in (1, 2, 3)]
    assert original.read_bytes() == b"original"


def test_a_full_disk_leaves_no_half_file_and_the_payment_stands(tmp_path: Path) -> None:
    save(tmp_path, b"whole")
    with files_no_larger_than(1000), pytest.raises(PrintFailed) as caught:
        save(tmp_path, b"x" * 20_000)
    assert caught.value.title == _("The receipt could not be saved.")
    assert caught.value.message == _(
        "The payment is posted and stands; its receipt waits in the list of unprinted ones."
    )
    assert caught.value.hint == _(
        "The disk is full: free some space in {folder}, then print the receipt again."
    ).format(folder=tmp_path)
    assert files_in(tmp_path) == [f"2026/11/23/{NUMBER}.pdf"]
    assert (tmp_path / f"2026/11/23/{NUMBER}.pdf").read_bytes() == b"whole"


def test_a_reprint_on_a_full_disk_takes_no_name(tmp_path: Path) -> None:
    with files_no_larger_than(1000), pytest.raises(PrintFailed):
        save(tmp_path, b"x" * 20_000, reprint=True)
    assert save(tmp_path, reprint=True).name == f"{NUMBER}-R1.pdf"


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "receipts"
    folder.mkdir(mode=0o500)
    with an_ordinary_user(), pytest.raises(PrintFailed) as caught:
        save(folder)
    assert caught.value.hint == _(
        "Writing to {folder} is not permitted: have that changed, then print the receipt again."
    ).format(folder=folder)


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "receipts"
    folder.write_text("in the way")
    with pytest.raises(PrintFailed) as caught:
        save(folder)
    assert str(folder) in caught.value.hint
    assert folder.read_text() == "in the way"


@pytest.mark.parametrize("number", ["", "../0042", "a/b", ".hidden", "a b", "0042\0", "-R1", "0042\n"])
def test_a_number_that_is_no_file_name_is_a_bug(tmp_path: Path, number: str) -> None:
    with pytest.raises(ValueError, match="receipt number"):
        save_pdf(b"", folder=tmp_path, receipt_no=number, business_date=DAY, reprint=False)
    assert files_in(tmp_path) == []
