"""A payment that is put together of several tenders, apart from any screen.

Invariant: what has been given so far, plus what is open, makes the total; only a recharge card, which is
redeemed whole, may bring more, and then the rest becomes prepaid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from counter.domain.tender_papers import PAPERS
from counter.domain.tenders import Tender, TenderKind, cash
from counter.services.ports import AccountView, PaymentPolicy


class AmountRefusal(Enum):
    """Why an amount is not taken."""

    MORE_THAN_OPEN = auto()
    MORE_THAN_BALANCE = auto()
    TOO_LITTLE_CASH = auto()


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays, as far as tenders ask. ``own_fen`` is what an own balance may pay of this payment."""

    policy: PaymentPolicy
    corporate_bank: bool = False
    hardship: bool = False
    own_fen: int = 0


def payer_of(account: AccountView, total_fen: int, owed_fen: int) -> Payer:
    """One account; its balance pays bills only, never what would become balance again."""
    own_fen = account.prepaid_fen if total_fen <= owed_fen else 0
    return Payer(account.policy, account.corporate_bank, account.hardship, own_fen)


class Split:
    """What the payer lays down for ``total_fen``."""

    def __init__(self, total_fen: int, payer: Payer) -> None:
        """The rules for this payer say what may be offered."""
        self.total_fen = total_fen
        self.given: list[Tender] = []
        self._payer = payer

    @property
    def open_fen(self) -> int:
        """What is still to be laid down; 0 when it is enough."""
        return max(0, self.total_fen - sum(tender.amount_fen for tender in self.given))

    @property
    def own_fen(self) -> int:
        """What the own balance could still pay."""
        used_fen = sum(tender.amount_fen for tender in self.given if tender.kind is TenderKind.PREPAID)
        return max(0, self._payer.own_fen - used_fen)

    def kinds(self) -> list[TenderKind]:
        """What may be offered now, in the order of asking.

        Cash comes last at the beginning, since who has cash alone needs no dialog; after that only for firms
        with a bank account.
        """
        policy = self._payer.policy
        kinds = [TenderKind(kind) for kind in policy.tenders if self._fits(TenderKind(kind))]
        if self._payer.corporate_bank or not self.given:
            kinds.sort(key=lambda kind: kind is TenderKind.CASH)
        return kinds

    def _fits(self, kind: TenderKind) -> bool:
        """Whether this account can pay like that."""
        if kind is TenderKind.CARE_FUND:
            return self._payer.hardship
        if kind is TenderKind.PREPAID:
            return self.own_fen > 0
        if kind is TenderKind.BANK_RECEIPT:  # it is claimed alone, in a dialog of its own
            return False
        return kind is not TenderKind.TRANSFER or self._payer.policy.slip_counts

    def needs_supervisor(self, kind: TenderKind) -> bool:
        """Whether a supervisor will be asked."""
        policy = self._payer.policy
        corporate_cash = self._payer.corporate_bank and policy.corporate_cash_approval
        return kind.value in policy.approval_tenders or (kind is TenderKind.CASH and corporate_cash)

    def preset_fen(self, kind: TenderKind) -> int:
        """What is proposed for a kind: all that is open, or what the balance has."""
        return min(self.open_fen, self.own_fen) if kind is TenderKind.PREPAID else self.open_fen

    def refusal(self, kind: TenderKind, amount_fen: int, received_fen: int) -> AmountRefusal | None:
        """Why an amount cannot be taken; None when it can."""
        if amount_fen > self.open_fen:
            return AmountRefusal.MORE_THAN_OPEN
        if kind is TenderKind.PREPAID and amount_fen > self.own_fen:
            return AmountRefusal.MORE_THAN_BALANCE
        if kind is TenderKind.CASH and received_fen < amount_fen:
            return AmountRefusal.TOO_LITTLE_CASH
        return None

    def holds(self, kind: TenderKind, typed: Mapping[str, str]) -> bool:
        """Whether this paper was laid down already; raises FieldFault for one that has not its form."""
        reference = PAPERS[kind].details(typed).get("reference")
        held = (tender.details.get("reference") for tender in self.given if tender.kind is kind)
        return reference is not None and reference in held

    def add(self, kind: TenderKind, amount_fen: int, received_fen: int, typed: Mapping[str, str]) -> None:
        """Lay a tender down; raises FieldFault for a paper that has not its form."""
        details = PAPERS[kind].details(typed)
        tender = (
            cash(amount_fen, received_fen)
            if kind is TenderKind.CASH
            else Tender(kind, amount_fen, None, details)
        )
        self.given.append(tender)

    def take_back(self) -> None:
        """The last one goes back."""
        if self.given:
            self.given.pop()
