"""Two vends that another clerk of the demonstration sold: one that no meter took yet, one never written.

They go the way every vend goes: a shift opens, the money is booked, the drawer is counted, the shift closes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Connection, text

SOLD_KINDS: Final = ("not_inserted", "never_written")
_WRITTEN: Final = "not_inserted"
_CLERK: Final = "10002"
_TILL_NO: Final = 104
_AMOUNT_FEN: Final = 10_000
_PIECES: Final = {"10000": len(SOLD_KINDS)}


def sell_before(connection: Connection, cards: Mapping[str, Mapping[str, Any]]) -> None:
    """Sell 100.00 onto each of these cards of the books, by their kinds; once."""
    known = text("SELECT EXISTS (SELECT FROM counter.vend WHERE vend_id = :vend_id)")
    if connection.execute(known, {"vend_id": _id_of("begin_vend", _WRITTEN)}).scalar_one():
        return
    query = text("SELECT version FROM counter.account_balance WHERE account_no = :account_no")
    versions = {
        kind: connection.execute(query, {"account_no": card["account_no"]}).scalar_one()
        for kind, card in cards.items()
    }
    connection.execute(text(f'SET LOCAL SESSION AUTHORIZATION "{_CLERK}"'))
    shift_id = _call(connection, "open_shift", "", {"till_no": _TILL_NO, "float_fen": 0})["shift_id"]
    for kind, card in cards.items():
        _call(connection, "begin_vend", kind, _sale(card, shift_id, versions[kind]))
    _call(connection, "settle_vend", _WRITTEN, _proof(cards[_WRITTEN]))
    _call(connection, "sign_count", "", {"shift_id": shift_id, "denominations": _PIECES})
    counted = str(_id_of("sign_count", ""))
    _call(connection, "close_shift", "", {"shift_id": shift_id, "count_id": counted})
    connection.execute(text("RESET SESSION AUTHORIZATION"))


def _sale(card: Mapping[str, Any], shift_id: int, version: int) -> dict[str, Any]:
    """The next vend of this card, for cash."""
    return {
        **card,
        "shift_id": shift_id,
        "version": version,
        "vend_count": card["vend_count"] + 1,
        "amount_fen": _AMOUNT_FEN,
        "kind": "purchase",
        "mark": "simulated",
        "tenders": [{"kind": "cash", "amount_fen": _AMOUNT_FEN, "received_fen": _AMOUNT_FEN}],
    }


def _proof(card: Mapping[str, Any]) -> dict[str, Any]:
    """What was read back from the card that was written."""
    evidence = {
        "card_serial": card["card_serial"],
        "vend_count": card["vend_count"] + 1,
        "wallet_fen": _AMOUNT_FEN,
        "writeback_empty": True,
    }
    vend_id = str(_id_of("begin_vend", _WRITTEN))
    return {"vend_id": vend_id, "outcome": "written", "evidence": evidence, "note": ""}


def _call(connection: Connection, function: str, about: str, request: Mapping[str, Any]) -> Any:
    """One call of a function of the ledger, under an id that is always the same."""
    body = {"request_id": str(_id_of(function, about)), **request}
    query = text(f"SELECT counter.{function}(CAST(:request AS jsonb))")
    return connection.execute(query, {"request": json.dumps(body)}).scalar_one()


def _id_of(function: str, about: str) -> UUID:
    """The request id of the demonstration's call."""
    return uuid5(NAMESPACE_OID, f"demonstration vend {function} {about}")
