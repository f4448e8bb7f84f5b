"""The headings of acquirers' settlement files, and the words for what a line is.

Invariant: a heading and a kind of transaction are known by their whole words; neither is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from counter.bank.headings import Columns, plain
from counter.bank.settlement import SaleKind

ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "merchant": tuple(
        "商户号 商户编号 商户代码 商户id 商户标识 商编 merchantno merchantnumber merchantid merchantcode merchant mid".split()
    ),
    "terminal": tuple(
        "终端号 终端编号 终端代码 终端id 终端机号 终端 terminalno terminalnumber terminalid terminal tid".split()
    ),
    "at": tuple(
        "交易时间 交易日期时间 交易完成时间 传输时间 时间 transactiontime transactiondatetime datetime txntime time".split()
    ),
    "day": tuple("交易日期 交易日 日期 transactiondate txndate date".split()),
    "kind": tuple(
        "交易类型 交易类别 交易名称 交易种类 交易类型名称 业务类型 transactiontype txntype type".split()
    ),
    "batch": tuple("批次号 交易批次号 终端批次号 批次 batchno batchnumber batch".split()),
    "trace": tuple(
        "凭证号 终端流水号 pos流水号 终端流水 流水号 系统跟踪号 跟踪号 系统流水号 traceno tracenumber trace stan voucherno voucher".split()
    ),
    "reference": tuple(
        "参考号 检索参考号 系统参考号 交易参考号 银联参考号 系统检索号 referenceno referencenumber reference rrn retrievalreferencenumber".split()
    ),
    "card": tuple("卡号 交易卡号 银行卡号 主账号 支付卡号 账号 cardno cardnumber card pan".split()),
    "card_class": tuple(
        "卡类别 卡类型 卡种 卡性质 卡种类 借贷记标识 借贷标识 cardclass cardtype cardcategory".split()
    ),
    "amount": tuple(
        "交易金额 交易额 交易本金 消费金额 金额 transactionamount txnamount grossamount amount".split()
    ),
    "fee": tuple(
        "手续费 商户手续费 交易手续费 手续费金额 结算手续费 应收手续费 手续费支出 fee merchantfee transactionfee commission mdr".split()
    ),
    "net": tuple(
        "结算金额 清算金额 商户结算金额 应结算金额 应结金额 入账金额 到账金额 净额 清算净额 结算净额 settlementamount settleamount netamount net".split()
    ),
    "settled": tuple("清算日期 结算日期 清算日 结算日 入账日期 settlementdate settledate".split()),
    "acquirer": tuple("收单机构 收单行 收单机构名称 收单方 acquirer".split()),
    "currency": tuple("币种 交易币种 货币 currency".split()),
    "state": tuple("交易状态 状态 交易结果 status".split()),
}
KINDS: Final[dict[str, SaleKind]] = {
    **dict.fromkeys(
        "消费 刷卡消费 银行卡消费 银联消费 扫码消费 主扫消费 被扫消费 支付 扫码支付 二维码支付 预授权完成 预授权完成通知 "
        "电子现金消费 分期消费 订单支付 sale purchase payment 正交易".split(),
        "sale",
    ),
    **dict.fromkeys(
        "退货 退款 联机退货 脱机退货 消费退货 消费退款 扫码退货 扫码退款 部分退款 全额退款 退单 refund return".split(),
        "refund",
    ),
    **dict.fromkeys(
        "撤销 消费撤销 交易撤销 扫码撤销 当日撤销 冲正 消费冲正 交易冲正 自动冲正 预授权完成撤销 预授权完成冲正 void reversal cancel".split(),
        "reversal",
    ),
}
_KNOWN = {alias: (name, rank) for name, aliases in ALIASES.items() for rank, alias in enumerate(aliases)}


def columns_of(row: Sequence[object]) -> Columns:
    """Which column holds what, where a row is the heading of a settlement file; else empty."""
    columns, ranks = Columns(), dict[str, int]()
    for index, cell in enumerate(row):
        heading = plain(cell) if isinstance(cell, str) and len(cell) < 200 else ""  # noqa: PLR2004
        name, rank = _KNOWN.get(heading, ("", 0))
        if name and rank < ranks.get(name, 999):
            columns[name], ranks[name] = index, rank
    return columns if is_heading(columns) else {}


def is_heading(columns: Columns) -> bool:
    """A merchant or a terminal, a time, a sum, and something that tells one slip from another."""
    known = columns.keys()
    where, when = known & {"merchant", "terminal"}, known & {"at", "day"}
    return bool(
        where and when and "amount" in known and known & {"batch", "trace", "reference", "fee", "net"}
    )
