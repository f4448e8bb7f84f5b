"""Who holds the keys: this program (demonstration), a SAM, a token. All three answer alike."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cardio.apdu import Command, Response
from cardio.crypto import Algorithm
from cardio.errors import AccessRefused, CardLost, KeysMissing, LastTry
from cardio.keys import KeyHolder, KeyName
from cardio.keys.demonstration import MASTERS, DemonstrationKeys, known_to_everybody
from cardio.keys.pkcs11 import TokenKeys, open_token
from cardio.keys.sam import SamKeys
from tests.cards import softhsm
from tests.cards.sim_sam import Sam

SERIAL = bytes.fromhex("0102030405060708")
CHALLENGE = bytes.fromhex("A1B2C3D4E5F60718")
OTHERS = {name: bytes(reversed(key)) for name, key in MASTERS.items()}


class SamLink:
    """A link straight into a simulated SAM; ``answers`` replaces what it says."""

    atr, reader = b"", "SAM"

    def __init__(self, sam: Sam, answers: Callable[[bytes], bytes] | None = None) -> None:
        self.sam, self.closed, self.sent = sam, 0, list[Command]()
        self._answers = answers or sam.answer
        sam.power_on()

    def send(self, command: Command) -> Response:
        self.sent.append(command)
        reply = self._answers(bytes(command))
        return Response(reply[:-2], int.from_bytes(reply[-2:], "big"))

    def close(self) -> None:
        self.closed += 1


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The SoftHSM library with a token in a folder of its own."""
    return softhsm.make_token(tmp_path_factory.mktemp("token"))


@pytest.fixture
def token(library: str) -> Iterator[TokenKeys]:
    """An open token with the demonstration's keys."""
    keys = open_token(library, softhsm.LABEL, softhsm.PIN)
    yield keys
    keys.close()


@pytest.fixture
def sam() -> SamKeys:
    return SamKeys(SamLink(Sam()))


def same_as_demonstration(keys: KeyHolder) -> None:
    """Every key, by cryptogram and by MACs over data of all lengths about a block."""
    known = DemonstrationKeys()
    for name in KeyName:
        assert known.cryptogram(name, SERIAL, CHALLENGE) == keys.cryptogram(name, SERIAL, CHALLENGE)
        for length in (1, 6, 7, 8, 9, 15, 16, 50):
            data = bytes(range(length))
            assert known.mac(name, SERIAL, CHALLENGE, data) == keys.mac(name, SERIAL, CHALLENGE, data)


def test_a_sam_answers_as_its_keys_do(sam: SamKeys) -> None:
    same_as_demonstration(sam)


def test_a_token_answers_as_its_keys_do(token: TokenKeys) -> None:
    same_as_demonstration(token)


def test_keys_that_everybody_knows_are_found_out(sam: SamKeys, token: TokenKeys) -> None:
    assert all(keys.is_demonstration for keys in (DemonstrationKeys(), sam, token))


def test_keys_of_sm4_that_everybody_knows_are_found_out() -> None:
    assert known_to_everybody(DemonstrationKeys(Algorithm.SM4))


def test_a_sam_with_keys_of_its_own_is_no_demonstration() -> None:
    secret = {"external": b"0123456789abcdef", "82": b"fedcba9876543210"}
    assert not SamKeys(SamLink(Sam(secret))).is_demonstration


def test_a_token_with_keys_of_its_own_is_no_demonstration(library: str) -> None:
    folder = Path(os.environ["SOFTHSM2_CONF"]).parent
    secret = {"counter-external": b"0123456789abcdef", "counter-update_wallet": b"fedcba9876543210"}
    softhsm.make_token(folder, "own", secret)
    keys = open_token(library, "own", softhsm.PIN)
    assert not keys.is_demonstration
    with pytest.raises(KeysMissing, match="internal"):
        keys.cryptogram(KeyName.INTERNAL, SERIAL, CHALLENGE)
    keys.close()


def test_a_key_that_the_sam_does_not_have_is_missing() -> None:
    with pytest.raises(KeysMissing, match="internal"):
        SamKeys(SamLink(Sam({"external": bytes(16)}))).cryptogram(KeyName.INTERNAL, SERIAL, CHALLENGE)


def test_a_locked_key_of_the_sam_is_refused_and_asked_for_once() -> None:
    simulated = Sam()
    simulated.locked.add("82")
    link = SamLink(simulated)
    with pytest.raises(AccessRefused) as refusal:
        SamKeys(link).mac(KeyName.UPDATE_WALLET, SERIAL, CHALLENGE, b"data")
    assert (refusal.value.sw, refusal.value.tries_left, len(link.sent)) == (0x6983, 0, 1)


@pytest.mark.parametrize("reply", ["9000", "6F00", "AABB9000", "00112233445566778899"])
def test_a_sam_that_answers_otherwise_is_missing(reply: str) -> None:
    keys = SamKeys(SamLink(Sam(), lambda _sent: bytes.fromhex(reply)))
    with pytest.raises(KeysMissing) as refusal:
        keys.cryptogram(KeyName.EXTERNAL, SERIAL, CHALLENGE)
    assert not refusal.value.maybe_written


def test_a_sam_pulled_out_is_missing_keys_and_says_nothing_of_the_card() -> None:
    def pulled(_sent: bytes) -> bytes:
        raise CardLost

    with pytest.raises(KeysMissing) as refusal:
        SamKeys(SamLink(Sam(), pulled)).cryptogram(KeyName.EXTERNAL, SERIAL, CHALLENGE)
    assert not refusal.value.maybe_written


def test_what_is_sent_to_a_sam_is_marked_as_secret() -> None:
    link = SamLink(Sam())
    keys = SamKeys(link)
    keys.cryptogram(KeyName.EXTERNAL, SERIAL, CHALLENGE)
    keys.mac(KeyName.UPDATE_WALLET, SERIAL, CHALLENGE, b"data")
    assert all(command.secret for command in link.sent)


def test_a_sam_gives_its_slot_back() -> None:
    link = SamLink(Sam())
    SamKeys(link).close()
    assert link.closed == 1


def test_a_key_that_is_not_there_is_missing() -> None:
    with pytest.raises(KeysMissing, match="internal"):
        DemonstrationKeys(masters={}).mac(KeyName.INTERNAL, SERIAL, CHALLENGE, b"")


def test_no_key_stands_in_a_holders_repr_or_fault() -> None:
    keys = DemonstrationKeys(masters=OTHERS)
    assert "DEMO" not in repr(keys)
    with pytest.raises(ValueError, match="8 bytes") as refusal:
        keys.cryptogram(KeyName.EXTERNAL, b"", CHALLENGE)
    assert not any(key.hex() in str(refusal.value) for key in OTHERS.values())


def test_master_and_card_keys_never_leave_the_token(token: TokenKeys) -> None:
    from pkcs11 import Attribute
    from pkcs11.exceptions import AttributeSensitive

    from cardio.keys.pkcs11 import _derived

    assert token._session is not None
    master = token._master(KeyName.EXTERNAL)
    with _derived(master, SERIAL * 2) as derived:
        for key in (master, derived):
            with pytest.raises(AttributeSensitive):
                key[Attribute.VALUE]
    assert len(list(token._session.get_objects())) == len(KeyName)


def test_a_token_that_is_not_there_is_missing(library: str) -> None:
    with pytest.raises(KeysMissing, match="nowhere"):
        open_token(library, "nowhere", softhsm.PIN)


def test_a_library_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing):
        open_token(str(tmp_path / "none.so"), softhsm.LABEL, softhsm.PIN)


def test_a_wrong_pin_is_refused_and_not_told(library: str) -> None:
    with pytest.raises(AccessRefused) as refusal:
        open_token(library, softhsm.LABEL, "999999")
    assert "999999" not in str(refusal.value)
    open_token(library, softhsm.LABEL, softhsm.PIN).close()


@pytest.mark.parametrize(
    ("flag", "fault"), [("USER_PIN_FINAL_TRY", LastTry), ("USER_PIN_LOCKED", AccessRefused)]
)
def test_the_last_try_of_a_pin_is_not_used(flag: str, fault: type[Exception]) -> None:
    from pkcs11 import TokenFlag

    from cardio.keys.pkcs11 import _refuse_last_try

    class Token:
        flags = TokenFlag[flag] | TokenFlag.TOKEN_INITIALIZED

    with pytest.raises(fault):
        _refuse_last_try(Token())  # type: ignore[arg-type]


def test_a_token_given_back_twice_has_no_keys(library: str) -> None:
    keys = open_token(library, softhsm.LABEL, softhsm.PIN)
    keys.close()
    keys.close()
    with pytest.raises(KeysMissing):
        keys.cryptogram(KeyName.EXTERNAL, SERIAL, CHALLENGE)


def test_a_token_leaves_no_thread_and_no_object_after_two_hundred_cards(token: TokenKeys) -> None:
    before = threading.active_count()
    for number in range(200):
        token.mac(KeyName.UPDATE_WALLET, number.to_bytes(8, "big"), CHALLENGE, bytes(20))
    assert token._session is not None
    assert (before, len(KeyName)) == (threading.active_count(), len(list(token._session.get_objects())))
