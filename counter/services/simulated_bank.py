"""The demonstration's bank and acquirer: they see what the desks took, and write files as real ones do.

What waits in the books of the bureau comes in as lines that continue the statements so far; beside it the
bank takes a fee and somebody pays without saying for what, so that there is something to look for. A file
is written anew at each look, and is gone when there is nothing new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from counter.services.unit_of_work import transaction
from db.queries import bank_demo
from db.queries.bank_demo import AwaitedRow, BankRow

FEE_PPM: Final = 5_000
"""What the acquirer of the demonstration keeps: half a percent."""

_BANK_HEAD: Final = "交易日期,流水号,贷方发生额,借方发生额,余额,对方户名,对方账号,摘要"
_POS_HEAD: Final = "商户号,终端号,交易时间,交易类型,批次号,凭证号,参考号,卡号,卡类别,交易金额,手续费,结算金额"
_WORDS: Final = {
    "cash_deposit": "现金缴存",
    "cheque": "支票托收",
    "transfer": "转账来款",
    "refund": "退费付款",
    "settlement": "银联商务清算款",
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A movement as the bank writes it."""

    reference: str
    amount_fen: int
    party: str
    party_account: str
    words: str


def send_files(engine: Engine, folder: Path) -> None:
    """Write what bank and acquirer would send now; the login has to be one that keeps the bank side."""
    folder.mkdir(parents=True, exist_ok=True)
    with transaction(engine) as connection:
        bank_demo.collect(connection)
        banks = bank_demo.banks(connection)
        awaited = bank_demo.awaited(connection)
        slips = bank_demo.slips(connection)
        today = bank_demo.today(connection)
    for bank in banks:
        path = folder / f"{bank.bank_name}.csv"
        if bank.kind == "acquirer":
            _put(path, _settlement(bank, slips))
        else:
            lines = list(_lines(bank, awaited, first=bank.bank_account_no == banks[0].bank_account_no))
            _put(path, _statement(bank, lines, today))


def _lines(bank: BankRow, awaited: Sequence[AwaitedRow], *, first: bool) -> Iterator[_Line]:
    """What waits for this account; what names no account comes in at the first."""
    for row in awaited:
        if row.bank_account_no == bank.bank_account_no or (not row.bank_account_no and first):
            reference = row.reference if row.kind == "transfer" else f"D{row.item_id:09d}"
            words = f"{_WORDS.get(row.kind, '往来款')} {row.reference}".strip()
            yield _Line(reference, row.open_fen, row.payer, row.payer_account, words)
    if first and bank.lines == 0:
        yield _Line("N000000001", 8_888, "王小五", "6222020200015555", "电费")
        yield _Line("N000000002", -1_500, "", "", "账户管理手续费")


def _statement(bank: BankRow, lines: Sequence[_Line], today: date) -> list[str]:
    """The rows of a statement that continues where the last one ended; none without a line."""
    if not lines:
        return []
    balance = bank.closing_fen or 0
    rows = [f"账号,{bank.bank_account_no}", _BANK_HEAD]
    for line in lines:
        balance += line.amount_fen
        into, out = (_yuan(line.amount_fen), "") if line.amount_fen > 0 else ("", _yuan(-line.amount_fen))
        rows.append(
            f"{today},{line.reference},{into},{out},{_yuan(balance)},{_cell(line.party)},"
            f"{line.party_account},{_cell(line.words)}"
        )
    return rows


def _settlement(bank: BankRow, slips: Sequence[AwaitedRow]) -> list[str]:
    """The rows of the acquirer's file; none without a slip."""
    rows = [_POS_HEAD]
    for slip in slips:
        fee = (slip.open_fen * FEE_PPM + 500_000) // 1_000_000
        amounts = ",".join(map(_yuan, (slip.open_fen, fee, slip.open_fen - fee)))
        rows.append(
            f"{bank.bank_account_no},{slip.terminal},{slip.taken_at:%Y-%m-%d %H:%M:%S},消费,{slip.batch},"
            f"{slip.trace},{slip.reference},622848******1234,借记卡,{amounts}"
        )
    return rows if slips else []


def _put(path: Path, rows: Sequence[str]) -> None:
    """The file as its bank would have it, or no file."""
    if rows:
        path.write_bytes(("\r\n".join(rows) + "\r\n").encode("gb18030"))
    else:
        path.unlink(missing_ok=True)


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _cell(text: str) -> str:
    """A field without what would end it."""
    return text.replace(",", " ").replace('"', " ").replace("\n", " ")
