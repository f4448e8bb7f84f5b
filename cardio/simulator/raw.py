"""The files of a simulated card as bytes: what a CPU card with its values holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cardio.contents import CardContents, WriteBack
from cardio.layout import parameters, wallet, writeback

_NO_KEYS: Final = bytes(4)


def raw_files(contents: CardContents) -> Mapping[str, bytes]:
    """The three files by their names."""
    return {
        "81": parameters.encode(_parameters(contents)),
        "82": wallet.encode(wallet.Wallet(contents.wallet_fen, contents.vend_count)),
        "85": _report(contents, contents.writeback) if contents.writeback else bytes(writeback.SIZE),
    }


def _parameters(contents: CardContents) -> parameters.Parameters:
    """File 81."""
    return parameters.Parameters(
        user_type=contents.user_type,
        update_flags=parameters.UPDATE_PARAMETERS,
        alarm1_fen=contents.alarm1_fen,
        alarm2_fen=contents.alarm2_fen,
        ct_ratio=contents.ct_ratio,
        pt_ratio=contents.pt_ratio,
        meter_no=contents.meter_no,
        account_no=contents.account_no,
        card_type=contents.card_type,
    )


def _report(contents: CardContents, back: WriteBack) -> bytes:
    """File 85, as the meter wrote it."""
    return writeback.encode(
        writeback.MeterReport(
            user_type=contents.user_type,
            ct_ratio=contents.ct_ratio,
            pt_ratio=contents.pt_ratio,
            meter_no=back.meter_no,
            account_no=back.account_no,
            remaining_fen=back.remaining_fen,
            vend_count=back.vend_count,
            overdraft_fen=back.overdraft_fen,
            key_info=_NO_KEYS,
            illegal_inserts=back.illegal_inserts,
            written_at=back.written_at,
        )
    )
