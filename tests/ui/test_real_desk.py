"""The usual payment through screens, services and a real database at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from counter.errors import OutcomeUnknown
from counter.services.once import outcome_unknown, post_once
from counter.services.pending import PendingStore
from counter.services.posting import Posting
from counter.ui.request_id import new_request_id
from tests.bureau import Bureau
from tests.ui.real_desk import CLERK, real_desk

ACCOUNT = "330100000001"


async def test_three_enters_post_a_payment_in_the_ledger(bureau: Bureau) -> None:
    """From the key to the row."""
    bureau.add_account(ACCOUNT)
    bureau.add_bills(ACCOUNT, (202601, 10_000, date(2999, 1, 1)))
    bureau.open_shift()
    async with real_desk(bureau) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter", "enter")
        await desk.until(lambda: bureau.value("SELECT count(*) FROM counter.receipt_print"))
    assert bureau.value("SELECT arrears_fen FROM counter.account_balance WHERE account_no = %s", ACCOUNT) == 0


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_a_killed_desk_does_not_know_is_told_at_the_next_sign_in(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, *, arrived: bool
) -> None:
    """Cash out of the drawer without an answer: its form is gone, the desk says what became of it."""
    shift_id = bureau.open_shift()
    body = {"request_id": str(new_request_id()), "shift_id": shift_id, "reason": "change_out", "note": ""}
    posting = Posting(bureau.engine(CLERK), PendingStore(bureau.folder / f"desk-{CLERK}" / "pending", CLERK))

    def lose(engine: Engine, function: str, body: dict[str, Any], pauses_s: Sequence[float]) -> Any:
        if arrived:
            post_once(engine, function, body, pauses_s)
        raise outcome_unknown()

    monkeypatch.setattr("counter.services.posting.post_once", lose)
    with pytest.raises(OutcomeUnknown):
        posting.post("move_cash", body | {"amount_fen": 700})
    monkeypatch.undo()
    async with real_desk(bureau) as desk:
        await desk.until(lambda: not desk.app.settler.pending)
        await desk.until_said("Cash in or out  7.00")
        assert ("is posted" in desk.said, "was not posted" in desk.said) == (arrived, not arrived)
        assert desk.app.session is not None
        assert desk.app.session.pending() == ()
    moved = bureau.value("SELECT count(*) FROM counter.cash_movement")
    assert moved == int(arrived)


async def test_what_a_form_left_behind_is_asked_for_from_the_desk(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening a shift had no answer and its screen was left: the desk finds out, and has the shift."""
    lost: list[str] = []

    def lose(engine: Engine, function: str, body: dict[str, Any], pauses_s: Sequence[float]) -> Any:
        answer = post_once(engine, function, body, pauses_s)
        if function == "open_shift" and not lost:
            lost.append(function)
            raise outcome_unknown()
        return answer

    monkeypatch.setattr("counter.services.posting.post_once", lose)
    async with real_desk(bureau) as desk:
        await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "tills")
        await desk.until(lambda: "101" in desk.text)
        await desk.keys("enter")
        await desk.write("500")
        await desk.keys("enter")
        await desk.until(lambda: lost and desk.said)
        await desk.keys("escape")
        await desk.until(lambda: desk.app.screen is desk.app.desk)
        assert desk.app.shift is None
        desk.app.ask_by_itself()
        await desk.until(lambda: desk.app.shift is not None)
        await desk.until_said("Opening of a shift  500.00: it is posted")
        assert desk.app.session is not None
        assert desk.app.session.pending() == ()
    assert bureau.value("SELECT count(*) FROM counter.shift") == 1
