"""A receipt as plain data: everything that the paper says, and nothing about how it looks.

Amounts are whole fen. Money taken is positive; a reversal carries the same amounts negative. The
invariant of a document is that it agrees with itself: bills plus prepaid in and out make the total,
and so do the tenders. A receipt that would not add up is a bug and is never made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from counter.domain.capitals import CAPITAL_AMOUNT_FEN_MAX


class TenderKind(StrEnum):
    """How money was handed over."""

    CASH = "cash"
    POS = "pos"
    TRANSFER = "transfer"
    CHEQUE = "cheque"
    RECHARGE_CARD = "recharge_card"
    CARE_FUND = "care_fund"


class Reference(StrEnum):
    """What a tender can be traced by outside the hall."""

    TERMINAL = "terminal"
    BATCH = "batch"
    TRACE = "trace"
    REFERENCE = "reference"
    AUTHORISATION = "authorisation"
    CARD = "card"
    SLIP = "slip"
    BANK = "bank"
    PAYER = "payer"
    DATE = "date"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class PaidBill:
    """What this payment settled of one bill.

    ``period`` is YYYYMM and ``part`` counts the bills of one period from 1; ``kwh`` is the bill's
    energy, also where only a part of it was paid (negative on a reversal).
    """

    period: int
    kwh: int
    principal_fen: int
    late_fee_fen: int
    part: int = 1

    @property
    def total_fen(self) -> int:
        """Principal and late fee."""
        return self.principal_fen + self.late_fee_fen


@dataclass(frozen=True, slots=True)
class Tender:
    """One kind of money in the payment.

    ``received_fen`` is the cash laid on the counter, where change was given; ``references`` are
    printed in the order given. A card number comes masked: the receipt does not mask it.
    """

    kind: TenderKind
    amount_fen: int
    received_fen: int | None = None
    references: tuple[tuple[Reference, str], ...] = ()

    @property
    def change_fen(self) -> int:
        """What was handed back; 0 where nothing is known of cash laid down."""
        return 0 if self.received_fen is None else self.received_fen - self.amount_fen


@dataclass(frozen=True, slots=True)
class Customer:
    """Whose account the money is for, as it was when the payment was posted.

    ``vend_count`` is the purchase count of a prepaid card; None for an account without one.
    """

    account_no: str
    name: str
    address: str = ""
    meter_no: str = ""
    vend_count: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the money was taken and by whom. ``payee`` is the company that the seal names."""

    payee: str
    hall_name: str
    till_name: str
    clerk_name: str


@dataclass(frozen=True, slots=True)
class ReceiptDocument:
    """One receipt, the original or a reprint of it under the same number.

    ``paid_at`` is in the hall's time zone and is printed as it is. ``prepaid_in_fen`` went to the account's
    prepaid balance and ``prepaid_out_fen`` was drawn from it to settle the bills, so that the total is
    bills + in − out. ``chain_hash`` is the ledger entry's SHA-256 in hex, empty where there is none.
    ``reverses`` is the number of the receipt that this one reverses, empty on any other.
    Raises ValueError for a document that does not add up.
    """

    receipt_no: str
    paid_at: datetime
    desk: Desk
    customer: Customer
    total_fen: int
    tenders: tuple[Tender, ...]
    bills: tuple[PaidBill, ...] = ()
    prepaid_in_fen: int = 0
    prepaid_out_fen: int = 0
    prepaid_after_fen: int = 0
    arrears_after_fen: int = 0
    chain_hash: str = ""
    reprint: bool = False
    reverses: str = ""
    language: str = "zh_CN"

    def __post_init__(self) -> None:
        """Refuse a paper that would contradict itself."""
        if not 0 < abs(self.total_fen) <= CAPITAL_AMOUNT_FEN_MAX:
            raise ValueError(f"a receipt for {self.total_fen} fen")
        if bool(self.reverses) != (self.total_fen < 0):
            raise ValueError("a reversal is negative and names what it reverses")
        if self.settled_fen != self.total_fen:
            raise ValueError(f"items make {self.settled_fen} fen, total is {self.total_fen}")
        if sum(tender.amount_fen for tender in self.tenders) != self.total_fen:
            raise ValueError(f"the tenders do not make {self.total_fen} fen")

    @property
    def principal_fen(self) -> int:
        """Energy charges over all bills."""
        return sum(bill.principal_fen for bill in self.bills)

    @property
    def late_fee_fen(self) -> int:
        """Late fees over all bills."""
        return sum(bill.late_fee_fen for bill in self.bills)

    @property
    def settled_fen(self) -> int:
        """What the items add up to."""
        bills_fen = self.principal_fen + self.late_fee_fen
        return bills_fen + self.prepaid_in_fen - self.prepaid_out_fen

    @property
    def prepayment_only(self) -> bool:
        """Money taken in advance and for no bill: a receipt, and not a tax invoice until used."""
        return not self.bills and self.total_fen > 0
