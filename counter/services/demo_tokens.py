"""The demonstration's customers whose meters take tokens."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

_HALL_NO: Final = 1
_CUSTOMERS: Final = 3

_TAKE_TOKENS = text(
    "UPDATE counter.account SET payment_mode = 'token' WHERE account_no IN ("
    " SELECT a.account_no FROM counter.account a WHERE a.hall_no = :hall_no AND a.payment_mode = 'card'"
    " AND a.status = 'active' AND a.meter_no IS NOT NULL AND NOT a.corporate_bank AND NOT a.disconnected"
    " AND NOT EXISTS (SELECT FROM counter.meter_card c WHERE c.account_no = a.account_no)"
    " ORDER BY a.account_no LIMIT :most)"
    " AND NOT EXISTS (SELECT FROM counter.account WHERE payment_mode = 'token')"
)


def let_meters_take_tokens(connection: Connection) -> None:
    """Some customers with a card on paper only take tokens instead; once."""
    connection.execute(_TAKE_TOKENS, {"hall_no": _HALL_NO, "most": _CUSTOMERS})
