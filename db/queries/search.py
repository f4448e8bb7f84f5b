"""Finding accounts: for each kind of term one query that stops as soon as it has enough.

Ranges under the "C" collation use the indexes also from a generic plan, which LIKE does not. Hits of the
own hall come first: the other halls are only looked at for what is still missing, each by the same index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, text

from db.queries.receipts import receipt_key

WINDOW: Final = 4
"""Characters of a name that one index entry holds."""

_HIGHEST: Final = chr(0x10FFFF)
PLACES_MAX = 40
"""Places of the dictionary that one address fragment may name; a wider fragment is no fragment."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One account that fits; ``rank`` is 0 for exact, 1 for prefix, 2 for fragment."""

    account_no: str
    name: str
    address: str
    hall_no: int
    hall_name: str
    arrears_fen: int
    prepaid_fen: int
    closed: bool
    rank: int


@dataclass(frozen=True, slots=True)
class Step:
    """One way to fit: its rank, condition and order on ``table``, whose index leads with the hall."""

    rank: int
    condition: str
    order: str = ""
    table: str = "counter.account"


_OWN: Final = """(SELECT a.account_no, {rank} AS rank FROM {table} a
 WHERE a.hall_no = :hall_no AND {condition} ORDER BY {order}a.account_no LIMIT :most)"""
_OTHERS: Final = """(SELECT o.account_no, {rank} AS rank FROM counter.hall h CROSS JOIN LATERAL (
 SELECT a.account_no FROM {table} a WHERE a.hall_no = h.hall_no AND {condition}
 ORDER BY {order}a.account_no LIMIT :most) o WHERE h.hall_no <> :hall_no LIMIT :most)"""
_BEHIND: Final = """(SELECT o.account_no, {rank} AS rank
 FROM unnest(CAST(:ids_{rank} AS integer[]), CAST(:lows_{rank} AS text[]), CAST(:highs_{rank} AS text[]))
 WITH ORDINALITY AS p(place_id, low, high, place) CROSS JOIN LATERAL (
 SELECT d.account_no FROM counter.account_address d
 WHERE d.place_id = p.place_id AND d.hall_no {side} :hall_no AND d.tail >= p.low AND d.tail < p.high
 ORDER BY d.hall_no, d.tail, d.account_no LIMIT :most) o LIMIT :most)"""


def after(prefix: str) -> str:
    """The least text above every text that begins with ``prefix`` (which is not empty)."""
    return prefix[:-1] + chr(min(ord(prefix[-1]) + 1, 0x10FFFF))


def by_account_no(connection: Connection, term: str, _hall_no: int, most: int) -> list[tuple[str, int]]:
    """The whole account number."""
    query = "SELECT account_no FROM counter.account WHERE account_no = :term LIMIT :most"
    return [(key, 0) for key in _keys(connection, query, term=term, most=most)]


def by_account_prefix(connection: Connection, term: str, hall_no: int, most: int) -> list[tuple[str, int]]:
    """The beginning of an account number."""
    step = Step(1, "a.account_no >= :low AND a.account_no < :high")
    return _ladder(connection, (step,), most, low=term, high=after(term), hall_no=hall_no)


def by_meter_no(connection: Connection, term: str, _hall_no: int, most: int) -> list[tuple[str, int]]:
    """The whole meter number."""
    query = "SELECT account_no FROM counter.account WHERE meter_no = :term LIMIT :most"
    return [(key, 0) for key in _keys(connection, query, term=term, most=most)]


def by_phone(connection: Connection, term: str, hall_no: int, most: int) -> list[tuple[str, int]]:
    """The whole phone number, or its last digits."""
    tail = term[::-1]
    rows = connection.execute(
        text(
            "SELECT account_no, CASE WHEN phone = :term THEN 0 ELSE 2 END FROM counter.account"
            " WHERE reverse(phone) >= :low AND reverse(phone) < :high"
            " ORDER BY 2, hall_no <> :hall_no, account_no LIMIT :most"
        ),
        {"term": term, "low": tail, "high": after(tail), "hall_no": hall_no, "most": most},
    )
    return [(row[0], row[1]) for row in rows]


def by_initials(connection: Connection, term: str, hall_no: int, most: int) -> list[tuple[str, int]]:
    """Pinyin initials, whole or by prefix."""
    steps = (
        Step(0, "a.name_initials = :term"),
        Step(1, "a.name_initials > :term AND a.name_initials < :high", "a.name_initials, "),
    )
    return _ladder(connection, steps, most, term=term, high=after(term), hall_no=hall_no)


def by_name(connection: Connection, term: str, hall_no: int, most: int) -> list[tuple[str, int]]:
    """The whole name, its beginning, or a fragment of it from any character on."""
    head = term[:WINDOW]
    values = {"term": term, "high": after(term), "head": head, "high_head": after(head), "hall_no": hall_no}
    return _ladder(connection, _name_steps(longer=len(term) > WINDOW), most, **values)


def by_address(connection: Connection, term: str, hall_no: int, most: int) -> list[tuple[str, int]]:
    """A place and what follows it: the dictionary first, then the tails behind the places it names."""
    digits = next((index for index, character in enumerate(term) if character.isdecimal()), len(term))
    places = _places(connection, term, term[:digits])
    branches: list[str] = []
    values: dict[str, object] = {"hall_no": hall_no}
    for best in (1, 2):
        fitting = [(place_id, tail) for place_id, tail, rank in places if rank == best]
        if fitting:
            branches += [_BEHIND.format(rank=best, side=side) for side in ("=", "<>")]
            values[f"ids_{best}"] = [place_id for place_id, _tail in fitting]
            values[f"lows_{best}"] = [tail for _place_id, tail in fitting]
            values[f"highs_{best}"] = [after(tail) if tail else _HIGHEST for _place_id, tail in fitting]
    return _distinct(connection, branches, most, values) if branches else []


def by_receipt_no(connection: Connection, term: str, _hall_no: int, most: int) -> list[tuple[str, int]]:
    """The account that a receipt of this number was given for, or those of a payment for several."""
    try:
        till_no, day, serial = receipt_key(term)
    except ValueError:
        return []
    query = (
        "SELECT coalesce(r.account_no, d.account_no) FROM counter.journal j"
        " JOIN counter.receipt r USING (journal_id)"
        " LEFT JOIN counter.receipt_account d ON d.journal_id = j.journal_id AND r.account_no IS NULL"
        " WHERE j.till_no = :till_no AND j.business_date = :day AND j.receipt_serial = :serial"
        " ORDER BY 1 LIMIT :most"
    )
    found = _keys(connection, query, till_no=till_no, day=day, serial=serial, most=most)
    return [(key, 0) for key in found if key]


Finder = Callable[[Connection, str, int, int], list[tuple[str, int]]]

FINDERS: Mapping[str, Finder] = {
    "receipt_no": by_receipt_no,
    "account_no": by_account_no,
    "account_prefix": by_account_prefix,
    "meter_no": by_meter_no,
    "phone": by_phone,
    "phone_suffix": by_phone,
    "name": by_name,
    "initials": by_initials,
    "address": by_address,
}
"""By the value of ``counter.domain.query.QueryKind``."""


def hits(connection: Connection, ranks: Mapping[str, int]) -> dict[str, Hit]:
    """The accounts themselves, by number."""
    rows = connection.execute(
        text(
            "SELECT a.account_no, a.name, a.address, a.hall_no, h.name, b.arrears_fen, b.prepaid_fen,"
            " a.status = 'closed' FROM counter.account a JOIN counter.account_balance b USING (account_no)"
            " JOIN counter.hall h USING (hall_no) WHERE a.account_no = ANY(:keys)"
        ),
        {"keys": list(ranks)},
    )
    return {row[0]: Hit(*[*row, ranks[row[0]]]) for row in rows}


@lru_cache
def _name_steps(*, longer: bool) -> tuple[Step, ...]:
    """From the whole name down to a fragment behind its third character; ``longer`` than a window."""
    recheck = " AND strpos(a.name, :term) > 0" if longer else ""
    steps = [
        Step(0, "a.name = :term"),
        Step(1, "a.name > :term AND a.name < :high", "a.name, "),
    ]
    for start in (2, 3):
        part = f"substr(a.name, {start}, {WINDOW})"
        steps.append(Step(2, f"{part} >= :head AND {part} < :high_head{recheck}", f"{part}, "))
    if longer:
        recheck = (
            " AND EXISTS (SELECT FROM counter.account n"
            " WHERE n.account_no = a.account_no AND strpos(n.name, :term) > 0)"
        )
    window = f"a.part >= :head AND a.part < :high_head{recheck}"
    return (*steps, Step(2, window, "a.part, ", "counter.account_name_part"))


def _ladder(
    connection: Connection, steps: tuple[Step, ...], most: int, **values: object
) -> list[tuple[str, int]]:
    """Step by step, in each the own hall and then the others one by one, until there are enough.

    One statement: a branch of its UNION ALL is not begun before those above it have been used up.
    """
    branches = [
        branch.format(rank=step.rank, table=step.table, condition=step.condition, order=step.order)
        for step in steps
        for branch in (_OWN, _OTHERS)
    ]
    return _distinct(connection, branches, most, values)


def _distinct(
    connection: Connection, branches: Sequence[str], most: int, values: Mapping[str, object]
) -> list[tuple[str, int]]:
    """The branches one after the other, each account by the first that has it."""
    statement = text(f"SELECT account_no, rank FROM ({' UNION ALL '.join(branches)}) found LIMIT :twice")
    found: dict[str, int] = {}
    for account_no, rank in connection.execute(statement, {**values, "most": most, "twice": 2 * most}):
        found.setdefault(account_no, rank)
    return list(found.items())[:most]


def _places(connection: Connection, term: str, words: str) -> list[tuple[int, str, int]]:
    """Places named by the term: (place, what must follow it, rank)."""
    if not words:
        return []
    rows = connection.execute(
        text(
            "SELECT place_id, name FROM counter.place"
            " WHERE strpos(name, :words) > 0 OR (strpos(:words, name) > 0 AND length(name) > 1)"
            " ORDER BY name <> :words, strpos(name, :words) <> 1, length(name), name LIMIT :most"
        ),
        {"words": words, "most": PLACES_MAX},
    )
    return [(place_id, *_behind(name, term, words)) for place_id, name in rows]


def _behind(name: str, term: str, words: str) -> tuple[str, int]:
    """What must follow the place ``name``, and how well it fits."""
    if words in name:
        return term[len(words) :], 1 if name.startswith(words) else 2
    return term[term.index(name) + len(name) :], 1 if term.startswith(name) else 2


def _keys(connection: Connection, query: str, **values: object) -> list[str]:
    used = {name: value for name, value in values.items() if f":{name}" in query}
    return list(connection.execute(text(query), used).scalars())
