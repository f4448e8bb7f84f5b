"""Words and sentences about tokens: states, steps, and how a sale ended."""

from __future__ import annotations

from textual.content import Content

from counter.domain.money import format_yuan
from counter.domain.tokens import TokenState, grouped
from counter.i18n import N_, _
from counter.services.ports.tokens import TokenOutcome, TokenStep
from counter.ui.cells import plain

_STATES = {
    TokenState.PENDING: N_("no token yet"),
    TokenState.IN_DOUBT: N_("in doubt"),
    TokenState.ISSUED: N_("issued"),
    TokenState.REFUSED: N_("refused"),
    TokenState.UNDONE: N_("given back"),
}
_STEPS = {
    TokenStep.BOOKING: N_("Book the money"),
    TokenStep.ASKING: N_("Ask the vending server for the token"),
    TokenStep.ASKING_AGAIN: N_("Ask again: the same sale, the same token"),
    TokenStep.KEEPING: N_("Keep the token in the books"),
}
_TITLES = {
    TokenState.PENDING: N_(
        "NO TOKEN YET. The money is booked; the vending server did not take the question."
    ),
    TokenState.IN_DOUBT: N_("IN DOUBT. The money is booked; nobody knows whether there is a token."),
    TokenState.REFUSED: N_("REFUSED. The money is booked; there will be no token."),
    TokenState.UNDONE: N_("GIVEN BACK. The payment was reversed."),
}
_ADVICE = {
    TokenState.PENDING: N_("Enter asks again for this sale. Do not take the money a second time."),
    TokenState.IN_DOUBT: N_(
        "Enter asks again for this sale: it gets the same token, never a second one. "
        "Do not take the money again."
    ),
    TokenState.REFUSED: N_("Esc, then ^B with the receipt's number: reverse it and give the money back."),
    TokenState.UNDONE: N_("Nothing is left to do."),
}


def token_state(state: TokenState) -> str:
    """How a sale stands."""
    return _(_STATES[state])


def step_word(step: TokenStep) -> str:
    """What a sale is at."""
    return _(_STEPS[step])


def outcome_words(outcome: TokenOutcome) -> Content:
    """Issued, or why not, and what to do."""
    if outcome.state is TokenState.ISSUED:
        words = _("Token for meter {meter}: {amount}. Enter: next customer.")
        said = words.format(meter=outcome.meter_no, amount=format_yuan(outcome.amount_fen))
        return Content.styled(plain(said), "bold $success")
    parts: list[Content | str | tuple[str, str]] = [
        (f" {_(_TITLES[outcome.state])} ", "bold $background on $error"),
        "\n",
    ]
    if outcome.problem:
        parts += [plain(outcome.problem), "\n"]
    advice = outcome.hint if outcome.digits else _(_ADVICE[outcome.state])
    return Content.assemble(*parts, (plain(advice), "bold"))


def token_line(digits: str) -> str:
    """The token in one line, to be read out."""
    return grouped(digits)
