"""DES, two-key triple DES and the retail MAC in plain Python, for cards made of software alone.

Source: FIPS 46-3 and ISO/IEC 9797-1 algorithm 3. Written a second time on purpose: what a card checks must
not be computed by what it is checked against.
"""

from __future__ import annotations

from functools import lru_cache


def _table(text: str) -> tuple[int, ...]:
    """A table of the standard as it is printed there."""
    return tuple(int(number) for number in text.split())


_KEY_LEFT = _table("57 49 41 33 25 17 9 1 58 50 42 34 26 18 10 2 59 51 43 35 27 19 11 3 60 52 44 36")
_KEY_RIGHT = _table("63 55 47 39 31 23 15 7 62 54 46 38 30 22 14 6 61 53 45 37 29 21 13 5 28 20 12 4")
_KEY_PICK = _table(
    "14 17 11 24 1 5 3 28 15 6 21 10 23 19 12 4 26 8 16 7 27 20 13 2 "
    "41 52 31 37 47 55 30 40 51 45 33 48 44 49 39 56 34 53 46 42 50 36 29 32"
)
_SHIFTS = _table("1 1 2 2 2 2 2 2 1 2 2 2 2 2 2 1")
_FIRST = tuple(start - 8 * step for start in (58, 60, 62, 64, 57, 59, 61, 63) for step in range(8))
_LAST = tuple(_FIRST.index(bit) + 1 for bit in range(1, 65))
_SPREAD = _table("16 7 20 21 29 12 28 17 1 15 23 26 5 18 31 10 2 8 24 14 32 27 3 9 19 13 30 6 22 11 4 25")
_BOXES = (
    "E4D12FB83A6C5907 0F74E2D1A6CB9538 41E8D62BFC973A50 FC8249175B3EA06D",
    "F18E6B34972DC05A 3D47F28EC01A69B5 0E7BA4D158C6932F D8A13F42B67C05E9",
    "A09E63F51DC7B428 D709346A285ECBF1 D6498F30B12C5AE7 1AD069874FE3B52C",
    "7DE3069A1285BC4F D8B56F03472C1AE9 A690CB7DF13E5284 3F06A1D8945BC72E",
    "2C417AB6853FD0E9 EB2C47D150FA3986 421BAD78F9C5630E B8C71E2D6F09A453",
    "C1AF92680D34E75B AF427C9561DE0B38 9EF528C3704A1DB6 432C95FABE17608D",
    "4B2EF08D3C975A61 D0B7491AE35C2F86 14BDC37EAF680592 6BD814A7950FE23C",
    "D2846FB1A93E50C7 1FD8A374C56B0E92 7B419CE206ADF358 21E74A8DFC90356B",
)


def _permute(value: int, width: int, table: tuple[int, ...]) -> int:
    """Bits of ``value`` in the order of ``table``, which counts from 1 at the left."""
    result = 0
    for position in table:
        result = result << 1 | value >> (width - position) & 1
    return result


def _box_outputs(number: int, rows: str) -> tuple[int, ...]:
    """What box ``number`` adds to the half for each of its 64 inputs, spread already."""
    table = [[int(digit, 16) for digit in row] for row in rows.split()]
    outputs = []
    for six in range(64):
        row, column = (six >> 4 & 2) | (six & 1), six >> 1 & 15
        outputs.append(_permute(table[row][column] << (28 - 4 * number), 32, _SPREAD))
    return tuple(outputs)


_SPREAD_BOXES = tuple(_box_outputs(number, rows) for number, rows in enumerate(_BOXES))


@lru_cache(maxsize=256)
def _round_keys(key: bytes) -> tuple[tuple[int, ...], ...]:
    """Sixteen rounds of eight six-bit pieces."""
    whole = int.from_bytes(key)
    left, right = _permute(whole, 64, _KEY_LEFT), _permute(whole, 64, _KEY_RIGHT)
    rounds = []
    for shift in _SHIFTS:
        left = (left << shift | left >> (28 - shift)) & 0xFFFFFFF
        right = (right << shift | right >> (28 - shift)) & 0xFFFFFFF
        picked = _permute(left << 28 | right, 56, _KEY_PICK)
        rounds.append(tuple(picked >> shift & 63 for shift in range(42, -1, -6)))
    return tuple(rounds)


def _crypt(key: bytes, block: bytes, *, backwards: bool) -> bytes:
    """One block of single DES."""
    assert (len(key), len(block)) == (8, 8)
    mixed = _permute(int.from_bytes(block), 64, _FIRST)
    left, right = mixed >> 32, mixed & 0xFFFFFFFF
    rounds = _round_keys(key)
    for pieces in reversed(rounds) if backwards else rounds:
        wide = (right & 1) << 33 | right << 1 | right >> 31
        output = 0
        for number, piece in enumerate(pieces):
            output ^= _SPREAD_BOXES[number][wide >> (28 - 4 * number) & 63 ^ piece]
        left, right = right, left ^ output
    return _permute(right << 32 | left, 64, _LAST).to_bytes(8)


def encrypt(key: bytes, block: bytes) -> bytes:
    """Single DES, one block."""
    return _crypt(key, block, backwards=False)


def decrypt(key: bytes, block: bytes) -> bytes:
    """Single DES backwards, one block."""
    return _crypt(key, block, backwards=True)


@lru_cache(maxsize=4096)  # the same cards are made again and again
def encrypt_two_keys(key: bytes, data: bytes) -> bytes:
    """Triple DES with a 16-byte key, block by block, no padding."""
    assert len(key) == 16
    assert len(data) % 8 == 0
    left, right = key[:8], key[8:]
    blocks = (data[start : start + 8] for start in range(0, len(data), 8))
    return b"".join(encrypt(left, decrypt(right, encrypt(left, block))) for block in blocks)


def retail_mac(key: bytes, initial: bytes, data: bytes) -> bytes:
    """All 8 bytes of ISO/IEC 9797-1 algorithm 3 with padding method 2."""
    padded = data + b"\x80"
    padded += bytes(-len(padded) % 8)
    chained = initial
    for start in range(0, len(padded), 8):
        block = padded[start : start + 8]
        chained = encrypt(key[:8], bytes(a ^ b for a, b in zip(chained, block, strict=True)))
    return encrypt(key[:8], decrypt(key[8:], chained))


@lru_cache(maxsize=256)
def card_key(master: bytes, serial: bytes) -> bytes:
    """The key of the card with this 8-byte serial: both halves under the master, the right one inverted."""
    return encrypt_two_keys(master, serial) + encrypt_two_keys(master, bytes(byte ^ 0xFF for byte in serial))
