"""Statement files of any size for the measurements, an entry at a time, so that none fills the memory."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from xml.sax.saxutils import escape

FIRST_DAY = date(2026, 3, 1)
PAYERS = ("张三", "滨江机械制造有限公司", "李四", "A & B GmbH", "浙江某某物业管理有限公司")
PARTS = 8
"""Transactions of a batch."""
FULL = """\
      <AmtDtls>
       <InstdAmt><Amt Ccy="CNY">1.00</Amt></InstdAmt>
       <TxAmt><Amt Ccy="CNY">1.00</Amt></TxAmt>
      </AmtDtls>
      <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn></BkTxCd>
      <Chrgs><Rcrd><Amt Ccy="CNY">0.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>false</ChrgInclInd></Rcrd></Chrgs>
      <RltdAgts>
       <DbtrAgt><FinInstnId><BICFI>ICBKCNBJXXX</BICFI><Nm>工商银行</Nm></FinInstnId></DbtrAgt>
       <CdtrAgt><FinInstnId><BICFI>PCBCCNBJXXX</BICFI><Nm>建设银行</Nm></FinInstnId></CdtrAgt>
      </RltdAgts>
      <RltdDts><AccptncDtTm>2026-03-01T08:00:00+08:00</AccptncDtTm></RltdDts>
      <RltdRmtInf><RmtLctnMtd>EDIC</RmtLctnMtd><RmtLctnElctrncAdr>mail</RmtLctnElctrncAdr></RltdRmtInf>
      <Purp><Cd>ELEC</Cd></Purp>
      <AddtlTxInf>INCOMING CREDIT TRANSFER</AddtlTxInf>
"""

Pieces = Iterator[str]


def amounts(count: int) -> Iterator[tuple[int, date, int, str]]:
    """Number, day, fen and payer of each entry; every seventh is money out."""
    for number in range(1, count + 1):
        fen = (number * 7919) % 5_000_000 + 1
        day = FIRST_DAY + timedelta(days=number * 28 // (count + 1))
        yield number, day, -fen if number % 7 == 0 else fen, PAYERS[number % len(PAYERS)]


def yuan(fen: int, mark: str = ".") -> str:
    """An amount without its sign."""
    return f"{abs(fen) // 100}{mark}{abs(fen) % 100:02}"


def total(count: int) -> int:
    """The closing balance, in fen, of a statement that opens at zero."""
    return sum(fen for _, _, fen, _ in amounts(count))


def camt(count: int) -> Pieces:
    """A camt.053 of entries with one transaction each, indented as banks do."""
    return camt_of(count, parts=1)


def full_camt(count: int) -> Pieces:
    """A camt.053 whose transactions say all that banks say: addresses, agents, charges, references."""
    return camt_of(count, parts=1, more=FULL)


def camt_of_batches(count: int) -> Pieces:
    """A camt.053 of batches of eight transactions."""
    return camt_of(count, parts=PARTS)


def camt_of(count: int, *, parts: int, more: str = "") -> Pieces:
    """A camt.053 of version 8; ``more`` stands in each transaction."""
    whole = total(count)
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">\n <BkToCstmrStmt>\n'
        "  <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-31T01:00:00+08:00</CreDtTm></GrpHdr>\n"
        "  <Stmt>\n   <Id>S1</Id><ElctrncSeqNb>3</ElctrncSeqNb><CreDtTm>2026-03-31T01:00:00+08:00</CreDtTm>\n"
        "   <Acct><Id><Othr><Id>4400000012345678</Id></Othr></Id><Ccy>CNY</Ccy></Acct>\n"
        + camt_balance("OPBD", 0, "2026-03-01")
        + camt_balance("CLBD", whole, "2026-03-31")
    )
    for number, day, fen, payer in amounts(count):
        yield camt_entry(number, day, fen, payer.replace("&", "&amp;"), parts, more)
    yield "  </Stmt>\n </BkToCstmrStmt>\n</Document>\n"


def camt_balance(kind: str, fen: int, day: str) -> str:
    """One Bal."""
    sign = "DBIT" if fen < 0 else "CRDT"
    return (
        f'   <Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{yuan(fen)}</Amt>'
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def camt_entry(number: int, day: date, fen: int, payer: str, parts: int, more: str) -> str:
    """One Ntry; the last of its parts has what the others leave."""
    sign, role = ("DBIT", "Cdtr") if fen < 0 else ("CRDT", "Dbtr")
    each = abs(fen) // parts
    shares = [each] * (parts - 1) + [abs(fen) - each * (parts - 1)]
    details = "".join(
        f"     <TxDtls>\n      <Refs><AcctSvcrRef>B{number}-{part}</AcctSvcrRef><EndToEndId>E{number}</EndToEndId></Refs>\n"
        f'      <Amt Ccy="CNY">{yuan(share)}</Amt>\n      <CdtDbtInd>{sign}</CdtDbtInd>\n'
        f"      <RltdPties>\n       <{role}><Pty><Nm>{payer}</Nm></Pty></{role}>\n"
        f"       <{role}Acct><Id><Othr><Id>62220210{number:08}</Id></Othr></Id></{role}Acct>\n      </RltdPties>\n"
        f"      <RmtInf><Ustrd>电费 {100_100_000_000 + number}</Ustrd></RmtInf>\n{more}     </TxDtls>\n"
        for part, share in enumerate(shares)
    )
    return (
        f'   <Ntry>\n    <NtryRef>{number}</NtryRef>\n    <Amt Ccy="CNY">{yuan(fen)}</Amt>\n'
        f"    <CdtDbtInd>{sign}</CdtDbtInd>\n    <Sts><Cd>BOOK</Cd></Sts>\n    <BookgDt><Dt>{day}</Dt></BookgDt>\n"
        f"    <ValDt><Dt>{day}</Dt></ValDt>\n    <AcctSvcrRef>B{number}</AcctSvcrRef>\n"
        "    <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn></BkTxCd>\n"
        f"    <NtryDtls>\n{details}    </NtryDtls>\n   </Ntry>\n"
    )


def mt940(count: int) -> Pieces:
    """An MT940 in one message with texts by codes."""
    whole = total(count)
    yield ":20:STARTUMS\r\n:25:4400000012345678\r\n:28C:3/1\r\n:60F:C260301CNY0,00\r\n"
    for number, day, fen, payer in amounts(count):
        mark = "D" if fen < 0 else "C"
        yield (
            f":61:{day:%y%m%d}{day:%m%d}{mark}{yuan(fen, ',')}NTRFE{number}//B{number}\r\n"
            f":86:166?00TRANSFER?20{100_100_000_000 + number}?21power\r\n?3162220210{number:08}?32{payer}\r\n"
        )
    yield f":62F:{'D' if whole < 0 else 'C'}260331CNY{yuan(whole, ',')}\r\n-\r\n"


def ofx1(count: int) -> Pieces:
    """An OFX of version 1, leaves open."""
    yield "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:UTF-8\r\nCHARSET:NONE\r\n\r\n"
    yield from ofx_body(count, closed=False)


def ofx2(count: int) -> Pieces:
    """An OFX of version 2, which is XML."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE"?>\n'
    yield from ofx_body(count, closed=True)


def ofx_body(count: int, *, closed: bool) -> Pieces:
    """The tags of either version."""

    def leaf(name: str, value: str) -> str:
        return f"<{name}>{value}</{name}>\n" if closed else f"<{name}>{value}\n"

    whole = total(count)
    sign = "-" if whole < 0 else ""
    yield "<OFX>\n<BANKMSGSRSV1>\n<STMTTRNRS>\n<STMTRS>\n" + leaf("CURDEF", "CNY")
    yield "<BANKACCTFROM>\n" + leaf("BANKID", "1") + leaf("ACCTID", "4400000012345678") + "</BANKACCTFROM>\n"
    yield "<BANKTRANLIST>\n" + leaf("DTSTART", "20260301") + leaf("DTEND", "20260331")
    for number, day, fen, payer in amounts(count):
        yield (
            "<STMTTRN>\n" + leaf("TRNTYPE", "DEBIT" if fen < 0 else "CREDIT") + leaf("DTPOSTED", f"{day:%Y%m%d}")
            + leaf("TRNAMT", ("-" if fen < 0 else "") + yuan(fen)) + leaf("FITID", f"B{number}")
            + leaf("NAME", payer.replace("&", "&amp;")) + leaf("MEMO", f"电费 {100_100_000_000 + number}")
            + "</STMTTRN>\n"
        )  # fmt: skip
    yield "</BANKTRANLIST>\n<LEDGERBAL>\n" + leaf("BALAMT", sign + yuan(whole))
    yield leaf("DTASOF", "20260331") + "</LEDGERBAL>\n</STMTRS>\n</STMTTRNRS>\n</BANKMSGSRSV1>\n</OFX>\n"


def write(path: Path, pieces: Pieces, encoding: str = "utf-8") -> None:
    """Put a file on the disk, some thousand entries at a time."""
    with path.open("w", encoding=encoding, newline="") as out:
        while block := "".join(islice(pieces, 2_000)):
            out.write(block)


HEADING = ("交易日期", "借方发生额", "贷方发生额", "余额", "摘要", "对方户名", "对方账号", "流水号")


def table_rows(count: int) -> Iterator[tuple[str, ...]]:
    """A table with a running balance, heading first."""
    yield HEADING
    balance = 0
    for number, day, fen, payer in amounts(count):
        balance += fen
        sums = (yuan(fen), "") if fen < 0 else ("", yuan(fen))
        sign = "-" if balance < 0 else ""
        text = f"电费 {100_100_000_000 + number}"
        yield f"{day}", *sums, sign + yuan(balance), text, payer, f"62220210{number:08}", f"B{number}"


def table(count: int) -> Pieces:
    """A CSV."""
    for row in table_rows(count):
        out = io.StringIO()
        csv.writer(out).writerow(row)
        yield out.getvalue()


def write_workbook(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """An xlsx of one sheet, its texts in the cells themselves."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {
            "_rels/.rels": f'<Relationships {packed}><Relationship Id="a" Type="{kinds}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {main} xmlns:r="{kinds}"><sheets><sheet name="a" sheetId="1" r:id="a"/>'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships {packed}><Relationship Id="a" Type="{kinds}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        }.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f"<worksheet {main}><sheetData>".encode())
            for row in rows:
                cells = "".join(f'<c t="inlineStr"><is><t>{escape(each)}</t></is></c>' for each in row)
                sheet.write(f"<row>{cells}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")


FORMATS: dict[str, tuple[Callable[[int], Pieces], str]] = {
    "camt": (camt, "utf-8"),
    "camt_full": (full_camt, "utf-8"),
    "camt_batches": (camt_of_batches, "utf-8"),
    "mt940": (mt940, "utf-8"),
    "ofx1": (ofx1, "utf-8"),
    "ofx2": (ofx2, "utf-8"),
    "csv": (table, "gb18030"),
}
"""Name, pieces and encoding."""
