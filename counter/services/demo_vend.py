"""One vend of the demonstration that was paid and never written: another clerk's, for whoever finishes it.

It goes the way every vend goes: a shift opens, the money is booked, the drawer is counted, the shift closes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Connection, text

_CLERK: Final = "10002"
_TILL_NO: Final = 104
_AMOUNT_FEN: Final = 10_000
_PIECES: Final = {"10000": 1}


def sell_unwritten(connection: Connection, card: Mapping[str, Any]) -> None:
    """Sell 100.00 onto this card of the books, and leave it there."""
    version = connection.execute(
        text("SELECT version FROM counter.account_balance WHERE account_no = :account_no"),
        {"account_no": card["account_no"]},
    ).scalar_one()
    connection.execute(text(f'SET LOCAL SESSION AUTHORIZATION "{_CLERK}"'))
    shift_id = _call(connection, "open_shift", {"till_no": _TILL_NO, "float_fen": 0})["shift_id"]
    sale = {
        **card,
        "shift_id": shift_id,
        "version": version,
        "vend_count": card["vend_count"] + 1,
        "amount_fen": _AMOUNT_FEN,
        "kind": "purchase",
        "mark": "simulated",
        "tenders": [{"kind": "cash", "amount_fen": _AMOUNT_FEN, "received_fen": _AMOUNT_FEN}],
    }
    _call(connection, "begin_vend", sale)
    _call(connection, "sign_count", {"shift_id": shift_id, "denominations": _PIECES})
    _call(connection, "close_shift", {"shift_id": shift_id, "count_id": str(_id_of("sign_count"))})
    connection.execute(text("RESET SESSION AUTHORIZATION"))


def _call(connection: Connection, function: str, request: Mapping[str, Any]) -> Any:
    """One call of a function of the ledger, under an id that is always the same."""
    body = {"request_id": str(_id_of(function)), **request}
    query = text(f"SELECT counter.{function}(CAST(:request AS jsonb))")
    return connection.execute(query, {"request": json.dumps(body)}).scalar_one()


def _id_of(function: str) -> UUID:
    """The request id of the demonstration's call."""
    return uuid5(NAMESPACE_OID, f"demonstration vend {function}")
