"""What this program adds to a vend: the same commands through the same PC/SC service, with it and without it.

Card and security module are simulated, so that their own time is small and ours is not hidden behind it: a
real one takes some tens of milliseconds for each command.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from smartcard import scard

from benchmarks.measure import Measure, spread
from benchmarks.stage import Stage
from cardio.contents import CardType, VendOrder
from cardio.families import open_card
from cardio.host import ReaderHost
from cardio.keys.sam import SamKeys
from cardio.link.pcsc import PcscLink
from cardio.profiles import KeySource
from cardio.profiles.loading import load_profiles
from cardio.setup import KeySetup, ReaderSetup
from tests.cards import stack
from tests.cards.faults import FaultyCard
from tests.cards.sim_cpu import CpuCard
from tests.cards.sim_sam import Sam
from tests.cards.vpcd import Slot

ROUNDS = 40
OWN_SHARE_MAX = 0.15
SERIAL = bytes.fromhex("1122334455667788")
PROFILES = load_profiles()
ORDER = VendOrder(SERIAL.hex().upper(), "2010078288", "250366809", CardType.PURCHASE, 10_000, 9)


def vends(_stage: Stage) -> Iterator[Measure]:
    """A vend by this program and its commands sent raw; interleaved, each on a new card."""
    stack.choose_socket()
    own, raw, hosted, sent = [], [], [], 0
    with stack.running() as service, Slot(service.user.port) as slot, Slot(service.sam.port) as sam_slot:
        sam = FaultyCard(Sam())
        sam_slot.insert(sam)
        service.sam.wait_present()
        keys = KeySetup(KeySource.SAM)
        host = ReaderHost(ReaderSetup(reader=service.user.reader, sam=service.sam.reader, keys=keys))
        try:
            for round_no in range(ROUNDS + 1):
                sam.count_from_here()
                with inserted(service, slot) as card:
                    own_ms = own_time_ms(service)
                commands = [(service.user.reader, card.commands), (service.sam.reader, sam.sent)]
                with inserted(service, slot):
                    raw_ms = sum(raw_time_ms(reader, messages) for reader, messages in commands)
                with inserted(service, slot):
                    began = time.perf_counter()
                    host.write(ORDER, lambda _step: None)
                    hosted_ms = 1e3 * (time.perf_counter() - began)
                if round_no:  # the first one fills caches and starts the reader's process
                    own.append(own_ms)
                    raw.append(raw_ms)
                    hosted.append(hosted_ms)
                    sent = sum(len(messages) for _reader, messages in commands)
        finally:
            host.close()
    yield Measure(
        "vend_own_share",
        median(own) / median(raw),
        "ratio",
        OWN_SHARE_MAX,
        "the same commands sent raw to card and module through the same service, interleaved, medians",
        details={
            "own_ms": spread(own),
            "raw_ms": spread(raw),
            "whole_by_the_readers_process_ms": spread(hosted),
            "commands": sent,
        },
    )


def own_time_ms(service: stack.Stack) -> float:
    """Processor time of identifying, writing and reading back: all but what the PC/SC library has."""
    away = 0.0
    transmit = scard.SCardTransmit

    def timed(*arguments: object) -> object:
        nonlocal away
        began = time.thread_time()
        try:
            return transmit(*arguments)
        finally:
            away += time.thread_time() - began

    link, keys = PcscLink(service.user.reader), SamKeys(PcscLink(service.sam.reader))
    scard.SCardTransmit = timed
    try:
        began = time.thread_time()
        open_card(link, PROFILES, keys).write(ORDER, lambda _step: None)
        return 1e3 * (time.thread_time() - began - away)
    finally:
        scard.SCardTransmit = transmit
        link.close()
        keys.close()


@contextmanager
def inserted(service: stack.Stack, slot: Slot) -> Iterator[FaultyCard]:
    """A new card in the reader; it counts what is sent to it."""
    card = FaultyCard(CpuCard(SERIAL))
    slot.insert(card)
    service.user.wait_present()
    time.sleep(0.05)  # whoever looks at a new card has looked
    yield card
    slot.remove()
    service.user.wait_empty()


def raw_time_ms(reader: str, commands: list[bytes]) -> float:
    """The commands by the library alone. Challenges repeat, because the card's chance does."""
    _code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    code, card, protocol = scard.SCardConnect(context, reader, scard.SCARD_SHARE_EXCLUSIVE, protocols)
    assert not code, scard.SCardGetErrorMessage(code)
    header = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
    messages = [list(command) for command in commands]
    began = time.perf_counter()
    answers = [scard.SCardTransmit(card, header, message)[1] for message in messages]
    took_ms = 1e3 * (time.perf_counter() - began)
    assert all(answer[-2:] == [0x90, 0x00] for answer in answers)
    scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
    scard.SCardReleaseContext(context)
    return took_ms
