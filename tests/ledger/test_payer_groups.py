"""Groups of accounts, as the database referees them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.bureau import Bureau

ACCOUNTS = ("330100000001", "330100000002", "330200000003")


@pytest.fixture
def desk(bureau: Bureau) -> Bureau:
    """Three accounts in two halls."""
    for number in ACCOUNTS:
        bureau.add_account(number, hall_no=2 if number == ACCOUNTS[2] else 1)
    return bureau


def change(version: int = 0, **values: Any) -> dict[str, Any]:
    """A request to save."""
    return {
        "request_id": str(uuid4()),
        "group_id": str(uuid4()),
        "version": version,
        "name": "某某公司",
        "accounts": list(ACCOUNTS),
        **values,
    }


def save(desk: Bureau, request: dict[str, Any], staff_no: str = "t10001") -> Any:
    """Save a group as somebody."""
    return desk.call(staff_no, "save_group", request)


def refusal(desk: Bureau, request: dict[str, Any], staff_no: str = "t10001") -> psycopg.Error:
    """Why it was not saved."""
    with pytest.raises(psycopg.Error) as error:
        save(desk, request, staff_no)
    return error.value


def members(desk: Bureau) -> list[str]:
    """Who is in groups."""
    with desk.psql() as connection:
        rows = connection.execute("SELECT account_no FROM counter.payer_group_member ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def test_a_group_is_made_changed_and_deleted_from_any_hall(desk: Bureau) -> None:
    """Its members are replaced; a replay answers the same and changes nothing."""
    made = change()
    assert save(desk, made)["version"] == 1
    assert save(desk, made)["version"] == 1
    renamed = made | {
        "request_id": str(uuid4()),
        "version": 1,
        "name": "另一公司",
        "accounts": [ACCOUNTS[2]],
    }
    assert save(desk, renamed, "t10003")["version"] == 2
    assert members(desk) == [ACCOUNTS[2]]
    gone = {"request_id": str(uuid4()), "group_id": made["group_id"], "version": 2}
    desk.call("t30001", "delete_group", gone)
    assert desk.call("t30001", "delete_group", gone)["deleted"]
    assert (members(desk), desk.value("SELECT count(*) FROM counter.payer_group")) == ([], 0)


def test_who_changed_a_group_meanwhile_is_told(desk: Bureau) -> None:
    """The later change is not saved; neither is a deletion of what was not seen."""
    made = change()
    save(desk, made)
    save(desk, made | {"request_id": str(uuid4()), "version": 1, "accounts": []}, "t10002")
    late = refusal(desk, made | {"request_id": str(uuid4()), "version": 1})
    assert late.sqlstate == "CN070"
    assert "李强" in (late.diag.message_detail or "")
    with pytest.raises(psycopg.Error) as error:
        desk.call("t10001", "delete_group", {"group_id": made["group_id"], "version": 1})
    assert error.value.sqlstate == "CN070"
    assert members(desk) == []


def test_two_at_once_and_one_is_told(desk: Bureau) -> None:
    """The same version from two desks."""
    made = change()
    save(desk, made)

    def try_it(staff_no: str) -> str:
        try:
            save(desk, made | {"request_id": str(uuid4()), "version": 1, "name": staff_no}, staff_no)
        except psycopg.Error as error:
            return error.sqlstate or ""
        return "saved"

    with ThreadPoolExecutor(2) as desks:
        assert sorted(desks.map(try_it, ("t10001", "t10002"))) == ["CN070", "saved"]


def test_unknown_accounts_are_refused_by_number(desk: Bureau) -> None:
    """And nothing of the group is kept."""
    error = refusal(desk, change(accounts=[ACCOUNTS[0], "339999999999", "'; DROP TABLE counter.account; --"]))
    assert error.sqlstate == "CN071"
    assert "339999999999" in (error.diag.message_detail or "")
    assert desk.value("SELECT count(*) FROM counter.payer_group") == 0


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "两\n行", None])
def test_a_name_is_something_to_read(desk: Bureau, name: str | None) -> None:
    assert refusal(desk, change(name=name)).sqlstate == "CN074"


def test_what_else_is_refused(desk: Bureau) -> None:
    """A name that there is, a group that is gone, an id of another content, too many, and who may not."""
    made = change()
    save(desk, made)
    assert refusal(desk, change()).diag.constraint_name == "payer_group_name_uq"
    assert refusal(desk, change(3, name="没有")).sqlstate == "CN072"
    assert refusal(desk, made | {"name": "别的"}).sqlstate == "CN002"
    many = [str(330_100_000_000 + n) for n in range(5_001)]
    assert refusal(desk, change(name="太多", accounts=many)).sqlstate == "CN073"
    assert refusal(desk, change(name="审计"), "t40001").sqlstate == "42501"
    with desk.psql("t10001") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM counter.payer_group")
