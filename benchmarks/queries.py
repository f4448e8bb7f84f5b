"""Terms of every kind of search, taken from the bureau that is searched, so that each finds something."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import Connection, text

SAMPLE = (
    "SELECT account_no, name, name_initials, address, coalesce(meter_no, ''), coalesce(phone, '')"
    " FROM counter.account TABLESAMPLE SYSTEM (:per_cent) REPEATABLE (7)"
)
INDEXES = """
    SELECT c.relname, round((pg_relation_size(c.oid) / 1e6)::numeric, 1)::float
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'counter' AND c.relkind = 'i' AND pg_relation_size(c.oid) > 1000000
     ORDER BY 2 DESC
"""
FRAGMENTS = ("公司", "电子", "科技", "有限公司", "电子科技", "限公司", "超市")
NOWHERE = ("不存在的人", "鼋", "zzzq", "没有路1号", "99999")
_STREET = re.compile(r"^(.+?[路街巷])([0-9]+)号")
_ESTATE = re.compile(r"号([^0-9]{2,8}?)([0-9]+幢)")


@dataclass(frozen=True, slots=True)
class Sampled:
    """One account of the sample."""

    account_no: str
    name: str
    initials: str
    address: str
    meter_no: str
    phone: str


def queries(connection: Connection, chance: Random, most: int) -> dict[str, list[str]]:
    """By kind at most ``most`` different terms, and the fragments that nearly every firm has."""
    accounts = int(connection.execute(text("SELECT count(*) FROM counter.account")).scalar_one())
    per_cent = min(100.0, 100 * 20_000 / max(1, accounts))
    rows = [Sampled(*row) for row in connection.execute(text(SAMPLE), {"per_cent": per_cent})]
    chance.shuffle(rows)
    terms = {kind: pick(rows, make, most) for kind, make in KINDS.items()}
    receipts = text(
        "SELECT counter.receipt_no(till_no, business_date, receipt_serial) FROM counter.journal"
        " WHERE receipt_serial IS NOT NULL LIMIT :most"
    )
    terms["receipt number"] = list(connection.execute(receipts, {"most": most}).scalars())
    terms["firm fragment"] = list(FRAGMENTS)
    terms["nothing there"] = list(NOWHERE)
    return {kind: found for kind, found in terms.items() if found}


def pick(rows: Sequence[Sampled], make: Callable[[Sampled], str], most: int) -> list[str]:
    """The first ``most`` different terms that can be made of the rows."""
    found: dict[str, None] = {}
    for row in rows:
        term = make(row)
        if term:
            found.setdefault(term)
        if len(found) >= most:
            break
    return list(found)


def street(row: Sampled) -> str:
    """Street and number."""
    found = _STREET.match(row.address)
    return "".join(found.groups()) if found else ""


def estate(row: Sampled) -> str:
    """The housing estate alone."""
    found = _ESTATE.search(row.address)
    return found[1] if found else ""


def estate_and_building(row: Sampled) -> str:
    """The housing estate and a building in it."""
    found = _ESTATE.search(row.address)
    return found[1] + found[2] if found else ""


def is_firm(row: Sampled) -> bool:
    """Whether the name is that of a firm, by its length."""
    return len(row.name) > 7


KINDS: dict[str, Callable[[Sampled], str]] = {
    "account number": lambda row: row.account_no,
    "account prefix, 2 digits": lambda row: row.account_no[:2],
    "account prefix, 5 digits": lambda row: row.account_no[:5],
    "account prefix, 8 digits": lambda row: row.account_no[:8],
    "meter number": lambda row: row.meter_no,
    "phone": lambda row: row.phone,
    "phone, last 4": lambda row: row.phone[-4:],
    "phone, last 7": lambda row: row.phone[-7:],
    "name, whole": lambda row: "" if is_firm(row) else row.name,
    "name, 1 character": lambda row: row.name[0],
    "name, 1 character inside": lambda row: row.name[1:2],
    "name, 2 characters": lambda row: row.name[:2],
    "name, 2 characters inside": lambda row: row.name[1:3] if len(row.name) > 2 else "",
    "name, 3 characters inside": lambda row: row.name[3:6] if is_firm(row) else "",
    "name, 4 characters inside": lambda row: row.name[4:8] if is_firm(row) else "",
    "firm, whole": lambda row: row.name if is_firm(row) else "",
    "firm, all but the beginning": lambda row: row.name[3:] if is_firm(row) else "",
    "initials, 1 letter": lambda row: row.initials[:1],
    "initials, 2 letters": lambda row: row.initials[:2],
    "initials, 3 letters": lambda row: row.initials[:3],
    "initials, 4 letters": lambda row: row.initials[:4] if is_firm(row) else "",
    "estate": estate,
    "estate, 2 characters": lambda row: estate(row)[:2],
    "estate and building": estate_and_building,
    "street": lambda row: row.address.split("路")[0] + "路" if "路" in row.address else "",
    "street and number": street,
    "whole address": lambda row: row.address,
}
"""How each kind of term is made of an account; an empty text where it has none of that kind."""


def index_sizes(connection: Connection) -> dict[str, float]:
    """Every index of a size that counts, in MB of 10**6 bytes, and all together."""
    sizes = {str(row[0]): float(row[1]) for row in connection.execute(text(INDEXES))}
    return {"all": round(sum(sizes.values()), 1), **sizes}
