"""Small statement files of one month, as banks write them; money in fen."""

from __future__ import annotations

from collections.abc import Sequence

from counter.domain.money import format_yuan

ACCOUNT = "4400123412341234"
MERCHANT = "898110253310001"
Row = tuple[str, int, str, str]
"""Day, amount, reference, text."""


def plain(amount_fen: int) -> str:
    """Digits and a point."""
    return format_yuan(amount_fen).replace(",", "")


def csv_file(
    rows: Sequence[Row], opening_fen: int, account: str = ACCOUNT, *, balances: bool = True
) -> bytes:
    """A Chinese bank's table in GB18030, with the running balance or without."""
    headings = ["交易日期", "贷方发生额", "借方发生额", "余额", "流水号", "摘要"]
    lines, balance_fen = [[f"账号:{account}"] if account else ["明细"], headings], opening_fen
    for day, fen, reference, text in rows:
        balance_fen += fen
        sides = [plain(fen), ""] if fen > 0 else ["", plain(-fen)]
        lines.append([day, *sides, plain(balance_fen), reference, text])
    if not balances:
        lines = [line[:3] + line[4:] for line in lines]
    return "".join(",".join(line) + "\r\n" for line in lines).encode("gb18030")


def mt940_file(rows: Sequence[Row], opening_fen: int, account: str = ACCOUNT) -> bytes:
    """The same as MT940."""

    def short(day: str) -> str:
        """As SWIFT writes a day."""
        return day[2:].replace("-", "")

    def balance(tag: str, day: str, fen: int) -> str:
        """An opening or closing balance."""
        return f":{tag}:{'D' if fen < 0 else 'C'}{short(day)}CNY{plain(abs(fen)).replace('.', ',')}"

    lines = [":20:STMT", f":25:{account}", ":28C:1/1", balance("60F", rows[0][0], opening_fen)]
    for day, fen, reference, text in rows:
        side, money = "C" if fen > 0 else "D", plain(abs(fen)).replace(".", ",")
        lines += [f":61:{short(day)}{side}{money}NTRFNONREF" + (f"//{reference}" if reference else "")]
        lines += [f":86:{text}"]
    lines.append(balance("62F", rows[-1][0], opening_fen + sum(row[1] for row in rows)))
    return ("\r\n".join(lines) + "\r\n-\r\n").encode()


def acquirer_file(rows: Sequence[tuple[str, str, int, int]], merchant: str = MERCHANT) -> bytes:
    """An acquirer's table: moment, trace, amount and fee."""
    lines = ["商户号,终端号,交易时间,交易类型,批次号,凭证号,参考号,卡号,卡类别,交易金额,手续费,结算金额"]
    lines += [
        f"{merchant},12345678,{at},{'消费' if fen > 0 else '退货'},000001,{trace},{trace:0>12},6222021234567890,借记卡,"
        f"{plain(fen)},{plain(fee)},{plain(fen - fee)}"
        for at, trace, fen, fee in rows
    ]
    return "".join(line + "\r\n" for line in lines).encode("gb18030")
