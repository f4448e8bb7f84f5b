"""One amount over many accounts: who of them gets how much, and what that pays of each.

Rules: everything that is owed; the oldest bill first across all accounts; or what the payer's list says. Each
only decides the amount of an account; inside an account ``counter.domain.allocation`` decides, as always.
Invariant: the shares add up to the amount, to the fen; what is more than is owed becomes prepaid balance of
the account that was chosen for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from counter.domain.allocation import AllocationLine, OpenBill, allocate


@dataclass(frozen=True, slots=True)
class Owing:
    """An account with its open bills, as a payment for many sees it."""

    account_no: str
    bills: tuple[OpenBill, ...]

    @property
    def owed_fen(self) -> int:
        """Everything owed on the day, principal and late fee; more than that is prepaid."""
        return sum(bill.owed_fen for bill in self.bills)

    @property
    def due_fen(self) -> int:
        """What of it is due: a late fee that was put off may wait."""
        return sum(bill.principal_open_fen + bill.late_fee_first_fen for bill in self.bills)


@dataclass(frozen=True, slots=True)
class Share:
    """What of a payment is for one account; amounts are fen, 0 or more, and not all of them 0."""

    account_no: str
    lines: tuple[AllocationLine, ...]
    prepaid_fen: int

    @property
    def total_fen(self) -> int:
        """Everything for this account."""
        return sum(line.total_fen for line in self.lines) + self.prepaid_fen


def everything(accounts: Iterable[Owing]) -> dict[str, int]:
    """The amount of each account when all that is due is paid; 0 for one that owes nothing."""
    return {account.account_no: account.due_fen for account in accounts}


def oldest_first(accounts: Iterable[Owing], amount_fen: int, rest_to: str) -> dict[str, int]:
    """The amount of each account when ``amount_fen`` (0 or more) pays the oldest bills of all first.

    What is left goes to ``rest_to``. Raises ValueError when that is none of the accounts.
    """
    known = tuple(accounts)
    amounts = dict.fromkeys((account.account_no for account in known), 0)
    if rest_to not in amounts:
        raise ValueError(f"not among the accounts: {rest_to}")
    if amount_fen:
        spread = allocate(amount_fen, [bill for account in known for bill in account.bills])
        for line in spread.lines:
            amounts[line.account_no] += line.total_fen
        amounts[rest_to] += spread.prepaid_fen
    return amounts


def shares(accounts: Iterable[Owing], amounts: Mapping[str, int]) -> tuple[Share, ...]:
    """What each amount pays, sorted by account; accounts that get nothing are left out."""
    found = []
    for account in sorted(accounts, key=lambda account: account.account_no):
        amount_fen = amounts.get(account.account_no, 0)
        if amount_fen:
            allocation = allocate(amount_fen, account.bills)
            found.append(Share(account.account_no, allocation.lines, allocation.prepaid_fen))
    return tuple(found)


def prepaid_fen(account: Owing, amount_fen: int) -> int:
    """What of ``amount_fen`` is more than the account owes."""
    return max(0, amount_fen - account.owed_fen)
