"""The cashier's screen with 5,000 lines against 5,000 items: opened, and every key that moves or marks."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from sqlalchemy import text

from benchmarks.measure import Measure, say, spread
from benchmarks.stage import Stage
from benchmarks.start import desk_environment
from benchmarks.terminal import Terminal
from counter.services import demo

LINES, JOINED = 5_000, 1_000
DATABASE = "reconcile"
OPEN_MS_MAX, PAINT_MS_MAX = 1_000.0, 33.0
OPENINGS, KEYS = 10, 150
CTRL_F2, F3, SPACE = "\x1b[1;5Q", "\x1bOR", " "
UP, DOWN, PAGE_UP, PAGE_DOWN, HOME, END = "\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F"
SCREENFUL = 23
"""How far a page goes in the lists of this screen on a terminal of 36 lines."""
CASHIER = next(person for person in demo.DEMO_STAFF if person.duty.value == "cashier")
FILL = f"""
SET LOCAL session_replication_role = replica;
INSERT INTO counter.bank_file (file_id, request_hash, digest, name, kind, format, encoding, size_bytes, content,
                               staff_no, hall_no)
VALUES ('019ac000-0000-7000-8000-000000000001', decode(repeat('01', 32), 'hex'), decode(repeat('02', 32), 'hex'),
        'bench.csv', 'statement', 'csv', 'utf-8', 1, '\\x30', '{CASHIER.staff_no}', 1);
INSERT INTO counter.statement (file_id, bank_account_no, opening_fen, closing_fen, opening_date, closing_date,
                               balance_source, lines_in_file, lines_new)
VALUES ('019ac000-0000-7000-8000-000000000001', '{demo.BANK_ACCOUNTS[0][0]}', 0, 0, current_date, current_date,
        'file', {LINES}, {LINES});
INSERT INTO counter.statement_line (bank_account_no, seq, statement_id, booked, amount_fen, balance_fen, reference,
                                    text, party, party_account, file_line, occurrence, open_fen)
SELECT '{demo.BANK_ACCOUNTS[0][0]}', n, (SELECT max(statement_id) FROM counter.statement), current_date,
       1000000 + n, 0, 'BENCH' || lpad(n::text, 8, '0'), '代收电费 ' || n, '客户' || n, '62220202' || lpad(n::text, 8, '0'),
       n, 1, 1000000 + n
  FROM generate_series(1, {LINES}) AS n ORDER BY n;
INSERT INTO counter.book_item (kind, ledger_account, journal_id, line, hall_no, business_date, amount_fen, open_fen,
                               reference, payer, payer_account, account_no)
SELECT 'transfer', 'transfer_clearing', 1, n, 1, current_date, 1000000 + n, 1000000 + n, 'SL' || lpad(n::text, 8, '0'),
       '客户' || n, '62220202' || lpad(n::text, 8, '0'), NULL
  FROM generate_series(1, {LINES}) AS n ORDER BY n;
INSERT INTO counter.suggestion (key, rule, score, facts, line_ids, item_ids)
SELECT sha256(n::text::bytea), 'payer_name_amount', 80, '{{}}', ARRAY[line_id], ARRAY[item_id]
  FROM generate_series(1, {JOINED}) AS n
  JOIN counter.statement_line ON seq = n
  JOIN counter.book_item ON line = n
 ORDER BY n;
"""


def keys(stage: Stage) -> Iterator[Measure]:
    """From ^F2 to both painted sides; then row by row, by screenfuls, to the ends, from mark to mark."""
    fill(stage)
    terminal = cashier_at_desk(stage)
    try:
        opened = [open_ms(terminal) for _turn in range(OPENINGS)]
        terminal.write(CTRL_F2)
        terminal.wait(first(1))
        terminal.settle(0.3)
        moved = list(travel(terminal))
    finally:
        terminal.close()
    details = spread(opened[1:])
    against = f"a second; {LINES} lines against {LINES} items, from ^F2 to the painted rows"
    yield Measure("reconcile_open_ms", details["p95"], "ms", OPEN_MS_MAX, against, details=details)
    kinds = {
        kind: spread([each for key, each in moved if key == kind])
        for kind in ("row", "screenful", "end", "suggestion", "mark")
    }
    times = spread([each for _kind, each in moved])
    against = "stated limit of key to paint; rows, screenfuls, both ends, suggestions and marks"
    yield Measure("reconcile_key_ms", times["p95"], "ms", PAINT_MS_MAX, against, details=times | kinds)


def fill(stage: Stage) -> None:
    """A bureau with a statement of 5,000 lines that nobody has matched; a thousand of them are suggested."""
    stage.ask("postgres", f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    stage.filled(DATABASE, stage.demonstration(1_000, bills_per_account=1)).dispose()
    engine = stage.engine(DATABASE)
    with engine.begin() as connection:
        for statement in FILL.split(";\n"):
            if statement.strip():
                connection.execute(text(statement.replace(":", "\\:")))
    engine.dispose()
    stage.ask(DATABASE, "VACUUM ANALYZE")
    say(f"{LINES} lines against {LINES} items")


def cashier_at_desk(stage: Stage) -> Terminal:
    """The program with a cashier of hall 1, who opens no shift."""
    terminal = Terminal([sys.executable, "-m", "counter"], desk_environment(stage, DATABASE))
    terminal.wait("Enter signs in")
    terminal.settle(0.5)
    terminal.write(f"{CASHIER.staff_no}\r")
    terminal.settle(0.5)
    terminal.write(f"{CASHIER.password}\r")
    terminal.wait("look only")
    terminal.settle(0.5)
    terminal.write("\x1b")
    terminal.settle(0.5)
    return terminal


def first(serial: int) -> str:
    """What is painted when the cursor of the left side stands on this line."""
    return f"BENCH{serial:08d}"


def open_ms(terminal: Terminal) -> float:
    """Milliseconds from ^F2 to both sides; then back to the desk."""
    pressed = terminal.write(CTRL_F2)
    painted = terminal.wait(first(1))
    terminal.settle(0.3)
    terminal.write("\x1b")
    terminal.settle(0.5)
    return 1e3 * (painted - pressed)


def travel(terminal: Terminal) -> Iterator[tuple[str, float]]:
    """What was pressed, and the milliseconds until the line under the cursor stood in the panel."""
    serial = 1
    for key, kind, step, times in (
        (F3, "suggestion", 1, KEYS),
        (DOWN, "row", 1, KEYS),
        (PAGE_DOWN, "screenful", SCREENFUL, KEYS // 2),
        (UP, "row", -1, KEYS),
        (PAGE_UP, "screenful", -SCREENFUL, KEYS // 2),
        (SPACE, "mark", 1, KEYS),
        (END, "end", LINES, 1),
        (HOME, "end", -LINES, 1),
    ):
        for _turn in range(times):
            serial = max(1, min(LINES, serial + step))
            pressed = terminal.write(key)
            painted = terminal.wait(first(serial))
            terminal.settle()
            yield kind, 1e3 * (painted - pressed)
