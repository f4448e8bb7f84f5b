"""``counter bank profiles``: which profiles bank files are read by."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from counter.bank.profiles import Profile
from counter.config import load_settings


def profiles(
    as_json: Annotated[bool, typer.Option("--json", help="One object a line and profile.")] = False,
) -> None:
    """List the profiles of the bureau's folder and of the program, in the order in which they are asked."""
    from counter.services.bank_profiles import bank_profiles

    for profile in bank_profiles(load_settings()):
        told = summary(profile)
        print(json.dumps(told) if as_json else "{name}: {title} ({kind}, {form})".format_map(told))


def summary(profile: Profile) -> dict[str, Any]:
    """One profile for a list."""
    by = profile.detail.pattern.pattern if profile.detail else list(profile.requires)
    return {
        "name": profile.name,
        "title": profile.title,
        "kind": profile.kind,
        "form": profile.form,
        "recognised_by": by,
    }
