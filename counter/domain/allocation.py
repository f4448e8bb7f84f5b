"""What a payment pays: oldest bill first, in a bill the late fee before the principal, rest to prepaid.

The order is contractual (DOMAIN: a default that the payer may change by choosing bills). A late fee that was
put off waits: it is paid last of all, out of what would otherwise become prepaid balance. Invariant:
the lines and the prepaid rest add up to the amount, to the fen, and no line exceeds what is owed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill that is not settled, with its late fee on the day of payment; amounts are fen, 0 or more.

    ``late_fee_waits`` when the fee was put off to a later day than that.
    """

    bill_no: str
    account_no: str
    period: int
    due_date: date
    principal_open_fen: int
    late_fee_due_fen: int
    late_fee_waits: bool = False

    @property
    def owed_fen(self) -> int:
        """Everything that settles the bill on that day."""
        return self.principal_open_fen + self.late_fee_due_fen

    @property
    def late_fee_first_fen(self) -> int:
        """What of the late fee has to be paid before the principal."""
        return 0 if self.late_fee_waits else self.late_fee_due_fen


@dataclass(frozen=True, slots=True)
class AllocationLine:
    """The part of a payment that goes to one bill; amounts are fen, and one of them is above 0."""

    bill_no: str
    account_no: str
    late_fee_fen: int
    principal_fen: int

    @property
    def total_fen(self) -> int:
        """Late fee and principal together."""
        return self.late_fee_fen + self.principal_fen


@dataclass(frozen=True, slots=True)
class Allocation:
    """Lines in the order in which they were paid, and what is left for the prepaid balance."""

    lines: tuple[AllocationLine, ...]
    prepaid_fen: int

    @property
    def total_fen(self) -> int:
        """The amount that was allocated."""
        return sum(line.total_fen for line in self.lines) + self.prepaid_fen


def allocate(amount_fen: int, bills: Iterable[OpenBill], chosen: Collection[str] | None = None) -> Allocation:
    """Spread ``amount_fen`` (1 or more) over the bills, or over those whose numbers are ``chosen``.

    An empty ``chosen`` pays no bill: all of it becomes prepaid. Raises ValueError for an amount
    below 1 and for a chosen bill that is not among ``bills``.
    """
    if amount_fen < 1:
        raise ValueError(f"amount_fen must be 1 or more, not {amount_fen}")
    left_fen = amount_fen
    paid: dict[str, AllocationLine] = {}
    wanted = _in_order(bills, chosen)
    for bill in wanted:
        late_fee_fen = min(left_fen, bill.late_fee_first_fen)
        principal_fen = min(left_fen - late_fee_fen, bill.principal_open_fen)
        left_fen -= late_fee_fen + principal_fen
        paid[bill.bill_no] = AllocationLine(bill.bill_no, bill.account_no, late_fee_fen, principal_fen)
    for bill in wanted:
        if bill.late_fee_waits:
            late_fee_fen = min(left_fen, bill.late_fee_due_fen)
            left_fen -= late_fee_fen
            paid[bill.bill_no] = replace(paid[bill.bill_no], late_fee_fen=late_fee_fen)
    return Allocation(tuple(line for line in paid.values() if line.total_fen), left_fen)


def _in_order(bills: Iterable[OpenBill], chosen: Collection[str] | None) -> list[OpenBill]:
    """The bills to pay, the one that fell due first at the front."""
    wanted = list(bills)
    if chosen is not None:
        unknown = set(chosen) - {bill.bill_no for bill in wanted}
        if unknown:
            raise ValueError(f"not among the open bills: {', '.join(sorted(unknown))}")
        wanted = [bill for bill in wanted if bill.bill_no in chosen]
    return sorted(wanted, key=lambda bill: (bill.due_date, bill.period, bill.bill_no))
