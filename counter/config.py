"""Settings: from a file, overridden by the environment, with a default for everything.

Standard library only, because the program reads them before it paints. A wrong value is a refusal that
names where it stands, what it is and what is allowed; it is never guessed at.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from counter.errors import Refusal
from counter.i18n import DEFAULT_LANGUAGE, LANGUAGES, _

PREFIX: Final = "COUNTER_"
IDLE_LOCK_S_MAX: Final = 86_400
SIMULATED: Final = "simulated"
"""A vending server that is none: its tokens are for show."""
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
FORMS: Final = ("a5", "tractor241", "tractor241_half", "thermal80", "thermal58")
"""The papers that a printer can hold; ``receipts.printers`` has them too and knows their measures."""

READERS: Final = ("none", "pcsc", "simulated")
"""What reads cards at this desk; unset is ``simulated`` in the demonstration, else ``none``."""
CARD_KEYS: Final = ("sam", "pkcs11", "demonstration")
"""Who holds the keys of cards."""


def config_home() -> Path:
    """The folder of settings files (XDG base directories)."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "counter"


def state_home() -> Path:
    """The folder of what a desk must remember (XDG base directories)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "counter"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; docs/settings.md has a line for each field.

    ``database_url`` may carry a password and is therefore never shown.
    """

    database_url: str = field(default="", repr=False)
    language: str = DEFAULT_LANGUAGE
    data_dir: Path = field(default_factory=state_home)
    receipts_dir: Path = field(default_factory=lambda: state_home() / "receipts")
    receipt_language: str = DEFAULT_LANGUAGE
    font_file: Path | None = None
    printer_queue: str = ""
    printer_server: str = ""
    printer_form: str = "a5"
    templates_dir: Path | None = None
    kick_drawer: bool = False
    token_server_url: str = ""
    token_server_ca: Path | None = None
    token_server_key_file: Path | None = None
    idle_lock_s: int = 600
    theme: str = "counter-dark"
    keymap: Mapping[str, str] = field(default_factory=dict)
    ledger_codes: Mapping[str, str] = field(default_factory=dict)
    demo: bool = False
    reader: str = ""
    reader_name: str = ""
    sam_reader: str = ""
    card_keys: str = "sam"
    pkcs11_module: Path | None = None
    pkcs11_label: str = ""
    pkcs11_pin_file: Path | None = None
    card_profiles_dir: Path | None = None
    card_trace_file: Path | None = None
    bank_profiles_dir: Path | None = None
    bank_files_dir: Path | None = None


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Defaults, then the settings file, then ``COUNTER_*``; raises Refusal for a wrong value."""
    environment = os.environ if environment is None else environment
    named = environment.get(f"{PREFIX}SETTINGS")
    path = Path(named) if named else config_home() / "settings.toml"
    values = _from_file(path, must_exist=bool(named))
    for name in _READERS:
        given = environment.get(f"{PREFIX}{name.upper()}")
        if given is not None:
            values[name] = _read(name, given, f"{PREFIX}{name.upper()}")
    if "data_dir" in values:
        values.setdefault("receipts_dir", values["data_dir"] / "receipts")
    return Settings(**values)


def _from_file(path: Path, *, must_exist: bool) -> dict[str, Any]:
    if not must_exist and not path.exists():
        return {}
    import tomllib  # only a desk with a settings file pays for it at the start

    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise _refused(str(path), _("there is no such file")) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _refused(str(path), str(error)) from error
    unknown = content.keys() - {each.name for each in fields(Settings)}
    if unknown:
        raise _refused(f"{path}: {min(unknown)}", _("there is no such setting"))
    return {name: _read(name, value, f"{path}: {name}") for name, value in content.items()}


def _read(name: str, value: object, where: str) -> object:
    try:
        return _READERS[name](value)
    except (ValueError, TypeError) as error:
        raise _refused(where, str(error)) from error


def _refused(where: str, why: str) -> Refusal:
    return Refusal(
        _("The settings cannot be used."),
        _("{where}: {why}.").format(where=where, why=why),
        _("Correct it; docs/settings.md lists what is allowed. Nothing was started."),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(_("a text in quotes is wanted"))
    return value.strip()


def _folder(value: object) -> Path:
    path = Path(_text(value)).expanduser()
    if not path.is_absolute():
        raise ValueError(_("an absolute path is wanted"))
    return path


def _file(value: object) -> Path | None:
    return _folder(value) if value else None


def _language(value: object) -> str:
    return _one_of(value, tuple(LANGUAGES))


def _server_url(value: object) -> str:
    """An address over TLS, or that of none; plain HTTP only to this machine."""
    from urllib.parse import urlsplit

    address = _text(value)
    if address == SIMULATED:
        return address
    parts = urlsplit(address)
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if address and not (parts.hostname and (parts.scheme == "https" or local)):
        raise ValueError(_("an address that begins with https:// is wanted"))
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(_("the address may carry no password and no query"))
    return address.rstrip("/")


def _form(value: object) -> str:
    return _one_of(value, FORMS)


def _reader(value: object) -> str:
    return _one_of(value, READERS)


def _card_keys(value: object) -> str:
    return _one_of(value, CARD_KEYS)


def _one_of(value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(_("one of {allowed} is wanted").format(allowed=", ".join(allowed)))
    return str(value)


def _seconds(value: object) -> int:
    whole = value if isinstance(value, int) else int(str(value)) if str(value).isdecimal() else -1
    if not 0 <= whole <= IDLE_LOCK_S_MAX:
        raise ValueError(_("whole seconds from 0 to {most} are wanted").format(most=IDLE_LOCK_S_MAX))
    return whole


def _switch(value: object) -> bool:
    if isinstance(value, bool):
        return value
    words = {"1": True, "true": True, "0": False, "false": False}
    if str(value).lower() not in words:
        raise ValueError(_("true or false is wanted"))
    return words[str(value).lower()]


def _keymap(value: object) -> dict[str, str]:
    return _pairs(value, _("a table of actions and keys is wanted"))


def _ledger_codes(value: object) -> dict[str, str]:
    return _pairs(value, _("a table of ledger accounts and their codes is wanted"))


def _pairs(value: object, wanted: str) -> dict[str, str]:
    """``name=value,name=value``, or a table."""
    if isinstance(value, str):
        pairs = (pair.partition("=") for pair in value.split(",") if pair.strip())
        return {name.strip(): said.strip() for name, _equals, said in pairs}
    if not isinstance(value, dict):
        raise TypeError(wanted)
    return {_text(name): _text(said) for name, said in value.items()}


_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "database_url": _text,
    "language": _language,
    "data_dir": _folder,
    "receipts_dir": _folder,
    "receipt_language": _language,
    "font_file": _file,
    "printer_queue": _text,
    "printer_server": _text,
    "printer_form": _form,
    "templates_dir": _file,
    "kick_drawer": _switch,
    "token_server_url": _server_url,
    "token_server_ca": _file,
    "token_server_key_file": _file,
    "idle_lock_s": _seconds,
    "theme": _text,
    "keymap": _keymap,
    "ledger_codes": _ledger_codes,
    "demo": _switch,
    "reader": _reader,
    "reader_name": _text,
    "sam_reader": _text,
    "card_keys": _card_keys,
    "pkcs11_module": _file,
    "pkcs11_label": _text,
    "pkcs11_pin_file": _file,
    "card_profiles_dir": _file,
    "card_trace_file": _file,
    "bank_profiles_dir": _file,
    "bank_files_dir": _file,
}
