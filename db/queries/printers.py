"""Printers of the halls, and which of them a till prints on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

_COLUMNS = "p.printer_name, p.kind, p.address, p.form"


@dataclass(frozen=True, slots=True)
class PrinterRow:
    """One printer as it is set up."""

    printer_name: str
    kind: str
    address: str
    form: str


def printer_of_desk(connection: Connection, till_no: int | None = None) -> PrinterRow | None:
    """The printer of the till that this login holds, else of ``till_no``, else of the hall's safe.

    None where that till has none.
    """
    row = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM counter.till t JOIN counter.printer p USING (printer_name)"
            " WHERE t.till_no = coalesce((SELECT s.till_no FROM counter.shift s"
            " WHERE s.staff_no = CAST(session_user AS text) AND s.closed_at IS NULL), :till_no,"
            " (SELECT f.till_no FROM counter.till f WHERE f.kind = 'safe' AND f.hall_no = counter.my_hall()))"
        ),
        {"till_no": till_no},
    ).one_or_none()
    return PrinterRow(*row) if row else None


def printer_named(connection: Connection, name: str) -> PrinterRow | None:
    """The printer of this name."""
    row = connection.execute(
        text(f"SELECT {_COLUMNS} FROM counter.printer p WHERE p.printer_name = :name"), {"name": name}
    ).one_or_none()
    return PrinterRow(*row) if row else None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """Where a paper is printed: what its heading says."""

    payee: str
    hall_name: str
    till_name: str


def place_of_desk(connection: Connection) -> PlaceRow:
    """Payee, hall and till of this login; the till is empty without an open shift."""
    row = connection.execute(
        text(
            "SELECT u.payee, coalesce(h.name, ''), coalesce(t.name, '') FROM counter.bureau u"
            " LEFT JOIN counter.hall h ON h.hall_no = counter.my_hall()"
            " LEFT JOIN counter.shift s ON s.staff_no = CAST(session_user AS text) AND s.closed_at IS NULL"
            " LEFT JOIN counter.till t ON t.till_no = s.till_no"
        )
    ).one()
    return PlaceRow(*row)
