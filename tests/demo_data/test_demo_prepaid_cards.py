"""The demonstration's prepaid cards: taken over, two of them sold on, and the books are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardio.simulator import HOLDERS, serial_of
from counter.domain.vends import CardMeaning
from counter.services import demo_vend
from counter.services.card_desk import CardDesk
from counter.services.demo_cards import demo_reader, holders, take_over_cards
from counter.services.ledger import verify
from counter.services.pending import PendingStore
from counter.services.posting import Posting
from counter.services.vends import Vends
from tests.bureau import Bureau

CLERK, COLLEAGUE = "t10001", "t10002"
MEANT = {
    "in_use": CardMeaning.READY,
    "not_inserted": CardMeaning.NOT_INSERTED,
    "never_written": CardMeaning.NEVER_WRITTEN,
    "booking_lost": CardMeaning.BOOKING_LOST,
    "torn": CardMeaning.READY,
}


def test_every_card_of_the_drawer_means_what_its_kind_says(
    bureau: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken over twice, as after an update: the second time changes nothing."""
    monkeypatch.setattr("counter.services.demo_cards.CARD_CLERK", "t60001")
    monkeypatch.setattr(demo_vend, "_CLERK", COLLEAGUE)
    monkeypatch.setattr(demo_vend, "_TILL_NO", 102)
    for place in range(len(HOLDERS)):
        bureau.add_account(f"01000003{place:02d}", meter_no=f"33000000030{place}", payment_mode="card")
    for _time in range(2):
        with bureau.admin.begin() as connection:
            take_over_cards(connection)
    with bureau.admin.begin() as connection:
        reader = demo_reader(tmp_path / "cards.json", holders(connection))
    posting = Posting(bureau.engine(CLERK), PendingStore(tmp_path / "pending", CLERK))
    vends = Vends(bureau.engine(CLERK), posting, CardDesk(reader), CLERK)
    found = {}
    for kind in MEANT:
        reader.insert(kind)
        books = vends.look().books
        found[kind] = books.meaning if books else None
    assert found == MEANT
    assert [vend.card_serial for vend in vends.in_doubt()] == [serial_of("never_written")]
    reader.insert("never_written")
    vends.resume(vends.in_doubt()[0].vend_id, lambda _step: None)
    assert vends.in_doubt() == ()
    assert verify(bureau.engine("t40001")).finding is None
