"""The files of a simulated card as bytes, so that an inspection has something to show."""

from __future__ import annotations

from collections.abc import Mapping

from cardio.contents import CardContents


def raw_files(contents: CardContents) -> Mapping[str, bytes]:
    """What a CPU card with these values holds, by the name of the file."""
    wallet = contents.wallet_fen.to_bytes(4, "big") + contents.vend_count.to_bytes(4, "big")
    return {"82": wallet}
