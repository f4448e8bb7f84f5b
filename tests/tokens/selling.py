"""Requests about tokens as a desk makes them, for tests on the bare database."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.bureau import Bureau

ACCOUNT, OTHER, CARD_ACCOUNT = "330100000001", "330100000002", "330100000003"
METER, OTHER_METER, CARD_METER = "250366809002", "250366809003", "250366809004"
TOKEN, OTHER_TOKEN = "12345678901234567890", "09876543210987654321"


def furnish_tokens(bureau: Bureau) -> Bureau:
    """Two accounts whose meters take tokens, and one with a card."""
    bureau.add_account(ACCOUNT, meter_no=METER, payment_mode="token")
    bureau.add_account(OTHER, meter_no=OTHER_METER, payment_mode="token", name="李四")
    bureau.add_account(CARD_ACCOUNT, meter_no=CARD_METER, payment_mode="card", name="王五")
    return bureau


def sale(bureau: Bureau, shift: int, amount_fen: int = 10_000, **changes: Any) -> dict[str, Any]:
    """A sale for cash, for the account and meter as they stand."""
    account = changes.get("account_no", ACCOUNT)
    return {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "account_no": account,
        "version": bureau.value("SELECT version FROM counter.account_balance WHERE account_no = %s", account),
        "meter_no": bureau.value("SELECT meter_no FROM counter.account WHERE account_no = %s", account),
        "amount_fen": amount_fen,
        "tenders": [{"kind": "cash", "amount_fen": amount_fen, "received_fen": amount_fen}],
        **changes,
    }


def outcome(request: dict[str, Any], result: str, **changes: Any) -> dict[str, Any]:
    """What to tell the books of a sale; issued comes with a token for what was sold."""
    told = {"request_id": str(uuid4()), "vend_id": request["request_id"], "outcome": result, "note": ""}
    if result == "issued":
        told |= {"token": TOKEN, "meter_no": request["meter_no"], "amount_fen": request["amount_fen"]}
    return {**told, **changes}


def sold(bureau: Bureau, shift: int, amount_fen: int = 10_000, **changes: Any) -> dict[str, Any]:
    """A sale that is booked; its request."""
    request = sale(bureau, shift, amount_fen, **changes)
    bureau.call("t10001", "begin_token_vend", request)
    return request


def reversal(bureau: Bureau, request: dict[str, Any], shift: int) -> dict[str, Any]:
    """Take the payment of a sale back."""
    return {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "journal_id": bureau.value(
            "SELECT journal_id FROM counter.journal WHERE request_id = %s::uuid", request["request_id"]
        ),
        "account_no": request["account_no"],
        "amount_fen": request["amount_fen"],
        "cause": "customer",
        "reason": "售电服务器拒绝",
    }


def state(bureau: Bureau, request: dict[str, Any]) -> tuple[str, str | None]:
    """How a sale stands, and its token."""
    query = "SELECT jsonb_build_array(state, token) FROM counter.token_vend WHERE vend_id = %s::uuid"
    stands, token = bureau.value(query, request["request_id"])
    return str(stands), token
