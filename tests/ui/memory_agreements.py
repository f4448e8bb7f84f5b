"""Agreements, reconnections and a balance's history in memory, for pictures; ``real_desk`` tries them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from counter.domain.instalments import Instalment, standing
from counter.services.ports.agreements import Agreement, BalanceMove, ReconnectionTask
from tests.ui.customers import HALL, NOW, TODAY

PLAN = tuple(Instalment(date(2026, 11, day), 4_200_000) for day in (5, 10, 15, 20, 25, 30))


def agreement(account_no: str, name: str, paid_fen: int, *, billed: bool = False) -> Agreement:
    """An agreement every five days."""
    return Agreement(
        UUID(int=int(account_no)),
        account_no,
        name,
        202611,
        280_000,
        "风险客户，每五天划拨",
        PLAN,
        paid_fen,
        False,
        billed,
        standing(PLAN, paid_fen, TODAY),
    )


class MemoryAgreements:
    """A handful of rows; nothing can be written."""

    def of_account(self, account_no: str) -> tuple[Agreement, ...]:
        """This month's, and last month's that its bill has settled."""
        now = agreement(account_no, "王小山", 12_600_000)
        return now, replace(now, period=202610, paid_fen=25_200_000, billed=True)

    def due(self) -> tuple[Agreement, ...]:
        """Two of the hall."""
        return agreement("0100300001", "江南铸造厂", 4_200_000), agreement(
            "0100300002", "[滨江]冷库", 12_600_000
        )

    def reconnection_count(self) -> int:
        """None at the foot of the usual pictures."""
        return 0

    def reconnections(self) -> tuple[ReconnectionTask, ...]:
        """One late, one to come."""
        rows = (("0100234567", "王小山", -2, True), ("0100300001", "江南铸造厂", 20, False))
        return tuple(
            ReconnectionTask(
                place,
                number,
                name,
                "解放路12号3单元402室",
                "13800006789",
                "366809002010",
                NOW,
                NOW + timedelta(hours=hours),
                late,
            )
            for place, (number, name, hours, late) in enumerate(rows)
        )

    def balance_history(self, account_no: str) -> tuple[BalanceMove, ...]:  # noqa: ARG002  (of any account)
        """In, in, and drawn by the bill."""
        rows = (
            ("draw_down", -8_150_000, 250_000, (202610,), "", False),
            ("payment", 4_200_000, 8_400_000, (), "0107-261020-0031", True),
            ("payment", 4_200_000, 4_200_000, (), "0107-261010-0012", True),
        )
        return tuple(
            BalanceMove(place, kind, NOW, HALL, "李敏", receipt, moved, left, periods, agreed)
            for place, (kind, moved, left, periods, receipt, agreed) in enumerate(rows)
        )
