"""A sale that is about to be taken off its card: in doubt until it is undone, or its card was read again."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau
from tests.ledger.vending import furnish_cards, outcome, refused, sold, stands, state, undoing, written


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """Two accounts with a meter each and no card yet."""
    return furnish_cards(bureau)


def doubting(request: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The request before the card is touched."""
    return {
        "request_id": str(uuid4()),
        "vend_id": request["request_id"],
        "reason": "客户不要了",
        **changes,
    }


def test_it_is_in_flight_again_and_can_be_undone_or_proven_written_once_more(desk: Bureau) -> None:
    shift = desk.open_shift()
    for proven in (True, False):
        request = written(desk, shift, kind="opening" if proven else "purchase")
        doubt = doubting(request)
        assert desk.call("t10001", "doubt_vend", doubt)["replayed"] is False
        assert desk.call("t10001", "doubt_vend", doubt)["replayed"] is True
        assert (state(desk, request), stands(desk, "vend_in_flight")) == ("in_doubt", 10_000)
        assert verify(desk.engine("t40001")).finding is None
        if proven:
            desk.call("t10001", "settle_vend", outcome(request, "written"))
            assert (state(desk, request), stands(desk, "vended")) == ("written", 10_000)
        else:
            desk.call("t10001", "undo_vend", undoing(request, shift))
            assert (state(desk, request), stands(desk, "vend_in_flight")) == ("undone", 0)
        assert verify(desk.engine("t40001")).finding is None


def test_what_is_not_written_not_the_last_or_of_another_hall_is_refused(desk: Bureau) -> None:
    shift = desk.open_shift()
    first = sold(desk, shift)
    assert refused(desk, "doubt_vend", doubting(first)) == "CN086"
    desk.call("t10001", "settle_vend", outcome(first, "written"))
    assert refused(desk, "doubt_vend", doubting(first, reason=" ")) == "CN095"
    assert refused(desk, "doubt_vend", doubting(first), "t10003") == "CN096"
    assert refused(desk, "doubt_vend", doubting(first, vend_id=str(uuid4()))) == "CN087"
    second = written(desk, shift)
    assert refused(desk, "doubt_vend", doubting(first)) == "CN092"
    assert (state(desk, first), state(desk, second)) == ("written", "written")
    assert verify(desk.engine("t40001")).finding is None
