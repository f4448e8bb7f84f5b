"""``counter bank inspect``: one object a file, and an error with its line for what cannot be read."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from counter.bank import reading
from counter.bank.statement import UnreadableError
from counter.cli import main
from tests.bank.samples import HERE, SHARED, expected, told, wanted

CAMT = HERE / "three_days.camt053.xml"
OFX = HERE / "two_accounts.ofx"
SAMPLES = {**expected("camt"), **expected("ofx"), **expected("mt940")}
"""Tables are held against the list beside their own reader."""
OWN_ACCOUNT = "camt/genkgo__test_data__camt052.v1.xml"
"""Its account stands under a name of the first draft, which the list passes over and we read."""


def inspected(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
    """The exit code, and an object for each line."""
    code = main(["bank", "inspect", "--json", *map(str, arguments)])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_object_a_file_with_amounts_as_decimal_strings(capsys: pytest.CaptureFixture[str]) -> None:
    code, (camt, ofx) = inspected(capsys, CAMT, OFX)
    assert (code, camt["format"], camt["encoding"], ofx["format"]) == (0, "camt.053", "utf-8", "ofx1")
    assert camt["statements"] == [
        {
            "account": "6222000011112222",
            "currency": "CNY",
            "opening": "-100.00",
            "closing": "199.95",
            "opening_date": "2026-03-01",
            "closing_date": "2026-03-03",
            "entries": 2,
            "credits": "300.00",
            "debits": "0.05",
            "balanced": True,
        }
    ]
    assert [each["account"] for each in ofx["statements"]] == ["A-1", "A-2"]


def test_entries_come_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    _, (camt,) = inspected(capsys, "--entries", CAMT)
    batch, back = camt["statements"][0]["lines"]
    assert (
        len(batch["details"]),
        batch["amount"],
        back["amount"],
        back["reversal"],
    ) == (2, "300.00", "-0.05", True)


def test_a_name_says_nothing_about_the_content(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CAMT.read_bytes())
    assert inspected(capsys, tmp_path / "a.csv")[1][0]["format"] == "camt.053"


def zipped(folder: Path) -> bytes:
    """An archive with a statement in it."""
    with zipfile.ZipFile(folder / "made.zip", "w") as archive:
        archive.write(CAMT, "statement.xml")
    return (folder / "made.zip").read_bytes()


def test_what_cannot_be_read_is_an_error_each_and_the_rest_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    archive = zipped(tmp_path)
    contents = {
        "empty": b"",
        "blank": b" \r\n",
        "zip": archive,
        "locked_zip": archive[:6] + b"\x01" + archive[7:],
        "locked_book": reading.OLE + bytes(600) + reading.ENCRYPTED_OFFICE,
        "binary": bytes(range(256)) * 40,
        "pdf": b"%PDF-1.7\n",
        "prose": b"Dear Sir,\n",
        "cut": CAMT.read_bytes()[:2000],
        "bomb": b'<!DOCTYPE a [<!ENTITY b "x">]>\n' + CAMT.read_bytes().partition(b"\n")[2],
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    code, found = inspected(
        capsys, *(tmp_path / name for name in contents), CAMT, tmp_path, tmp_path / "none"
    )
    readable = [each for each in found if "error" not in each]
    assert (1, len(contents) + 3, [str(CAMT)]) == (code, len(found), [each["file"] for each in readable])
    errors = [each for each in found if "error" in each]
    assert [{"file", "error", "line", "hint"}] * len(errors) == [set(each) for each in errors]
    assert all(each["error"] and each["hint"] for each in errors)
    assert not [each for each in errors if "reader failed" in each["error"]]


def test_a_file_of_half_a_gigabyte_is_refused_unread(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with (tmp_path / "huge").open("wb") as stream:
        os.truncate(stream.fileno(), 500_000_000)
    code, (huge,) = inspected(capsys, tmp_path / "huge")
    assert (code, huge["error"]) == (1, "The file has 500 MB; no more than 200 MB are read.")


def test_people_get_sentences(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["bank", "inspect", str(CAMT), str(tmp_path / "none")]) == 1
    said = capsys.readouterr().out
    assert "-100.00 + 300.00 - 0.05 = 199.95" in said
    assert "Traceback" not in said


def test_tags_that_are_nested_without_end_are_refused_before_they_fill_the_memory() -> None:
    with pytest.raises(UnreadableError) as refused:
        reading.read(b"<Document><BkToCstmrStmt>" + b"<a>" * 600_000)
    assert refused.value.hint == "endless"


def test_the_shared_samples_are_read_as_their_list_says() -> None:
    """All that are here; without the folder the project's own files stand for them."""
    for name, sample in SAMPLES.items():
        says = [wanted(each) for each in sample["statements"]]
        found = [told(each) for each in reading.read((SHARED / name).read_bytes()).statements]
        for each in found:
            each["account"] = each["account"] or None
        if name == OWN_ACCOUNT:
            says = [{**each, "account": "CH2801234000123456789"} for each in says]
        assert says == found, name
