"""The columns of the two files, with every heading that they are known by: data, to be added to.

Headings are compared without blanks, underscores and a unit in brackets, and in lower case, so that
``应收电费（元）`` and ``Account No`` need no entries of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from counter.domain.text import BLANKS, HALF_WIDTH


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its identifier; an optional one that the file lacks is taken as empty everywhere."""

    name: str
    headings: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Matched:
    """How a file's headings fit: the position of each known column, and what does not fit."""

    positions: Mapping[str, int]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    twice: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the file can be read by these headings."""
        return not (self.missing or self.unknown or self.twice)


ACCOUNT_COLUMNS = (
    Column("account_no", ("户号", "用户编号", "客户编号", "用电户号", "account")),
    Column("hall_no", ("营业厅", "营业厅编号", "供电所", "hall")),
    Column("name", ("户名", "用户名称", "客户名称", "customer_name")),
    Column("address", ("用电地址", "地址", "supply_address")),
    Column("meter_no", ("表号", "电表号", "电能表编号", "meter"), required=False),
    Column("phone", ("联系电话", "电话", "手机", "手机号", "mobile"), required=False),
    Column("customer_class", ("客户类别", "用户类别", "用电类别", "class")),
    Column("payment_mode", ("付费方式", "缴费方式", "mode"), required=False),
    Column("tenant", ("租户", "租赁户"), required=False),
    Column("hardship", ("困难户", "低保户"), required=False),
    Column("disconnected", ("停电", "停电标志"), required=False),
    Column("corporate_bank", ("对公账户", "对公"), required=False),
    Column("risk_customer", ("风险客户", "风险户", "risk"), required=False),
    Column("status", ("状态", "用户状态"), required=False),
    Column(
        "prepaid", ("预收余额", "预存余额", "期初预收", "opening_prepaid", "prepaid_balance"), required=False
    ),
)
BILL_COLUMNS = (
    Column("account_no", ("户号", "用户编号", "客户编号", "用电户号", "account")),
    Column("period", ("账期", "电费年月", "应收年月", "年月")),
    Column("part", ("分次", "次数", "期次"), required=False),
    Column("kwh", ("电量", "总电量", "结算电量")),
    Column("amount", ("应收电费", "应收金额", "电费", "金额")),
    Column("due_date", ("到期日", "缴费截止日", "截止日期", "due")),
)

_NOTHING = {**HALF_WIDTH, **dict.fromkeys((*BLANKS, ord("_"), ord("-"), ord("*")))}
_UNIT = re.compile(r"\([^()]*\)$")


def plain_heading(heading: str) -> str:
    """A heading as it is compared."""
    return _UNIT.sub("", heading.translate(_NOTHING).lower())


def match_headings(headings: Iterable[str], columns: tuple[Column, ...]) -> Matched:
    """Which column each heading names; the identifier itself is always one of the names."""
    by_heading = {
        plain_heading(name): column.name for column in columns for name in (*column.headings, column.name)
    }
    positions: dict[str, int] = {}
    unknown, twice = [], []
    for position, heading in enumerate(headings):
        name = by_heading.get(plain_heading(heading))
        if name is None:
            unknown.append(heading)
        elif name in positions:
            twice.append(heading)
        else:
            positions[name] = position
    missing = [column.headings[0] for column in columns if column.required and column.name not in positions]
    return Matched(positions, tuple(missing), tuple(unknown), tuple(twice))
