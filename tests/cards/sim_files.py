"""The files of a card as the meter's maker has them: offsets and sums, written a second time on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EMPTY_WRITE_BACK: Final = bytes(49)
OPENING, PURCHASE, REPLACEMENT = "01", "02", "03"


def bcd(value: int | str, size: int) -> bytes:
    """Digits, filled up with zeros on the left."""
    return bytes.fromhex(str(value).rjust(2 * size, "0"))


def wallet(amount_fen: int, vend_count: int) -> bytes:
    """File 82."""
    return amount_fen.to_bytes(4) + vend_count.to_bytes(4)


def amount_and_count(raw: bytes) -> tuple[int, int]:
    """File 82 taken apart."""
    return int.from_bytes(raw[:4]), int.from_bytes(raw[4:])


def framed(command: int, data: bytes) -> bytes:
    """A frame with its checksum."""
    inner = bytes((command, len(data) >> 8, len(data) & 0xFF)) + data
    return b"\x68" + inner + bytes((sum(inner) % 256, 0x16))


def is_framed(command: int, raw: bytes) -> bool:
    """Whether the whole file is one frame of this kind with a right checksum."""
    return len(raw) > 6 and framed(command, raw[4:-2]) == raw


def is_empty(write_back: bytes) -> bool:
    """Whether a meter wrote nothing since the last vend."""
    return write_back[0] != 0x68 and not any(write_back[5:8])


@dataclass(frozen=True, slots=True)
class Parameters:
    """File 81; numbers with all their 12 digits."""

    account_no: str
    meter_no: str
    card_type: str = PURCHASE
    user_type: int = 1
    flags: int = 0x80
    alarm1_fen: int = 2_000
    alarm2_fen: int = 500
    ct: int = 1
    pt: int = 1

    def __bytes__(self) -> bytes:
        data = bytes((self.user_type, self.flags)) + bytes(4) + bytes(5) + bytes(1)
        data += bcd(self.alarm1_fen, 4) + bcd(self.alarm2_fen, 4) + bcd(self.ct, 3) + bcd(self.pt, 3)
        data += bcd(self.meter_no, 6) + bcd(self.account_no, 6) + bytes.fromhex(self.card_type)
        return framed(0x01, data)

    @classmethod
    def of(cls, raw: bytes) -> Parameters | None:
        """What a meter takes from the file; None when the frame is broken."""
        if not is_framed(0x01, raw) or len(raw) != 45:
            return None
        numbers = [int(raw[start:end].hex()) for start, end in ((16, 20), (20, 24), (24, 27), (27, 30))]
        return cls(raw[36:42].hex(), raw[30:36].hex(), raw[42:43].hex(), raw[4], raw[5], *numbers)


@dataclass(frozen=True, slots=True)
class WriteBack:
    """File 85 as a meter writes it."""

    account_no: str
    meter_no: str
    remaining_fen: int
    vend_count: int
    overdraft_fen: int = 0
    illegal_inserts: int = 0
    written_at: str = "2406121530"
    user_type: int = 1
    ct: int = 1
    pt: int = 1

    def __bytes__(self) -> bytes:
        data = bytes((self.user_type,)) + bcd(self.ct, 3) + bcd(self.pt, 3)
        data += bcd(self.meter_no, 6) + bcd(self.account_no, 6)
        data += self.remaining_fen.to_bytes(4) + self.vend_count.to_bytes(4)
        data += bcd(self.overdraft_fen, 4) + bytes(4) + bcd(self.illegal_inserts, 3)
        return framed(0x11, data + bcd(self.written_at, 5))
