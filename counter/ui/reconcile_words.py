"""What lines, items, suggestions and matches are called on the cashier's screen."""

from __future__ import annotations

from counter.domain.money import format_yuan
from counter.i18n import N_, _
from counter.services.ports.matching import (
    ITEM_KINDS,
    Board,
    BreakState,
    ItemView,
    LineView,
    Side,
    SuggestionView,
)

_SHORT_KINDS = {
    "transfer": N_("slip"),
    "pos": N_("POS"),
    "cash_deposit": N_("cash"),
    "cheque": N_("cheque"),
    "refund": N_("refund"),
    "settlement": N_("settled"),
    "transfer_back": N_("back"),
    "cheque_back": N_("back"),
    "pos_back": N_("back"),
    "refund_back": N_("back"),
}
_STATES = {
    BreakState.NEW: N_("new"),
    BreakState.EXPLAINED: N_("explained"),
    BreakState.WAITING: N_("waiting"),
    BreakState.ESCALATED: N_("escalated"),
}
_RULES = {
    "pos_terminal_trace": N_("terminal, batch and trace"),
    "pos_reference": N_("reference number"),
    "settlement_net": N_("net of the settlement"),
    "deposit_slip": N_("deposit slip number"),
    "transfer_serial": N_("bank's serial number"),
    "account_in_text": N_("account in the text"),
    "payer_account_amount": N_("payer's account and amount"),
    "deposit_amount_date": N_("deposit, amount and date"),
    "payer_name_amount": N_("payer's name and amount"),
    "group_sum": N_("sum of a group"),
    "learned_payer": N_("known payer"),
    "returned": N_("returned"),
    "fee_line": N_("bank fee"),
    "amount_date": N_("amount and date"),
    "serial_in_text": N_("serial number in the text"),
    "slip_differs": N_("deposit counted otherwise"),
    "line_reversal": N_("bank's own reversal"),
    "manual": N_("by hand"),
}
_DIFFERENCES = {
    "bank_fees": N_("bank fees"),
    "cash_over": N_("cash over"),
    "cash_short": N_("cash short"),
}


def item_kind(value: str) -> str:
    """What an item is; a kind that is new is shown as the database has it."""
    return _(ITEM_KINDS[value]) if value in ITEM_KINDS else value


def short_kind(value: str) -> str:
    """The same in one short word, for a column."""
    return _(_SHORT_KINDS[value]) if value in _SHORT_KINDS else value


def break_state(value: BreakState) -> str:
    """How far the search for an open line or item has come."""
    return _(_STATES[value])


def rule_word(value: str) -> str:
    """What a rule looks at."""
    return _(_RULES[value]) if value in _RULES else value


def difference_word(value: str) -> str:
    """Where a difference goes."""
    return _(_DIFFERENCES[value]) if value in _DIFFERENCES else value


def difference_options() -> list[tuple[str, str]]:
    """The accounts for a difference, none first."""
    return [("", _("none: the sums must agree")), *((name, _(word)) for name, word in _DIFFERENCES.items())]


def state_options() -> list[tuple[str, str]]:
    """The states that a person may give."""
    return [(state.value, _(word)) for state, word in _STATES.items()]


def signed(fen: int) -> str:
    """An amount of a statement: what comes in has a plus, so that no colour is needed."""
    return f"+{format_yuan(fen)}" if fen > 0 else format_yuan(fen)


def age(days: int) -> str:
    """How old."""
    return _("{count} d").format(count=days)


def who(line: LineView) -> str:
    """The other side of a line, or what the bank says about it."""
    return line.party or line.text or line.reference


def whose(item: ItemView) -> str:
    """Whose item it is."""
    return item.payer or item.account_no or item.reference


def summary(board: Board) -> str:
    """What is open of the statement, minus what is open of the books."""
    words = _("Statement {lines} - books {items} = {difference}")
    return words.format(
        lines=format_yuan(board.lines_open_fen),
        items=format_yuan(board.items_open_fen),
        difference=format_yuan(board.lines_open_fen - board.items_open_fen),
    )


def why(suggestion: SuggestionView) -> str:
    """Score, rule and reason on one line; and the difference, when there is one."""
    words = _("Score {score}  {rule}: {reason}")
    said = words.format(
        score=suggestion.score, rule=rule_word(suggestion.rule), reason=suggestion.reason
    ).rstrip(": ")
    if not suggestion.difference_fen:
        return said
    rest = _("Difference {amount} to {account}")
    amount = signed(suggestion.difference_fen)
    return f"{said}  " + rest.format(
        amount=amount, account=difference_word(suggestion.difference_account) or "?"
    )


def line_facts(line: LineView, side: Side) -> tuple[str, ...]:
    """Everything about a line: date and amount, the other side, the text, what is known of it."""
    first = (f"{line.booked:%Y-%m-%d}", signed(line.open_fen), _part(line), line.account_masked)
    party = (line.party, line.party_account_masked)
    text = line.text if side is Side.BANK else ""
    return tuple(map(_joined, (first, party, (text,), (line.reference,), _known(line))))


def item_facts(item: ItemView) -> tuple[str, ...]:
    """Everything about an item: kind and amount, whose, its number, what is known of it."""
    first = (f"{item.business_date:%Y-%m-%d}", signed(item.open_fen), _part(item), item_kind(item.kind))
    payer = (item.payer, item.account_no or "")
    return tuple(map(_joined, (first, payer, (item.hall_name,), (item.reference,), _known(item))))


def _part(view: LineView | ItemView) -> str:
    """Of how much it is the rest, when something of it is matched."""
    if view.open_fen == view.amount_fen:
        return ""
    return _("of {amount}").format(amount=signed(view.amount_fen))


def _known(view: LineView | ItemView) -> tuple[str, ...]:
    """State, age, owner and note."""
    return break_state(view.state), age(view.age_days), view.owner, view.note


def _joined(parts: tuple[str, ...]) -> str:
    """The parts that there are, side by side."""
    return "  ".join(filter(None, parts))
