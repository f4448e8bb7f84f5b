"""A supervisor signs for what is in doubt, on the real database; nobody else is offered to."""

from __future__ import annotations

from counter.ui.dialogs.reason import ReasonDialog
from counter.ui.screens.vends_in_doubt import VendsInDoubtScreen
from tests.bureau import Bureau
from tests.ledger.vending import furnish_cards, outcome, sold
from tests.ui.real_desk import SUPERVISOR, RealDesk, real_desk

SIGNATURES = "SELECT count(*) FROM counter.vend_signature WHERE business_date = counter.business_date()"
CLOSE = "INSERT INTO counter.closed_day (hall_no, business_date) VALUES (1, counter.business_date())"


def in_doubt(bureau: Bureau) -> None:
    """One sale whose card went away."""
    request = sold(furnish_cards(bureau), bureau.open_shift())
    bureau.call("t10001", "settle_vend", outcome(request, "in_doubt"))


async def to_the_list(desk: RealDesk) -> None:
    """The list of what is in doubt, with the sale in it."""
    await desk.keys("shift+f1")
    await desk.until(lambda: isinstance(desk.app.screen, VendsInDoubtScreen))
    await desk.until(lambda: "330100000001" in desk.text)


async def test_a_supervisor_signs_and_the_day_can_be_closed(bureau: Bureau) -> None:
    in_doubt(bureau)
    async with real_desk(bureau, SUPERVISOR) as desk:
        await to_the_list(desk)
        assert "^V" in desk.text
        await desk.keys("ctrl+v")
        await desk.until(lambda: isinstance(desk.app.screen, ReasonDialog))
        await desk.write("[/]'; -- 卡由客户带走")
        await desk.keys("enter")
        await desk.until_said("Signed for 1 vends.")
    assert bureau.value(SIGNATURES) == 1
    with bureau.psql() as connection:
        connection.execute(CLOSE)


async def test_leaving_the_question_signs_nothing(bureau: Bureau) -> None:
    in_doubt(bureau)
    async with real_desk(bureau, SUPERVISOR) as desk:
        await to_the_list(desk)
        await desk.keys("ctrl+v")
        await desk.until(lambda: isinstance(desk.app.screen, ReasonDialog))
        await desk.keys("escape")
        await desk.until(lambda: isinstance(desk.app.screen, VendsInDoubtScreen))
    assert bureau.value(SIGNATURES) == 0


async def test_a_clerk_is_not_offered_to_sign(bureau: Bureau) -> None:
    in_doubt(bureau)
    async with real_desk(bureau, "t10002") as desk:
        await to_the_list(desk)
        await desk.keys("ctrl+v")
        assert isinstance(desk.app.screen, VendsInDoubtScreen)
        assert "^V" not in desk.text
    assert bureau.value(SIGNATURES) == 0
