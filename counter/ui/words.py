"""Words and sentences for values: what an enum or a number of the services is called at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter.domain.money import MAX_AMOUNT_FEN, AmountFault, format_yuan
from counter.i18n import N_, _, language

if TYPE_CHECKING:
    from datetime import datetime

    from counter.errors import CounterError
    from counter.services.ports import Duty, MatchRank, Pending

_AMOUNT_FAULTS = {
    AmountFault.EMPTY: N_("Enter an amount."),
    AmountFault.NOT_A_NUMBER: N_("This is not an amount: digits and at most one point, such as 1000.50."),
    AmountFault.NEGATIVE: N_("An amount taken at the counter cannot be negative."),
    AmountFault.ZERO: N_("The amount must be more than zero."),
    AmountFault.TOO_LARGE: N_("The amount is too large: at most {limit} in one payment."),
    AmountFault.TOO_MANY_DECIMALS: N_("At most two decimals: a fen is the smallest amount."),
    AmountFault.BAD_GROUPING: N_("The thousands commas are in the wrong place; leave them out."),
}
_DUTIES = {
    "clerk": N_("Clerk"),
    "cashier": N_("Cashier"),
    "supervisor": N_("Supervisor"),
    "auditor": N_("Auditor"),
    "admin": N_("Administrator"),
    "service": N_("Service"),
}
_CLASSES = {"residential": N_("Residential"), "non_residential": N_("Non-residential")}
_MODES = {
    "postpaid": N_("Postpaid"),
    "prepaid": N_("Prepaid"),
    "card": N_("Prepaid card"),
    "token": N_("Token"),
}
_RANKS = {
    "exact": N_("whole"),
    "prefix": N_("start"),
    "fragment": N_("part"),
}
_MATCHED = {
    "receipt_no": N_("receipt"),
    "account_no": N_("account"),
    "account_prefix": N_("account"),
    "account": N_("account"),
    "meter_no": N_("meter"),
    "meter": N_("meter"),
    "phone": N_("phone"),
    "phone_suffix": N_("phone"),
    "name": N_("name"),
    "initials": N_("pinyin"),
    "address": N_("address"),
    "receipt": N_("receipt"),
}
_CASH_ALARMS = {
    "old": N_("of an earlier day"),
    "ceiling": N_("above the limit"),
    "late": N_("overdue"),
}
_CASH_REASONS = {
    "change_in": N_("Change brought in"),
    "change_out": N_("Change taken out"),
    "to_safe": N_("Takings to the safe"),
}
_TENDERS = {
    "cash": N_("cash"),
    "pos": N_("POS"),
    "transfer": N_("transfer"),
    "cheque": N_("cheque"),
    "recharge_card": N_("recharge card"),
    "care_fund": N_("care fund"),
    "prepaid": N_("own balance"),
    "bank_receipt": N_("bank receipt"),
}
_REQUESTS = {
    "post_payment": N_("Payment"),
    "reverse_payment": N_("Reversal"),
    "refund": N_("Refund"),
    "balance_transfer": N_("Balance transfer"),
    "sell_cards": N_("Card sale"),
    "begin_vend": N_("Card purchase"),
    "begin_token_vend": N_("Token purchase"),
    "import_statement": N_("Bank statement"),
    "undo_vend": N_("Card purchase taken back"),
    "settle_vend": N_("Proof of a card"),
    "doubt_vend": N_("Taking back from a card"),
    "decide_vend": N_("Decision on a card"),
    "sign_vends": N_("Signature for cards in doubt"),
    "return_card": N_("Return of a card"),
    "replace_card": N_("Card replacement"),
    "change_meter": N_("Another meter"),
    "open_shift": N_("Opening of a shift"),
    "move_cash": N_("Cash in or out"),
    "sign_count": N_("Count of the drawer"),
    "close_shift": N_("Close of a shift"),
    "take_over": N_("Handover"),
    "post_deposit": N_("Deposit"),
    "make_agreement": N_("Instalment agreement"),
    "end_agreement": N_("End of an agreement"),
    "complete_reconnection": N_("Reconnection"),
    "relieve_late_fee": N_("Late-fee relief"),
    "set_phone": N_("Phone number"),
    "match_lines": N_("Run of the matching rules"),
    "confirm_match": N_("Match of statement and books"),
    "unmatch": N_("Match taken back"),
    "reject_suggestion": N_("Rejected suggestion"),
    "note_break": N_("Note on an open line or item"),
    "close_day": N_("Closing of a day"),
    "close_month": N_("Closing of a month"),
}
_PAPER_FIELDS = {
    "terminal": N_("Terminal"),
    "batch": N_("Batch"),
    "trace": N_("Trace"),
    "rrn": N_("Reference"),
    "card": N_("Card"),
    "bank": N_("Bank"),
    "slip": N_("Slip number"),
    "date": N_("Date on the slip"),
    "cheque_date": N_("Date of the cheque"),
    "merchant": N_("Merchant"),
    "authorisation": N_("Authorisation"),
    "payer_name": N_("Payer's name"),
    "payer": N_("Payer's account"),
    "number": N_("Cheque number"),
    "card_no": N_("Card number"),
    "secret": N_("Secret"),
}
_CARD_STATES = {
    "stock": N_("in stock"),
    "sold": N_("sold before"),
    "redeemed": N_("redeemed before"),
    "locked": N_("locked"),
    "unknown": N_("unknown number"),
}


def amount_fault(fault: AmountFault) -> str:
    """The sentence for a text that is not an amount."""
    return _(_AMOUNT_FAULTS[fault]).format(limit=format_yuan(MAX_AMOUNT_FEN))


def duty(value: Duty) -> str:
    """What a member of staff is there for."""
    return _(_DUTIES[value])


def customer_class(value: str) -> str:
    """Residential or not; an unknown class is shown as the database has it."""
    return _(_CLASSES[value]) if value in _CLASSES else value


def payment_mode(value: str) -> str:
    """How the account pays; an unknown mode is shown as the database has it."""
    return _(_MODES[value]) if value in _MODES else value


def rank(value: MatchRank) -> str:
    """How well a search hit fits."""
    return _(_RANKS[value])


def matched(value: str) -> str:
    """What of the account fitted the search."""
    return _(_MATCHED[value]) if value in _MATCHED else value


def tender(value: str) -> str:
    """A way of paying, as the history of an account lists it."""
    return _(_TENDERS[value]) if value in _TENDERS else value


def paper_field(name: str) -> str:
    """A field of a slip, a cheque or a card."""
    return _(_PAPER_FIELDS[name])


def whose(account_no: str, account_name: str) -> str:
    """Whose receipt it is; one without an account and without a payer is a sale of recharge cards."""
    return account_name or ("" if account_no else _("Card sale"))


def card_state(value: str) -> str:
    """How a recharge card stands; a state that is new is shown as the database has it."""
    return _(_CARD_STATES[value]) if value in _CARD_STATES else value


def cash_reason(value: str, *, into: bool) -> str:
    """Why cash is moved; the direction is said of every reason, also of one that a bureau added."""
    known = _(_CASH_REASONS[value]) if value in _CASH_REASONS else value
    return (_("In: {reason}") if into else _("Out: {reason}")).format(reason=known)


def pending_words(pending: Pending) -> str:
    """What was sent: its kind, whose account, how much, as far as it has them."""
    kind = _(_REQUESTS[pending.function]) if pending.function in _REQUESTS else pending.function
    amount = format_yuan(pending.total_fen) if pending.total_fen else ""
    return "  ".join(filter(None, (kind, pending.account_no, amount)))


def cash_alarm(value: str) -> str:
    """Why cash must go to the bank; empty when it need not."""
    return _(_CASH_ALARMS[value]) if value else ""


def break_kind(value: str) -> str:
    """What is open on one side only."""
    from counter.services.ports.breaks import BREAK_KINDS, BreakKind

    return _(BREAK_KINDS[BreakKind(value)]) if value else ""


def period(value: int) -> str:
    """A billing period, 202608 as ``2026-08``."""
    return f"{value // 100:04d}-{value % 100:02d}"


def clock(moment: datetime) -> str:
    """Hour and minute."""
    return f"{moment:%H:%M}"


def sentences(error: CounterError) -> str:
    """An error on one line: what happened, what was and was not saved, what to do."""
    blank = " " if language() == "en" else ""
    return blank.join(part for part in (error.title, error.message, error.hint) if part)
