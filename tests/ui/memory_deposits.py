"""What waits in the safe of the bureau in memory: always the same, for pictures."""

from __future__ import annotations

from datetime import timedelta

from counter.domain.undeposited import CashAlarm
from counter.services.ports.deposits import BankAccount, DepositPart, OpenDrawer, Safe, WaitingItem
from tests.ui.customers import NOW, TODAY

_WAITING = (
    (1, DepositPart.CASH, 1_284_550, 0, "1号台", "李敏", 27, CashAlarm.OLD),
    (1, DepositPart.CHEQUE, 3_600_000, 2, "1号台", "李敏", 27, None),
    (1, DepositPart.POS, 842_030, 17, "1号台", "李敏", 27, None),
    (2, DepositPart.CASH, 931_200, 0, "2号台", "赵强", 3, None),
    (2, DepositPart.POS, 510_000, 9, "2号台", "赵强", 3, None),
)


def _item(
    shift: int,
    part: DepositPart,
    fen: int,
    pieces: int,
    till: str,
    who: str,
    age_h: int,
    alarm: CashAlarm | None,
) -> WaitingItem:
    closed_at = NOW - timedelta(hours=age_h)
    day = TODAY - timedelta(days=age_h // 24)
    return WaitingItem(shift, part, fen, pieces, till, day, closed_at, who, age_h, alarm)


class MemoryDeposits:
    """A safe to look at; nothing can be posted."""

    def cash_alarm(self) -> CashAlarm | None:
        """Nobody is told."""
        return None

    def safe(self) -> Safe:
        """Two closed shifts and a full drawer."""
        drawer = OpenDrawer("3号台", "陈静", TODAY, 5_250_000, 5_200_000, 0, CashAlarm.CEILING)
        bank = BankAccount("4400000012345678", "建设银行滨江支行", "滨江供电局", "**** 5678")
        items = tuple(_item(*row) for row in _WAITING)
        return Safe(items, (drawer,), (bank,), CashAlarm.OLD, "17:30", 5_000_000)
