"""Money as it is typed and shown: yuan in text on the outside, whole fen in ``int`` on the inside.

Invariant: nothing here makes or takes a float, and text that is not plainly an amount is refused
rather than guessed at. ``1e3`` and ``1_000``, which ``int()`` and ``Decimal()`` would take, are refused.
"""

from __future__ import annotations

from enum import StrEnum

from counter.domain.text import HALF_WIDTH

FEN_PER_YUAN = 100
_DECIMALS = 2
_GROUP = 3
MAX_AMOUNT_FEN = 10**12
"""The largest amount of one entry (ten thousand million yuan): beyond it somebody mistyped."""

_TEXT_LENGTH_MAX = 64
_NORMAL_FORMS: dict[int, str | int] = {
    **HALF_WIDTH,
    ord("\u3000"): " ",
    ord("\u3002"): ".",
    ord("\u2212"): "-",
    ord("\uffe5"): "\u00a5",
}


class AmountFault(StrEnum):
    """Why a text is not an amount; the screen has a sentence for each."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    ZERO = "zero"
    TOO_LARGE = "too_large"
    TOO_MANY_DECIMALS = "too_many_decimals"
    BAD_GROUPING = "bad_grouping"


class AmountError(ValueError):
    """A text that is not an amount; ``reason`` says why, the words for people are the screen's."""

    def __init__(self, reason: AmountFault) -> None:
        """Keep the reason; the offending text is left out, since it may be anything pasted."""
        super().__init__(reason.value)
        self.reason = reason


def parse_yuan(text: str, *, allow_zero: bool = False) -> int:
    """The fen in an amount of yuan such as ``1,000.50``, ``￥12``, ``１００`` or ``.5``.

    Full-width digits and punctuation of a Chinese keyboard are taken for what they mean, the
    ideographic full stop too. The answer is 1 (0 with ``allow_zero``) to ``MAX_AMOUNT_FEN``.
    Raises AmountError for everything else.
    """
    bare = _without_affixes(text)
    if not bare:
        raise AmountError(AmountFault.EMPTY)
    negative = bare.startswith("-")
    whole, _point, decimals = bare.removeprefix("-").strip().partition(".")
    _check_shape(whole, decimals)
    if negative:
        raise AmountError(AmountFault.NEGATIVE)
    return _checked_fen(_ungrouped(whole), decimals, allow_zero=allow_zero)


def parse_balance(text: str) -> int:
    """The fen in a balance, which may be nothing or below it; raises AmountError as ``parse_yuan``."""
    bare = _without_affixes(text)
    fen = parse_yuan(bare.removeprefix("-"), allow_zero=True)
    return -fen if bare.startswith("-") else fen


def format_yuan(fen: int) -> str:
    """An amount of fen as ``1,234.50``, with a leading ``-`` when it is negative."""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def _without_affixes(text: str) -> str:
    """The text in half-width characters without currency sign, ``元`` and outer blanks."""
    if len(text) > _TEXT_LENGTH_MAX:
        raise AmountError(AmountFault.TOO_LARGE if _digits_only(text) else AmountFault.NOT_A_NUMBER)
    bare = text.translate(_NORMAL_FORMS).strip()
    return bare.removeprefix("\u00a5").removesuffix("元").strip()


def _digits_only(text: str) -> bool:
    """Whether the text holds ASCII digits and nothing else (``str.isdigit`` takes more than those)."""
    return text.isascii() and text.isdigit()


def _check_shape(whole: str, decimals: str) -> None:
    """Refuse what is not digits, thousands commas and at most two decimals."""
    if not _digits_only(whole.replace(",", "") + decimals):
        raise AmountError(AmountFault.NOT_A_NUMBER)
    if len(decimals) > _DECIMALS:
        raise AmountError(AmountFault.TOO_MANY_DECIMALS)
    head, *groups = whole.split(",")
    if groups and (not 1 <= len(head) <= _GROUP or any(len(group) != _GROUP for group in groups)):
        raise AmountError(AmountFault.BAD_GROUPING)


def _ungrouped(whole: str) -> str:
    """The digits before the point without thousands commas; ``0`` when there are none."""
    return whole.replace(",", "") or "0"


def _checked_fen(whole: str, decimals: str, *, allow_zero: bool) -> int:
    """Digits to fen, refused when out of range."""
    fen = int(whole) * FEN_PER_YUAN + int(decimals.ljust(_DECIMALS, "0"))
    if fen > MAX_AMOUNT_FEN:
        raise AmountError(AmountFault.TOO_LARGE)
    if fen == 0 and not allow_zero:
        raise AmountError(AmountFault.ZERO)
    return fen
