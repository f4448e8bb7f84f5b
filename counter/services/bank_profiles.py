"""The profiles by which this installation reads bank files: the bureau's own folder, then the program's."""

from __future__ import annotations

from counter.bank.profiles import BadProfile, Profile
from counter.bank.profiles.loading import load_profiles
from counter.config import Settings
from counter.errors import Refusal
from counter.i18n import _


def bank_profiles(settings: Settings) -> tuple[Profile, ...]:
    """All profiles, the bureau's own first. Raises Refusal that names the file and the field at fault."""
    try:
        return load_profiles(settings.bank_profiles_dir)
    except BadProfile as error:
        raise Refusal(
            _("A profile for bank files cannot be used."),
            f"{error}.",
            _("Correct the file (docs/bank-profiles.md) or take it out of the folder. Nothing was read."),
        ) from error
