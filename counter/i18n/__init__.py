"""Every visible sentence in Chinese and English, by gettext.

The source strings are English; ``locale/zh_CN`` and ``locale/en`` hold the catalogues, which a test
compares. The language is a property of the process: a desk speaks one language at a time.
"""

from __future__ import annotations

import gettext as _gettext
from pathlib import Path

LANGUAGES = ("zh_CN", "en")
DEFAULT_LANGUAGE = "zh_CN"
DOMAIN = "counter"
LOCALE_DIR = Path(__file__).parent / "locale"

_active: dict[str, _gettext.NullTranslations] = {}
_language = DEFAULT_LANGUAGE


def translations(language: str) -> _gettext.NullTranslations:
    """The catalogue of one language, loaded once; a missing one falls back to the English source."""
    if language not in _active:
        _active[language] = _gettext.translation(DOMAIN, LOCALE_DIR, [language], fallback=True)
    return _active[language]


def language() -> str:
    """The language that the screen speaks now."""
    return _language


def set_language(code: str) -> None:
    """Speak ``code`` from now on; raises ValueError for a language that has no catalogue."""
    global _language
    if code not in LANGUAGES:
        raise ValueError(code)
    _language = code


def _(message: str) -> str:
    """``message`` in the language of the screen."""
    return translations(_language).gettext(message)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name for a string that is translated later)
    """Mark ``message`` for the catalogues; ``_`` translates it where it is shown."""
    return message


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form for ``count`` in the language of the screen."""
    return translations(_language).ngettext(singular, plural, count)
