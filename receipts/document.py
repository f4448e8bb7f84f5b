"""A receipt as plain data: everything that the paper says, and nothing about how it looks.

Amounts are whole fen. Money taken is positive, money paid out is negative, and a reversal carries the
amounts of what it reverses with the other sign. The invariant of a document is that it agrees with itself:
bills, accounts, cards and prepaid in and out make the total, and so do the tenders. A receipt that would
not add up is a bug and is never made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from counter.domain.capitals import CAPITAL_AMOUNT_FEN_MAX
from counter.domain.tenders import TenderKind

__all__ = [
    "CardVend",
    "Customer",
    "Desk",
    "DrawDown",
    "InstalmentPaid",
    "PaidAccount",
    "PaidBill",
    "ReceiptDocument",
    "ReceiptKind",
    "Reference",
    "SoldCard",
    "Tender",
    "TenderKind",
    "TokenSold",
    "TransferTarget",
    "VendMark",
]


class ReceiptKind(StrEnum):
    """What a receipt is for; its title and its sign follow from it."""

    PAYMENT = "payment"
    REVERSAL = "reversal"
    REFUND = "refund"
    BALANCE_TRANSFER = "balance_transfer"
    RECHARGE_CARD_SALE = "recharge_card_sale"
    VEND = "vend"


class Reference(StrEnum):
    """What a tender can be traced by outside the hall."""

    TERMINAL = "terminal"
    BATCH = "batch"
    TRACE = "trace"
    REFERENCE = "reference"
    AUTHORISATION = "authorisation"
    MERCHANT = "merchant"
    CARD = "card"
    SLIP = "slip"
    BANK = "bank"
    PAYER = "payer"
    DATE = "date"
    SERIAL = "serial"
    PAYER_ACCOUNT = "payer_account"
    PAYEE = "payee"
    PAYEE_ACCOUNT = "payee_account"
    CHEQUE = "cheque"
    RECHARGE_CARD = "recharge_card"
    ACCOUNT = "account"
    APPROVED_BY = "approved_by"
    CREDITED = "credited"


@dataclass(frozen=True, slots=True)
class PaidBill:
    """What this payment settled of one bill.

    ``period`` is YYYYMM and ``part`` counts the bills of one period from 1; ``kwh`` is the bill's energy,
    also where only a part of it was paid (negative on a reversal). ``late_fee_fen`` is what was paid and
    ``late_fee_waived_fen`` what an approved waiver took off it before; ``waived_of_fen`` is the late fee as
    it stood at the waiver, 0 where that is what was paid and waived together.
    """

    period: int
    kwh: int
    principal_fen: int
    late_fee_fen: int
    part: int = 1
    late_fee_waived_fen: int = 0
    waived_of_fen: int = 0

    @property
    def total_fen(self) -> int:
        """Principal and late fee."""
        return self.principal_fen + self.late_fee_fen

    @property
    def late_fee_original_fen(self) -> int:
        """The late fee as it stood before the waiver."""
        return self.waived_of_fen or self.late_fee_fen + self.late_fee_waived_fen


@dataclass(frozen=True, slots=True)
class PaidAccount:
    """What a payment for many accounts did for one of them; a row of the page of details.

    ``first_period`` and ``last_period`` are YYYYMM and 0 where no bill was paid, ``bill_count`` counts the
    bills. ``prepaid_in_fen`` went to the account's balance, which stood at ``prepaid_after_fen`` afterwards.
    """

    account_no: str
    name: str
    address: str = ""
    first_period: int = 0
    last_period: int = 0
    bill_count: int = 0
    principal_fen: int = 0
    late_fee_fen: int = 0
    late_fee_waived_fen: int = 0
    prepaid_in_fen: int = 0
    prepaid_out_fen: int = 0
    prepaid_after_fen: int = 0

    @property
    def total_fen(self) -> int:
        """What was paid for this account."""
        bills_fen = self.principal_fen + self.late_fee_fen
        return bills_fen + self.prepaid_in_fen - self.prepaid_out_fen


@dataclass(frozen=True, slots=True)
class SoldCard:
    """One recharge card that was handed over; its number comes masked, its secret never."""

    card_no: str
    face_fen: int


class VendMark(StrEnum):
    """What of a sale onto a card is for show, so that nobody takes its paper for a real one."""

    REAL = ""
    DEMONSTRATION = "demonstration"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class CardVend:
    """Power sold onto a prepaid card; its serial comes masked. Negative where it was taken back.

    ``kind`` is opening, purchase, replacement or booking. ``proven`` is False while the card was not read
    back, and ``credited`` True where the amount went to the prepaid balance instead.
    """

    kind: str
    card_serial: str
    amount_fen: int
    mark: VendMark = VendMark.REAL
    proven: bool = True
    credited: bool = False


@dataclass(frozen=True, slots=True)
class TokenSold:
    """Power sold as a token for a meter without a card. Negative where it was taken back.

    ``digits`` are the token's twenty, which are what the customer bought, so they are not masked; empty while
    there is none, and ``refused`` True where there never will be one.
    """

    amount_fen: int
    digits: str = field(default="", repr=False)
    refused: bool = False
    mark: VendMark = VendMark.REAL


@dataclass(frozen=True, slots=True)
class DrawDown:
    """What a bill took from the prepaid balance by itself since the last receipt; none of the total."""

    period: int
    part: int
    drawn_on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class InstalmentPaid:
    """Which instalments of an agreement the money in advance is for; of the total already.

    ``first`` and ``last`` count from 1 to ``count``. ``left_fen`` is what the whole plan still wants after
    this receipt. ``account_no`` is empty where the receipt is for one account only.
    """

    number: str
    first: int
    last: int
    count: int
    left_fen: int
    account_no: str = ""


@dataclass(frozen=True, slots=True)
class TransferTarget:
    """The account that a balance was moved to, and its balance afterwards."""

    account_no: str
    name: str
    prepaid_after_fen: int = 0


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

    ``vend_count`` is the purchase count of a prepaid card; None for an account without one. Where one payer
    pays for many accounts, and where cards are sold, ``account_no`` is empty and ``name`` is the payer's.
    """

    account_no: str = ""
    name: str = ""
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
    prepaid balance and ``prepaid_out_fen`` was drawn from it, so that the total is bills + in − out. Where
    ``accounts`` are named, there are no ``bills`` and the prepaid amounts stand with the accounts. A refund
    is negative: it takes ``prepaid_out_fen`` out and its tenders are what was paid out. A balance transfer
    is positive: ``prepaid_in_fen`` went to ``transfer_to`` and its tender is the balance of ``customer``.
    ``chain_hash`` is the ledger entry's SHA-256 in hex, empty where there is none. ``reverses`` is the
    number of the receipt that this one reverses, ``reversed_by`` the number of the one that reversed this:
    it is void then. ``drawn`` and ``instalments`` tell where a balance went and what an advance is for; they
    add nothing to the total. Raises ValueError for a document that does not add up.
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
    kind: ReceiptKind = ReceiptKind.PAYMENT
    reversed_by: str = ""
    accounts: tuple[PaidAccount, ...] = ()
    cards: tuple[SoldCard, ...] = ()
    transfer_to: TransferTarget | None = None
    reason: str = ""
    approved_by: str = ""
    drawn: tuple[DrawDown, ...] = ()
    instalments: tuple[InstalmentPaid, ...] = ()
    vend: CardVend | None = None
    token: TokenSold | None = None

    def __post_init__(self) -> None:
        """Refuse a paper that would contradict itself."""
        if not 0 < abs(self.total_fen) <= CAPITAL_AMOUNT_FEN_MAX:
            raise ValueError(f"a receipt for {self.total_fen} fen")
        self._check_kind()
        if self.settled_fen != self.total_fen:
            raise ValueError(f"items make {self.settled_fen} fen, total is {self.total_fen}")
        if sum(tender.amount_fen for tender in self.tenders) != self.total_fen:
            raise ValueError(f"the tenders do not make {self.total_fen} fen")

    def _check_kind(self) -> None:
        """Sign and lines belong to the kind."""
        if bool(self.reverses) != (self.kind is ReceiptKind.REVERSAL):
            raise ValueError("a reversal names what it reverses, and nothing else does")
        if self.kind is not ReceiptKind.REVERSAL and (self.total_fen < 0) != (
            self.kind is ReceiptKind.REFUND
        ):
            raise ValueError(f"a {self.kind} of {self.total_fen} fen: only refund and reversal are negative")
        if self.accounts and (self.bills or self.prepaid_in_fen or self.prepaid_out_fen):
            raise ValueError("many accounts carry their own fen")
        if self.kind is ReceiptKind.VEND and self.vend is None and self.token is None:
            raise ValueError("a sale of these fen is onto a card, or a token")
        if self.kind is ReceiptKind.BALANCE_TRANSFER and self.transfer_to is None:
            raise ValueError("a transfer of these fen goes to an account")

    @property
    def principal_fen(self) -> int:
        """Energy charges over all bills and accounts."""
        accounts_fen = sum(account.principal_fen for account in self.accounts)
        return sum(bill.principal_fen for bill in self.bills) + accounts_fen

    @property
    def late_fee_fen(self) -> int:
        """Late fees paid over all bills and accounts."""
        accounts_fen = sum(account.late_fee_fen for account in self.accounts)
        return sum(bill.late_fee_fen for bill in self.bills) + accounts_fen

    @property
    def late_fee_waived_fen(self) -> int:
        """What waivers took off the late fees."""
        accounts_fen = sum(account.late_fee_waived_fen for account in self.accounts)
        return sum(bill.late_fee_waived_fen for bill in self.bills) + accounts_fen

    @property
    def settled_fen(self) -> int:
        """What the items add up to."""
        bills_fen = sum(bill.total_fen for bill in self.bills)
        accounts_fen = sum(account.total_fen for account in self.accounts)
        cards_fen = sum(card.face_fen for card in self.cards)
        vend_fen = self.vend.amount_fen if self.vend else 0
        vend_fen += self.token.amount_fen if self.token else 0
        return bills_fen + accounts_fen + cards_fen + vend_fen + self.prepaid_in_fen - self.prepaid_out_fen

    @property
    def prepayment_only(self) -> bool:
        """Money taken in advance and for no bill: a receipt, and not a tax invoice until used."""
        nothing_settled = not (self.bills or self.accounts)
        return self.kind is ReceiptKind.PAYMENT and nothing_settled

    @property
    def void(self) -> bool:
        """Whether it was reversed, so that the paper is worth nothing."""
        return bool(self.reversed_by)
