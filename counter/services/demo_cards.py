"""The demonstration's prepaid cards: customers who have one in the books, and the drawer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import Connection, text

from cardio.simulator import HOLDERS, PROFILE, Holder, SimulatedReader, serial_of, stock
from counter.services.demo_vend import SOLD_KINDS, sell_before

CARD_CLERK: Final = "60001"
"""The service login that takes cards over; nobody signs in with it."""
_HALL_NO: Final = 1
_FIRST_COUNT: Final = 9

_CUSTOMERS = text(
    "SELECT account_no, meter_no FROM counter.account JOIN counter.account_balance b USING (account_no)"
    " WHERE hall_no = :hall_no AND payment_mode = 'card' AND status = 'active'"
    " AND meter_no ~ '^[0-9]{12}$' AND b.arrears_fen = 0 AND NOT corporate_bank AND NOT disconnected"
    " ORDER BY account_no LIMIT :most"
)
_IN_USE = text(
    "SELECT c.card_serial, c.account_no, c.meter_no, m.start_count FROM counter.meter_card c"
    " JOIN counter.meter_count m USING (account_no) WHERE c.card_serial = ANY(:serials)"
)


def take_over_cards(connection: Connection) -> None:
    """Put the simulated cards of customers into the books, as a bureau takes over cards in use; once."""
    customers = connection.execute(_CUSTOMERS, {"hall_no": _HALL_NO, "most": len(HOLDERS)}).all()
    cards = [
        {
            "account_no": account_no,
            "meter_no": meter_no,
            "card_serial": serial_of(kind),
            "profile": PROFILE,
            "vend_count": _FIRST_COUNT + place - (kind in SOLD_KINDS),
        }
        for place, (kind, (account_no, meter_no)) in enumerate(zip(HOLDERS, customers, strict=False))
    ]
    request = {"request_id": str(uuid5(NAMESPACE_OID, "demonstration cards")), "cards": cards}
    connection.execute(text(f'SET LOCAL SESSION AUTHORIZATION "{CARD_CLERK}"'))
    connection.execute(text("SELECT counter.load_meter_cards(CAST(:r AS jsonb))"), {"r": json.dumps(request)})
    connection.execute(text("RESET SESSION AUTHORIZATION"))
    by_serial = {card["card_serial"]: card for card in cards}
    sold = {kind: by_serial[serial_of(kind)] for kind in SOLD_KINDS if serial_of(kind) in by_serial}
    if len(sold) == len(SOLD_KINDS):
        sell_before(connection, sold)


def holders(connection: Connection) -> tuple[Holder, ...]:
    """The customers of the simulated cards by their kinds; empty when they are not all there."""
    serials = [serial_of(kind) for kind in HOLDERS]
    rows = {row.card_serial: row for row in connection.execute(_IN_USE, {"serials": serials})}
    if len(rows) < len(serials):
        return ()
    found = (rows[serial] for serial in serials)
    sold = [serial_of(kind) for kind in SOLD_KINDS]
    return tuple(
        Holder(row.account_no, row.meter_no, row.start_count + (row.card_serial in sold)) for row in found
    )


def demo_reader(path: Path, customers: tuple[Holder, ...]) -> SimulatedReader:
    """The reader with its drawer; what was done with the cards before stands in ``path``."""
    return SimulatedReader(path, stock(customers))
