"""Requests about prepaid cards as a desk makes them, for tests on the bare database."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau

ACCOUNT, OTHER = "330100000001", "330100000002"
METER, OTHER_METER = "250366809002", "250366809003"
CARD, OTHER_CARD = "00B0990108000001", "00B0990108000002"
PROFILE = "stategrid-demo"


def furnish_cards(bureau: Bureau) -> Bureau:
    """Two accounts with a meter each and no card yet."""
    bureau.add_account(ACCOUNT, meter_no=METER)
    bureau.add_account(OTHER, meter_no=OTHER_METER)
    return bureau


def sale(bureau: Bureau, shift: int, amount_fen: int = 10_000, **changes: Any) -> dict[str, Any]:
    """A sale of the next count on the account's card in use; an opening while there is none."""
    account = changes.get("account_no", ACCOUNT)
    in_use = bureau.value(
        "SELECT card_serial FROM counter.meter_card WHERE account_no = %s AND status = 'active'", account
    )
    return {
        "request_id": str(uuid4()),
        "shift_id": shift,
        "account_no": account,
        "version": bureau.value("SELECT version FROM counter.account_balance WHERE account_no = %s", account),
        "meter_no": bureau.value("SELECT meter_no FROM counter.account WHERE account_no = %s", account),
        "card_serial": in_use or CARD,
        "profile": PROFILE,
        "vend_count": booked(bureau, account) + 1,
        "amount_fen": amount_fen,
        "kind": "purchase" if in_use else "opening",
        "tenders": [{"kind": "cash", "amount_fen": amount_fen, "received_fen": amount_fen}],
        **changes,
    }


def evidence(request: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What the card of a sale shows once it is written."""
    return {
        "card_serial": request["card_serial"],
        "vend_count": request["vend_count"],
        "wallet_fen": request["amount_fen"],
        "writeback_empty": True,
        "writeback_count": None,
        **changes,
    }


def without(request: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What the card shows when the sale is not on it, or was cleared from it."""
    return evidence(request, vend_count=request["vend_count"] - 1, wallet_fen=0, **changes)


def outcome(request: dict[str, Any], result: str, **changes: Any) -> dict[str, Any]:
    """What to tell the books of a sale."""
    proof = evidence(request) if result == "written" else None
    settled = {"request_id": str(uuid4()), "vend_id": request["request_id"], "outcome": result}
    return {**settled, "evidence": proof, "note": "", **changes}


def undoing(request: dict[str, Any], shift: int, **changes: Any) -> dict[str, Any]:
    """Take a sale back whose card was cleared."""
    return {
        "request_id": str(uuid4()),
        "vend_id": request["request_id"],
        "shift_id": shift,
        "reason": "客户不要了",
        "evidence": without(request),
        **changes,
    }


def decision(request: dict[str, Any], *, written: bool) -> dict[str, Any]:
    """A supervisor's decision, still without the approval."""
    return {
        "request_id": str(uuid4()),
        "vend_id": request["request_id"],
        "written": written,
        "reason": "卡片丢失",
    }


def sold(bureau: Bureau, shift: int, amount_fen: int = 10_000, **changes: Any) -> dict[str, Any]:
    """A sale that is booked; its request."""
    request = sale(bureau, shift, amount_fen, **changes)
    bureau.call(changes.get("staff_no", "t10001"), "begin_vend", request)
    return request


def written(bureau: Bureau, shift: int, amount_fen: int = 10_000, **changes: Any) -> dict[str, Any]:
    """A sale that is booked and on its card; its request."""
    request = sold(bureau, shift, amount_fen, **changes)
    bureau.call("t10001", "settle_vend", outcome(request, "written"))
    return request


def approved(
    bureau: Bureau, action: str, request: dict[str, Any], staff_no: str = "t10001"
) -> dict[str, Any]:
    """The request with a supervisor's approval."""
    approval_id = str(uuid4())
    asked = {"approval_id": approval_id, "action": action, "subject": request, "reason": request["reason"]}
    bureau.call(staff_no, "request_approval", asked)
    bureau.call("t30001", "decide_approval", {"approval_id": approval_id, "approved": True})
    return request | {"approval_id": approval_id}


def refused(bureau: Bureau, function: str, request: dict[str, Any], staff_no: str = "t10001") -> str:
    """The state or the constraint of a refusal; fails when there is none."""
    with pytest.raises(psycopg.Error) as error:
        bureau.call(staff_no, function, request)
    return error.value.diag.constraint_name or error.value.sqlstate or ""


def booked(bureau: Bureau, account_no: str = ACCOUNT) -> int:
    """The last count in the books."""
    query = "SELECT vend_count FROM counter.meter_count WHERE account_no = %s"
    return bureau.value(query, account_no) or 0


def state(bureau: Bureau, request: dict[str, Any]) -> str:
    """How a sale stands."""
    return str(bureau.value("SELECT state FROM counter.vend WHERE vend_id = %s::uuid", request["request_id"]))


def stands(bureau: Bureau, ledger_account: str, account_no: str = ACCOUNT) -> int:
    """What an account's postings make on a ledger account, credit positive."""
    return int(
        bureau.value(
            "SELECT coalesce(-sum(amount_fen), 0) FROM counter.posting"
            " WHERE ledger_account = %s::counter.ledger_account AND account_no = %s",
            ledger_account,
            account_no,
        )
    )


def is_right(bureau: Bureau) -> bool:
    """Whether the ledger proves itself to an auditor."""
    return verify(bureau.engine("t40001")).finding is None
