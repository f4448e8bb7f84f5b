"""The headings of bank tables, as Chinese banks (and some others) write them.

Invariant: a heading is known by its whole name, without blanks, units and English in brackets; a money column
is never guessed from a part of its name. Of several columns for one thing the first alias that is there wins.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

ALIASES: dict[str, tuple[str, ...]] = {
    "posted": tuple(
        "记账日期 记账日 银行记账日 入账日期 入账日 会计日期 过账日期 记账时间 入账时间 postdate postingdate bookingdate".split()
    ),
    "traded": tuple(
        "交易日期 交易日 日期 发生日期 业务日期 交易日期时间 交易时间 transactiondate date tradedate".split()
    ),
    "valued": ("起息日", "起息日期", "valuedate"),
    "credit": tuple(
        "记账金额(收入) 贷方发生额 贷方金额 贷方 贷方发生额(收入) 贷方(收入) 贷方发生额(贷) 收入 收入金额 入账金额 存入 存入金额 转入金额 "
        "收入(贷方) 贷 收方金额 交易金额(收入) creditamount credit deposit deposits paidin moneyin".split()
    ),
    "debit": tuple(
        "记账金额(支出) 借方发生额 借方金额 借方 借方发生额(支取) 借方发生额(支出) 借方(支出) 支出 支出金额 出账金额 支取 支取金额 取出 "
        "付出 付出金额 转出金额 支出(借方) 借 付方金额 交易金额(支出) debitamount debit withdrawal withdrawals paidout moneyout".split()
    ),
    "amount": tuple(
        "记账金额 结算金额 人民币金额 发生额 交易金额 金额 交易额 变动金额 billingamount transactionamount tradeamount amount".split()
    ),
    "direction": tuple(
        "借贷标志 借贷方向 借贷标识 借贷类型 借贷 借/贷 收支 收/支 收支标志 收支类型 收支方向 收付标志 收/付 收付方向 交易方向 "
        "credit/debit debit/credit d/c c/d dr/cr cr/dr".split()
    ),
    "kind": ("交易类型",),
    "balance": tuple(
        "余额 账户余额 交易后余额 本次余额 当前余额 账面余额 联机余额 帐户余额 balance after-transactionbalance runningbalance".split()
    ),
    "party": tuple(
        "对方户名 对方名称 对方单位名称 收/付方名称 收付方名称 对方账户名称 对方账户名 对方单位 交易对手名称 对手户名 对手名称 交易对方 "
        "对方姓名 对方 counterparty merchantname".split()
    ),
    "party_account": tuple(
        "对方账号 对方帐号 收/付方帐号 收/付方账号 收付方账号 对方账户 对方卡号 交易对手账号 对手账号 对方账号/卡号".split()
    ),
    "payer": ("付款人名称", "付款人户名", "付款方名称", "付款方户名"),
    "payee": ("收款人名称", "收款人户名", "收款方名称", "收款方户名"),
    "payer_account": ("付款人账号", "付款人帐号", "付款方账号"),
    "payee_account": ("收款人账号", "收款人帐号", "收款方账号"),
    "reference": tuple(
        "账户明细编号-交易流水号 交易流水号 流水号 银行流水号 核心流水号 业务流水号 交易序号 凭证号 凭证号码 "
        "transactionreference reference bankreference".split()
    ),
    "currency": tuple("记账币种 结算币种 币种 币别 货币 交易货币 交易币种 billingcurrency currency".split()),
    "account": tuple("本方账号 本方帐号 我方账号 查询账号 账号 帐号 accountnumber account".split()),
    "terminal": ("终端号", "商户号", "商户编号", "终端编号"),
    "state": ("交易状态", "状态", "处理状态", "交易结果", "transactionstatus", "status"),
    "card_tail": ("卡末四位", "卡号末四位", "卡号后四位"),
}
DONE = frozenset(
    "成功 交易成功 支付成功 处理成功 已完成 完成 已清算 已结算 已入账 已记账 正常 success successful settled posted booked ok "
    "approved completed 00 0000".split()
)
"""States of rows that count. A file that lists others is refused: what fails moves no money."""
TEXTS = frozenset(
    "摘要 用途 附言 备注 交易附言 交易摘要 交易描述 交易说明 交易详情 描述 交易备注 摘要说明 交易用途 交易场所 "
    "description memo remark remarks details particulars".split()
)
_ENGLISH = re.compile(r"[\[(][^\[\]()\u4e00-\u9fff]*[\])]")
_BRACKET = re.compile(r"\(([^()]*)\)")
_UNITS = re.compile(r"\((?:元|人民币|单位:?元|人民币元)\)|,?单位:?元$")
_BLANK = re.compile(r"[\s\ufeff'\"=]+")
_KNOWN = {alias: (name, rank) for name, aliases in ALIASES.items() for rank, alias in enumerate(aliases)}

Columns = dict[str, int]


@lru_cache(maxsize=4096)
def plain(heading: str) -> str:
    """A heading without what varies: width, blanks, case, units, English in brackets."""
    text = _BLANK.sub("", unicodedata.normalize("NFKC", heading)).lower()
    if text in _KNOWN or text in TEXTS:
        return text
    return _UNITS.sub("", _ENGLISH.sub("", text))


def _sided(heading: str) -> tuple[str, int] | None:
    """``发生额(借方)`` and its like: a money column whose bracket says the side."""
    found = _BRACKET.search(heading)
    base = _BRACKET.sub("", heading)
    if found is None or base not in ALIASES["amount"]:
        return None
    out, into = re.search("[借支付出]", found[1]), re.search("[贷收入存]", found[1])
    if bool(out) == bool(into) and found[1] not in {"支取", "支出", "收入", "存入"}:
        return None
    return ("debit" if out and found[1] != "存入" else "credit", 50)


def columns_of(row: Sequence[object]) -> Columns:
    """Which column holds what, where a row is a heading (texts: ``text0`` and so on); else empty."""
    columns, ranks = Columns(), dict[str, int]()
    for index, cell in enumerate(row):
        heading = plain(cell) if isinstance(cell, str) and len(cell) < 200 else ""  # noqa: PLR2004
        if heading in TEXTS:
            columns[f"text{len(columns)}"] = index
            continue
        name, rank = _KNOWN.get(heading) or _sided(heading) or ("", 0)
        if name and rank < ranks.get(name, 999):
            columns[name], ranks[name] = index, rank
    return columns if is_heading(columns) else {}


def is_heading(columns: Columns) -> bool:
    """A day, some money, and a third thing."""
    dated = "posted" in columns or "traded" in columns
    return dated and bool({"credit", "debit", "amount"} & columns.keys()) and len(columns) > 2  # noqa: PLR2004
