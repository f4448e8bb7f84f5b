"""Templates are data: a bureau's own come first, and a wrong one is named and not half printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from counter.errors import PrintFailed
from receipts.fonts import Font
from receipts.layout import Row, Rule, paginate
from receipts.papers import as_pdf, as_picture
from receipts.printers import Form
from receipts.samples import many_accounts_receipt, usual_receipt
from receipts.template import TemplateFault, load_template
from tests.receipts.reading import text_of

MARK = (Rule(0, 0, 1),)


def own(folder: Path, content: str, name: str = "receipt-tractor241.toml") -> Path:
    """A folder with one template of the bureau's own."""
    (folder / name).write_text(content, "utf-8")
    return folder


def test_the_bureaus_own_template_comes_first(font: Font, tmp_path: Path) -> None:
    folder = own(tmp_path, '[[line]]\ntext = "本局收据 {receipt_no} {name}"\n')
    path = tmp_path / "own.pdf"
    path.write_bytes(as_pdf(usual_receipt(), Form.TRACTOR241, font=font, templates=folder))
    text = text_of(path)
    assert "本局收据 0107-261123-0042 王𬭎" in text
    assert "010700123456" not in text


def test_a_folder_without_the_file_leaves_the_built_in_one(tmp_path: Path) -> None:
    assert load_template("receipt", Form.THERMAL80, tmp_path) == load_template("receipt", Form.THERMAL80)


def test_the_narrow_form_follows_the_bureaus_own_wide_one(tmp_path: Path) -> None:
    folder = own(tmp_path, '[[line]]\ntext = "x"\n')
    assert len(load_template("receipt", Form.TRACTOR241_HALF, folder).lines) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "there is no [[line]]"),
        ("[[line]\n", "receipt-tractor241.toml"),
        ("[[line]]\ntext = 1\n", "line 1, cell 1: text"),
        ('[[line]]\ntxet = "a"\n', "there is no key 'txet'"),
        ('[[line]]\ntext = "a"\nalign = "middle"\n', "left, centre, right"),
        ('[[line]]\ntext = "a"\nsize = "giant"\n', "small, normal"),
        ('[[line]]\ncells = [{ text = "a", width = 2 }]\n', "0 to 1"),
        ('[[line]]\ntext = "a"\ncells = []\n', "either a text"),
        ('[[line]]\ntext = "a"\nmost = -1\n', "whole number"),
        ("[[line]]\ngap = 99\n", "0 to 40"),
        ('[[line]]\ntext = "a"\nbold = "yes"\n', "true or false"),
        ('[[line]]\ntext = "a"\nrepeat = "__class__"\n', "__class__"),
        ('same_as = "tractor241"\n', "no other form"),
        ('same_as = "a4"\n', "no other form"),
        ('[[line]]\ntext = "a"\n[extra]\n', "there is no key 'extra'"),
        ('[[line]]\ntext = "{no_such_field}"\n', "no_such_field"),
        ('[[line]]\ntext = "{@no_such_label}"\n', "no_such_label"),
        ('[[line]]\ntext = "{bills}"\n', "is no text"),
        ('[[line]]\nrepeat = "name"\ntext = "a"\n', "is no list"),
        ('[[line]]\ntext = "a"\nwhen = "nothing"\n', "nothing"),
        ('line = "a"\n', "list of tables"),
        ("line = [1]\n", "a table is wanted"),
    ],
)
def test_a_wrong_template_is_named_with_what_is_wrong(
    font: Font, tmp_path: Path, content: str, told: str
) -> None:
    folder = own(tmp_path, content)
    with pytest.raises(PrintFailed) as caught:
        as_pdf(usual_receipt(), Form.TRACTOR241, font=font, templates=folder)
    assert told in caught.value.hint


def test_a_template_that_is_no_text_is_named(font: Font, tmp_path: Path) -> None:
    (tmp_path / "receipt-tractor241.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateFault, match=r"receipt-tractor241\.toml"):
        load_template("receipt", Form.TRACTOR241, tmp_path)


def test_a_list_ends_where_the_template_says(font: Font, tmp_path: Path) -> None:
    long = as_picture(many_accounts_receipt(2000), Form.THERMAL80, font=font).height
    assert long == as_picture(many_accounts_receipt(61), Form.THERMAL80, font=font).height


def test_a_page_takes_one_row_at_least_and_blank_space_does_not_begin_it() -> None:
    tall, small, blank = Row(100, MARK), Row(10, MARK), Row(10)
    assert paginate([tall, blank, small], [], 50) == [[tall], [small]]
    assert paginate([small, small, small], [small], 20) == [[small, small], [small, small]]


@pytest.mark.parametrize("text", ["¥1,409.50", "王𬭎鱻喆", "0107-261123-0042"])
def test_the_dots_are_as_wide_as_they_were_measured(font: Font, tmp_path: Path, text: str) -> None:
    own(tmp_path, f'[[line]]\ntext = "{text}"\nalign = "right"\n', "receipt-thermal80.toml")
    picture = as_picture(usual_receipt(), Form.THERMAL80, font=font, templates=tmp_path)
    ink = picture.convert("L").point(lambda grey: 255 - grey).getbbox()
    assert ink is not None
    assert 576 - 8 - ink[2] <= 4
    assert abs((ink[2] - ink[0]) - font.width(text, 24)) <= 8
