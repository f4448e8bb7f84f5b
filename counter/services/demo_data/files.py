"""The two files of a demonstration bureau, written in one pass and in pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

from counter.services.demo_data.accounts import Account, Accounts
from counter.services.demo_data.bills import USUAL_BILLS_PER_ACCOUNT, Bills, Period

ACCOUNTS_FILE, BILLS_FILE = "accounts.csv", "bills.csv"
ACCOUNT_HEADINGS = (
    "户号,营业厅,户名,用电地址,表号,联系电话,客户类别,付费方式,租户,困难户,停电,对公账户,"
    "状态,预收余额,风险客户"
)
BILL_HEADINGS = "户号,账期,分次,电量,应收电费,到期日"
_MODE_WORDS = {"postpaid": "后付费", "prepaid": "预付费", "card": "卡表"}
_YES_NO = ("否", "是")
_PIECE = 2_000
_LINE_END = "\r\n"


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written."""

    accounts_path: Path
    bills_path: Path
    accounts: int
    bills: int


def write_demo_data(
    accounts: int,
    seed: int,
    out: Path,
    *,
    as_of: date | None = None,
    bills_per_account: int = USUAL_BILLS_PER_ACCOUNT,
    encoding: str = "utf-8-sig",
    on_progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Write ``accounts.csv`` and ``bills.csv`` into the folder ``out``, which is made if need be.

    ``as_of`` (today when left out) places the due dates; ``encoding`` is ``utf-8-sig`` (with a byte order
    mark, as spreadsheets like it) or ``gb18030`` (what GBK is today); ``on_progress`` hears (done, all).
    Raises ValueError for a negative count and OSError when the folder cannot be written to.
    """
    if accounts < 0 or bills_per_account < 0:
        raise ValueError("the numbers of accounts and bills must not be negative")
    out.mkdir(parents=True, exist_ok=True)
    paths = out / ACCOUNTS_FILE, out / BILLS_FILE
    chance = Random(seed)  # noqa: S311  (repeatable on purpose; nothing secret comes of it)
    pieces = _pieces(accounts, chance, as_of or _today(), bills_per_account)
    bills = 0
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("w", encoding=encoding, newline="")) for path in paths]
        files[0].write(ACCOUNT_HEADINGS + _LINE_END)
        files[1].write(BILL_HEADINGS + _LINE_END)
        for done, account_lines, bill_lines in pieces:
            files[0].write("".join(account_lines))
            files[1].write("".join(bill_lines))
            bills += len(bill_lines)
            if on_progress:
                on_progress(done, accounts)
    return Summary(*paths, accounts=accounts, bills=bills)


def _today() -> date:
    """The date of this machine."""
    return datetime.now().astimezone().date()


def _pieces(
    accounts: int, chance: Random, as_of: date, bills_per_account: int
) -> Iterator[tuple[int, list[str], list[str]]]:
    """(accounts done, account lines, bill lines) of some thousand accounts at a time."""
    account_maker, bill_maker = Accounts(chance), Bills(chance, as_of, bills_per_account)
    for first in range(0, accounts, _PIECE):
        account_lines: list[str] = []
        bill_lines: list[str] = []
        last = min(first + _PIECE, accounts)
        for serial in range(first, last):
            account = account_maker.make(serial)
            account_lines.append(_account_line(account))
            bill_lines += [_bill_line(account, *bill) for bill in bill_maker.make(serial, account)]
        yield last, account_lines, bill_lines


def _account_line(account: Account) -> str:
    """One line of the accounts file; no field holds a comma or a quotation mark."""
    prepaid = _yuan(account.prepaid_fen) if account.prepaid_fen else ""
    return (
        f"{account.account_no},{account.hall_no},{account.name},{account.address},{account.meter_no},"
        f"{account.phone},{'居民' if account.residential else '非居民'},{_MODE_WORDS[account.payment_mode]},"
        f"{_YES_NO[account.tenant]},{_YES_NO[account.hardship]},{_YES_NO[account.disconnected]},"
        f"{_YES_NO[account.corporate_bank]},{'在用' if account.active else '销户'},{prepaid},"
        f"{_YES_NO[account.risk_customer]}{_LINE_END}"
    )


def _bill_line(account: Account, period: Period, part: int, kwh: int, amount_fen: int) -> str:
    """One line of the bills file."""
    return f"{account.account_no},{period.text},{part},{kwh},{_yuan(amount_fen)},{period.due}{_LINE_END}"


def _yuan(fen: int) -> str:
    """Yuan as a file has them: two decimals, no thousands commas."""
    return f"{fen // 100}.{fen % 100:02d}"
