"""Selling onto cards: the money and the card agree, whatever happens to the card or the server in between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from cardio.contents import CardContents
from cardio.simulator import Condition, Holder, SimulatedReader, serial_of, stock
from counter.domain.tenders import cash
from counter.domain.vends import CardMeaning, VendState
from counter.errors import CounterError, Refusal
from counter.services.card_desk import CardDesk
from counter.services.ledger import verify
from counter.services.once import outcome_unknown
from counter.services.pending import PendingStore
from counter.services.ports.vends import CardSeen, HomeResult, SellVend, SlotState, VendKind, VendOutcome
from counter.services.posting import Posting
from counter.services.simulated_drawer import SimulatedDrawer
from counter.services.vends import Vends
from tests.bureau import Bureau

HOLDERS = tuple(Holder(f"33010000000{n}", f"25036680900{n}", 9) for n in range(1, 7))
CLERK = "t10001"
PROFILE = "simulated"


class Counter:
    """A clerk with a simulated reader, and the books behind them."""

    def __init__(self, bureau: Bureau, folder: Path) -> None:
        """Six customers with a card each."""
        self.bureau = bureau
        for holder in HOLDERS:
            bureau.add_account(holder.account_no, meter_no=holder.meter_no, payment_mode="card")
        cards = [
            {
                "account_no": holder.account_no,
                "meter_no": holder.meter_no,
                "card_serial": serial_of(kind),
                "profile": PROFILE,
                "vend_count": holder.vend_count,
            }
            for kind, holder in zip(KINDS, HOLDERS, strict=True)
        ]
        with bureau.engine("t60001").begin() as connection:
            request = json.dumps({"request_id": str(uuid4()), "cards": cards})
            connection.execute(text("SELECT counter.load_meter_cards(CAST(:r AS jsonb))"), {"r": request})
        self.shift = bureau.open_shift()
        self.reader = SimulatedReader(folder / "cards.json", stock(HOLDERS), step_s=0)
        self.desk = CardDesk(self.reader, SimulatedDrawer(self.reader))
        self.posting = Posting(bureau.engine(CLERK), PendingStore(folder / "pending", CLERK), pauses_s=())
        self.vends = Vends(bureau.engine(CLERK), self.posting, self.desk, CLERK)
        self.steps: list[str] = []

    def request(self, seen: CardSeen, amount_fen: int = 10_000, **changes: object) -> SellVend:
        """A sale on the card that was seen."""
        assert seen.books is not None
        values = {
            "request_id": uuid4(),
            "shift_id": self.shift,
            "account_no": seen.books.account_no,
            "version": seen.books.version,
            "meter_no": seen.books.meter_no,
            "card_serial": seen.card.serial,
            "profile": seen.card.profile,
            "vend_count": seen.books.vend_count + 1,
            "amount_fen": amount_fen,
            "kind": VendKind.PURCHASE,
            "tenders": (cash(amount_fen, amount_fen),),
            **changes,
        }
        return SellVend(**values)  # type: ignore[arg-type]

    def sell(self, kind: str = "in_use", amount_fen: int = 10_000, *, pull_at: str = "") -> VendOutcome:
        """Put a card in and sell; it is pulled when the write comes to a step."""
        self.reader.insert(kind)
        request = self.request(self.vends.look(), amount_fen)

        def step(name: str) -> None:
            self.steps.append(name)
            if name == pull_at:
                self.reader.pull()

        return self.vends.sell(request, step)

    def card(self, kind: str = "in_use") -> CardContents:
        """What stands on a card."""
        return next(card for card in self.reader.cards if card.card_id == kind).contents

    def tear(self, kind: str) -> None:
        """The card slips out in its next write."""
        card = next(card for card in self.reader.cards if card.card_id == kind)
        self.reader._keep(card=replace(card, condition=Condition.TEARS))

    def loaded_fen(self, before_fen: int = 90_000) -> int:
        """What the first customer's meter has loaded since the test began."""
        return self.reader.meters[HOLDERS[0].meter_no].loaded_fen - before_fen

    def in_flight_fen(self) -> int:
        """Paid for, and not proven written."""
        query = "SELECT coalesce(-sum(amount_fen), 0) FROM counter.posting WHERE ledger_account = 'vend_in_flight'"
        return int(self.bureau.value(query))

    def vended_fen(self) -> int:
        """Proven written."""
        query = "SELECT coalesce(-sum(amount_fen), 0) FROM counter.posting WHERE ledger_account = 'vended'"
        return int(self.bureau.value(query))


KINDS = ("in_use", "not_inserted", "never_written", "booking_lost", "torn", "worn_out")


@pytest.fixture
def counter(bureau: Bureau, tmp_path: Path) -> Iterator[Counter]:
    """At the desk; afterwards the ledger is right."""
    made = Counter(bureau, tmp_path)
    yield made
    assert verify(bureau.engine("t40001")).finding is None


def test_a_card_is_sold_written_and_proven(counter: Counter) -> None:
    outcome = counter.sell()
    assert outcome.state is VendState.WRITTEN
    assert not outcome.problem
    assert (
        counter.card().vend_count,
        counter.card().wallet_fen,
        counter.card().writeback,
    ) == (10, 10_000, None)
    assert (counter.in_flight_fen(), counter.vended_fen()) == (0, 10_000)
    assert (counter.steps) == [
        "connect",
        "authenticate",
        "parameters",
        "wallet",
        "clear_writeback",
        "read_back",
        "compare",
    ]


def test_money_on_the_meter_is_the_money_that_was_taken(counter: Counter) -> None:
    for _time in range(3):
        outcome = counter.sell(amount_fen=7_700)
        assert outcome.state is VendState.WRITTEN
        assert counter.reader.take_home("in_use").value == HomeResult.CREDITED.value
    assert 3 * 7_700 == counter.loaded_fen() == counter.vended_fen()


def test_a_second_sale_waits_until_the_meter_took_the_first(counter: Counter) -> None:
    counter.sell()
    seen = counter.vends.look()
    assert seen.books is not None
    assert seen.books.meaning is CardMeaning.NOT_INSERTED


@pytest.mark.parametrize("step", ["connect", "authenticate"])
def test_pulled_before_the_first_write_nothing_is_doubtful(counter: Counter, step: str) -> None:
    outcome = counter.sell(pull_at=step)
    assert outcome.state is VendState.PENDING
    assert outcome.problem
    assert counter.in_flight_fen() == 10_000
    counter.reader.insert("in_use")
    assert counter.vends.resume(outcome.vend_id, counter.steps.append).state is VendState.WRITTEN
    assert (counter.in_flight_fen(), counter.vended_fen()) == (0, 10_000)


@pytest.mark.parametrize("step", ["parameters", "wallet", "clear_writeback", "read_back"])
def test_pulled_while_writing_it_is_in_doubt_until_the_same_card_is_back(counter: Counter, step: str) -> None:
    outcome = counter.sell(pull_at=step)
    if step == "parameters":
        assert outcome.state is VendState.PENDING, "nothing was written before this step"
    else:
        assert outcome.state is VendState.IN_DOUBT
    assert [outcome.vend_id] == [vend.vend_id for vend in counter.vends.in_doubt()]
    assert [outcome.vend_id] == [vend.vend_id for vend in counter.vends.unfinished()]
    counter.reader.insert("not_inserted")
    with pytest.raises(Refusal):
        counter.vends.resume(outcome.vend_id, counter.steps.append)
    counter.reader.insert("in_use")
    assert counter.vends.resume(outcome.vend_id, counter.steps.append).state is VendState.WRITTEN
    assert (counter.card().vend_count, counter.card().wallet_fen) == (10, 10_000)
    assert counter.vends.in_doubt() == ()


def test_in_doubt_nothing_else_is_sold_to_the_account(counter: Counter) -> None:
    counter.sell(pull_at="wallet")
    counter.reader.insert("in_use")
    seen = counter.vends.look()
    assert seen.books is not None
    assert seen.books.open_vend is not None
    with pytest.raises(Refusal):
        counter.vends.sell(counter.request(seen), counter.steps.append)


def test_the_meter_settles_a_doubt_as_well(counter: Counter) -> None:
    """The credit was on the card when it was pulled, and was loaded at home before the card came back."""
    outcome = counter.sell(pull_at="read_back")
    assert outcome.state is VendState.IN_DOUBT
    assert counter.reader.take_home("in_use").value == HomeResult.CREDITED.value
    counter.reader.insert("in_use")
    assert counter.vends.resume(outcome.vend_id, counter.steps.append).state is VendState.WRITTEN
    assert 10_000 == counter.loaded_fen() == counter.vended_fen()


def no_answer_to(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that answers everything but this."""
    real = Posting.post

    def post(posting: Posting, name: str, body: dict[str, object]) -> object:
        if name == function:
            raise outcome_unknown()
        return real(posting, name, body)

    monkeypatch.setattr(Posting, "post", post)


def test_a_card_that_is_written_is_written_though_the_server_was_lost(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        no_answer_to("settle_vend", away)
        outcome = counter.sell()
    assert outcome.state is VendState.WRITTEN
    assert outcome.problem
    assert counter.in_flight_fen() == 10_000
    counter.steps.clear()
    assert counter.vends.resume(outcome.vend_id, counter.steps.append).state is VendState.WRITTEN
    assert counter.steps == [], "it is read, not written again"
    assert counter.in_flight_fen() == 0


def test_without_the_intent_nothing_is_written(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as away:
        no_answer_to("begin_vend", away)
        with pytest.raises(CounterError):
            counter.sell()
    assert counter.steps == []
    assert (counter.card().vend_count, counter.in_flight_fen()) == (9, 0)


def test_a_vend_that_no_meter_took_is_undone(counter: Counter) -> None:
    outcome = counter.sell()
    taken = counter.vends.undo(outcome.vend_id, uuid4(), counter.shift, "客户不要了")
    assert taken.change_fen == 10_000
    assert (counter.card().vend_count, counter.card().wallet_fen) == (9, 0)
    assert (counter.in_flight_fen(), counter.vended_fen()) == (0, 0)
    seen = counter.vends.look()
    assert seen.books is not None
    assert seen.books.meaning is CardMeaning.READY
    assert counter.sell(amount_fen=5_000).state is VendState.WRITTEN
    assert counter.reader.take_home("in_use").value == HomeResult.CREDITED.value
    assert counter.loaded_fen() == 5_000


def test_what_dies_while_it_is_taken_back_is_in_doubt_until_the_card_was_read(counter: Counter) -> None:
    """The card slips out when its credit is half cleared, or nothing is booked after it was."""
    outcome = counter.sell()
    counter.tear("in_use")
    with pytest.raises(Refusal):
        counter.vends.undo(outcome.vend_id, uuid4(), counter.shift, "客户不要了")
    assert [vend.vend_id for vend in counter.vends.in_doubt()] == [outcome.vend_id]
    assert (counter.in_flight_fen(), counter.vended_fen()) == (10_000, 0)
    counter.reader.insert("in_use")
    assert counter.vends.resume(outcome.vend_id, counter.steps.append).state is VendState.WRITTEN
    assert (counter.in_flight_fen(), counter.vended_fen()) == (0, 10_000)


def test_what_is_cleared_and_not_booked_back_is_in_doubt_until_the_card_was_read(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = counter.sell()
    with monkeypatch.context() as away:
        no_answer_to("undo_vend", away)
        with pytest.raises(CounterError):
            counter.vends.undo(outcome.vend_id, uuid4(), counter.shift, "客户不要了")
    assert counter.card().wallet_fen == 0
    assert [vend.vend_id for vend in counter.vends.in_doubt()] == [outcome.vend_id]
    assert counter.in_flight_fen() == 10_000
    assert counter.vends.undo(outcome.vend_id, uuid4(), counter.shift, "客户不要了").change_fen == 10_000
    assert (counter.in_flight_fen(), counter.vended_fen()) == (0, 0)


def test_what_the_meter_took_is_not_undone(counter: Counter) -> None:
    outcome = counter.sell()
    counter.reader.take_home("in_use")
    counter.reader.insert("in_use")
    with pytest.raises(Refusal):
        counter.vends.undo(outcome.vend_id, uuid4(), counter.shift, "客户不要了")
    assert counter.vended_fen() == 10_000


def test_a_lost_booking_is_completed_and_nothing_is_written(counter: Counter) -> None:
    counter.reader.insert("booking_lost")
    seen = counter.vends.look()
    assert seen.books is not None
    assert seen.books.meaning is CardMeaning.BOOKING_LOST
    request = counter.request(seen, seen.card.wallet_fen, kind=VendKind.BOOKING)
    assert counter.vends.sell(request, counter.steps.append).state is VendState.WRITTEN
    assert counter.steps == []
    again = counter.vends.look()
    assert again.books is not None
    assert again.books.meaning is CardMeaning.NOT_INSERTED


def test_a_card_that_is_torn_out_by_itself_can_be_finished(counter: Counter) -> None:
    outcome = counter.sell("torn")
    assert outcome.state is VendState.IN_DOUBT
    counter.reader.insert("torn")
    assert counter.vends.resume(outcome.vend_id, counter.steps.append).state is VendState.WRITTEN


def test_a_foreign_and_a_mute_card_say_what_they_are(counter: Counter) -> None:
    counter.reader.insert("foreign")
    assert counter.vends.look().books is None
    counter.reader.insert("worn_out")
    with pytest.raises(Refusal):
        counter.vends.look()


def test_a_desk_without_a_reader_says_so_and_lists_what_is_in_doubt(counter: Counter) -> None:
    outcome = counter.sell(pull_at="wallet")
    other = Vends(counter.bureau.engine("t10002"), counter.posting, CardDesk(None), "t10002")
    assert other.slot().state is SlotState.NONE
    with pytest.raises(Refusal):
        other.look()
    assert [outcome.vend_id] == [vend.vend_id for vend in other.in_doubt()]
    assert other.unfinished() == ()


def test_another_desk_settles_what_this_one_left(counter: Counter) -> None:
    outcome = counter.sell(pull_at="wallet")
    other = Vends(
        counter.bureau.engine("t10003"),
        Posting(counter.bureau.engine("t10003"), counter.posting.store, pauses_s=()),
        counter.desk,
        "t10003",
    )
    counter.reader.insert("in_use")
    assert other.resume(outcome.vend_id, counter.steps.append).state is VendState.WRITTEN


def test_the_reader_is_heard_of_until_nobody_listens(counter: Counter) -> None:
    heard: list[SlotState] = []
    end = counter.vends.watch(lambda slot: heard.append(slot.state))
    counter.reader.insert("in_use")
    counter.reader.pull()
    end()
    counter.reader.insert("in_use")
    assert heard == [SlotState.EMPTY, SlotState.CARD, SlotState.EMPTY]
    assert UUID(int=0) not in {vend.vend_id for vend in counter.vends.in_doubt()}
