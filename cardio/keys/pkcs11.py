"""Master keys in a PKCS#11 token. They stay in it, and so does the key of every card: it is derived there.

A master key is a two-key triple DES key (CKK_DES2) with CKA_DERIVE, by its label. The card's key is derived
with CKM_DES3_ECB_ENCRYPT_DATA from the serial number and its complement; a second one from the number twice
is its left half alone, for the single DES within the retail MAC. Both are session objects, sensitive, not
extractable, and destroyed after use.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from cardio.crypto.diversify import diversifier
from cardio.crypto.mac import SIZE, pad
from cardio.errors import AccessRefused, KeysMissing, LastTry
from cardio.keys import KeyName
from cardio.keys.demonstration import known_to_everybody

if TYPE_CHECKING:
    from pkcs11 import Session, Token

PREFIX: Final = "counter-"
"""Before the name of a key in its label: ``counter-external``, ``counter-update_wallet``, …"""
_BLOCK: Final = 8
_WRONG, _LOCKED = 0x6300, 0x6983


class TokenKeys:
    """Keys in an open session of a token, which it owns; not thread-safe."""

    def __init__(self, session: Session, prefix: str = PREFIX) -> None:
        """Use ``open_token`` for the real thing."""
        self._session: Session | None = session
        self._prefix = prefix

    @cached_property
    def is_demonstration(self) -> bool:
        """Whether its keys are the published ones: asked of the token once."""
        return known_to_everybody(self)

    def cryptogram(self, name: KeyName, serial: bytes, challenge: bytes) -> bytes:
        """The answer to a challenge under the card's key."""
        from pkcs11 import Mechanism

        with _faults(name), _derived(self._master(name), diversifier(serial)) as key:
            return bytes(key.encrypt(challenge, mechanism=Mechanism.DES3_ECB))

    def mac(self, name: KeyName, serial: bytes, initial: bytes, data: bytes) -> bytes:
        """The MAC of an update under the card's key."""
        from pkcs11 import Mechanism

        padded, before = pad(data, _BLOCK), initial
        with _faults(name):
            master = self._master(name)
            if len(padded) > _BLOCK:
                with _derived(master, serial * 2) as left:
                    chained = left.encrypt(
                        padded[:-_BLOCK], mechanism=Mechanism.DES3_CBC, mechanism_param=initial
                    )
                    before = bytes(chained)[-_BLOCK:]
            last = bytes(one ^ other for one, other in zip(before, padded[-_BLOCK:], strict=True))
            with _derived(master, diversifier(serial)) as key:
                return bytes(key.encrypt(last, mechanism=Mechanism.DES3_ECB))[:SIZE]

    def close(self) -> None:
        """End the session; what was derived in it is gone with it."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _master(self, name: KeyName) -> Any:
        """The handle of a master key; raises KeysMissing when the token has none of this name, or two."""
        from pkcs11 import KeyType, ObjectClass

        if self._session is None:
            raise KeysMissing("the token was given back")
        return self._session.get_key(
            object_class=ObjectClass.SECRET_KEY, key_type=KeyType.DES2, label=self._prefix + name
        )


def open_token(module: str, label: str, pin: str, prefix: str = PREFIX) -> TokenKeys:
    """A session with the token of this label in the PKCS#11 library ``module`` (a path).

    Raises KeysMissing when library or token is not there, LastTry when one wrong PIN more would lock it, and
    AccessRefused for a wrong PIN, which is not tried again.
    """
    from pkcs11 import PKCS11Error, lib
    from pkcs11.exceptions import PinIncorrect, PinLocked

    try:
        token = lib(module).get_token(token_label=label)
        _refuse_last_try(token)
        return TokenKeys(token.open(user_pin=pin), prefix)
    except PinIncorrect:
        raise AccessRefused("the token's PIN", _WRONG) from None
    except PinLocked:
        raise AccessRefused("the token's PIN", _LOCKED, 0) from None
    except (PKCS11Error, RuntimeError, OSError) as fault:
        raise KeysMissing(f"no token {label}: {type(fault).__name__}") from None


def _refuse_last_try(token: Token) -> None:
    """A token tells when it is about to lock, or has."""
    from pkcs11 import TokenFlag

    if token.flags & TokenFlag.USER_PIN_LOCKED:
        raise AccessRefused("the token's PIN", _LOCKED, 0)
    if token.flags & TokenFlag.USER_PIN_FINAL_TRY:
        raise LastTry("one try of the token's PIN is left")


@contextmanager
def _faults(name: KeyName) -> Iterator[None]:
    """What a token says, as this library says it: the class of the fault, never its text."""
    from pkcs11 import PKCS11Error

    try:
        yield
    except PKCS11Error as fault:
        raise KeysMissing(f"the token gives no answer for {name}: {type(fault).__name__}") from None


@contextmanager
def _derived(master: Any, data: bytes) -> Iterator[Any]:
    """The key that ``data`` makes of a master key, inside the token, for as long as it is needed."""
    from pkcs11 import Attribute, KeyType, Mechanism
    from pkcs11.constants import DEFAULT

    text = ctypes.create_string_buffer(data, len(data))
    string_data = struct.pack("@PL", ctypes.addressof(text), len(data))  # CK_KEY_DERIVATION_STRING_DATA
    key = master.derive_key(
        KeyType.DES2,
        len(data) * 8,
        mechanism=Mechanism.DES3_ECB_ENCRYPT_DATA,
        mechanism_param=string_data,
        template={
            Attribute.TOKEN: False,
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
            Attribute.ENCRYPT: True,
            Attribute.VALUE_LEN: DEFAULT,  # a DES2 key has but one length, and tokens refuse to be told
        },
    )
    try:
        yield key
    finally:
        key.destroy()
