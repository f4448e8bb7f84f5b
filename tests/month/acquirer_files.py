"""The acquirer's settlement file (收单对账文件): CSV in GB18030 with the usual headings and a total."""

from __future__ import annotations

from collections.abc import Sequence

from tests.month.bank_files import yuan
from tests.month.events import PosLine

HEADINGS = "商户号,终端号,交易时间,交易类型,批次号,凭证号,参考号,卡号,卡类别,交易金额,手续费,结算金额"


def settlement_csv(merchant: str, lines: Sequence[PosLine]) -> bytes:
    """All of one day."""
    rows = [
        f"{merchant},{line.terminal},{line.at:%Y-%m-%d %H:%M:%S},{line.kind},{line.batch},{line.trace},"
        f"{line.reference},{line.card},{line.card_class},{yuan(line.amount_fen)},{yuan(line.fee_fen)},"
        f"{yuan(line.net_fen)}"
        for line in lines
    ]
    return ("\r\n".join([HEADINGS, *rows]) + "\r\n").encode("gb18030")
