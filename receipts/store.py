"""Keeping receipts as files: RECEIPTS/2026/11/23/0107-261123-0042.pdf.

A file is there whole or not at all: it is written beside its place, forced to the disk and then
renamed. Receipts name people and where they live, so files and folders are the owner's alone.
Whatever goes wrong is PrintFailed: the payment was posted before and stands.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import tempfile
from datetime import date
from pathlib import Path

from counter.errors import PrintFailed
from counter.i18n import _

_RECEIPT_NO = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_logger = logging.getLogger(__name__)


def save_pdf(content: bytes, *, folder: Path, receipt_no: str, business_date: date, reprint: bool) -> Path:
    """Keep ``content`` under the day's folder and return its path.

    An original replaces itself when it is made again; every reprint gets a file of its own,
    ``…-R1.pdf``, ``…-R2.pdf``. Raises PrintFailed when the disk will not take it, and ValueError
    for a receipt number that is no file name.
    """
    if not _RECEIPT_NO.fullmatch(receipt_no):
        raise ValueError(f"receipt number {receipt_no!r}")
    try:
        return _save(content, folder / business_date.strftime("%Y/%m/%d"), receipt_no, reprint=reprint)
    except OSError as error:
        _logger.warning("receipt %s not saved: %s", receipt_no, error.strerror or error)
        raise _save_failed(error, folder) from error


def _save(content: bytes, day_folder: Path, receipt_no: str, *, reprint: bool) -> Path:
    """Write to a temporary file in the day's folder and move it to its name; raises OSError."""
    _make_folders(day_folder)
    handle, name = tempfile.mkstemp(prefix=f".{receipt_no}-", suffix=".tmp", dir=day_folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path = _free_reprint(day_folder, receipt_no) if reprint else day_folder / f"{receipt_no}.pdf"
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(day_folder)
    return path


def _make_folders(folder: Path) -> None:
    """The folder and those above it, for the owner's eyes only."""
    if not folder.is_dir():
        _make_folders(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _free_reprint(folder: Path, receipt_no: str) -> Path:
    """The next free name of a reprint, taken with an empty file so that no other desk takes it."""
    number = 1
    while True:
        path = folder / f"{receipt_no}-R{number}.pdf"
        try:
            path.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            number += 1
        else:
            return path


def _sync_folder(folder: Path) -> None:
    """Force the new name to the disk as well."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _save_failed(error: OSError, folder: Path) -> PrintFailed:
    """The three sentences for the desk."""
    title = _("The receipt could not be saved.")
    stands = _("The payment is posted and stands; its receipt waits in the list of unprinted ones.")
    if error.errno in _FULL:
        hint = _("The disk is full: free some space in {folder}, then print the receipt again.")
    elif error.errno in _FORBIDDEN:
        hint = _("Writing to {folder} is not permitted: have that changed, then print the receipt again.")
    else:
        hint = _("{folder} cannot be written ({reason}): mend that, then print the receipt again.")
    return PrintFailed(title, stands, hint.format(folder=folder, reason=error.strerror or error))
