"""One way of keeping a phone number."""

from __future__ import annotations

import pytest

from counter.domain.phones import normalise_phone


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("0512-65551234", "051265551234"),
        ("(0512) 65551234", "051265551234"),
        ("6555123", "6555123"),
        ("", ""),
        ("123456", ""),
        ("1381234567890", ""),
        ("无", ""),
        ("138x2345678", ""),
        ("²²²²²²²²", ""),
    ],
)
def test_a_phone_number_is_its_digits(written: str, expected: str) -> None:
    """What is no phone number gives nothing."""
    assert normalise_phone(written) == expected
