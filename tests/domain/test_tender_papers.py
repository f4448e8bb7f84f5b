"""What a clerk copies from slips: forms, masks, references, and reading a pasted slip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.domain.tender_papers import PAPERS, FieldFault, masked_card, read_slip
from counter.domain.tenders import TenderKind

POS = {
    "terminal": "12345678",
    "batch": "000001",
    "trace": "000042",
    "rrn": "123456789012",
    "card": "6228481234561234",
}
SLIP = {
    "bank": "工商银行",
    "slip": "A-1",
    "date": "2026-11-25",
    "payer_name": "某某公司",
    "payer": "6222 0202 0001",
}
CHEQUE = {"bank": "建设银行", "number": "12345678", "date": "2026-11-25"}


def test_every_kind_has_a_paper() -> None:
    """A tender without one could not be entered."""
    assert set(PAPERS) == set(TenderKind)


def test_a_pos_slip_is_told_by_terminal_batch_and_trace_and_its_card_is_masked() -> None:
    """Nothing of the whole card number is kept."""
    assert PAPERS[TenderKind.POS].details(POS) == {
        "reference": "12345678-000001-000042",
        "rrn": "123456789012",
        "card": "622848******1234",
    }


def test_what_a_pos_slip_prints_besides_is_kept_and_may_be_missing() -> None:
    """Merchant and authorisation, in the form that slips have."""
    more = {"merchant": "８98110048160001", "authorisation": "a1b2c3"}
    details = PAPERS[TenderKind.POS].details(POS | more)
    assert details | {"merchant": "898110048160001", "authorisation": "A1B2C3"} == details
    for field, bad in (("merchant", "898110"), ("authorisation", "[/]"), ("authorisation", "1234567")):
        with pytest.raises(FieldFault) as fault:
            PAPERS[TenderKind.POS].details(POS | {field: bad})
        assert fault.value.field.name == field


def test_the_date_of_a_cheque_is_not_called_that_of_a_slip() -> None:
    """It is printed by whoever drew it."""
    captions = {kind: [field.caption for field in PAPERS[kind].fields] for kind in PAPERS}
    assert "date" in captions[TenderKind.TRANSFER]
    assert "cheque_date" in captions[TenderKind.CHEQUE]


def test_a_transfer_is_told_by_bank_and_number_and_its_payer_by_the_account() -> None:
    """Blanks in numbers go."""
    assert PAPERS[TenderKind.TRANSFER].details(SLIP) == {
        "reference": "工商银行/A-1",
        "date": "2026-11-25",
        "payer_name": "某某公司",
        "payer": "622202020001",
    }


def test_a_recharge_card_s_secret_is_nowhere_in_what_is_kept() -> None:
    """Only its number."""
    details = PAPERS[TenderKind.RECHARGE_CARD].details({"card_no": "１２３４５６７８", "secret": "9988 7766"})
    assert details == {"reference": "12345678"}
    assert PAPERS[TenderKind.RECHARGE_CARD].details({"card_no": "12345678"}) == details
    assert (
        PAPERS[TenderKind.RECHARGE_CARD].values({"card_no": "12345678", "secret": "9988"})["secret"] == "9988"
    )


@pytest.mark.parametrize(
    ("kind", "good", "field", "bad"),
    [
        (TenderKind.POS, POS, "terminal", "1234567"),
        (TenderKind.POS, POS, "batch", ""),
        (TenderKind.POS, POS, "trace", "-00042"),
        (TenderKind.POS, POS, "rrn", "'; --"),
        (TenderKind.POS, POS, "card", "[/]"),
        (TenderKind.TRANSFER, SLIP, "slip", "A/1"),
        (TenderKind.TRANSFER, SLIP, "date", "2026-02-30"),
        (TenderKind.TRANSFER, SLIP, "bank", "行" * 41),
        (TenderKind.TRANSFER, SLIP, "payer", "\x00"),
        (TenderKind.CHEQUE, CHEQUE, "number", "12345"),
        (TenderKind.CHEQUE, CHEQUE, "date", "25.11.2026"),
        (TenderKind.RECHARGE_CARD, {"card_no": "12345678", "secret": "9988"}, "card_no", "1234567"),
    ],
)
def test_the_first_wrong_field_is_named(kind: TenderKind, good: dict[str, str], field: str, bad: str) -> None:
    """So that the focus can go there."""
    with pytest.raises(FieldFault) as fault:
        PAPERS[kind].details(good | {field: bad})
    assert fault.value.field.name == field


@pytest.mark.parametrize(
    "slip",
    [
        "商户号: 123456789012345\n终端号: 12345678\n批次号: 000001\n凭证号: 000042\n参考号: 123456789012\n卡号: 6228481234561234",
        "终端编号：１２３４５６７８\r\n批次号：000001 凭证号：000042\n检索参考号 123456789012\n卡号 622848******1234(C)",
        "MERCHANT: 1\nTERMINAL: 12345678\nBATCH: 000001\nTRACE: 000042\nREF: 123456789012\nCARD: 6228481234561234",
    ],
)
def test_a_pasted_slip_fills_the_fields(slip: str) -> None:
    """In Chinese and English, full width, several on a line; the card is masked at once."""
    found = read_slip(PAPERS[TenderKind.POS], slip)
    assert found["card"].startswith("622848******1234")
    details = PAPERS[TenderKind.POS].details(found | {"card": found["card"][:16]})
    assert details["reference"] == "12345678-000001-000042"
    assert details["rrn"] == "123456789012"


@given(st.text())
def test_rubbish_that_is_pasted_fills_nothing_wrong(pasted: str) -> None:
    """Whatever comes: no exception, and never a whole card number."""
    for text in read_slip(PAPERS[TenderKind.POS], pasted).values():
        assert masked_card(text) == text
