"""From a link to a card: which profiles count, and the keys, which are fetched only when they are needed.

A card is read without any key, so a desk whose SAM is missing still reads. Invariants: demonstration keys are
never tried on a card whose profile wants real ones; a PIN that a token refused is not presented again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from cardio.errors import AccessRefused, CardMute, KeysMissing, NoCard, ReaderError, UnknownCard
from cardio.families import Card, open_card
from cardio.families.tries import tries_of
from cardio.keys import KeyHolder, KeyName
from cardio.link import Link
from cardio.profiles import BadProfile, KeySource, Profile
from cardio.profiles.loading import load_profiles
from cardio.setup import KeySetup, ReaderSetup


@dataclass(frozen=True, slots=True)
class Memory:
    """What must not be forgotten with a process: refusals of cards and of a token. Plain values."""

    tries: dict[tuple[str, str], AccessRefused]
    pin: AccessRefused | None


class Opening:
    """Opens cards for the life of a process; not thread-safe but for ``is_user_card``."""

    def __init__(self, setup: ReaderSetup, connect_sam: Callable[[], Link]) -> None:
        """Nothing is read or asked before it is needed; ``connect_sam`` raises CardError."""
        self._setup = setup
        self._keys = LazyKeys(setup.keys, connect_sam)

    @cached_property
    def _profiles(self) -> tuple[Profile, ...]:
        """Those that count; raises ReaderError for a file that cannot be used."""
        folders = () if self._setup.profiles is None else (self._setup.profiles,)
        try:
            known = load_profiles(*folders)
        except BadProfile as fault:
            raise ReaderError(str(fault)) from fault
        wanted = self._setup.profile
        return tuple(profile for profile in known if not wanted or profile.name == wanted)

    def is_user_card(self, atr: bytes) -> bool:
        """Whether a profile fits; without usable profiles nobody can say so."""
        try:
            return any(profile.atr.fits(atr) for profile in self._profiles)
        except ReaderError:
            return False

    def open(self, link: Link) -> Card:
        """The card in the link; raises UnknownCard, or what the link raises.

        One profile after the other, because the keys must know whose they are before the first is used.
        """
        for profile in self._profiles:
            if profile.atr.fits(link.atr):
                self._keys.profile = profile
                with suppress(UnknownCard):
                    return open_card(link, (profile,), self._keys)
        raise UnknownCard("no profile fits this card")

    def release(self) -> None:
        """Give the keys' holder back until the next time; what it knows of refusals is kept."""
        self._keys.close()

    def keys_are_demonstration(self) -> bool:
        """Ask the holder of the keys for the card that was opened; raises KeysMissing. Costs no try."""
        return self._keys.is_demonstration

    @property
    def memory(self) -> Memory:
        """What was refused so far, for the process after this one."""
        return Memory(tries_of(self._keys).known, self._keys.refused)

    def recall(self, memory: Memory) -> None:
        """Go on with what the process before this one knew."""
        tries_of(self._keys).learn(memory.tries)
        self._keys.refused = memory.pin

    @property
    def demonstration(self) -> bool | None:
        """Whether the keys that were used are known to everybody; None as long as none was used."""
        return self._keys.known_demonstration


class LazyKeys:
    """A ``KeyHolder`` that opens the real one at the first cryptogram, for the profile of the card."""

    def __init__(self, setup: KeySetup, connect_sam: Callable[[], Link]) -> None:
        """Nothing is opened yet; whether keys are known to everybody is asked once for each holder."""
        self._setup, self._connect_sam = setup, connect_sam
        self._holder: KeyHolder | None = None
        self.refused: AccessRefused | None = None
        self.profile: Profile | None = None
        self.known_demonstration: bool | None = None
        self._place: object = None
        self._asked: object = None

    @property
    def is_demonstration(self) -> bool:
        """Whether the keys are known to everybody; opens the holder."""
        return self._opened().is_demonstration

    def cryptogram(self, name: KeyName, serial: bytes, challenge: bytes) -> bytes:
        """As the holder; raises KeysMissing when there is none."""
        return self._opened().cryptogram(name, serial, challenge)

    def mac(self, name: KeyName, serial: bytes, initial: bytes, data: bytes) -> bytes:
        """As the holder; raises KeysMissing when there is none."""
        return self._opened().mac(name, serial, initial, data)

    def close(self) -> None:
        """Close the holder; the next use opens it again."""
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.close()

    def _opened(self) -> KeyHolder:
        if self._holder is None:
            self._holder = self._open()
            if self._asked != self._place:
                self.known_demonstration = self._holder.is_demonstration
                self._asked = self._place
        return self._holder

    def _open(self) -> KeyHolder:
        """By the source that the desk's setup names."""
        if self._setup.source is KeySource.SAM:
            return self._sam()
        if self._setup.source is KeySource.PKCS11:
            return self._token()
        return self._demonstration()

    def _demonstration(self) -> KeyHolder:
        from cardio.keys.demonstration import DemonstrationKeys

        if self.profile is None or self.profile.keys.source is not KeySource.DEMONSTRATION:
            raise KeysMissing("demonstration keys are not for this card")
        self._place = KeySource.DEMONSTRATION
        return DemonstrationKeys(self.profile.keys.algorithm)

    def _sam(self) -> KeyHolder:
        from cardio.keys.sam import SamKeys

        try:
            link = self._connect_sam()
        except (ReaderError, NoCard, CardMute) as error:
            raise KeysMissing(f"no SAM: {type(error).__name__}") from error
        self._place = (link.reader, link.atr, getattr(link, "insertion", 0))
        return SamKeys(link)

    def _token(self) -> KeyHolder:
        from cardio.keys.pkcs11 import open_token

        if self.refused is not None:
            raise self.refused
        self._place = (self._setup.module, self._setup.label)
        try:
            return open_token(self._setup.module, self._setup.label, self._setup.pin)
        except AccessRefused as refused:
            self.refused = refused
            raise
