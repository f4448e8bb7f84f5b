"""What is agreed with a customer: instalments and reconnections, and what moved a balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine

from counter.domain.instalments import Instalment, InstalmentRules, standing
from counter.services.ports.agreements import (
    Agreement,
    AgreementBasis,
    BalanceMove,
    EndAgreement,
    MakeAgreement,
    ReconnectionTask,
)
from counter.services.posting import Posting
from counter.services.task_file import write_tasks
from counter.services.unit_of_work import transaction
from db.queries import agreements, people
from db.queries.agreements import AgreementRow

HISTORY_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Agreements:
    """The real part behind ``ports.agreements.Agreements``; exports go into ``folder``."""

    engine: Engine
    hall_no: int
    folder: Path
    posting: Posting

    def of_account(self, account_no: str) -> tuple[Agreement, ...]:
        """Every agreement of an account, the newest month first."""
        with transaction(self.engine) as connection:
            today = people.business_date(connection)
            rows = agreements.of_account(connection, account_no)
        return tuple(as_agreement(row, today) for row in rows)

    def due(self) -> tuple[Agreement, ...]:
        """The open agreements of the hall with something due, the longest missed first."""
        with transaction(self.engine) as connection:
            today = people.business_date(connection)
            rows = agreements.open_of_my_hall(connection)
        found = [as_agreement(row, today) for row in rows]
        found = [agreed for agreed in found if agreed.standing.due_fen]
        return tuple(
            sorted(found, key=lambda agreed: (agreed.standing.missed_since or today, agreed.account_no))
        )

    def basis(self, account_no: str) -> AgreementBasis:
        """What a new agreement starts from."""
        with transaction(self.engine) as connection:
            row = agreements.basis(connection, account_no)
        rules = InstalmentRules(row.large_kwh, row.least, row.every_days)
        return AgreementBasis(row.last_kwh, row.last_fen, rules, row.today, row.risk_customer)

    def make(self, request: MakeAgreement) -> None:
        """Make an agreement, once."""
        body = {
            "request_id": str(request.request_id),
            "account_no": request.account_no,
            "period": request.period,
            "expected_kwh": request.expected_kwh,
            "instalments": [
                {"due_date": item.due_date.isoformat(), "amount_fen": item.amount_fen}
                for item in request.plan
            ],
            "reason": request.reason,
        }
        self.posting.post("make_agreement", body)

    def end(self, request: EndAgreement) -> None:
        """End an agreement, once."""
        body = {
            "request_id": str(request.request_id),
            "agreement_id": str(request.agreement_id),
            "reason": request.reason,
        }
        self.posting.post("end_agreement", body)

    def reconnections(self) -> tuple[ReconnectionTask, ...]:
        """The open tasks of the hall by deadline."""
        with transaction(self.engine) as connection:
            rows = agreements.open_tasks(connection, self.hall_no)
        return tuple(
            ReconnectionTask(
                row.journal_id,
                row.account_no,
                row.account_name,
                row.address,
                row.phone,
                row.meter_no,
                row.raised_at,
                row.due_at,
                row.overdue,
            )
            for row in rows
        )

    def reconnection_count(self) -> int:
        """How many of them there are."""
        with transaction(self.engine) as connection:
            return agreements.count_tasks(connection, self.hall_no)

    def complete(self, request_id: UUID, task: ReconnectionTask) -> None:
        """The account is connected again."""
        body = {
            "request_id": str(request_id),
            "journal_id": task.journal_id,
            "account_no": task.account_no,
        }
        self.posting.post("complete_reconnection", body)

    def export_reconnections(self) -> Path:
        """Write the open tasks of the hall into a file of their own."""
        with transaction(self.engine) as connection:
            rows = agreements.open_tasks(connection, self.hall_no)
        path = self.folder / f"reconnections-{self.hall_no}-{datetime.now().astimezone():%Y%m%d-%H%M%S}.csv"
        write_tasks(rows, path)
        return path

    def balance_history(self, account_no: str) -> tuple[BalanceMove, ...]:
        """What moved the prepaid balance, newest first."""
        with transaction(self.engine) as connection:
            rows = agreements.balance_history(connection, account_no, HISTORY_MAX)
        return tuple(BalanceMove(*[*row[:8], tuple(row[8]), row[9]]) for row in map(list, rows))


def as_agreement(row: AgreementRow, today: date) -> Agreement:
    """An agreement as the screens show it, with its standing on ``today``."""
    plan = tuple(map(Instalment, row.due_dates, row.amounts_fen))
    return Agreement(
        agreement_id=row.agreement_id,
        account_no=row.account_no,
        account_name=row.account_name,
        period=row.period,
        expected_kwh=row.expected_kwh,
        reason=row.reason,
        plan=plan,
        paid_fen=row.paid_fen,
        ended=row.ended,
        billed=row.billed,
        standing=standing(plan, row.paid_fen, today),
    )
