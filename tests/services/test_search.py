"""One box finds anything: every kind of query, ranked, this hall first, at most fifty."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from counter.services.desk import Desk
from counter.services.gateway import ServerGateway
from counter.services.ports import MatchRank, OpenShift
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau

WANG = "330100000001"
FIRM = "330100000002"
OTHER_HALL = "330200000003"


@pytest.fixture
def desk(bureau: Bureau) -> Iterator[Desk]:
    """Three accounts in two halls, seen from hall 1."""
    bureau.add_account(WANG, name="王小四", meter_no="000000001111", phone="13812345678")
    bureau.add_account(
        FIRM,
        name="滨江光明电子科技有限公司",
        name_initials="bjgmdzkjyxgs",
        meter_no="000000002222",
        address="解放路9号",
        places=["解放路"],
        tails=["9号"],
    )
    bureau.add_account(OTHER_HALL, name="王小", hall_no=2, name_initials="wx", phone="057112345678")
    gateway = ServerGateway(bureau.url, bureau.folder / "desk", Press(bureau.folder / "receipts"))
    desk = gateway.sign_in("t10001", PASSWORD)
    yield desk
    desk.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (WANG, [WANG]),
        ("３３０１０００００００１", [WANG]),
        ("3301", [WANG, FIRM]),
        ("33", [WANG, FIRM, OTHER_HALL]),
        ("000000002222", [FIRM]),
        ("13812345678", [WANG]),
        ("138 1234 5678", [WANG]),
        ("5678", [WANG, OTHER_HALL]),
        ("345678", [WANG, OTHER_HALL]),
        ("0571-12345678", [OTHER_HALL]),
        ("王小四", [WANG]),
        ("王", [WANG, OTHER_HALL]),
        ("小", [WANG, OTHER_HALL]),
        ("四", [WANG]),
        ("小四", [WANG]),
        ("光明", [FIRM]),
        ("电子科技", [FIRM]),
        ("司", [FIRM]),
        ("科技有限公司", [FIRM]),
        ("wxs", [WANG]),
        ("WX", [OTHER_HALL, WANG]),
        ("bjgm", [FIRM]),
        ("金桂花园", [WANG, OTHER_HALL]),
        ("金桂", [WANG, OTHER_HALL]),
        ("金桂花园3幢2单元", [WANG, OTHER_HALL]),
        ("桂花园3幢", [WANG, OTHER_HALL]),
        ("人民路128", [WANG, OTHER_HALL]),
        ("人民路129", []),
        ("解放路9号", [FIRM]),
        ("不存在", []),
        ("", []),
        ("   ", []),
        ("%", []),
        ("_", []),
        ("'; --", []),
        ("[/]", []),
        ("\0", []),
        ("x" * 5_000, []),
        ("9" * 40, []),
    ],
)
def test_what_was_typed_finds_whom_it_means(desk: Desk, typed: str, found: list[str]) -> None:
    """In this order: exact, prefix, fragment; within each this hall first."""
    assert [hit.account_no for hit in desk.search(typed).hits] == found


def test_an_exact_name_stands_before_a_longer_one_of_this_hall(desk: Desk) -> None:
    """The rank counts before the hall."""
    hits = desk.search("王小").hits
    assert [(hit.account_no, hit.rank, hit.this_hall) for hit in hits] == [
        (OTHER_HALL, MatchRank.EXACT, False),
        (WANG, MatchRank.PREFIX, True),
    ]


def test_a_receipt_number_finds_its_account_with_and_without_dashes(desk: Desk, bureau: Bureau) -> None:
    """The paper in the customer's hand is enough."""
    shift = desk.open_shift(OpenShift(uuid4(), 101, 0))
    request = bureau.payment(shift.shift_id, WANG, total_fen=100, prepaid_fen=100)
    number = bureau.call("t10001", "post_payment", request)["receipt_no"]
    for typed in (number, number.replace("-", "")):
        assert [hit.account_no for hit in desk.search(typed).hits] == [WANG], typed


def test_fifty_are_shown_and_more_is_said(desk: Desk, bureau: Bureau) -> None:
    """The 51st is not shown, but its being there is."""
    for number in range(48):
        bureau.add_account(f"3309{number:08d}", name="王大", hall_no=2)
    exactly = desk.search("王")
    assert (len(exactly.hits), exactly.more) == (50, False)
    bureau.add_account("330300000000", name="王大", hall_no=1)
    over = desk.search("王")
    assert (len(over.hits), over.more) == (50, True)
    assert [hit.this_hall for hit in over.hits[:2]] == [True, True]
