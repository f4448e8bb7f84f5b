"""SM4 in plain Python, for simulated cards whose keys are of that kind: written a second time on purpose.

Source: GB/T 32907-2016.
"""

from __future__ import annotations

from typing import Final

_BOX: Final = bytes.fromhex(
    "d690e9fecce13db716b614c228fb2c052b679a762abe04c3aa44132649860699"
    "9c4250f491ef987a33540b43edcfac62e4b31ca9c908e89580df94fa758f3fa6"
    "4707a7fcf37317ba83593c19e6854fa8686b81b27164da8bf8eb0f4b70569d35"
    "1e240e5e6358d1a225227c3b01217887d40046579fd327524c3602e7a0c4c89e"
    "eabf8ad240c738b5a3f7f2cef96115a1e0ae5da49b341a55ad933230f58cb1e3"
    "1df6e22e8266ca60c02923ab0d534e6fd5db3745defd8e2f03ff6a726d6c5b51"
    "8d1baf92bbddbc7f11d95c411f105ad80ac13188a5cd7bbd2d74d012b8e5b4b0"
    "8969974a0c96777e65b9f109c56ec68418f07dec3adc4d2079ee5f3ed7cb3948"
)
_SYSTEM: Final = (0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC)
BLOCK: Final = 16


def encrypt(key: bytes, data: bytes) -> bytes:
    """Every block by itself."""
    rounds = _round_keys(key)
    return b"".join(_block(rounds, data[at : at + BLOCK]) for at in range(0, len(data), BLOCK))


def card_key(master: bytes, serial: bytes) -> bytes:
    """The key of the card: number and complement in one block."""
    return encrypt(master, serial + bytes(255 - byte for byte in serial))


def cryptogram(key: bytes, challenge: bytes) -> bytes:
    """Eight bytes: both halves of the block upon each other."""
    block = encrypt(key, challenge + bytes(8))
    return bytes(block[at] ^ block[at + 8] for at in range(8))


def mac(key: bytes, initial: bytes, data: bytes) -> bytes:
    """CBC-MAC, the initial value filled up with zeros, padded by 80 and zeros."""
    chained = initial + bytes(8)
    padded = data + b"\x80"
    padded += bytes(-len(padded) % BLOCK)
    for at in range(0, len(padded), BLOCK):
        chained = encrypt(key, bytes(chained[each] ^ padded[at + each] for each in range(BLOCK)))
    return chained


def _turned(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & 0xFFFFFFFF


def _replaced(word: int) -> int:
    return int.from_bytes(bytes(_BOX[byte] for byte in word.to_bytes(4)))


def _round_keys(key: bytes) -> list[int]:
    words = [int.from_bytes(key[4 * at : 4 * at + 4]) ^ _SYSTEM[at] for at in range(4)]
    for step in range(32):
        constant = int.from_bytes(bytes((4 * step + each) * 7 % 256 for each in range(4)))
        mixed = _replaced(words[step + 1] ^ words[step + 2] ^ words[step + 3] ^ constant)
        words.append(words[step] ^ mixed ^ _turned(mixed, 13) ^ _turned(mixed, 23))
    return words[4:]


def _block(rounds: list[int], block: bytes) -> bytes:
    words = [int.from_bytes(block[4 * at : 4 * at + 4]) for at in range(4)]
    for step, key in enumerate(rounds):
        mixed = _replaced(words[step + 1] ^ words[step + 2] ^ words[step + 3] ^ key)
        spread = mixed ^ _turned(mixed, 2) ^ _turned(mixed, 10) ^ _turned(mixed, 18) ^ _turned(mixed, 24)
        words.append(words[step] ^ spread)
    return b"".join(word.to_bytes(4) for word in reversed(words[-4:]))
