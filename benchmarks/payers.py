"""A bureau whose accounts owe overdue bills, and a ready request to pay each of them in full.

The usual payment is three bills in cash; a split one is five bills by POS, transfer slip and cash.

The requests lie in ``public.waiting`` by (client, n), so that a client takes one after the other without
working anything out: what is measured is the posting.
"""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import Connection, Engine, text

from db import admin
from db.engine import as_login, make_engine

CLIENTS = 9
"""Eight that work together and one that works alone, each with a login, a till and a shift."""

PASSWORD = "bench"  # noqa: S105  (a server that nobody else can reach)
ACCOUNTS = """
    INSERT INTO counter.account_staging (line_no, account_no, hall_no, name, name_initials, address, places, tails,
                                         meter_no, phone, customer_class)
    SELECT i, (330100000000 + i)::text, '1', '王小四' || (i % 1000), 'wxs', '人民路' || i || '号',
           '{人民路}', ARRAY[i || '号'], lpad(i::text, 12, '0'), '13800' || lpad(i::text, 6, '0'), 'non_residential'
      FROM generate_series(1, :accounts) i
"""
BILLS = """
    INSERT INTO counter.bill_staging (line_no, account_no, period, kwh, amount, due_date)
    SELECT i * :bills + k, (330100000000 + i)::text, (202506 + k)::text, '100', '123.45', '2025-' || (7 + k) || '-25'
      FROM generate_series(1, :accounts) i, generate_series(0, :bills - 1) k
"""
REQUESTS = """
    CREATE TABLE public.waiting AS
    SELECT s.client, row_number() OVER (PARTITION BY s.client ORDER BY b.account_no) AS n,
           jsonb_build_object('request_id', gen_random_uuid(), 'shift_id', s.shift_id,
               'tenders', TENDERS,
               'accounts', jsonb_build_array(jsonb_build_object(
                   'account_no', b.account_no, 'version', b.version, 'prepaid_fen', 0, 'lines', due.lines))) AS request
      FROM counter.account_balance b
      JOIN (SELECT shift_id, till_no - 101 AS client FROM counter.shift) s
           ON s.client = right(b.account_no, 6)::integer % :clients
     CROSS JOIN LATERAL (
           SELECT sum(fee_fen + principal_fen) AS total_fen,
                  jsonb_agg(jsonb_build_object('period', period, 'part', part, 'late_fee_fen', fee_fen,
                                               'principal_fen', principal_fen)) AS lines
             FROM (SELECT o.*, counter.late_fee_accrual(counter.late_fee_policies('non_residential'), o.due_date,
                                   o.due_date, o.principal_fen, counter.business_date()) AS fee_fen
                     FROM counter.bill o WHERE o.account_no = b.account_no) bills) due
"""
IN_CASH = """
    jsonb_build_array(jsonb_build_object('kind', 'cash', 'amount_fen', due.total_fen, 'received_fen', due.total_fen))
"""
SPLIT = """
    jsonb_build_array(
        jsonb_build_object('kind', 'pos', 'amount_fen', 10000, 'details', jsonb_build_object(
            'reference', '12345678-' || substr(b.account_no, 1, 6) || '-' || right(b.account_no, 6))),
        jsonb_build_object('kind', 'transfer', 'amount_fen', 20000, 'details', jsonb_build_object(
            'reference', 'ICBC/' || b.account_no, 'payer', b.account_no)),
        jsonb_build_object('kind', 'cash', 'amount_fen', due.total_fen - 30000, 'received_fen', due.total_fen))
"""


def fill(engine: Engine, accounts: int, *, bills: int = 3, tenders: str = IN_CASH) -> None:
    """Build it; about a minute for 200,000 accounts."""
    with engine.begin() as connection:
        for client in range(CLIENTS):
            add_client(connection, client)
    for stage, load in ((ACCOUNTS, "load_accounts"), (BILLS, "load_bills")):
        with engine.begin() as connection:
            connection.execute(text("SELECT counter.begin_import()"))
            connection.execute(text(stage), {"accounts": accounts, "bills": bills})
            request = f'{{"request_id": "{uuid4()}", "file_hash": ""}}'
            connection.execute(text(f"SELECT counter.{load}(CAST(:r AS jsonb))"), {"r": request})
    open_shifts(engine)
    with engine.begin() as connection:
        connection.execute(text(REQUESTS.replace("TENDERS", tenders)), {"clients": CLIENTS})
        connection.execute(text("CREATE INDEX ON public.waiting (client, n)"))
        connection.execute(text("GRANT SELECT ON public.waiting TO PUBLIC"))


def login(client: int) -> str:
    """The staff number of a client."""
    return f"bench{client}"


def add_client(connection: Connection, client: int) -> None:
    """A till in hall 1 of its own, and somebody to work at it."""
    if 101 + client > 104:  # the demonstration's hall has four tills already
        admin.add_till(connection, 101 + client, 1, f"{client + 1}号台")
    admin.create_staff(
        connection, login(client), name=f"收费员{client}", hall_no=1, duty="clerk", password=PASSWORD
    )


def open_shifts(engine: Engine) -> None:
    """Every client opens a shift at its till, as itself."""
    for client in range(CLIENTS):
        own = make_engine(as_login(url_of(engine), login(client), PASSWORD))
        with own.begin() as connection:
            request = f'{{"request_id": "{uuid4()}", "till_no": {101 + client}, "float_fen": 1000}}'
            connection.execute(text("SELECT counter.open_shift(CAST(:r AS jsonb))"), {"r": request})
        own.dispose()


def url_of(engine: Engine) -> str:
    """The address of an engine, with its password."""
    return engine.url.render_as_string(hide_password=False)
