"""Finding accounts: for each kind of term one query that stops as soon as it has enough.

Ranges under the "C" collation use the indexes also from a generic plan, which LIKE does not. Hits of the
own hall come first: the other halls are only looked at for what is still missing, each by the same index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from sqlalchemy import Connection, text

from db.queries.receipts import receipt_key

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


def after(prefix: str) -> str:
    """The least text above every text that begins with ``prefix`` (which is not empty)."""
    return prefix[:-1] + chr(min(ord(prefix[-1]) + 1, 0x10FFFF))


def by_account_no(connection: Connection, term: str, hall_no: int, most: int) -> list[tuple[str, int]]:
    """Exact, or by prefix with the own hall first."""
    found = _keys(connection, "SELECT account_no FROM counter.account WHERE account_no = :term", term=term)
    if found:
        return [(account_no, 0) for account_no in found]
    return [
        (key, 1)
        for key in _by_hall(connection, "account_no >= :low AND account_no < :high", "", term, hall_no, most)
    ]


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
    whole = _by_hall(connection, "name_initials = :term", "", term, hall_no, most)
    found = [(key, 0) for key in whole]
    if len(found) < most:
        condition = "name_initials > :term AND name_initials < :high"
        rest = _by_hall(connection, condition, "name_initials, ", term, hall_no, most - len(found))
        found += [(key, 1) for key in rest]
    return found


def by_name(connection: Connection, term: str, hall_no: int, most: int) -> list[tuple[str, int]]:
    """The whole name, its beginning, or a fragment of it from any character on."""
    found: dict[str, int] = {}
    for rank, condition, order in (
        (0, "name = :term", ""),
        (1, "name > :term AND name < :high", "name, "),
    ):
        _add(found, rank, _by_hall(connection, condition, order, term, hall_no, most - len(found)))
        if len(found) >= most:
            return list(found.items())
    head = term[:4]
    recheck = " AND strpos(name, :term) > 0" if len(term) > len(head) else ""
    for start in (2, 3):
        part = f"substr(name, {start}, 4)"
        condition = f"{part} >= :head AND {part} < :high_head{recheck}"
        if len(found) < most:
            _add(found, 2, _by_hall(connection, condition, f"{part}, ", term, hall_no, most, head=head))
    if len(found) < most:
        _add(found, 2, _by_name_part(connection, term, head, hall_no, most))
    return list(found.items())[:most]


def by_address(connection: Connection, term: str, hall_no: int, most: int) -> list[tuple[str, int]]:
    """A place and what follows it: the dictionary first, then the tails behind the places it names."""
    digits = next((index for index, character in enumerate(term) if character.isdecimal()), len(term))
    places = _places(connection, term, term[:digits])
    found: dict[str, int] = {}
    for best, own in product((1, 2), (True, False)):
        side = "hall_no = :hall_no" if own else "hall_no <> :hall_no"
        for place_id, tail, rank in places:
            if len(found) >= most:
                break
            if rank != best:
                continue
            bounds = "AND tail >= :low AND tail < :high" if tail else ""
            query = (
                f"SELECT account_no FROM counter.account_address WHERE place_id = :place_id AND {side}"
                f" {bounds} ORDER BY hall_no, tail, account_no LIMIT :most"
            )
            values: dict[str, object] = {"place_id": place_id, "hall_no": hall_no, "most": most - len(found)}
            if tail:
                values |= {"low": tail, "high": after(tail)}
            _add(found, rank, _keys(connection, query, **values))
    return list(found.items())[:most]


def by_receipt_no(connection: Connection, term: str, _hall_no: int, _most: int) -> list[tuple[str, int]]:
    """The account that a receipt of this number was given for."""
    try:
        till_no, day, serial = receipt_key(term)
    except ValueError:
        return []
    query = (
        "SELECT r.account_no FROM counter.journal j JOIN counter.receipt r USING (journal_id)"
        " WHERE j.till_no = :till_no AND j.business_date = :day AND j.receipt_serial = :serial"
    )
    return [(key, 0) for key in _keys(connection, query, till_no=till_no, day=day, serial=serial)]


Finder = Callable[[Connection, str, int, int], list[tuple[str, int]]]

FINDERS: Mapping[str, Finder] = {
    "receipt_no": by_receipt_no,
    "account_no": by_account_no,
    "account_prefix": by_account_no,
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


def _by_hall(
    connection: Connection, condition: str, order: str, term: str, hall_no: int, most: int, *, head: str = ""
) -> list[str]:
    """Account numbers by an index that leads with the hall: the own hall, then the others one by one."""
    values = {
        "term": term,
        "low": term,
        "high": after(term),
        "head": head,
        "high_head": after(head or term),
        "hall_no": hall_no,
        "most": most,
    }
    own = (
        f"SELECT account_no FROM counter.account WHERE hall_no = :hall_no AND {condition}"
        f" ORDER BY {order}account_no LIMIT :most"
    )
    found = _keys(connection, own, **values)
    if len(found) < most:
        others = (
            "SELECT o.account_no FROM counter.hall h CROSS JOIN LATERAL (SELECT account_no FROM counter.account a"
            f" WHERE a.hall_no = h.hall_no AND {condition} ORDER BY {order}account_no LIMIT :most) o"
            " WHERE h.hall_no <> :hall_no LIMIT :most"
        )
        found += _keys(connection, others, **(values | {"most": most - len(found)}))
    return found


def _by_name_part(connection: Connection, term: str, head: str, hall_no: int, most: int) -> list[str]:
    """Fragments from the fourth character of a name on."""
    recheck = (
        " AND EXISTS (SELECT FROM counter.account a WHERE a.account_no = p.account_no AND strpos(a.name, :term) > 0)"
        if len(term) > len(head)
        else ""
    )
    condition = f"p.part >= :head AND p.part < :high{recheck}"
    values = {"term": term, "head": head, "high": after(head), "hall_no": hall_no, "most": most}
    own = (
        f"SELECT account_no FROM counter.account_name_part p WHERE hall_no = :hall_no AND {condition}"
        " ORDER BY part, account_no LIMIT :most"
    )
    found = _keys(connection, own, **values)
    if len(found) < most:
        others = (
            "SELECT o.account_no FROM counter.hall h CROSS JOIN LATERAL (SELECT account_no"
            f" FROM counter.account_name_part p WHERE p.hall_no = h.hall_no AND {condition}"
            " ORDER BY part, account_no LIMIT :most) o WHERE h.hall_no <> :hall_no LIMIT :most"
        )
        found += _keys(connection, others, **values)
    return found


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


def _add(found: dict[str, int], rank: int, keys: Sequence[str]) -> None:
    for key in keys:
        found.setdefault(key, rank)
