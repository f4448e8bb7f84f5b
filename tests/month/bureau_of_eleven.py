"""Eleven halls in a test database, with somebody at each till and somebody in each office."""

from __future__ import annotations

from db import admin
from tests.bureau import PASSWORD, Bureau
from tests.month.halls import Hall
from tests.month.world import FEE_MAX_FEN, MERCHANT, RATES_PPM

CENTRAL, OWN = "330100200300400500", "330100200300400511"
"""Eight halls share one central account (一市一行一户), three have one between them."""


def furnish(bureau: Bureau, halls: int) -> list[Hall]:
    """Everything there on the first morning."""
    with bureau.admin.begin() as connection:
        for number, bank in ((CENTRAL, "工商银行"), (OWN, "建设银行")):
            admin.add_bank_account(connection, number, bank_name=bank, holder="供电公司")
        for hall_no in range(1, halls + 1):
            if hall_no > 2:
                admin.add_hall(connection, hall_no, f"{hall_no} 号营业厅")
            if hall_no not in {1, 2}:
                admin.add_till(connection, hall_no * 100 + 1, hall_no, f"{hall_no} 号台")
            for prefix, duty in (("m1", "clerk"), ("m2", "cashier")):
                admin.create_staff(
                    connection,
                    f"{prefix}{hall_no:02d}",
                    name=f"{duty} {hall_no}",
                    hall_no=hall_no,
                    duty=duty,
                    password=PASSWORD,
                )
    made = []
    for hall_no in range(1, halls + 1):
        account = f"{3300 + hall_no}000001"
        bureau.add_account(account, name=f"客户{hall_no}", hall_no=hall_no)
        made.append(Hall(bureau, hall_no, account, CENTRAL if hall_no <= 8 else OWN))
    return made


def sign_contract(bureau: Bureau) -> None:
    """The acquirer and its rates."""
    with bureau.psql() as connection:
        connection.execute(
            "INSERT INTO counter.bank_account (bank_account_no, bank_name, holder, kind)"
            " VALUES (%s, '银联商务', '供电公司', 'acquirer')",
            [MERCHANT],
        )
        for card_class, rate in RATES_PPM.items():
            connection.execute(
                "INSERT INTO counter.acquirer_contract"
                " (merchant, card_class, valid_from, rate_ppm, fee_min_fen, fee_max_fen)"
                " VALUES (%s, %s, '2000-01-01', %s, 0, %s)",
                [MERCHANT, card_class, rate, FEE_MAX_FEN[card_class]],
            )
