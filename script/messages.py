"""Collect the visible sentences, merge them into the catalogues, compile them; or check that all is done.

The source strings are English. The Chinese catalogue must translate every one, with the same fields in
braces; the English one repeats the source. Dates and line numbers are left out, so that a catalogue changes
only when a sentence does.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "counter" / "i18n" / "locale"
LANGUAGES = ("zh_CN", "en")
PACKAGES = ("counter", "db", "receipts")
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
FIELD = re.compile(r"\{[^{}]*\}")


def collected() -> Catalog:
    """Every marked sentence of the packages, with the files it stands in."""
    catalog = Catalog(project="counter", charset="utf-8", creation_date=NO_DATE)
    for package in PACKAGES:
        found = extract_from_dir(ROOT / package, keywords=KEYWORDS, comment_tags=())
        for name, _line, message, _comments, context in found:
            catalog.add(message, locations=[(f"{package}/{name}", 0)], context=context)
    return catalog


def merged(language: str, template: Catalog) -> Catalog:
    """The catalogue of a language with exactly the sentences of the template."""
    path = LOCALE / language / "LC_MESSAGES" / "counter.po"
    catalog = Catalog(locale=language, charset="utf-8")
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = f"# The sentences of Counter, {language}. Written by script/messages."
    catalog.project, catalog.version = "counter", "1"
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""
    catalog.fuzzy = False
    catalog.creation_date = catalog.revision_date = NO_DATE
    if language == "en":
        for message in sentences(catalog):
            message.string = message.id
    return catalog


def sentences(catalog: Catalog) -> Iterator[Message]:
    """All messages but the header."""
    return (message for message in catalog if message.id)


def faults(language: str, catalog: Catalog) -> Iterator[str]:
    """What is missing or wrong in a translation."""
    for message in sentences(catalog):
        source = message.id if isinstance(message.id, str) else message.id[-1]
        given = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if not given or not all(given):
            yield f"{language}: not translated: {source!r}"
        elif any(set(FIELD.findall(text)) - set(FIELD.findall(source)) for text in given):
            yield f"{language}: a field that the source has not: {source!r}"
        elif set(FIELD.findall(source)) - set(FIELD.findall("".join(given))):
            yield f"{language}: a field is missing: {source!r}"


def files_of(language: str, catalog: Catalog) -> dict[Path, bytes]:
    """What the two files of a language must hold."""
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, catalog, width=110, include_lineno=False, sort_output=True)
    write_mo(compiled, catalog)
    folder = LOCALE / language / "LC_MESSAGES"
    return {folder / "counter.po": text.getvalue(), folder / "counter.mo": compiled.getvalue()}


def main(arguments: list[str]) -> int:
    """Write the catalogues, or with --check compare; the exit code."""
    check = "--check" in arguments
    template = collected()
    complaints: list[str] = []
    for language in LANGUAGES:
        catalog = merged(language, template)
        complaints += faults(language, catalog)
        for path, content in files_of(language, catalog).items():
            if path.exists() and path.read_bytes() == content:
                continue
            if check:
                complaints.append(f"{path.relative_to(ROOT)} is stale: run script/messages")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    count = len(list(sentences(template)))
    print("\n".join(complaints) or f"{count} sentences in {len(LANGUAGES)} languages")
    return 1 if check and complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
