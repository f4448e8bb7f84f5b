"""One module for each kind of card: how it is identified, read and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from cardio.contents import CardContents, Step, VendOrder
from cardio.errors import UnknownCard
from cardio.keys import KeyHolder
from cardio.link import Link
from cardio.profiles import Family, Profile

if TYPE_CHECKING:
    from cardio.families.vending import FoundMedium


class Card(Protocol):
    """A card of a known family in an open link, with its profile and the holder of its keys."""

    @property
    def profile(self) -> Profile:
        """The profile that fits it."""
        ...

    @property
    def serial(self) -> str:
        """Its own number, upper-case hex; read once when the card was opened."""
        ...

    def read(self) -> CardContents:
        """Everything on it, without spending a try of any code; raises CardError."""
        ...

    def write(self, order: VendOrder, on_step: Callable[[Step], None]) -> CardContents:
        """Write parameters, wallet, clear the write-back, read all back and compare.

        Raises CardSwapped or a CardError with ``maybe_written`` False before the first write; from the first
        write on every fault has ``maybe_written`` True (CardLost, NotCompared, …) and says in
        ``half_written`` which files the card had taken. Writing the same order again on the same card is
        safe: it sets values, it does not add.
        """
        ...

    def more_files(self) -> dict[str, bytes]:
        """What an inspection shows besides, by the name of the file; raises CardError."""
        ...


def open_card(link: Link, profiles: Sequence[Profile], keys: KeyHolder) -> Card:
    """The card in an open link, by the first profile that fits its answer to reset and its files.

    Reads its serial number and writes nothing. The link stays the caller's. Raises UnknownCard when no
    profile fits, or what the link raises; ``maybe_written`` is False.
    """
    from cardio.families.vending import Progress, VendingCard

    with Progress().told():
        for profile in profiles:
            if profile.atr.fits(link.atr):
                medium = _medium(link, profile, keys)
                try:
                    serial = medium.identify()
                except UnknownCard:
                    continue
                return VendingCard(profile, medium, serial)
        raise UnknownCard("no profile fits this card")


def _medium(link: Link, profile: Profile, keys: KeyHolder) -> FoundMedium:
    """What speaks with the cards of a family."""
    if profile.family is Family.CPU:
        from cardio.families.cpu import CpuMedium

        return CpuMedium(link, profile, keys)
    if profile.family is Family.SLE4442:
        from cardio.families.sle4442 import Sle4442Medium

        return Sle4442Medium(link, profile, keys)
    from cardio.families.mifare import MifareMedium

    return MifareMedium(link, profile, keys)
