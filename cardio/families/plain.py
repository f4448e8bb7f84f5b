"""The three files of a vend as bytes, and what they mean: the same for every family."""

from __future__ import annotations

from dataclasses import dataclass

from cardio.contents import CardContents, CardType, VendOrder, WriteBack
from cardio.errors import Damaged, Garbled
from cardio.layout import parameters, wallet, writeback
from cardio.profiles import Profile


@dataclass(frozen=True, slots=True)
class CardFiles:
    """Parameters, wallet and write-back as they stand on a card."""

    parameters: bytes
    wallet: bytes
    writeback: bytes

    @property
    def blank(self) -> bool:
        """Whether nobody wrote on the card yet: all zeros, or all ones as memory comes from the factory."""
        return self.parameters in {bytes(parameters.SIZE), b"\xff" * parameters.SIZE}


def contents(profile: Profile, serial: str, files: CardFiles) -> CardContents:
    """A card in values. A blank one has no numbers and type 01; raises Damaged for a torn file."""
    raw = {"81": files.parameters, "82": files.wallet, "85": files.writeback}
    if files.blank:
        return CardContents(
            profile.name, serial, "", "", CardType.OPENING, 0, 0, 0, 0, 0, 0, 0, writeback=None, raw=raw
        )
    try:
        told = parameters.decode(files.parameters)
        credit = wallet.decode(files.wallet)
        report = _report(files.writeback)
    except Garbled as fault:
        raise Damaged(str(fault), serial) from fault
    return CardContents(
        profile=profile.name,
        serial=serial,
        account_no=told.account_no,
        meter_no=told.meter_no,
        card_type=told.card_type,
        user_type=told.user_type,
        wallet_fen=credit.amount_fen,
        vend_count=credit.vend_count,
        alarm1_fen=told.alarm1_fen,
        alarm2_fen=told.alarm2_fen,
        ct_ratio=told.ct_ratio,
        pt_ratio=told.pt_ratio,
        writeback=report,
        raw=raw,
    )


def ordered(profile: Profile, order: VendOrder) -> CardFiles:
    """The files as they are to stand afterwards, from the order alone: writing it twice is writing it once.

    Raises ValueError for an order that has no room on the card, or is above its maximum.
    """
    if not 0 <= order.amount_fen <= profile.card_maximum_fen:
        raise ValueError("an amount above what this card may hold")
    told = parameters.Parameters(
        user_type=order.user_type,
        update_flags=profile.update_flags,
        alarm1_fen=order.alarm1_fen,
        alarm2_fen=order.alarm2_fen,
        ct_ratio=order.ct_ratio,
        pt_ratio=order.pt_ratio,
        meter_no=order.meter_no,
        account_no=order.account_no,
        card_type=order.card_type,
    )
    return CardFiles(
        parameters.encode(told),
        wallet.encode(wallet.Wallet(order.amount_fen, order.vend_count)),
        bytes(profile.files.writeback_length),
    )


def _report(raw: bytes) -> WriteBack | None:
    """What the meter said, if it did."""
    if writeback.is_empty(raw):
        return None
    report = writeback.decode(raw)
    return WriteBack(
        meter_no=report.meter_no,
        account_no=report.account_no,
        remaining_fen=report.remaining_fen,
        vend_count=report.vend_count,
        overdraft_fen=report.overdraft_fen,
        illegal_inserts=report.illegal_inserts,
        written_at=report.written_at,
    )
