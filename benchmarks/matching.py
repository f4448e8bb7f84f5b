"""A bank's statement against the books, end to end: read, taken over, matched by serial number, posted.

The payments lie in the books beforehand, each by a transfer slip, written as rows (desks would take an hour).
What matching may cost is held to a bare hash join of the same two tables, in turns: A B A B.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import uuid4

from sqlalchemy import Engine, text

from benchmarks.measure import Measure, rounded, say
from benchmarks.stage import Stage
from counter.services import demo
from counter.services.desk import Desk
from counter.services.gateway import ServerGateway
from counter.services.ports.bank_import import ImportFile
from counter.services.ports.matching import RunMatching
from receipts.press import Press

LARGE, SMALL = 100_000, 1_000
ROUNDS = 3
END_TO_END_S_MAX, SMALL_S_MAX, RATIO_MAX = 25.0, 1.0, 4.0
ACCOUNT = "6222020200011112222"
CASHIER = "20001"
HEAD = "交易日期,贷方发生额,借方发生额,余额,对方户名,对方账号,摘要,交易流水号\r\n"

PAYMENTS = """
    INSERT INTO counter.journal (journal_id, till_no, till_seq, kind, business_date, hall_no, staff_no, request_id, request_hash,
                                 receipt_serial, effective_at, recorded_at, prev_hash, hash)
    SELECT t.till_no * 10000000000 + t.chain_seq + n, t.till_no, t.chain_seq + n, 'payment', counter.business_date(), t.hall_no, '10001',
           gen_random_uuid(), sha256(''), n, now(), now(), sha256(''), sha256('')
      FROM counter.till t, generate_series(1, :count) AS n WHERE t.till_no = :till;
    INSERT INTO counter.posting (journal_id, line, ledger_account, amount_fen)
    SELECT j.journal_id, s.line, s.account::counter.ledger_account, s.sign * (1000 + j.till_seq * 7919 % 5000000)
      FROM counter.journal j, (VALUES (1, 'transfer_clearing', 1), (2, 'opening_equity', -1)) AS s(line, account, sign)
     WHERE j.kind = 'payment';
    INSERT INTO counter.tender (journal_id, line, kind, amount_fen, details)
    SELECT j.journal_id, 1, 'transfer', 1000 + j.till_seq * 7919 % 5000000, jsonb_build_object(
               'reference', '工商银行/TR' || lpad(j.till_seq::text, 12, '0'), 'payer', '62220' || j.till_seq % 3000,
               'payer_name', '某某公司' || j.till_seq % 3000)
      FROM counter.journal j WHERE j.kind = 'payment';
    INSERT INTO counter.tender_document (journal_id, line, kind, reference, payer, amount_fen)
    SELECT t.journal_id, 1, 'transfer', t.details->>'reference', t.details->>'payer', t.amount_fen FROM counter.tender t;
    INSERT INTO counter.payer_exposure SELECT payer, sum(amount_fen) FROM counter.tender_document GROUP BY payer;
    UPDATE counter.till SET chain_seq = chain_seq + :count WHERE till_no = :till;
"""
JOIN = """
    SELECT count(*) FROM counter.statement_line l JOIN counter.book_item i
        ON l.reference = i.reference AND l.amount_fen = i.amount_fen WHERE l.open_fen <> 0 AND i.open_fen <> 0
"""
PAIR = "SELECT counter.pair_exactly(ARRAY[:account], '{}', counter.bank_rules())"
LINES = """
    SELECT split_part(reference, '/', 2), amount_fen, payer FROM counter.tender_document ORDER BY hashtext(reference)
"""


def matching(stage: Stage) -> Iterator[Measure]:
    """The large file with its ratio, then small ones."""
    desk, engine, path = books(stage, LARGE)
    started = perf_counter()
    desk.bank_import.import_file(ImportFile(uuid4(), str(path), ACCOUNT))
    imported_s = perf_counter() - started
    ratio = against_join(engine)
    started = perf_counter()
    run = desk.matching.run(RunMatching(uuid4()))
    matched_s = perf_counter() - started
    assert run.matches == LARGE, f"{run.matches} of {LARGE} matched"
    say(f"{LARGE} lines: read and taken over {imported_s:.1f} s, matched and posted {matched_s:.1f} s")
    parts = {"read_and_import_s": rounded(imported_s), "match_and_post_s": rounded(matched_s), "lines": LARGE}
    against = "stated limit: file read, taken over, matched and posted"
    yield Measure("matching_100k_s", imported_s + matched_s, "s", END_TO_END_S_MAX, against, details=parts)
    yield ratio
    desk.close()
    engine.dispose()
    yield small(stage)


def small(stage: Stage) -> Measure:
    """A thousand lines against a thousand payments; a peer's 55.7 s were for the same."""
    took = []
    for _round in range(ROUNDS):
        desk, engine, path = books(stage, SMALL)
        started = perf_counter()
        desk.bank_import.import_file(ImportFile(uuid4(), str(path), ACCOUNT))
        run = desk.matching.run(RunMatching(uuid4()))
        took.append(perf_counter() - started)
        assert run.matches == SMALL, f"{run.matches} of {SMALL} matched"
        desk.close()
        engine.dispose()
    details = {"rounds_s": [rounded(each) for each in took]}
    return Measure("matching_1k_s", median(took), "s", SMALL_S_MAX, "stated limit, median", details=details)


def books(stage: Stage, count: int) -> tuple[Desk, Engine, Path]:
    """A bureau with payments by transfer slip, a cashier signed in, and the bank's file of the same."""
    engine = stage.fresh("matching")
    tables = ("journal", "posting", "tender", "tender_document")
    with engine.begin() as connection:
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE counter.{table} DISABLE TRIGGER USER")
        till = connection.execute(
            text("SELECT min(till_no) FROM counter.till WHERE hall_no = 1 AND kind = 'desk'")
        ).scalar_one()
        for statement in PAYMENTS.split(";\n"):
            if statement.strip():
                connection.execute(text(statement), {"count": count, "till": till})
        for table in tables:
            connection.exec_driver_sql(
                f"ALTER TABLE counter.{table} ENABLE TRIGGER USER".replace(" ALWAYS", "")
            )
        connection.execute(
            text(
                "INSERT INTO counter.bank_account (bank_account_no, bank_name, holder) VALUES (:no, '工商银行', '供电公司')"
            ),
            {"no": ACCOUNT},
        )
        lines = [(row[0], int(row[1]), row[2]) for row in connection.execute(text(LINES))]
    path = statement_file(stage.folder / f"statement_{count}.csv", lines)
    engine.dispose()
    stage.ask("matching", "VACUUM ANALYZE")
    folder = stage.folder / "cashier"
    gateway = ServerGateway(stage.server.url_for("matching"), folder, Press(folder / "receipts"))
    return gateway.sign_in(CASHIER, demo.PASSWORD), stage.engine("matching"), path


def statement_file(path: Path, lines: list[tuple[str, int, str]]) -> Path:
    """As a Chinese bank exports it: GB18030, with a balance after each line."""
    balance_fen, rows = 0, [HEAD]
    for reference, amount_fen, payer in lines:
        balance_fen += amount_fen
        amounts = f"{amount_fen / 100:.2f},0.00,{balance_fen / 100:.2f}"
        rows.append(f"2026-11-25,{amounts},某某公司{payer[5:]},{payer},电费,{reference}\r\n")
    path.write_bytes("".join(rows).encode("gb18030"))
    return path


def against_join(engine: Engine) -> Measure:
    """Pairing by all exact rules beside the bare join, on the lines just taken over; nothing is kept."""
    ours, theirs = [], []
    with engine.connect() as connection:
        connection.execute(text("SELECT counter.collect_items()"))
        connection.execute(text("ANALYZE counter.book_item, counter.statement_line"))
        for _round in range(ROUNDS + 1):
            started = perf_counter()
            connection.execute(text(PAIR), {"account": ACCOUNT})
            ours.append(perf_counter() - started)
            connection.execute(text("SET LOCAL enable_mergejoin = off; SET LOCAL enable_nestloop = off"))
            started = perf_counter()
            joined = connection.execute(text(JOIN)).scalar_one()
            theirs.append(perf_counter() - started)
            connection.execute(text("RESET enable_mergejoin; RESET enable_nestloop"))
            assert joined == LARGE
        connection.rollback()
    ratios = [a / b for a, b in zip(ours[1:], theirs[1:], strict=True)]
    say(f"pairing {median(ours[1:]):.2f} s, hash join {median(theirs[1:]):.2f} s")
    details = {
        "pairing_s": [rounded(each) for each in ours[1:]],
        "join_s": [rounded(each) for each in theirs[1:]],
    }
    against = "bare hash join of the same lines and items, interleaved, median"
    return Measure("matching_ratio", median(ratios), "ratio", RATIO_MAX, against, details=details)
