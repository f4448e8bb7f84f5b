"""Amounts in the capitals that Chinese accounting documents require.

Written out of 壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分零整, so that a figure cannot be altered by a stroke.
Source: 支付结算办法, annex 1 (正确填写票据和结算凭证的基本规定). Where the regulation leaves a choice, one
spelling is used throughout: 零 between 元 and 角 when the amount ends in 0 yuan, no 零 between a
ten-thousand that ends in 0 and a 仟 that does not, and 整 after 角.
"""

from __future__ import annotations

CAPITAL_AMOUNT_FEN_MAX = 10**12
"""The largest amount that is written: 壹佰亿元整."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("亿", "万", "")
_FIRST_PLACE = 1000


def capital_amount(fen: int) -> str:
    """``fen`` in capitals, with 人民币 in front, as a receipt must carry it beside the figures.

    Raises ValueError unless 0 < fen <= 10**12: a nought or a negative amount has no spelling in the
    regulation, and whoever prints a reversal says so in words of its own.
    """
    if not 0 < fen <= CAPITAL_AMOUNT_FEN_MAX:
        raise ValueError(f"no capitals for {fen} fen")
    yuan, cents = divmod(fen, 100)
    return "人民币" + _yuan(yuan) + _cents(cents, yuan)


def _yuan(yuan: int) -> str:
    """The whole yuan with 元; empty for an amount below one yuan."""
    if yuan == 0:
        return ""
    groups = (yuan // 10**8, yuan // 10**4 % 10**4, yuan % 10**4)
    written = ""
    gap = False
    for group, name in zip(groups, _GROUPS, strict=True):
        if group == 0:
            gap = True
            continue
        bridge = "零" if written and (gap or group < _FIRST_PLACE) else ""
        written += bridge + _four_digits(group) + name
        gap = False
    return written + "元"


def _four_digits(group: int) -> str:
    """A group of four digits, 1 to 9999: noughts inside become one 零, those at the end none."""
    written = ""
    gap = False
    for digit, place in zip(f"{group:04d}", _PLACES, strict=True):
        if digit == "0":
            gap = bool(written)
            continue
        written += ("零" if gap else "") + _DIGITS[int(digit)] + place
        gap = False
    return written


def _cents(cents: int, yuan: int) -> str:
    """What follows 元: jiao and fen, or 整 where the amount ends before the fen."""
    jiao, fen = divmod(cents, 10)
    gap = "零" if cents and yuan and (jiao == 0 or yuan % 10 == 0) else ""
    return gap + (_DIGITS[jiao] + "角" if jiao else "") + (_DIGITS[fen] + "分" if fen else "整")
