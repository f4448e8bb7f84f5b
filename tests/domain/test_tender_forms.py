"""Papers of tenders: their fields, and slips as they are printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.domain.tender_forms import FORMS, masked_card, read_pos_slip
from counter.domain.tenders import TenderKind

POS = {
    "terminal": "12345678",
    "batch": "000001",
    "trace": "000042",
    "rrn": "123456789012",
    "card": "622848******1234",
}
CHINESE = "商户号:898330148160001\n终端编号：１２３４５６７８\n卡号: 6228480402561234\n批次号:000001 凭证号:000042\n参考号:123456789012"
ENGLISH = "TERMINAL ID: 12345678\nCARD NO: 622848******1234\nBATCH NO: 000001 TRACE NO: 000042\nREF. NO: 123456789012"


@pytest.mark.parametrize("slip", [CHINESE, ENGLISH, CHINESE.replace("\n", " "), ENGLISH.lower()])
def test_a_slip_is_read_as_it_is_printed(slip: str) -> None:
    """In both languages, with full-width digits, and the card masked at once."""
    assert read_pos_slip(slip) == POS


@given(st.text())
def test_any_text_is_read_without_a_whole_card_number(text: str) -> None:
    """Whatever is pasted; and what is not there is left out."""
    found = read_pos_slip("卡号 6228480402561234 " + text)
    assert "6228480402561234" not in str(found)


def test_a_card_number_is_masked_but_for_its_ends() -> None:
    """Also with blanks and dashes between the digits."""
    assert masked_card("6228480402569991234") == "622848*********1234"
    assert FORMS[TenderKind.POS].tidy("card", "6228 4804 0256 1234") == "622848******1234"


@pytest.mark.parametrize("name", POS)
@pytest.mark.parametrize("value", ["", "9" * 200, "-1", "[/]", "'; --", "\0", "abcé", "一二三四五六七八"])
def test_each_field_of_a_slip_must_have_its_form(name: str, value: str) -> None:
    """Empty, over-long, negative, foreign and hostile text is refused, and the field is named."""
    assert name == FORMS[TenderKind.POS].wrong(POS | {name: value})


def test_a_date_must_be_one_of_the_calendar() -> None:
    """A bank knows no 30 February."""
    cheque = {"bank": "工商银行", "cheque": "12345678", "date": "2026-02-30"}
    assert FORMS[TenderKind.CHEQUE].wrong(cheque) == "date"
    right = cheque | {"date": "2026-02-28"}
    assert FORMS[TenderKind.CHEQUE].tender(1, right).details["reference"] == "工商银行/12345678"
