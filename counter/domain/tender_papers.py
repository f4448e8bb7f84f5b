"""The papers of each tender: the fields that a clerk copies, their form, and what makes a paper unique.

One small class a tender, registered by its kind; what stands here belongs to the row of the same kind in
the table ``tender_kind``, whose ``reference_form`` the references made here satisfy. Typed text is brought
into its one form first (full-width digits, blanks); a whole card number is masked at once and never kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from counter.domain.tenders import TenderKind
from counter.domain.text import BLANKS, DASHES, HALF_WIDTH

_TIDY: Final = {**HALF_WIDTH, **dict.fromkeys(BLANKS, " "), **dict.fromkeys(DASHES, "-")}
_CARD_DIGITS = re.compile(r"\d{13,19}")
_SHOWN_FIRST, _SHOWN_LAST = 6, 4


@dataclass(frozen=True, slots=True)
class PaperField:
    """One thing that a paper prints; ``form`` is a regular expression for the whole.

    ``also`` are other names under which slips print it; a field that is not ``needed`` may stay empty.
    ``called`` is the name of its caption where that is another than ``name``. A ``secret`` one is proven
    before the paper is laid down, and is no part of what is kept.
    """

    name: str
    form: str
    needed: bool = True
    also: tuple[str, ...] = ()
    secret: bool = False
    called: str = ""

    @property
    def caption(self) -> str:
        """What the field is called on the screen."""
        return self.called or self.name


class FieldFault(ValueError):
    """A field that has not the form that its paper prints it in."""

    def __init__(self, field: PaperField) -> None:
        """Tell which."""
        super().__init__(field.name)
        self.field = field


class TenderPaper:
    """A tender without a paper: cash, a fund, one's own balance."""

    kind: ClassVar[TenderKind]
    fields: ClassVar[tuple[PaperField, ...]] = ()

    def values(self, typed: Mapping[str, str], *, secret: bool = True) -> dict[str, str]:
        """Every field in its one form; raises FieldFault for the first that is wrong."""
        wanted = (field for field in self.fields if secret or not field.secret)
        return {field.name: self.value(field, typed.get(field.name, "")) for field in wanted}

    def details(self, typed: Mapping[str, str]) -> dict[str, str]:
        """The particulars as the ledger keeps them, never a secret; raises FieldFault as ``values`` does."""
        values = self.values(typed, secret=False)
        details = {name: text for name, text in values.items() if text}
        reference = self.reference(values)
        return {"reference": reference, **self.kept(details)} if reference else self.kept(details)

    def value(self, field: PaperField, typed: str) -> str:
        """One field in its one form; raises FieldFault."""
        text = tidy(typed)
        if not re.fullmatch(field.form, text) and (text or field.needed):
            raise FieldFault(field)
        return text

    def reference(self, values: Mapping[str, str]) -> str:  # noqa: ARG002  (for those that have one)
        """What makes the paper unique; empty for a tender without one."""
        return ""

    def kept(self, details: dict[str, str]) -> dict[str, str]:
        """What is kept beside the reference."""
        return details


class Cash(TenderPaper):
    """Notes and coins."""

    kind = TenderKind.CASH


class CareFund(TenderPaper):
    """The fund that pays for hardship households."""

    kind = TenderKind.CARE_FUND


class OwnBalance(TenderPaper):
    """The account's own prepaid balance."""

    kind = TenderKind.PREPAID


class BankReceipt(TenderPaper):
    """Money that the bank had before anybody knew whose it was: a line of a statement."""

    kind = TenderKind.BANK_RECEIPT


class PosSlip(TenderPaper):
    """A card payment: terminal, batch and trace number are on the slip once and never again."""

    kind = TenderKind.POS
    fields = (
        PaperField("terminal", r"[0-9A-Z]{8}", also=("终端号", "终端编号", "TERMINAL", "TID")),
        PaperField("batch", r"[0-9]{6}", also=("批次号", "BATCH")),
        PaperField("trace", r"[0-9]{6}", also=("凭证号", "流水号", "TRACE", "VOUCHER")),
        PaperField("rrn", r"[0-9A-Z]{12}", also=("参考号", "检索参考号", "REF", "RRN")),
        PaperField("card", r"[0-9]{0,6}[*]+[0-9]{4}", needed=False, also=("卡号", "CARD")),
        PaperField(
            "merchant", r"[0-9A-Z]{15}", needed=False, also=("商户号", "商户编号", "MERCHANT NO", "MID")
        ),
        PaperField("authorisation", r"[0-9A-Z]{6}", needed=False, also=("授权码", "授权号", "AUTH NO")),
    )

    def value(self, field: PaperField, typed: str) -> str:
        """A card number is masked whatever was typed."""
        if field.name == "card":
            typed = masked_card(tidy(typed).replace(" ", ""))
        return super().value(field, typed.upper())

    def reference(self, values: Mapping[str, str]) -> str:
        """As ``tender_kind`` has it."""
        return f"{values['terminal']}-{values['batch']}-{values['trace']}"

    def kept(self, details: dict[str, str]) -> dict[str, str]:
        """The acquirer's reference number, the masked card, the merchant, the authorisation."""
        names = ("rrn", "card", "merchant", "authorisation")
        return {name: details[name] for name in names if name in details}


class TransferSlip(TenderPaper):
    """A bank transfer by its slip; the payer's account tells whose slips are still on their way."""

    kind = TenderKind.TRANSFER
    fields = (
        PaperField("bank", r"[^/]{1,40}"),
        PaperField("slip", r"[0-9A-Za-z-]{1,40}"),
        PaperField("date", r"\d{4}-\d{2}-\d{2}"),
        PaperField("payer_name", r".{1,100}"),
        PaperField("payer", r"[0-9A-Za-z-]{4,40}"),
    )

    def value(self, field: PaperField, typed: str) -> str:
        """Numbers without blanks, dates as dates."""
        if field.name in {"slip", "payer"}:
            typed = tidy(typed).replace(" ", "")
        text = super().value(field, typed)
        return a_date(field, text) if field.name == "date" else text

    def reference(self, values: Mapping[str, str]) -> str:
        """As ``tender_kind`` has it."""
        return f"{values['bank']}/{values['slip']}"

    def kept(self, details: dict[str, str]) -> dict[str, str]:
        """Date and payer."""
        return {name: details[name] for name in ("date", "payer_name", "payer") if name in details}


class Cheque(TenderPaper):
    """A cheque, which the bank may return."""

    kind = TenderKind.CHEQUE
    fields = (
        PaperField("bank", r"[^/]{1,40}"),
        PaperField("number", r"[0-9]{6,20}"),
        PaperField("date", r"\d{4}-\d{2}-\d{2}", called="cheque_date"),
        PaperField("payer_name", r".{1,100}", needed=False),
    )

    def value(self, field: PaperField, typed: str) -> str:
        """Numbers without blanks, dates as dates."""
        if field.name == "number":
            typed = tidy(typed).replace(" ", "")
        text = super().value(field, typed)
        return a_date(field, text) if field.name == "date" else text

    def reference(self, values: Mapping[str, str]) -> str:
        """As ``tender_kind`` has it."""
        return f"{values['bank']}/{values['number']}"

    def kept(self, details: dict[str, str]) -> dict[str, str]:
        """Date and drawer."""
        return {name: details[name] for name in ("date", "payer_name") if name in details}


class RechargeCard(TenderPaper):
    """A scratch card, redeemed whole; its secret is shown to the server before, and is no part of this."""

    kind = TenderKind.RECHARGE_CARD
    fields = (
        PaperField("card_no", r"[0-9]{8,20}"),
        PaperField("secret", r"[0-9A-Za-z]{4,32}", secret=True),
    )

    def value(self, field: PaperField, typed: str) -> str:
        """Both without blanks."""
        return super().value(field, tidy(typed).replace(" ", ""))

    def reference(self, values: Mapping[str, str]) -> str:
        """As ``tender_kind`` has it."""
        return values["card_no"]

    def kept(self, details: dict[str, str]) -> dict[str, str]:  # noqa: ARG002  (nothing of it)
        """Nothing: above all not the secret."""
        return {}


PAPERS: Final[Mapping[TenderKind, TenderPaper]] = {
    paper.kind: paper
    for paper in (
        Cash(),
        PosSlip(),
        TransferSlip(),
        Cheque(),
        RechargeCard(),
        CareFund(),
        OwnBalance(),
        BankReceipt(),
    )
}
"""Every tender's paper by its kind."""


def tidy(typed: str) -> str:
    """What was typed, in half width, with single blanks and one kind of dash."""
    return " ".join(typed.translate(_TIDY).split())


def masked_card(text: str) -> str:
    """A card number of which six digits at the front and four at the end are left."""

    def hide(match: re.Match[str]) -> str:
        digits = match[0]
        hidden = "*" * (len(digits) - _SHOWN_FIRST - _SHOWN_LAST)
        return digits[:_SHOWN_FIRST] + hidden + digits[-_SHOWN_LAST:]

    return _CARD_DIGITS.sub(hide, text)


def a_date(field: PaperField, text: str) -> str:
    """The text when it is a day of the calendar; raises FieldFault."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise FieldFault(field) from None


def read_slip(paper: TenderPaper, pasted: str) -> dict[str, str]:
    """The fields that a pasted slip prints, line by line, by any of their names; empty when it is no slip.

    A value follows its name after a colon or a blank. A card number is masked here already; a merchant's
    number, which is as long as one, is not.
    """
    found: dict[str, str] = {}
    for line in pasted.splitlines():
        text = tidy(line)
        for field in paper.fields:
            for name in field.also:
                match = re.search(
                    rf"{re.escape(name)}\D{{0,12}}?[:：)\s]\s*(?P<value>[0-9A-Za-z* -]+)", text, re.IGNORECASE
                )
                if match and field.name not in found:
                    value = match["value"].strip().split("  ")[0].replace(" ", "")
                    found[field.name] = value if field.name == "merchant" else masked_card(value)
    return found
