"""A vend costs its server three statements: the books, the intent, the proof. Counted on the wire."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from counter.domain.vends import VendState
from counter.services.posting import Posting
from counter.services.vends import Vends
from db.engine import as_login, make_engine
from tests.bureau import PASSWORD, Bureau
from tests.services.tap import Tap
from tests.services.test_one_round_trip import ON_CARDS, PING
from tests.services.test_vends import CLERK, HOLDERS, Counter

ACCOUNT = HOLDERS[0].account_no


@pytest.fixture
def counter(bureau: Bureau, tmp_path: Path) -> Counter:
    """A desk with a simulated reader."""
    return Counter(bureau, tmp_path)


@pytest.fixture
def tap(counter: Counter, bureau: Bureau) -> Iterator[Tap]:
    """The desk's own connections go through it from now on."""
    tap = Tap(bureau.url)
    engine = make_engine(as_login(tap.url, CLERK, PASSWORD))
    posting = Posting(engine, counter.posting.store, pauses_s=())
    counter.vends = Vends(engine, posting, counter.desk, CLERK)
    counter.vends.books(ACCOUNT)
    tap.statements.clear()
    yield tap
    engine.dispose()
    tap.close()


def said(tap: Tap) -> list[str]:
    """What was asked of the server, by the function or the kind of statement."""
    statements = [statement for statement in tap.statements if statement != PING]
    tap.statements.clear()
    return [named(statement) for statement in statements]


def named(statement: str) -> str:
    """A posting by its function; anything else by its first word."""
    found = re.fullmatch(r"SELECT counter\.(\w+)\(\$1\)", statement)
    return found[1] if found else statement.split(maxsplit=1)[0]


def test_a_whole_vend_is_three_statements(counter: Counter, tap: Tap) -> None:
    """From the card that goes in to the proof that it is written."""
    assert counter.sell().state is VendState.WRITTEN
    assert said(tap) == ["SELECT", "begin_vend", "settle_vend"]


def test_what_comes_after_reads_each_thing_once(counter: Counter, tap: Tap) -> None:
    """No BEGIN and no COMMIT where one statement says it all."""
    outcome = counter.sell(pull_at="wallet")
    counter.reader.insert("in_use")
    tap.statements.clear()
    counter.vends.resume(outcome.vend_id, counter.steps.append)
    assert said(tap) == ["SELECT", "settle_vend"]
    counter.vends.undo(outcome.vend_id, uuid4(), counter.shift, "客户不要了")
    asked = said(tap)
    assert asked[0] == "SELECT"
    assert "ROLLBACK" in asked, "refusals are heard before the card is touched"
    assert asked[-2:] == ["doubt_vend", "undo_vend"]
    counter.vends.in_doubt()
    counter.vends.unfinished()
    assert said(tap) == ["SELECT", "SELECT"]


@pytest.mark.parametrize(
    ("function", "act"),
    [
        ("return_card", lambda c: c.vends.return_card(c.card().serial, uuid4(), "退卡")),
        ("change_meter", lambda c: c.vends.change_meter(ACCOUNT, uuid4(), "250366809099", 0, "换表")),
    ],
)
def test_cards_and_meters_are_one_statement(
    counter: Counter, tap: Tap, function: str, act: Callable[[Counter], None]
) -> None:
    """Nothing is read before."""
    counter.reader.insert("in_use")
    act(counter)
    assert said(tap) == [function]


def test_a_card_is_replaced_with_one_look_and_one_statement(counter: Counter, tap: Tap) -> None:
    """The books, and the change."""
    counter.reader.insert("new")
    counter.vends.replace_card(ACCOUNT, uuid4(), "遗失", counter.steps.append)
    assert said(tap) == ["SELECT", "replace_card"]
    assert "Vends.replace_card" in ON_CARDS
