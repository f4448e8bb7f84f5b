"""Every character is drawn by a font that has it, or is reported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from receipts.fonts import Font, load_font
from receipts.truetype import unicode_map

RARE = "𬭎䶮𤋮㛃喆鱻"
NO_FONT_HAS_IT = "\U0010fffd"


@pytest.mark.parametrize("character", RARE)
def test_rare_characters_have_a_glyph_of_their_own(font: Font, character: str) -> None:
    assert font.home(character)
    assert font.missing(character) == ""


def test_the_font_is_loaded_once(font: Font) -> None:
    assert load_font() is font


def test_another_font_is_asked_for_what_the_first_lacks(font: Font) -> None:
    drawn = font.runs("王😀")
    assert [run.text for run in drawn] == ["王", "😀"]
    assert drawn[0].font_name != drawn[1].font_name


def test_a_character_that_no_font_has_is_marked_and_reported(font: Font) -> None:
    text = f"王{NO_FONT_HAS_IT}明{NO_FONT_HAS_IT}"
    assert "".join(run.text for run in font.runs(text)) == "王〓明〓"
    assert font.missing(text) == NO_FONT_HAS_IT


def test_the_bureaus_own_font_file_comes_first(font: Font) -> None:
    own = next(Path("/usr/share/fonts").rglob("LXGWWenKai-Bold.ttf"))
    assert load_font(own).name.startswith("LXGWWenKai-Bold")


@pytest.mark.parametrize("content", [b"", b"no font", b"OTTO" + bytes(100)])
def test_a_font_file_of_no_use_is_passed_over(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(content)
    assert not load_font(broken).fallback
    assert load_font(broken, directories=()).fallback


def test_without_a_font_file_the_rare_characters_are_known_to_be_missing() -> None:
    unembedded = load_font(directories=())
    assert unembedded.fallback
    assert unembedded.missing("王小明𬭎䶮鱻¥·（￥）1,409.50") == "𬭎䶮·"


def test_the_text_mapping_is_utf_16_in_blocks_of_a_hundred() -> None:
    mapping = unicode_map([0x2CB4E, *range(0x4E00, 0x4E00 + 120)])
    assert "<00> <D872DF4E>" in mapping
    assert "100 beginbfchar" in mapping
    assert "21 beginbfchar" in mapping


def test_the_screens_do_not_load_the_font_or_reportlab() -> None:
    code = "import sys, receipts.document; print('reportlab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"
