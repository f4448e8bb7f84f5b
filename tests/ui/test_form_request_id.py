"""Under which request id a form sends what."""

from __future__ import annotations

from datetime import date

from counter.services.ports import AccountView
from counter.ui.payment import PaymentForm
from counter.ui.sent_once import Stage

ACCOUNT = AccountView(
    account_no="330100000001",
    version=3,
    business_date=date(2026, 11, 23),
    name="王小四",
    address="人民路1号",
    hall_name="城关营业厅",
    phone="",
    meter_no="",
    customer_class="residential",
    payment_mode="postpaid",
    tenant=False,
    hardship=False,
    disconnected=False,
    corporate_bank=False,
    closed=False,
    prepaid_fen=0,
    bills=(),
    last_payments=(),
)


def test_the_same_content_is_sent_under_the_same_id_and_other_content_is_not() -> None:
    form = PaymentForm(ACCOUNT)
    first = form.send(1, 100, 100)
    assert form.send(1, 100, 100) is None, "one is on its way"
    form.not_posted()
    again = form.send(1, 100, 100)
    form.not_posted()
    other = form.send(1, 200, 200)
    assert first is not None
    assert again == first
    assert other is not None
    assert other.request_id != first.request_id


def test_an_id_that_the_server_gave_up_is_not_sent_again() -> None:
    """Settling a payment that was not posted burns its id; the clerk's next Enter must not be refused."""
    form = PaymentForm(ACCOUNT)
    lost = form.send(1, 100, 100)
    form.outcome_unknown()
    form.given_up()
    assert form.stage is Stage.EDITING
    again = form.send(1, 100, 100)
    assert lost is not None
    assert again is not None
    assert again.request_id != lost.request_id
