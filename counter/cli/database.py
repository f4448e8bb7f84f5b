"""``counter db``: what an administrator does to a server. Needs a login that may become the owner."""

from __future__ import annotations

import getpass
import re
import sys
from typing import Annotated

import typer

from counter.cli.administration import administrator
from counter.errors import Refusal
from counter.i18n import _
from counter.services.ports import Duty
from receipts.printers import Form, PrinterKind, PrinterSetup, check_setup

app = typer.Typer(help="Set up and check the database.", no_args_is_help=True)

PASSWORD_LENGTH_MIN = 8
_BANK_ACCOUNT_NO = re.compile(r"[0-9A-Za-z-]{6,34}")
_NAME_MAX = 60
HallNo = Annotated[int, typer.Option("--hall", min=1, max=999, help="Number of the hall.")]
Name = Annotated[str, typer.Option("--name", help="Name as people read it.")]


@app.command()
def upgrade() -> None:
    """Create the schema or bring it up to date; safe to repeat."""
    from db.migrate import upgrade as bring_up

    with administrator() as engine:
        bring_up(engine)
    print(_("The database is up to date."))


@app.command()
def check() -> None:
    """Hold tables, functions, triggers, policies and grants against this program; exit 1 on a difference."""
    from db.migrate import differences

    with administrator() as engine:
        found = differences(engine)
    for line in found:
        print(line)
    if found:
        raise typer.Exit(1)
    print(_("The database is as this program wants it."))


@app.command("set-bureau")
def set_bureau(
    name: Annotated[str | None, typer.Option("--name", help="Name as people read it.")] = None,
    payee: Annotated[str | None, typer.Option("--payee", help="Payee as receipts print it.")] = None,
    reconnect_within: Annotated[
        int | None, typer.Option("--reconnect-within", min=1, max=8760, help="Hours until reconnection.")
    ] = None,
    large_kwh: Annotated[
        int | None, typer.Option("--instalment-kwh", min=0, help="Above it a month has instalments.")
    ] = None,
    least: Annotated[
        int | None, typer.Option("--instalment-least", min=1, max=28, help="How many at least.")
    ] = None,
    every_days: Annotated[
        int | None, typer.Option("--instalment-days", min=1, max=28, help="Days between, for risk customers.")
    ] = None,
) -> None:
    """Set what is given of the bureau: its name, the payee, its terms."""
    from db import admin

    given = {
        "name": name,
        "payee": payee,
        "reconnect_within_h": reconnect_within,
        "instalment_large_kwh": large_kwh,
        "instalment_least": least,
        "instalment_every_days": every_days,
    }
    changes = {column: value for column, value in given.items() if value is not None}
    if not changes:
        raise typer.BadParameter(_("give at least one option"))
    with administrator() as engine, engine.begin() as connection:
        admin.set_terms(connection, changes)


@app.command("add-hall")
def add_hall(hall: HallNo, name: Name) -> None:
    """Add or rename a hall."""
    from db import admin

    with administrator() as engine, engine.begin() as connection:
        admin.add_hall(connection, hall, name)


@app.command("add-till")
def add_till(
    till: Annotated[int, typer.Argument(min=1, max=899_999, help="Number of the till.")],
    hall: HallNo,
    name: Name,
) -> None:
    """Add or rename a till of a hall."""
    from db import admin

    with administrator() as engine, engine.begin() as connection:
        admin.add_till(connection, till, hall, name)


@app.command("add-printer")
def add_printer(
    printer: Annotated[str, typer.Argument(help="Name of the printer, for example hall1-desk3.")],
    hall: HallNo,
    kind: Annotated[PrinterKind, typer.Option("--kind", help="How it is reached.")],
    address: Annotated[
        str,
        typer.Option("--address", help="queue[@server] (cups), host[:port] (network), vendor:product (usb)."),
    ],
    form: Annotated[Form, typer.Option("--form", help="The paper that lies in it.")] = Form.A5,
) -> None:
    """Add or change a printer; escpos_network and escpos_usb take rolls (thermal80, thermal58) only."""
    from db import admin

    setup = PrinterSetup(printer.strip(), kind, address.strip(), form)
    check_printer(setup)
    with administrator() as engine, engine.begin() as connection:
        admin.add_printer(
            connection,
            setup.name,
            hall_no=hall,
            kind=setup.kind.value,
            address=setup.address,
            form=setup.form.value,
        )


@app.command("set-printer")
def set_printer(
    till: Annotated[int, typer.Argument(min=1, max=899_999, help="Number of the till.")],
    printer: Annotated[str, typer.Argument(help="Name of the printer; without one the desk's own.")] = "",
) -> None:
    """Let a till print on a printer."""
    from db import admin

    with administrator() as engine, engine.begin() as connection:
        found = admin.set_printer(connection, till, printer.strip() or None)
    if not found:
        raise Refusal(
            _("There is no till {till}, or no printer {printer}.").format(till=till, printer=printer or "-"),
            _("Nothing was changed."),
            _("counter db add-till and counter db add-printer enter them."),
        )


def check_printer(setup: PrinterSetup) -> None:
    """Raise Refusal where name, kind, address and form do not go together."""
    try:
        check_setup(setup)
    except ValueError as error:
        raise Refusal(
            _("This printer cannot be: {value}.").format(value=str(error)[:80] or "-"),
            _("Nothing was changed."),
            _("Say queue[@server], host[:port] or vendor:product; a thermal printer takes a roll."),
        ) from error


@app.command("add-bank-account")
def add_bank_account(
    number: Annotated[str, typer.Argument(help="Number of the account, without blanks.")],
    bank: Annotated[str, typer.Option("--bank", help="The bank as slips print it.")],
    holder: Annotated[str, typer.Option("--holder", help="The holder as slips print it.")],
    closed: Annotated[bool, typer.Option("--closed", help="No more deposits go there.")] = False,
    acquirer: Annotated[bool, typer.Option("--acquirer", help="A merchant number of card payments.")] = False,
) -> None:
    """Add or change an account of a bank, or a merchant number of an acquirer."""
    from db import admin

    names = (bank.strip(), holder.strip())
    if not _BANK_ACCOUNT_NO.fullmatch(number) or not all(_is_name(name) for name in names):
        raise Refusal(
            _("This bank account cannot be."),
            _("Nothing was changed."),
            _("A number has 6 to 34 letters, digits and hyphens; bank and holder have up to 60 characters."),
        )
    with administrator() as engine, engine.begin() as connection:
        admin.add_bank_account(
            connection, number, bank_name=names[0], holder=names[1], active=not closed, acquirer=acquirer
        )


def _is_name(name: str) -> bool:
    """Something that a slip can print on one line."""
    return 0 < len(name) <= _NAME_MAX and name.isprintable()


@app.command("create-staff")
def create_staff(
    staff_no: Annotated[str, typer.Argument(help="Staff number; it is also the login.")],
    name: Name,
    hall: HallNo,
    duty: Annotated[Duty, typer.Option("--duty", help="What the login may do.")] = Duty.CLERK,
) -> None:
    """Enter a member of staff, or change one; asks for the password (or reads one line of a pipe)."""
    from db import admin

    password = ask_password()
    with administrator() as engine, engine.begin() as connection:
        admin.create_staff(connection, staff_no, name=name, hall_no=hall, duty=duty, password=password)
    print(_("{staff_no} may sign in.").format(staff_no=staff_no))


@app.command("lock-staff")
def lock_staff(staff_no: Annotated[str, typer.Argument(help="Staff number.")]) -> None:
    """End a member of staff's access."""
    from db import admin

    with administrator() as engine, engine.begin() as connection:
        admin.lock_staff(connection, staff_no)
    print(_("{staff_no} is locked.").format(staff_no=staff_no))


def ask_password() -> str:
    """The new password, typed twice; it is shown nowhere and goes into no log."""
    if sys.stdin.isatty():
        password = getpass.getpass(_("Password: "))
        same = password == getpass.getpass(_("Again: "))
    else:
        password, same = sys.stdin.readline().rstrip("\n"), True
    if not same or len(password) < PASSWORD_LENGTH_MIN:
        raise Refusal(
            _("The passwords differ.") if not same else _("The password is too short."),
            _("Nothing was changed."),
            _("Use {count} characters or more, twice the same.").format(count=PASSWORD_LENGTH_MIN),
        )
    return password
