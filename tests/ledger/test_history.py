"""What an account's history shows of payments for many, in every hall."""

from __future__ import annotations

from tests.bureau import Bureau

FIRST, SECOND = "330100000001", "330100000002"


def test_a_payment_for_many_stands_in_each_history_with_its_share(bureau: Bureau) -> None:
    """Under the payer's name, newest first, beside the account's own payments; seen from another hall too."""
    bureau.add_account(FIRST)
    bureau.add_account(SECOND, name="李四")
    shift = bureau.open_shift()
    bureau.call("t10001", "post_payment", bureau.payment(shift, FIRST, total_fen=100, prepaid_fen=100))
    request = bureau.payment(shift, FIRST, total_fen=1_000, payer_name="某某公司")
    share = request["accounts"][0]
    request["accounts"] = [
        share | {"prepaid_fen": 400},
        share | {"account_no": SECOND, "prepaid_fen": 600, "version": 0},
    ]
    bureau.call("t10001", "post_payment", request)
    for number, expected in (
        (FIRST, [("某某公司", 400), ("王小四", 100)]),
        (SECOND, [("某某公司", 600)]),
    ):
        with bureau.psql("t10003") as connection:
            rows = connection.execute(
                "SELECT account_name, total_fen FROM counter.account_payments(%s, 20)", [number]
            ).fetchall()
        assert rows == expected
