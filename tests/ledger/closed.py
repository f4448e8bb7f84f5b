"""A closed shift, made by the functions that close one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.bureau import Bureau


def close_shift(bureau: Bureau, shift_id: int, staff_no: str = "t10001") -> None:
    """Count what the books say, and close."""
    held = bureau.value("SELECT cash_fen FROM counter.till WHERE shift_id = %s", shift_id)
    count_id = str(uuid4())
    count = {
        "request_id": count_id,
        "shift_id": shift_id,
        "denominations": {"100": held // 100, "1": held % 100},
    }
    bureau.call(staff_no, "sign_count", count)
    bureau.call(
        staff_no, "close_shift", {"request_id": str(uuid4()), "shift_id": shift_id, "count_id": count_id}
    )


def closed_shift(
    bureau: Bureau,
    account_no: str,
    *tenders: dict[str, Any],
    staff_no: str = "t10001",
    till_no: int = 101,
) -> int:
    """A shift that took these tenders as advances, one payment each, and is closed; its id."""
    shift = bureau.open_shift(staff_no, till_no)
    for tender in tenders:
        total = tender["amount_fen"]
        request = bureau.payment(shift, account_no, total_fen=total, prepaid_fen=total, tenders=[tender])
        bureau.call(staff_no, "post_payment", request)
    close_shift(bureau, shift, staff_no)
    return shift


def cash(amount_fen: int) -> dict[str, Any]:
    """Exact cash."""
    return {"kind": "cash", "amount_fen": amount_fen, "received_fen": amount_fen}


def cheque(amount_fen: int, number: str = "12345678") -> dict[str, Any]:
    """A cheque of a bank."""
    details = {"reference": f"建设银行/{number}", "dated": "2026-11-20", "payer_name": "某某公司"}
    return {"kind": "cheque", "amount_fen": amount_fen, "details": details}


def pos(amount_fen: int, trace: str = "000042") -> dict[str, Any]:
    """A POS slip."""
    return {"kind": "pos", "amount_fen": amount_fen, "details": {"reference": f"12345678-000001-{trace}"}}


def add_bank_account(bureau: Bureau, number: str = "4400123412341234") -> str:
    """Where deposits go; its number."""
    with bureau.psql() as connection:
        connection.execute(
            "INSERT INTO counter.bank_account (bank_account_no, bank_name, holder)"
            " VALUES (%s, '建设银行城关支行', '滨江供电局')",
            [number],
        )
    return number


def slip(bureau: Bureau, total_fen: int, *items: tuple[int, str], **changes: Any) -> dict[str, Any]:
    """A request for a slip."""
    number = bureau.value("SELECT bank_account_no FROM counter.bank_account ORDER BY 1 LIMIT 1")
    return {
        "request_id": str(uuid4()),
        "bank_account_no": number,
        "items": [{"shift_id": shift_id, "part": part} for shift_id, part in items],
        "total_fen": total_fen,
        "carried_by": "赵静",
        "seal_no": "F-0007",
        **changes,
    }
