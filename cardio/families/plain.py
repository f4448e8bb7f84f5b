"""The three files of a vend as bytes, and what they mean: the same for every family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cardio.contents import CardContents, CardType, VendOrder, WriteBack
from cardio.errors import Damaged, Garbled
from cardio.layout import parameters, wallet, writeback
from cardio.layout.writeback import MeterReport
from cardio.profiles import Profile

Decoded = TypeVar("Decoded")


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
    told = _or_fault(lambda: parameters.decode(files.parameters))
    credit = wallet.decode(files.wallet)
    report = _or_fault(lambda: _report(files.writeback))
    if isinstance(told, Garbled) or isinstance(report, Garbled):
        fault = told if isinstance(told, Garbled) else report
        raise Damaged(str(fault), serial, _readable(profile, serial, told, credit, report, raw))
    return _contents(profile, serial, told, credit, report, raw)


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


def _contents(
    profile: Profile,
    serial: str,
    told: parameters.Parameters,
    credit: wallet.Wallet,
    report: MeterReport | None,
    raw: Mapping[str, bytes],
) -> CardContents:
    """All files in one."""
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
        writeback=None if report is None else _writeback(report),
        raw=raw,
    )


def _readable(
    profile: Profile,
    serial: str,
    told: parameters.Parameters | Garbled,
    credit: wallet.Wallet,
    report: MeterReport | Garbled | None,
    raw: Mapping[str, bytes],
) -> CardContents | None:
    """What a torn card still says: its parameters, or those of them that the meter repeats."""
    if isinstance(told, parameters.Parameters):
        return _contents(profile, serial, told, credit, None, raw)
    if not isinstance(report, MeterReport):
        return None
    usual = VendOrder("", "", "", CardType.PURCHASE, 0, 0)
    repeated = parameters.Parameters(
        user_type=report.user_type,
        update_flags=0,
        alarm1_fen=usual.alarm1_fen,
        alarm2_fen=usual.alarm2_fen,
        ct_ratio=report.ct_ratio,
        pt_ratio=report.pt_ratio,
        meter_no=report.meter_no,
        account_no=report.account_no,
        card_type=CardType.PURCHASE,
    )
    return _contents(profile, serial, repeated, credit, report, raw)


def _or_fault(decode: Callable[[], Decoded]) -> Decoded | Garbled:
    """The value, or why there is none."""
    try:
        return decode()
    except Garbled as fault:
        return fault


def _report(raw: bytes) -> MeterReport | None:
    """What the meter said, if it did."""
    return None if writeback.is_empty(raw) else writeback.decode(raw)


def _writeback(report: MeterReport) -> WriteBack:
    """The part of it that a desk looks at."""
    return WriteBack(
        meter_no=report.meter_no,
        account_no=report.account_no,
        remaining_fen=report.remaining_fen,
        vend_count=report.vend_count,
        overdraft_fen=report.overdraft_fen,
        illegal_inserts=report.illegal_inserts,
        written_at=report.written_at,
    )
