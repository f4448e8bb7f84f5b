"""The profiles by which this installation reads bank files: the bureau's own folder, then the program's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from counter.bank.profiles import BadProfile, Profile
from counter.bank.profiles.loading import load_profiles
from counter.config import Settings
from counter.errors import Refusal
from counter.i18n import _


@dataclass(frozen=True, slots=True)
class BankFolders:
    """Where the bureau keeps its own profiles, and where the files of banks arrive; None: nowhere."""

    profiles: Path | None = None
    files: Path | None = None
    simulated: bool = False
    """Whether a bank of the demonstration puts its files there."""
    ledger_codes: Mapping[str, str] = field(default_factory=dict)
    """What the finance system, which gets the vouchers, calls ledger accounts; the usual codes else."""


def bank_profiles(settings: Settings) -> tuple[Profile, ...]:
    """All profiles, the bureau's own first; raises Refusal as ``profiles_in``."""
    return profiles_in(settings.bank_profiles_dir)


def profiles_in(folder: Path | None) -> tuple[Profile, ...]:
    """The profiles of a folder before the program's. Raises Refusal that names file and field."""
    try:
        return load_profiles(folder)
    except BadProfile as error:
        raise Refusal(
            _("A profile for bank files cannot be used."),
            f"{error}.",
            _("Correct the file (docs/bank-profiles.md) or take it out of the folder. Nothing was read."),
        ) from error
