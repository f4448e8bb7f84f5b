"""The form of a token, and what can happen to a sale of one."""

from __future__ import annotations

import pytest

from counter.domain.tokens import (
    ForbiddenTokenEvent,
    TokenEvent,
    TokenFormError,
    TokenState,
    after,
    grouped,
    parse_token,
)

TOKEN = "12345678901234567890"


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        "1234 5678 9012 3456 7890",
        "1234-5678-9012-3456-7890",
        " １２３４５６７８９０１２３４５６７８９０\n",
    ],
)
def test_a_token_is_read_however_it_is_grouped(text: str) -> None:
    assert parse_token(text) == TOKEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        TOKEN[:-1],
        TOKEN + "0",
        "1234567890123456789x",
        "٠" * 20,
        "²" * 20,
        "[/]",
        "'; --",
        "\0" * 20,
        "-1" * 19,
    ],
)
def test_anything_else_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(TokenFormError) as refused:
        parse_token(text)
    assert str(refused.value) == "not 20 digits"


def test_a_token_has_66_bits() -> None:
    most = 2**66 - 1
    assert parse_token(f"{most:020d}") == f"{most:020d}"
    with pytest.raises(TokenFormError):
        parse_token(f"{most + 1:020d}")


def test_it_is_printed_in_groups_of_four() -> None:
    assert grouped(TOKEN) == "1234 5678 9012 3456 7890"
    assert grouped("0" * 20) == "0000 0000 0000 0000 0000"


@pytest.mark.parametrize("event", [event for event in TokenEvent if event is not TokenEvent.TOKEN_CAME])
def test_nothing_leads_away_from_an_issued_token(event: TokenEvent) -> None:
    assert after(TokenState.ISSUED, TokenEvent.TOKEN_CAME) is TokenState.ISSUED
    with pytest.raises(ForbiddenTokenEvent):
        after(TokenState.ISSUED, event)


def test_only_a_refused_sale_is_taken_back() -> None:
    taken_back = []
    for state in TokenState:
        try:
            after(state, TokenEvent.PAYMENT_REVERSED)
        except ForbiddenTokenEvent:
            continue
        taken_back.append(state)
    assert taken_back == [TokenState.REFUSED]


def test_doubt_stays_until_the_server_says_something() -> None:
    doubt = after(TokenState.PENDING, TokenEvent.NO_ANSWER)
    assert doubt is TokenState.IN_DOUBT
    assert after(doubt, TokenEvent.NOT_SENT) is TokenState.IN_DOUBT
    assert after(doubt, TokenEvent.TOKEN_CAME) is TokenState.ISSUED
    assert {state for state in TokenState if state.open} == {TokenState.PENDING, TokenState.IN_DOUBT}
