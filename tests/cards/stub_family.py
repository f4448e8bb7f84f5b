"""A family of one card, the stub's: what the reader's process opens in tests of that process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from cardio.apdu import Command
from cardio.contents import CardContents, CardType, Step, VendOrder
from cardio.errors import AccessRefused, CardError, CardSwapped, NotCompared
from cardio.link import Link
from cardio.setup import ReaderSetup
from tests.cards.stub_card import ATR

NUMBER = Command(0x00, 0xCA, 0x00, 0x00, le=8)
READ = Command(0x00, 0xB0, 0x00, 0x00, le=8)


class StubFamily:
    """The number, and a record that holds amount and count."""

    profile = SimpleNamespace(name="stub")

    def __init__(self, link: Link) -> None:
        self._link = link
        self.serial = link.send(NUMBER).data.hex().upper()

    def read(self) -> CardContents:
        """As a card of another family would be read."""
        record = self._link.send(READ).data
        return CardContents(
            "stub", self.serial, "1", "2", CardType.PURCHASE, 1, int.from_bytes(record[:4], "big"),
            int.from_bytes(record[4:], "big"), 0, 0, 1, 1, None, {"record": record},
        )  # fmt: skip

    def write(self, order: VendOrder, on_step: Callable[[Step], None]) -> CardContents:
        """In the order of steps of every family; orders with special counts misbehave."""
        if order.serial != self.serial:
            raise CardSwapped("another card")
        on_step(Step.CONNECT)
        on_step(Step.AUTHENTICATE)
        if order.vend_count == 666:
            raise AccessRefused("external authentication", 0x63C1, 1)
        on_step(Step.WALLET)
        self._update(order)
        on_step(Step.READ_BACK)
        found = self.read()
        if found.vend_count != order.vend_count:
            with _written():
                raise NotCompared("record")
        return found

    def _update(self, order: VendOrder) -> None:
        with _written():
            if order.vend_count == 999:
                os._exit(3)
            if order.vend_count == 998:
                raise ZeroDivisionError("secret 0123456789ABCDEF")
            record = order.amount_fen.to_bytes(4, "big") + order.vend_count.to_bytes(4, "big")
            self._link.send(Command(0x00, 0xD6, 0x00, 0x00, record))


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except CardError as error:
        error.maybe_written = True
        raise


class StubOpening:
    """As ``cardio.opening.Opening``."""

    demonstration: bool | None = None
    memory = None

    def __init__(self, _setup: ReaderSetup, connect_sam: Callable[[], Link]) -> None:
        self._connect_sam = connect_sam

    def is_user_card(self, atr: bytes) -> bool:
        """The stub's answer to reset."""
        return atr == ATR

    def open(self, link: Link) -> StubFamily:
        """Any card; one whose number begins with SAM's wants the module as well."""
        card = StubFamily(link)
        if card.serial.startswith("5A"):
            self._connect_sam().close()
            self.demonstration = False
        return card

    def release(self) -> None:
        """Nothing is held."""
