"""What a field may hold, and its one form."""

from __future__ import annotations

import pytest

from counter.services.imports import fields
from counter.services.imports.fields import Reader
from counter.services.imports.problems import FieldError, Reason

ACCOUNT_NO = fields.digits("[0-9]{10,12}", Reason.BAD_ACCOUNT_NO)
METER_NO = fields.digits("[0-9]{12}", Reason.BAD_METER_NO, optional=True)
FLAG = fields.words({"是": "t", "Y": "t", "否": "f", "": "f"})
AMOUNT, OPENING = fields.amounts(), fields.amounts(allow_zero=True, optional=True)

TAKEN: list[tuple[Reader, str, str]] = [
    (ACCOUNT_NO, "0123456789", "0123456789"),
    (ACCOUNT_NO, " ０１２３４５６７８９\t", "0123456789"),
    (ACCOUNT_NO, '="0123456789"', "0123456789"),
    (ACCOUNT_NO, "'0123456789", "0123456789"),
    (METER_NO, "", ""),
    (METER_NO, " ", ""),
    (METER_NO, "330000000001", "330000000001"),
    (FLAG, "是", "t"),
    (FLAG, " y ", "t"),
    (FLAG, "", "f"),
    (AMOUNT, "196.52", "196.52"),
    (AMOUNT, "1,234.5", "1234.50"),
    (AMOUNT, "１２", "12.00"),
    (AMOUNT, "￥12.00", "12.00"),
    (AMOUNT, "0.05", "0.05"),
    (OPENING, "", ""),
    (OPENING, "0", "0.00"),
    (fields.read_kwh, "0", "0"),
    (fields.read_kwh, "1,234", "1234"),
    (fields.read_kwh, "372.00", "372"),
    (fields.read_period, "2026-10", "202610"),
    (fields.read_period, "202610", "202610"),
    (fields.read_period, "2026年10月", "202610"),
    (fields.read_period, "2026年1月", "202601"),
    (fields.read_period, "2026/1", "202601"),
    (fields.read_part, "", "1"),
    (fields.read_part, "03", "3"),
    (fields.read_date, "2026-10-25", "2026-10-25"),
    (fields.read_date, "20261025", "2026-10-25"),
    (fields.read_date, "2026/1/5", "2026-01-05"),
    (fields.read_date, "2026年10月25日", "2026-10-25"),
    (fields.read_date, "2028-02-29", "2028-02-29"),
    (fields.read_phone, "13812345678", "13812345678"),
    (fields.read_phone, "0512-65551234", "051265551234"),
    (fields.read_phone, "", ""),
    (fields.read_name, " 王 小四 ", "王小四"),
    (fields.read_name, "[测试]", "[测试]"),
    (fields.read_address, "人民路 １２８号", "人民路128号"),
    (fields.read_address, "", ""),
]
REFUSED: list[tuple[Reader, str, Reason]] = [
    (ACCOUNT_NO, "", Reason.MISSING),
    (ACCOUNT_NO, "012345678", Reason.BAD_ACCOUNT_NO),
    (ACCOUNT_NO, "0123456789012", Reason.BAD_ACCOUNT_NO),
    (ACCOUNT_NO, "1.23E+11", Reason.BAD_ACCOUNT_NO),
    (ACCOUNT_NO, "٠١٢٣٤٥٦٧٨٩", Reason.BAD_ACCOUNT_NO),
    (METER_NO, "33000000000", Reason.BAD_METER_NO),
    (FLAG, "也许", Reason.UNKNOWN_WORD),
    (AMOUNT, "", Reason.MISSING),
    (AMOUNT, "1e3", Reason.AMOUNT_NOT_A_NUMBER),
    (AMOUNT, "-5", Reason.AMOUNT_NEGATIVE),
    (fields.amounts(), "0.00", Reason.AMOUNT_ZERO),
    (AMOUNT, "1.005", Reason.AMOUNT_TOO_MANY_DECIMALS),
    (AMOUNT, "1,00.00", Reason.AMOUNT_BAD_GROUPING),
    (AMOUNT, "99999999999.00", Reason.AMOUNT_TOO_LARGE),
    (fields.read_kwh, "", Reason.MISSING),
    (fields.read_kwh, "-3", Reason.BAD_KWH),
    (fields.read_kwh, "3.5", Reason.BAD_KWH),
    (fields.read_kwh, "12345678901", Reason.BAD_KWH),
    (fields.read_kwh, "²", Reason.BAD_KWH),
    (fields.read_period, "2026-13", Reason.BAD_PERIOD),
    (fields.read_period, "26-10", Reason.BAD_PERIOD),
    (fields.read_period, "", Reason.MISSING),
    (fields.read_part, "0", Reason.BAD_PART),
    (fields.read_part, "100", Reason.BAD_PART),
    (fields.read_date, "2026-02-30", Reason.BAD_DATE),
    (fields.read_date, "2027-02-29", Reason.BAD_DATE),
    (fields.read_date, "2026125", Reason.BAD_DATE),
    (fields.read_date, "2026-1025", Reason.BAD_DATE),
    (fields.read_date, "25/10/2026", Reason.BAD_DATE),
    (fields.read_date, "0000-01-01", Reason.BAD_DATE),
    (fields.read_date, "", Reason.MISSING),
    (fields.read_phone, "无", Reason.BAD_PHONE),
    (fields.read_phone, "123", Reason.BAD_PHONE),
    (fields.read_name, " ", Reason.MISSING),
    (fields.read_name, "王" * 101, Reason.TOO_LONG),
    (fields.read_address, "路" * 201, Reason.TOO_LONG),
]


@pytest.mark.parametrize(("read", "text", "expected"), TAKEN)
def test_a_field_has_one_form(read: Reader, text: str, expected: str) -> None:
    """However it is written in the file, and however often it is asked for."""
    assert read(text) == expected
    assert read(text) == expected


@pytest.mark.parametrize(("read", "text", "expected"), REFUSED)
def test_a_field_that_cannot_be_taken_says_why(read: Reader, text: str, expected: Reason) -> None:
    """A refusal is not remembered as a form."""
    for _attempt in range(2):
        with pytest.raises(FieldError) as caught:
            read(text)
        assert caught.value.reason == expected


def test_what_is_remembered_stays_bounded() -> None:
    """A column of garbage does not fill the memory."""
    seen: list[str] = []

    def read(text: str) -> str:
        seen.append(text)
        return text

    recall = fields.remembered(read)
    for number in range(20_000):
        recall(str(number))
    assert recall("19999") == "19999"
    assert recall("0") == "0"
    assert seen[-2:] == ["19999", "0"]
