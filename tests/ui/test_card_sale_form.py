"""The form of a sale of cards: one content, one request id; nothing while a card cannot be sold."""

from __future__ import annotations

from counter.domain.tenders import cash
from counter.services.ports.cards import CardFound, CardState
from counter.ui.card_sale import CardSaleForm

GOOD, OTHER = CardFound("80000001", CardState.STOCK, 20_000), CardFound("80000002", CardState.STOCK, 20_000)
GONE = CardFound("80000003", CardState.SOLD, 0)
PAID = (cash(20_000, 50_000),)


def form_of(*cards: CardFound) -> CardSaleForm:
    """A form with these cards."""
    form = CardSaleForm()
    form.add(cards)
    return form


def test_the_same_content_is_sent_again_under_the_same_id() -> None:
    """After a refusal that saved nothing."""
    form = form_of(GOOD)
    first = form.send(101, PAID, "王小四")
    form.not_posted()
    assert first is not None
    assert form.send(101, PAID, "王小四") == first


def test_other_content_gets_another_id() -> None:
    """Another card, another payer, another tender."""
    form = form_of(GOOD)
    sent = [form.send(101, PAID, "")]
    form.not_posted()
    sent.append(form.send(101, PAID, "王小四"))
    form.not_posted()
    form.add([OTHER])
    sent.append(form.send(101, (cash(40_000, 40_000),), "王小四"))
    assert len({request.request_id for request in sent if request is not None}) == 3


def test_an_id_that_was_given_up_is_not_used_again() -> None:
    """The server would refuse it for ever."""
    form = form_of(GOOD)
    first = form.send(101, PAID, "")
    form.outcome_unknown()
    assert form.send(101, PAID, "") is None
    form.given_up()
    again = form.send(101, PAID, "")
    assert first is not None
    assert again is not None
    assert again.request_id != first.request_id


def test_nothing_is_sent_twice_at_once_empty_or_with_a_card_that_is_gone() -> None:
    """The form refuses, whatever the screen does."""
    assert CardSaleForm().send(101, (), "") is None
    form = form_of(GOOD, GONE)
    assert form.send(101, PAID, "") is None
    assert form.cards[0] == GONE
    form.take_out(GONE.card_no)
    assert (form.count, form.total_fen) == (1, 20_000)
    assert form.send(101, PAID, "") is not None
    assert form.send(101, PAID, "") is None
