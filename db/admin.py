"""What an administrator sets up: the bureau, halls, tills and staff. Needs to be able to become the owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sqlalchemy import Connection, text

from counter.errors import Refusal
from counter.i18n import _
from db.base import OWNER
from db.models.bureau import bureau
from db.roles import lock_login, set_login

BILLING_TILL_BASE = 900_000
"""The billing till of hall n is this number plus n; imports post there."""

SAFE_TILL_BASE = 800_000
"""The safe of hall n is this number plus n; its deposits are posted there."""

BANK_TILL_BASE = 850_000
"""The bank till of hall n is this number plus n; statements and matches are posted there."""


def set_bureau(connection: Connection, *, name: str, payee: str) -> None:
    """Name the bureau and the payee as receipts print them."""
    _as_owner(connection, "UPDATE counter.bureau SET name = :name, payee = :payee", name=name, payee=payee)


def set_terms(connection: Connection, changes: Mapping[str, str | int]) -> None:
    """Set columns of the bureau's one row; the names are those of the model, never a user's."""
    assert changes.keys() <= {column.name for column in bureau.columns}, "columns of the bureau"
    listed = ", ".join(f"{column} = :{column}" for column in sorted(changes))
    _as_owner(connection, f"UPDATE counter.bureau SET {listed}", **changes)  # noqa: S608  (columns of the model)


def add_hall(connection: Connection, hall_no: int, name: str) -> None:
    """Add or rename a hall, with the tills that its imports, its deposits and its bank side post to."""
    _as_owner(
        connection,
        "INSERT INTO counter.hall (hall_no, name) VALUES (:hall_no, :name)"
        " ON CONFLICT (hall_no) DO UPDATE SET name = excluded.name",
        hall_no=hall_no,
        name=name,
    )
    add_till(connection, BILLING_TILL_BASE + hall_no, hall_no, name, kind="billing")
    add_till(connection, SAFE_TILL_BASE + hall_no, hall_no, name, kind="safe")
    add_till(connection, BANK_TILL_BASE + hall_no, hall_no, name, kind="bank")


def add_till(connection: Connection, till_no: int, hall_no: int, name: str, *, kind: str = "desk") -> None:
    """Add or rename a till of a hall."""
    _as_owner(
        connection,
        "INSERT INTO counter.till (till_no, hall_no, name, kind) VALUES (:till_no, :hall_no, :name, :kind)"
        " ON CONFLICT (till_no) DO UPDATE SET name = excluded.name",
        till_no=till_no,
        hall_no=hall_no,
        name=name,
        kind=kind,
    )


def add_printer(
    connection: Connection, name: str, *, hall_no: int, kind: str, address: str, form: str
) -> None:
    """Add or change a printer of a hall."""
    _as_owner(
        connection,
        "INSERT INTO counter.printer (printer_name, hall_no, kind, address, form)"
        " VALUES (:name, :hall_no, :kind, :address, :form)"
        " ON CONFLICT (printer_name) DO UPDATE SET hall_no = excluded.hall_no, kind = excluded.kind,"
        " address = excluded.address, form = excluded.form",
        name=name,
        hall_no=hall_no,
        kind=kind,
        address=address,
        form=form,
    )


def set_printer(connection: Connection, till_no: int, printer_name: str | None) -> bool:
    """Let a till print on a printer, or on none of its own; False where till or printer is unknown."""
    connection.execute(text(f"SET LOCAL ROLE {OWNER}"))
    changed = connection.execute(
        text(
            "UPDATE counter.till SET printer_name = CAST(:name AS text) WHERE till_no = :till_no"
            " AND (CAST(:name AS text) IS NULL"
            " OR EXISTS (SELECT FROM counter.printer WHERE printer_name = :name))"
        ),
        {"name": printer_name, "till_no": till_no},
    )
    connection.execute(text("RESET ROLE"))
    return bool(changed.rowcount)


def add_bank_account(
    connection: Connection,
    number: str,
    *,
    bank_name: str,
    holder: str,
    active: bool = True,
    acquirer: bool = False,
) -> None:
    """Add or change an account of a bank, or a merchant number of an acquirer; not active: takes no more.

    What an account is stays what it was when it was added.
    """
    _as_owner(
        connection,
        "INSERT INTO counter.bank_account (bank_account_no, bank_name, holder, active, kind)"
        " VALUES (:number, :bank_name, :holder, :active, :kind) ON CONFLICT (bank_account_no) DO UPDATE"
        " SET bank_name = excluded.bank_name, holder = excluded.holder, active = excluded.active",
        number=number,
        bank_name=bank_name,
        holder=holder,
        active=active,
        kind="acquirer" if acquirer else "bank",
    )


def create_staff(
    connection: Connection, staff_no: str, *, name: str, hall_no: int, duty: str, password: str
) -> None:
    """Create or change a member of staff: the row and the login role of the same name."""
    _as_owner(
        connection,
        "INSERT INTO counter.staff (staff_no, name, hall_no, duty) VALUES (:staff_no, :name, :hall_no, :duty)"
        " ON CONFLICT (staff_no) DO UPDATE SET name = excluded.name, hall_no = excluded.hall_no,"
        " duty = excluded.duty, active = true",
        staff_no=staff_no,
        name=name,
        hall_no=hall_no,
        duty=duty,
    )
    set_login(connection, staff_no, password, duty)


def lock_staff(connection: Connection, staff_no: str) -> None:
    """End a member of staff's access; what was done stays theirs."""
    _as_owner(connection, "UPDATE counter.staff SET active = false WHERE staff_no = :number", number=staff_no)
    lock_login(connection, staff_no)


def set_payment_policy(connection: Connection, **rule: object) -> None:
    """Which tenders a class and mode of customers may pay with, from a day on; the same day again replaces.

    Raises Refusal by the constraints of the table; an unknown tender is refused here.
    """
    known = set(connection.execute(text("SELECT kind FROM counter.tender_kind")).scalars())
    named = {*cast("list[str]", rule["tenders"]), *cast("list[str]", rule["approval_tenders"])}
    if named - known:
        raise Refusal(
            _("There is no tender {name}.").format(name=min(named - known)),
            _("Nothing was saved."),
            _("Known are: {names}").format(names=", ".join(sorted(known))),
        )
    _put(connection, "payment_policy", ("customer_class", "payment_mode", "valid_from"), rule)


def set_till_policy(connection: Connection, **rule: object) -> None:
    """How much cash a drawer may hold, and by when it goes to the bank, from a day on."""
    _put(connection, "till_policy", ("valid_from",), rule)


def set_vend_policy(connection: Connection, **rule: object) -> None:
    """How much a meter accepts as balance and one sale may write on a card, from a day on."""
    _put(connection, "vend_policy", ("valid_from",), rule)


def set_bank_policy(connection: Connection, **rule: object) -> None:
    """How many days money may be on its way and how far matching looks, from a day on.

    What else stands in the rule, the options of the day's checklist, is carried on from the rule before.
    """
    before = connection.execute(
        text(
            "SELECT CAST(checklist AS text) FROM counter.bank_policy WHERE valid_from <= :day"
            " ORDER BY valid_from DESC LIMIT 1"
        ),
        {"day": rule["valid_from"]},
    ).scalar()
    _put(connection, "bank_policy", ("valid_from",), {**rule, "checklist": before or "{}"})


def set_acquirer_contract(connection: Connection, **rule: object) -> None:
    """What an acquirer may keep of a card payment, from a day on; ``rate_ppm`` in millionths."""
    _put(connection, "acquirer_contract", ("merchant", "card_class", "valid_from"), rule)


def _put(connection: Connection, table: str, keys: tuple[str, ...], row: Mapping[str, object]) -> None:
    """Insert a rule, or replace the one of the same day."""
    columns, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    changes = ", ".join(f"{name} = excluded.{name}" for name in row if name not in keys)
    statement = (
        f"INSERT INTO counter.{table} ({columns}) VALUES ({marks})"  # noqa: S608  (names of ours)
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    )
    _as_owner(connection, statement, **row)


def _as_owner(connection: Connection, statement: str, **values: object) -> None:
    """Run one statement as the owner, within the caller's transaction."""
    connection.execute(text(f"SET LOCAL ROLE {OWNER}"))
    connection.execute(text(statement), values)
    connection.execute(text("RESET ROLE"))
