"""One payer, many accounts: groups, lists of payers, and one payment for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, Engine

from counter.domain.allocation import OpenBill
from counter.domain.late_fee import BillState, LateFeePolicy, late_fee_due_fen
from counter.domain.names import normalise_name
from counter.services.once import post_once
from counter.services.payer_lists import check_lines, complete_path, read_lines
from counter.services.ports.payers import CheckedList, PayerAccount, PayerGroup, Progress, Reading, SaveGroup
from counter.services.unit_of_work import transaction
from db.queries import accounts, payers, people

GROUPS_MAX = 50


@dataclass(frozen=True, slots=True)
class Payers:
    """The real part behind ``ports.payers.Payers``."""

    engine: Engine

    def groups(self, text: str) -> tuple[PayerGroup, ...]:
        """Groups whose name holds ``text``; 50 at most."""
        part = normalise_name(text)
        if not part:
            return ()
        with transaction(self.engine) as connection:
            rows = payers.groups(connection, part, GROUPS_MAX)
        return tuple(PayerGroup(row.group_id, row.name, row.version, row.account_count) for row in rows)

    def members(self, group_id: UUID) -> tuple[str, ...]:
        """The account numbers of a group, sorted."""
        with transaction(self.engine) as connection:
            return payers.members(connection, group_id)

    def save_group(self, request: SaveGroup) -> PayerGroup:
        """Make or change a group; raises Refusal when somebody else changed it, or an account is unknown."""
        numbers = tuple(sorted(set(request.accounts)))
        name = normalise_name(request.name)
        body = {
            "request_id": str(request.request_id),
            "group_id": str(request.group_id),
            "version": request.version,
            "name": name,
            "accounts": numbers,
        }
        answer = post_once(self.engine, "save_group", body)
        return PayerGroup(request.group_id, name, answer["version"], len(numbers))

    def delete_group(self, request_id: UUID, group: PayerGroup) -> None:
        """Delete a group, unless somebody changed it."""
        body = {"request_id": str(request_id), "group_id": str(group.group_id), "version": group.version}
        post_once(self.engine, "delete_group", body)

    def read(self, accounts: Sequence[str]) -> Reading:
        """Many accounts at once, in one snapshot of the database."""
        with transaction(self.engine.execution_options(isolation_level="REPEATABLE READ")) as connection:
            return read_many(connection, accounts)

    def read_list(self, path: str, progress: Progress) -> CheckedList:
        """Read a payer's list and hold it against the accounts; raises Refusal for what is no list."""
        lines = read_lines(path, progress)
        reading = self.read([line.account_no for line in lines])
        return CheckedList(path, check_lines(lines, reading), reading)

    def complete(self, path: str) -> str:
        """``path`` with as much added as all files fit that begin like it."""
        return complete_path(path)


def read_many(connection: Connection, numbers: Sequence[str]) -> Reading:
    """The accounts by four statements; bills and late fees as the desk shows them for one account."""
    wanted = sorted(set(numbers))
    rows = payers.accounts(connection, wanted)
    today = people.business_date(connection)
    policies = accounts.late_fee_policies(connection)
    by_account: dict[str, list[BillState]] = defaultdict(list)
    for bill in payers.open_bills(connection, [row.account_no for row in rows]):
        by_account[bill.account_no].append(bill)
    known = {row.account_no for row in rows}
    found = []
    for row in rows:
        due = partial(_open_bill, customer_class=row.customer_class, policies=policies, today=today)
        found.append(
            PayerAccount(
                account_no=row.account_no,
                version=row.version,
                name=row.name,
                hall_name=row.hall_name,
                closed=row.closed,
                corporate_bank=row.corporate_bank,
                agreement_id=row.agreement_id,
                prepaid_fen=row.prepaid_fen,
                bills=tuple(map(due, by_account[row.account_no])),
            )
        )
    return Reading(today, tuple(found), tuple(number for number in wanted if number not in known))


def _open_bill(
    bill: BillState, customer_class: str, policies: tuple[LateFeePolicy, ...], today: date
) -> OpenBill:
    """A bill with its late fee to today."""
    fee_fen = late_fee_due_fen(bill, customer_class, policies, today)
    waits = bill.late_fee_deferred_until is not None and bill.late_fee_deferred_until >= today
    return OpenBill(
        bill.bill_no, bill.account_no, bill.period, bill.due_date, bill.principal_open_fen, fee_fen, waits
    )
