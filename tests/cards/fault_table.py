"""Every fault at every instant of a sale, and what becomes of the money: makes docs/card-fault-table.md.

``python -m tests.cards.fault_table`` writes the page anew; a test fails when it is not what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cardio.contents import Step
from cardio.errors import AccessRefused, CardError, KeysMissing, LastTry
from cardio.keys import KeyName
from cardio.keys.demonstration import DemonstrationKeys
from counter.domain.vends import VendState
from tests.cards import faults
from tests.cards.faults import Fault, FaultyCard
from tests.cards.model_desk import Desk, DirectReader, Reader, Refused, money_is_whole
from tests.cards.sim_card import SimulatedCard
from tests.cards.sim_cpu import CpuCard
from tests.cards.sim_meter import Meter, in_use
from tests.cards.sim_mifare import MifareCard
from tests.cards.sim_sle4442 import MemoryCard

PAGE: Final = Path(__file__).parents[2] / "docs" / "card-fault-table.md"
ACCOUNT, METER_NO = "200010078288", "100250366809"
LAST_COUNT, LAST_SOLD_FEN, SOLD_FEN = 9, 6_000, 12_345

FAMILIES: Final[Mapping[str, Callable[[int], SimulatedCard]]] = MappingProxyType(
    {
        "cpu": lambda number: CpuCard(number.to_bytes(8)),
        "sle4442": lambda number: MemoryCard(number.to_bytes(4)),
        "mifare": lambda number: MifareCard(number.to_bytes(4)),
    }
)

LOOK, OPEN = "look", "open"
INSTANTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        LOOK: "card shown, nothing booked",
        OPEN: "booked, card opened",
        Step.CONNECT.name: "number compared",
        Step.AUTHENTICATE.name: "keys proven",
        Step.PARAMETERS.name: "81 written",
        Step.WALLET.name: "82 written",
        Step.CLEAR_WRITEBACK.name: "85 cleared",
        Step.READ_BACK.name: "read back",
    }
)

_REFUSALS: Final = (
    *(0x6300, 0x63C2, 0x63C1, 0x6581, 0x6700, 0x6982, 0x6983, 0x6985, 0x6987, 0x6988, 0x6A82, 0x6A83),
    *(0x6A84, 0x6A86, 0x6A88, 0x6B00, 0x9302, 0x9303, 0x9401, 0x9403, 0x9406),
)


def swapped(card: FaultyCard, apdu: bytes) -> bytes:
    """Another card of the company sits in the reader from here on, and nobody noticed."""
    card.card = next(iter(_SPARE))
    card.power_on()
    return card.card.answer(apdu)


_SPARE: Final[list[SimulatedCard]] = []

CARD_FAULTS: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        "torn out before the command": faults.torn_before,
        "torn out in the middle of storing": faults.torn_after(0.5),
        "done, torn out before the answer": faults.reply_lost,
        "done, and no answer ever": faults.never,
        "answer late": faults.late(0.001),
        "answer of 0 bytes": faults.answers_nothing,
        "answer of 1 byte": faults.answers_one_byte,
        "answer cut, ends in 9000": faults.truncated,
        "answer too long": faults.over_long,
        "answer doubled": faults.doubled,
        "answers one behind": faults.lagging,
        "power gone for an instant": faults.power_cycle,
        "another card, unnoticed": swapped,
        "9000, nothing stored": faults.stores_nothing,
        "9000, other bytes stored": faults.stores_other,
        "done, and says 6581": faults.done_but_says(0x6581),
        **{f"refused: {status:04X}": faults.refused(status) for status in _REFUSALS},
    }
)
KEY_FAULTS: Final = ("SAM pulled", "SAM locked", "SAM of another company")
ALL_FAULTS: Final = (*CARD_FAULTS, *KEY_FAULTS)


class FaultyKeys(DemonstrationKeys):
    """Keys that fail at one call; counted from 0."""

    def __init__(self, fault: str = "", at: int = -1) -> None:
        """One of KEY_FAULTS, or none."""
        super().__init__()
        self.calls = 0
        self._fault, self._at = fault, at

    def cryptogram(self, name: KeyName, serial: bytes, challenge: bytes) -> bytes:
        """Of the card's key, or the fault."""
        return self._disturbed(super().cryptogram(name, serial, challenge))

    def mac(self, name: KeyName, serial: bytes, initial: bytes, data: bytes) -> bytes:
        """Under the card's key, or the fault."""
        return self._disturbed(super().mac(name, serial, initial, data))

    def _disturbed(self, answer: bytes) -> bytes:
        self.calls += 1
        if self.calls - 1 != self._at:
            return answer
        if self._fault == KEY_FAULTS[0]:
            raise KeysMissing("pulled")
        if self._fault == KEY_FAULTS[1]:
            raise AccessRefused("locked", 0x6983, 0)
        return bytes(byte ^ 0xFF for byte in answer)


@dataclass(slots=True)
class Scene:
    """A card that came back from its meter, its account's desk, and the meter at home."""

    family: str = "cpu"
    keys: FaultyKeys = field(default_factory=FaultyKeys)
    number: int = 1
    card: SimulatedCard = field(init=False)
    faulty: FaultyCard = field(init=False)
    meter: Meter = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.card = FAMILIES[self.family](self.number)
        self.meter = in_use(self.card, ACCOUNT, METER_NO, count=LAST_COUNT, amount_fen=LAST_SOLD_FEN)
        self.faulty = FaultyCard(self.card)
        self.desk = Desk(ACCOUNT, METER_NO, LAST_COUNT)
        _SPARE[:] = [FAMILIES[self.family](0)]
        in_use(_SPARE[0], METER_NO, ACCOUNT, count=LAST_COUNT, amount_fen=LAST_SOLD_FEN)

    def reader(self) -> DirectReader:
        """A reader with the card in it."""
        return DirectReader(self.faulty, self.keys)

    def check(self) -> None:
        """The money is whole now."""
        money_is_whole(self.desk, self.card, self.meter, LAST_SOLD_FEN)


def outcome(scene: Scene, reader: Reader, put_back: Callable[[], None], *, home_first: bool = False) -> str:
    """Sell with a fault laid out, put the same card in again, finish; in the words of the page."""
    others = _SPARE[0]
    untouched = others.content("81"), others.content("82"), others.content("85")
    try:
        scene.desk.sell(reader, SOLD_FEN)
    except (CardError, Refused):
        assert not scene.desk.vends
    assert untouched == (others.content("81"), others.content("82"), others.content("85"))
    scene.check()
    if home_first:
        scene.meter.insert(scene.card)
        scene.check()
    if not scene.desk.vends:
        return "not sold"
    first = scene.desk.vends[0].state
    if first is VendState.WRITTEN:
        return "written"
    put_back()
    return f"{_words(first)}, then {_resumed(scene, reader)}"


def _resumed(scene: Scene, reader: Reader) -> str:
    """What a second go makes of it."""
    try:
        state = scene.desk.resume(reader)
    except (CardError, Refused):
        state = scene.desk.vends[0].state
    scene.check()
    if state is VendState.WRITTEN:
        return _words(state)
    assert isinstance(scene.desk.last_fault, (LastTry, AccessRefused))
    return "kept so"


def _words(state: VendState) -> str:
    return state.replace("_", " ")


def instants_of(family: str) -> list[str]:
    """For each command of a sale the instant to which it belongs."""
    return _timeline(family, lambda scene: len(scene.faulty.commands))


def key_calls_of(family: str) -> list[str]:
    """The same for each time the keys are asked."""
    return _timeline(family, lambda scene: scene.keys.calls)


def _timeline(family: str, count: Callable[[Scene], int]) -> list[str]:
    """A quiet sale; ``count`` tells how much has been done so far."""
    scene = Scene(family)
    marks: list[tuple[str, int]] = [(LOOK, 0)]
    scene.desk.on_booked = lambda: marks.append((OPEN, count(scene)))
    scene.desk.sell(scene.reader(), SOLD_FEN, lambda step: marks.append((step.name, count(scene))))
    ends = [begin for _name, begin in marks[1:]] + [count(scene)]
    return [name for (name, begin), end in zip(marks, ends, strict=True) for _index in range(begin, end)]


def scenes(family: str, names: Iterable[str] = ALL_FAULTS) -> Iterator[tuple[str, str, Scene]]:
    """Every fault at every command and every call of the keys: its name, its instant, its scene."""
    for index, instant in enumerate(instants_of(family)):
        for name, fault in CARD_FAULTS.items():
            if name not in names:
                continue
            scene = Scene(family)
            scene.faulty.at(index, fault)
            yield name, instant, scene
    for index, instant in enumerate(key_calls_of(family)):
        for name in set(KEY_FAULTS).intersection(names):
            yield name, instant, Scene(family, FaultyKeys(name, index))


def outcomes(
    family: str = "cpu", *, home_first: bool = False, names: Iterable[str] = ALL_FAULTS
) -> dict[str, dict[str, set[str]]]:
    """What came out, by fault and instant."""
    found: dict[str, dict[str, set[str]]] = {}
    for name, instant, scene in scenes(family, names):

        def put_back(scene: Scene = scene) -> None:
            scene.faulty.card = scene.card
            scene.faulty.count_from_here()

        told = outcome(scene, scene.reader(), put_back, home_first=home_first)
        found.setdefault(name, {}).setdefault(instant, set()).add(told)
    return found


_HEAD: Final = """# Card faults, command by command

What becomes of a sale when something goes wrong at any instant of it. Made by `python -m tests.cards.fault_table`
from the card library on a simulated CPU card, which checks keys, MACs and challenges as a card does; memory cards
are put through the same faults by the tests. Each cell covers every command of its instant: the state right after
the fault, then what the same card makes of it when it is put in again. After every one of them the money booked was
the money on the card, in the meter, or open in the books, also when the customer took the card home first.

- *not sold*: nothing was booked, nothing written.
- *written*: the fault did no harm, or was found and settled at once.
- *pending*: paid, and certainly nothing written.
- *in doubt*: paid, and not known until the card is read.
- *kept so*: the card refused a key, which is not tried again; it stays open for a supervisor or a new card.
- another card is refused at every instant and not changed.

"""
_TAIL: Final = """
The PC/SC service or the reader's process killed during a command is, for the card, *done, torn out before the
answer*; the tests do both on the real service at every command.
"""


def page(found: Mapping[str, Mapping[str, set[str]]]) -> str:
    """The page in full."""
    lines = ["| fault | " + " | ".join(INSTANTS.values()) + " |", "|---" * (len(INSTANTS) + 1) + "|"]
    for name, cells in sorted(found.items(), key=lambda line: ALL_FAULTS.index(line[0])):
        texts = ("; or ".join(sorted(cells[instant])) if instant in cells else "" for instant in INSTANTS)
        lines.append(f"| {name} | " + " | ".join(texts) + " |")
    return _HEAD + "\n".join(lines) + "\n" + _TAIL


if __name__ == "__main__":
    PAGE.write_text(page(outcomes()), encoding="utf-8")
