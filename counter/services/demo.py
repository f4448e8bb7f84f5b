"""The demonstration bureau: eleven halls, staff with known passwords, 20,000 accounts through the import.

Everything goes the way a real bureau goes: migration, halls and staff as the administrator sets them up,
files through the import command. A marker in the database says that it is whole.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from secrets import token_urlsafe
from typing import Final

from sqlalchemy import Connection, Engine, text

from counter.services.demo_cards import CARD_CLERK, take_over_cards
from counter.services.demo_data import ACCOUNTS_FILE, BILLS_FILE, write_demo_data
from counter.services.demo_data.cards import demo_stock
from counter.services.demo_tokens import let_meters_take_tokens
from counter.services.imports.loading import import_accounts, import_bills
from counter.services.ports import DemoStaff, Duty
from counter.services.simulated_bank import FEE_PPM
from db import admin
from db.migrate import upgrade

DEMO_ACCOUNTS: Final = 20_000
DEMO_SEED: Final = 20_261
TILLS_PER_HALL: Final = 4
PASSWORD: Final = "counter-demo"  # noqa: S105  (shown on the first screen, on purpose)

_HALLS: Final = ("城关", "河西", "滨江", "开发区", "东湖", "南桥", "北山", "西塘", "临港", "新市", "石门")
HALL_NAMES: Final = {hall_no: f"{place}营业厅" for hall_no, place in enumerate(_HALLS, 1)}

DEMO_STAFF: Final = (
    DemoStaff("10001", "张敏", Duty.CLERK, HALL_NAMES[1], PASSWORD),
    DemoStaff("10002", "李强", Duty.CLERK, HALL_NAMES[1], PASSWORD),
    DemoStaff("10003", "王芳", Duty.CLERK, HALL_NAMES[2], PASSWORD),
    DemoStaff("20001", "赵静", Duty.CASHIER, HALL_NAMES[1], PASSWORD),
    DemoStaff("30001", "陈刚", Duty.SUPERVISOR, HALL_NAMES[1], PASSWORD),
)
AUDITOR: Final = DemoStaff("40001", "周敏", Duty.AUDITOR, HALL_NAMES[1], PASSWORD)

BANK_ACCOUNTS: Final = (
    ("4400000012345678", "建设银行滨江支行"),
    ("3300000087654321", "工商银行城关支行"),
)
"""Where the demonstration's takings go; the numbers belong to nobody."""

MERCHANT: Final = "898330000000001"
"""The demonstration's number at its acquirer; it belongs to nobody."""

Progress = Callable[[str, int, int], None]
"""Hears (what is being done, how much is done, how much there is); the last two are 0 when unknown."""


def is_ready(engine: Engine) -> bool:
    """Whether the demonstration was set up to its end."""
    with engine.connect() as connection:
        return bool(
            connection.execute(
                text("SELECT to_regclass('public.demonstration_ready') IS NOT NULL")
            ).scalar_one()
        )


def set_up(engine: Engine, progress: Progress, *, accounts: int = DEMO_ACCOUNTS) -> None:
    """Build the bureau; an attempt that was broken off is simply gone on with."""
    progress("schema", 0, 0)
    upgrade(engine)
    with engine.begin() as connection:
        _people_and_places(connection)
        stock_cards(connection)
    folder = Path(tempfile.mkdtemp(prefix="counter-demo-"))
    try:
        write_demo_data(
            accounts, DEMO_SEED, folder, on_progress=lambda done, all_: progress("files", done, all_)
        )
        for name, take in ((ACCOUNTS_FILE, import_accounts), (BILLS_FILE, import_bills)):
            outcome = take(
                engine,
                folder / name,
                on_problem=lambda _problem: None,
                on_progress=lambda phase, done, all_: progress(phase.value, done, all_),
            )
            assert outcome.accepted, "the demonstration's own files are right"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with engine.begin() as connection:
        take_over_cards(connection)
        let_meters_take_tokens(connection)
        connection.execute(text("CREATE TABLE IF NOT EXISTS public.demonstration_ready ()"))


def stock_cards(connection: Connection) -> None:
    """Take the demonstration's recharge cards into stock; those that are known already stay as they are."""
    request = json.dumps({"cards": demo_stock()})
    connection.execute(text("SELECT counter.load_cards(CAST(:request AS jsonb))"), {"request": request})


def _people_and_places(connection: Connection) -> None:
    admin.set_bureau(connection, name="滨江供电局", payee="滨江供电局")
    for hall_no, name in HALL_NAMES.items():
        admin.add_hall(connection, hall_no, name)
        for number in range(1, TILLS_PER_HALL + 1):
            till_no = hall_no * 100 + number
            admin.add_till(connection, till_no, hall_no, f"{number}号台")
    for bank_account_no, bank_name in BANK_ACCOUNTS:
        admin.add_bank_account(connection, bank_account_no, bank_name=bank_name, holder="滨江供电局")
    admin.add_bank_account(connection, MERCHANT, bank_name="银联商务", holder="滨江供电局", acquirer=True)
    admin.set_acquirer_contract(
        connection,
        merchant=MERCHANT,
        card_class="",
        valid_from=date(2000, 1, 1),
        rate_ppm=FEE_PPM,
        fee_min_fen=0,
        fee_max_fen=None,
    )
    hall_of = {name: hall_no for hall_no, name in HALL_NAMES.items()}
    admin.create_staff(
        connection, CARD_CLERK, name="卡务", hall_no=1, duty=Duty.SERVICE, password=token_urlsafe(32)
    )
    for person in (*DEMO_STAFF, AUDITOR):
        admin.create_staff(
            connection,
            person.staff_no,
            name=person.name,
            hall_no=hall_of[person.hall_name],
            duty=person.duty,
            password=person.password,
        )
