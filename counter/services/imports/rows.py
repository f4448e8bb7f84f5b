"""From a line's fields to the row that is staged, for each of the two files.

Invariant: a row is staged for every line, so that later checks see all of them; what could not be read
is NULL there and a problem beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from counter.domain.addresses import split_address
from counter.services.imports import fields
from counter.services.imports.columns import ACCOUNT_COLUMNS, BILL_COLUMNS, Column
from counter.services.imports.fields import Reader
from counter.services.imports.pinyin import initials
from counter.services.imports.problems import SHOWN_LENGTH_MAX, FieldError, Problem, Reason

NULL = "\\N"
_NOT_SEARCHED = dict.fromkeys(map(ord, '"\\'))
_FLAGS = ("tenant", "hardship", "disconnected", "corporate_bank", "risk_customer")
_FLAG_FORMS = {
    **dict.fromkeys(("是", "y", "yes", "1", "t", "true", "有"), "t"),
    **dict.fromkeys(("否", "n", "no", "0", "f", "false", "无", ""), "f"),
}
_CLASS_FORMS = {
    **dict.fromkeys(("居民", "居民生活", "低压居民", "residential"), "residential"),
    **dict.fromkeys(("非居民", "低压非居民", "高压", "non_residential", "nonresidential"), "non_residential"),
}
_MODE_FORMS = {
    **dict.fromkeys(("后付费", "postpaid", ""), "postpaid"),
    **dict.fromkeys(("预付费", "prepaid"), "prepaid"),
    **dict.fromkeys(("卡表", "卡表购电", "card"), "card"),
    **dict.fromkeys(("代码表", "代码购电", "token"), "token"),
}
_STATUS_FORMS = {
    **dict.fromkeys(("在用", "正常", "正常用电客户", "active", ""), "active"),
    **dict.fromkeys(("销户", "已销户", "closed"), "closed"),
}


@dataclass(frozen=True, slots=True)
class FileKind:
    """One of the two files: its columns, how each is read, and the columns that are staged."""

    columns: tuple[Column, ...]
    readers: Mapping[str, Reader]
    staging_table: str
    staged_columns: tuple[str, ...]
    derive: Callable[[list[str]], list[str]]


def accounts_file(halls: Mapping[str, str]) -> FileKind:
    """The accounts file; ``halls`` gives the number of each hall by its number and its name."""
    readers: dict[str, Reader] = {
        "account_no": fields.digits("[0-9]{10,12}", Reason.BAD_ACCOUNT_NO),
        "hall_no": fields.words(halls, Reason.UNKNOWN_HALL),
        "name": fields.read_name,
        "address": fields.read_address,
        "meter_no": fields.digits("[0-9]{12}", Reason.BAD_METER_NO, optional=True),
        "phone": fields.read_phone,
        "customer_class": fields.words(_CLASS_FORMS),
        "payment_mode": fields.words(_MODE_FORMS),
        **dict.fromkeys(_FLAGS, fields.words(_FLAG_FORMS)),
        "status": fields.words(_STATUS_FORMS),
        "prepaid": fields.amounts(allow_zero=True, optional=True),
    }
    derived = ("name_initials", "places", "tails")
    return FileKind(ACCOUNT_COLUMNS, readers, "account_staging", (*readers, *derived), _derive_from_account)


def bills_file() -> FileKind:
    """The bills file."""
    readers: dict[str, Reader] = {
        "account_no": fields.digits("[0-9]{10,12}", Reason.BAD_ACCOUNT_NO),
        "period": fields.remembered(fields.read_period),
        "part": fields.remembered(fields.read_part),
        "kwh": fields.read_kwh,
        "amount": fields.amounts(allow_zero=True),
        "due_date": fields.remembered(fields.read_date),
    }
    return FileKind(BILL_COLUMNS, readers, "bill_staging", tuple(readers), list)


_NAME, _ADDRESS = 2, 3


def _derive_from_account(values: list[str]) -> list[str]:
    """The values, escaped for COPY, with initials, places and tails behind them."""
    name, address = values[_NAME], values[_ADDRESS]
    values[_NAME], values[_ADDRESS] = _escaped(name), _escaped(address)
    segments = split_address(_searchable(address))
    places, tails = zip(*segments, strict=True) if segments else ((), ())
    values += [initials(name), _array(places), _array(tails)]
    return values


def _escaped(text: str) -> str:
    """Free text for COPY; normalising has left no line end and no tab in it."""
    return text.replace("\\", "\\\\") if "\\" in text else text


def _array(items: Sequence[str]) -> str:
    """An array literal for COPY of searchable texts."""
    joined = '","'.join(items)
    return f'{{"{joined}"}}' if items else "{}"


def _searchable(address: str) -> str:
    """An address without quotation marks and backslashes, which nobody searches for and literals escape."""
    return address.translate(_NOT_SEARCHED) if '"' in address or "\\" in address else address


class RowReader:
    """Reads lines of one file into rows for COPY, collecting what is wrong with them."""

    def __init__(self, kind: FileKind, positions: Mapping[str, int], field_count: int) -> None:
        """``positions`` says where the file has each column; ``field_count`` how many fields a line has."""
        self._kind = kind
        self._field_count = field_count
        self._plan = [(name, positions.get(name, -1), read) for name, read in kind.readers.items()]
        self._pairs = [(position, read) for _name, position, read in self._plan]
        self.problems: list[Problem] = []

    def staged(self, first_line_no: int, rows: Iterable[list[str] | Reason], lines: Sequence[str]) -> str:
        """The rows as text for COPY; blank lines are passed over."""
        parts = []
        for offset, row in enumerate(rows):
            values = self._values(first_line_no + offset, row, lines[offset])
            if values is not None:
                parts.append("\t".join((str(first_line_no + offset), *values)))
        return "\n".join(parts) + "\n" if parts else ""

    def _values(self, line_no: int, row: list[str] | Reason, line: str) -> list[str] | None:
        """The staged values of one line; None for a blank one."""
        if isinstance(row, list) and len(row) == self._field_count and "\0" not in line:
            row.append("")
            try:
                return self._kind.derive([read(row[position]) for position, read in self._pairs])
            except FieldError:
                return self._with_problems(line_no, row)
        return self._odd_line(line_no, row, line)

    def _odd_line(self, line_no: int, row: list[str] | Reason, line: str) -> list[str] | None:
        """A line that is blank, no record, or has too many or too few fields."""
        if "\0" in line:
            return self._refused(line_no, Reason.NUL_BYTE, line)
        if isinstance(row, Reason):
            return self._refused(line_no, row, line)
        if not any(field.strip() for field in row):
            return None
        while len(row) > self._field_count and not row[-1].strip():
            row.pop()
        if len(row) != self._field_count:
            return self._refused(line_no, Reason.FIELD_COUNT, str(len(row)))
        return self._values(line_no, row, line)

    def _refused(self, line_no: int, reason: Reason, found: str) -> list[str]:
        """Note a problem of the whole line, of which nothing can be staged."""
        self.problems.append(Problem(line_no, "", reason, found.replace("\0", "")[:SHOWN_LENGTH_MAX]))
        return [NULL] * len(self._kind.staged_columns)

    def _with_problems(self, line_no: int, row: list[str]) -> list[str] | None:
        """Every field by itself: what can be read is staged, the rest noted; None for a blank line."""
        if not any(field.strip() for field in row):
            return None
        values = []
        for name, position, read in self._plan:
            try:
                values.append(read(row[position]))
            except FieldError as error:
                values.append(NULL)
                found = row[position][:SHOWN_LENGTH_MAX]
                self.problems.append(Problem(line_no, name, error.reason, found))
        values = [value if value == NULL else _escaped(value) for value in values]
        return values + [NULL] * (len(self._kind.staged_columns) - len(values))
