"""A month of lines in random pieces, orders and formats, by two sessions that are cut off at random."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest

from counter.services.ledger import verify
from tests.bureau import Bureau
from tests.ledger.closed import add_bank_account
from tests.ledger.statements import ACCOUNT, Line, request, send, statement

OPENING = 1_000_000

WAITS = {"CN120", "CN121", "CN122"}
"""A piece whose days before are not in yet, whatever it looks like; its lines come again at the end."""


def month(chance: random.Random) -> list[Line]:
    """Lines that are easily mistaken for each other: few amounts, references that come again."""
    lines: list[Line] = []
    reached = {0}
    for day in range(1, 15):
        for number in range(chance.randrange(1, 6)):
            reference = chance.choice(["", "FEE", f"{day:02}{number:02}"])
            fen = chance.choice([100, 100, -100, 250, -500, 99_999])
            if (moved := sum(line[1] for line in lines) + fen) not in reached:
                reached.add(moved)
                lines.append((f"2026-11-{day:02}", fen, reference, chance.choice(["a", "b"])))
    return lines


def other_format(lines: Sequence[Line]) -> list[Line]:
    """The same lines as another bank's program writes them: no references, other texts, each day backward."""
    days = sorted({line[0] for line in lines})
    return [
        (day, line[1], "", f"TRF {line[3]}")
        for day in days
        for line in reversed([each for each in lines if each[0] == day])
    ]


def pieces(lines: list[Line], chance: random.Random) -> Iterator[tuple[list[Line], int, str]]:
    """Slices with what they open with, and their format: by days where the order is another."""
    for _piece in range(14):
        first, last = sorted(chance.sample(range(len(lines) + 1), 2))
        if chance.random() < 0.5:
            while first and lines[first - 1][0] == lines[first][0]:
                first -= 1
            while last < len(lines) and lines[last - 1][0] == lines[last][0]:
                last += 1
            yield other_format(lines[first:last]), balance(lines[:first]), "mt940"
        else:
            yield lines[first:last], balance(lines[:first]), "csv"


def balance(lines: Sequence[Line]) -> int:
    """What the account has after these lines."""
    return OPENING + sum(line[1] for line in lines)


def attempt(
    bureau: Bureau, staff_no: str, body: dict[str, Any], content: bytes, cut_s: float | None
) -> str | None:
    """Send a file, perhaps cut off in the middle; the state of the refusal, or nothing."""
    with bureau.psql(staff_no) as connection, bureau.psql() as killer:
        pid = connection.info.backend_pid
        kill = threading.Timer(cut_s or 0, killer.execute, ["SELECT pg_terminate_backend(%s)", [pid]])
        if cut_s is not None:
            kill.start()
        try:
            connection.execute("SELECT counter.import_statement(%s, %b)", [json.dumps(body), content])
        except psycopg.Error as error:
            return error.sqlstate or "cut"
        finally:
            kill.cancel()
            if cut_s is not None:
                kill.join()
    return None


@pytest.mark.parametrize("seed", range(4))
def test_every_line_is_in_once_and_the_bank_closes_right(bureau: Bureau, seed: int) -> None:
    """Whatever came first, twice, overlapping, in another format, at once, or cut off and sent again."""
    chance = random.Random(seed)
    add_bank_account(bureau, ACCOUNT)
    lines = month(chance)
    first_day = [line for line in lines if line[0] == lines[0][0]]
    send(bureau, *request(statement(first_day, OPENING)))
    files = [
        (request(statement(rows, opening, balances=chance.random() < 0.5), format=name), chance.random())
        for rows, opening, name in pieces(lines, chance)
    ]
    seen: set[str | None] = set()

    def session(staff_no: str, mine: Sequence[tuple[tuple[dict[str, Any], bytes], float]]) -> None:
        for (body, content), luck in mine:
            state = attempt(bureau, staff_no, body, content, luck / 50 if luck < 0.5 else None)
            if state in ("57P01", "cut"):
                state = attempt(bureau, staff_no, body, content, None)
            seen.add(state)

    threads = [
        threading.Thread(target=session, args=(who, part))
        for who, part in (("t20001", files[::2]), ("t30002", files[1::2]))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen <= {None, *WAITS}
    send(bureau, *request(statement(lines, OPENING)))
    send(bureau, *request(statement(other_format(lines), OPENING), format="mt940"))
    stored = bureau.value(
        "SELECT jsonb_agg(jsonb_build_array(booked, amount_fen)) FROM counter.statement_line"
    )
    assert sorted(map(tuple, stored)) == sorted((line[0], line[1]) for line in lines)
    assert bureau.value("SELECT closing_fen FROM counter.bank_account") == balance(lines)
    assert verify(bureau.engine("t40001")).finding is None
