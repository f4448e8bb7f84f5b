"""Many accounts at once, and groups of them: a few statements, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from counter.domain.late_fee import BillState
from db.queries.accounts import bill_no


@dataclass(frozen=True, slots=True)
class ManyRow:
    """One account of many."""

    account_no: str
    version: int
    prepaid_fen: int
    name: str
    hall_name: str
    customer_class: str
    closed: bool
    corporate_bank: bool
    agreement_id: UUID | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group as it is listed."""

    group_id: UUID
    name: str
    version: int
    account_count: int


_NEXT_AGREEMENT = (
    "LEFT JOIN LATERAL (SELECT g.agreement_id FROM counter.instalment_agreement g"
    " WHERE g.account_no = a.account_no"
    " AND NOT EXISTS (SELECT FROM counter.instalment_end e WHERE e.agreement_id = g.agreement_id)"
    " AND NOT EXISTS (SELECT FROM counter.bill x WHERE x.account_no = g.account_no AND x.period = g.period)"
    " AND (SELECT coalesce(sum(p.amount_fen), 0) FROM counter.instalment_payment p"
    "  WHERE p.agreement_id = g.agreement_id)"
    " < (SELECT sum(i.amount_fen) FROM counter.instalment i WHERE i.agreement_id = g.agreement_id)"
    " ORDER BY g.period LIMIT 1) n ON true"
)
"""The earliest open agreement of the account ``a`` that is not paid to its end."""


def accounts(connection: Connection, numbers: Sequence[str]) -> tuple[ManyRow, ...]:
    """Those of the accounts that there are, by number."""
    rows = connection.execute(
        text(
            "SELECT a.account_no, b.version, b.prepaid_fen, a.name, h.name, a.customer_class,"
            " a.status = 'closed', a.corporate_bank, n.agreement_id"
            " FROM counter.account a JOIN counter.account_balance b USING (account_no)"
            f" JOIN counter.hall h USING (hall_no) {_NEXT_AGREEMENT} WHERE a.account_no = ANY(:numbers) ORDER BY a.account_no"
        ),
        {"numbers": list(numbers)},
    )
    return tuple(ManyRow(*row) for row in rows)


def open_bills(connection: Connection, numbers: Sequence[str]) -> tuple[BillState, ...]:
    """The bills of all of them that are not settled, as ``accounts.open_bills`` has them for one."""
    rows = connection.execute(
        text(
            "SELECT account_no, period, part, kwh, principal_fen, principal_paid_fen, late_fee_paid_fen,"
            " late_fee_accrued_fen, late_fee_through, due_date, late_fee_waived_fen, late_fee_deferred_until"
            " FROM counter.bill WHERE account_no = ANY(:numbers) AND (principal_paid_fen < principal_fen"
            " OR late_fee_deferred_until IS NOT NULL AND late_fee_paid_fen + late_fee_waived_fen < late_fee_accrued_fen)"
            " ORDER BY due_date, period, part"
        ),
        {"numbers": list(numbers)},
    )
    return tuple(BillState(bill_no(row[0], row[1], row[2]), row[0], row[1], *row[3:]) for row in rows)


_GROUP = (
    "SELECT g.group_id, g.name, g.version,"
    " (SELECT count(*) FROM counter.payer_group_member m WHERE m.group_id = g.group_id)"
    " FROM counter.payer_group g"
)


def groups(connection: Connection, part: str, most: int) -> tuple[GroupRow, ...]:
    """Groups whose name holds ``part``, those that begin with it first."""
    rows = connection.execute(
        text(
            f"{_GROUP} WHERE strpos(lower(g.name), lower(:part)) > 0"
            " ORDER BY strpos(lower(g.name), lower(:part)), g.name LIMIT :most"
        ),
        {"part": part, "most": most},
    )
    return tuple(GroupRow(*row) for row in rows)


def group(connection: Connection, group_id: UUID) -> GroupRow | None:
    """One group, or None."""
    row = connection.execute(text(f"{_GROUP} WHERE g.group_id = :group_id"), {"group_id": group_id}).first()
    return GroupRow(*row) if row else None


def members(connection: Connection, group_id: UUID) -> tuple[str, ...]:
    """The accounts of a group, sorted."""
    rows = connection.execute(
        text(
            "SELECT account_no FROM counter.payer_group_member WHERE group_id = :group_id ORDER BY account_no"
        ),
        {"group_id": group_id},
    )
    return tuple(rows.scalars())
