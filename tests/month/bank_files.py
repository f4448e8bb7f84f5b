"""Statements as banks write them: from the truth to the bytes of a file, each format by hand.

Shares nothing with the readers of the product: what both agree on is the format alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tests.month.events import BankLine


@dataclass(frozen=True, slots=True)
class Day:
    """What a statement covers: one account, one day, its lines and the balances around them (fen)."""

    account: str
    day: date
    opening_fen: int
    lines: Sequence[BankLine]

    @property
    def closing_fen(self) -> int:
        """The balance in the evening."""
        return self.opening_fen + sum(line.amount_fen for line in self.lines)


def yuan(fen: int, mark: str = ".") -> str:
    """``-12.34``."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}{mark}{rest:02d}"


def csv_gb18030(day: Day) -> bytes:
    """The way a Chinese bank exports: preamble, GB18030, CRLF, thousands commas, a running balance."""
    rows = [
        f"账号,{day.account}",
        f"查询日期,{day.day:%Y-%m-%d}",
        "交易日期,流水号,贷方发生额,借方发生额,余额,对方户名,对方账号,摘要",
    ]
    balance = day.opening_fen
    for line in day.lines:
        balance += line.amount_fen
        into = f'"{line.amount_fen // 100:,}.{line.amount_fen % 100:02d}"' if line.amount_fen > 0 else ""
        out = yuan(-line.amount_fen) if line.amount_fen < 0 else ""
        rows.append(
            f"{line.booked:%Y-%m-%d},{line.reference},{into},{out},{yuan(balance)},"
            f"{line.party},{line.party_account},{line.text}"
        )
    return ("\r\n".join(rows) + "\r\n").encode("gb18030")


def camt053(day: Day) -> bytes:
    """ISO 20022, version 8."""

    def balance(code: str, fen: int) -> str:
        mark = "DBIT" if fen < 0 else "CRDT"
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='CNY'>{yuan(abs(fen))}</Amt>"
            f"<CdtDbtInd>{mark}</CdtDbtInd><Dt><Dt>{day.day}</Dt></Dt></Bal>"
        )

    def entry(line: BankLine) -> str:
        side, mark = ("Dbtr", "CRDT") if line.amount_fen > 0 else ("Cdtr", "DBIT")
        return (
            f"<Ntry><Amt Ccy='CNY'>{yuan(abs(line.amount_fen))}</Amt><CdtDbtInd>{mark}</CdtDbtInd>"
            f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{line.booked}</Dt></BookgDt>"
            f"<ValDt><Dt>{line.booked}</Dt></ValDt><AcctSvcrRef>{line.reference}</AcctSvcrRef>"
            "<BkTxCd><Prtry><Cd>TRF</Cd></Prtry></BkTxCd><NtryDtls><TxDtls><RltdPties>"
            + (f"<{side}><Pty><Nm>{line.party}</Nm></Pty></{side}>" if line.party else "")
            + (
                f"<{side}Acct><Id><Othr><Id>{line.party_account}</Id></Othr></Id></{side}Acct>"
                if line.party_account
                else ""
            )
            + f"</RltdPties><RmtInf><Ustrd>{line.text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )

    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'><BkToCstmrStmt>"
        f"<GrpHdr><MsgId>{day.day:%Y%m%d}</MsgId><CreDtTm>{day.day}T22:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{day.day:%Y%m%d}</Id><Acct><Id><Othr><Id>{day.account}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>"
        + balance("OPBD", day.opening_fen)
        + balance("CLBD", day.closing_fen)
        + "".join(map(entry, day.lines))
        + "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def mt940(day: Day) -> bytes:
    """SWIFT, as many banks send it."""

    def balance(tag: str, fen: int) -> str:
        return f":{tag}:{'D' if fen < 0 else 'C'}{day.day:%y%m%d}CNY{yuan(abs(fen), ',')}"

    rows = [":20:STMT" + f"{day.day:%y%m%d}", f":25:{day.account}", f":28C:{day.day:%j}/1"]
    rows.append(balance("60F", day.opening_fen))
    for line in day.lines:
        mark = "D" if line.amount_fen < 0 else "C"
        rows.append(
            f":61:{line.booked:%y%m%d}{line.booked:%m%d}{mark}{yuan(abs(line.amount_fen), ',')}"
            f"NTRFNONREF//{line.reference}"
        )
        rows.append(f":86:{line.text} {line.party} {line.party_account}".rstrip())
    rows.append(balance("62F", day.closing_fen))
    return ("\r\n".join([*rows, "-"]) + "\r\n").encode()


FORMATS: tuple[Callable[[Day], bytes], ...] = (csv_gb18030, camt053, mt940)
"""In turns, day by day: banks change their exports without asking."""
