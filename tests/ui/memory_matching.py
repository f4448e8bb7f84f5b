"""Statement and books in memory: for pictures, for faults that no real server gives on demand, for size.

It keeps what the screen relies on: a match closes what it names, a request id counts once, what somebody else
has closed is refused.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from counter.errors import CounterError, NotAllowed, OutcomeUnknown
from counter.services.ports.bank_import import AccountKind, StatementAccount
from counter.services.ports.matching import (
    Board,
    BreakState,
    ConfirmMatch,
    ItemView,
    LineView,
    MatchMade,
    MatchPart,
    MatchRun,
    MatchView,
    NoteBreak,
    RejectSuggestion,
    RuleResult,
    RunMatching,
    Side,
    SuggestionView,
    Unmatch,
)
from tests.ui.customers import NOW, TODAY

_LINES = (
    (1, 1_284_550, "20261122000117", "代收电费 0100300001", "云江纺织有限公司", "3301 **** 0456", 1),
    (2, 162_050, "20261122000131", "电费 王小山", "王小山", "6228 **** 4455", 1),
    (3, 3_600_000, "20261122000140", "现金缴存", "", "", 1),
    (4, -1_500, "20261122000152", "手续费", "", "", 1),
    (5, 88_000, "20261123000004", "网银转账", "江城机械制造有限公司", "4402 **** 9917", 0),
    (6, 41_826, "20261123000009", "电费", "李国华", "6217 **** 0031", 0),
)
_ITEMS = (
    (1, "transfer", 1_284_550, "SL-7731", "云江纺织有限公司", "0100300001", 1),
    (2, "transfer", 100_000, "SL-7740", "王小山", "0100234567", 2),
    (3, "transfer", 62_050, "SL-7741", "王小山", "0100234567", 2),
    (4, "cash_deposit", 3_600_000, "800001-261122-0001", "", "", 1),
    (5, "transfer", 87_990, "SL-7802", "江城机械制造", "0100300207", 0),
    (6, "cheque", 250_000, "00412233", "滨江物业", "0100300311", 6),
)
_SUGGESTIONS = (
    (1, "account_in_text", 95, "附言中有户号 0100300001，金额相同", (1,), (1,), 0, ""),
    (2, "group_sum", 82, "同一付款人两笔合计等于入账金额", (2,), (2, 3), 0, ""),
    (3, "deposit_amount_date", 88, "解款金额相同，次日入账", (3,), (4,), 0, ""),
    (4, "fee_line", 80, "摘要为手续费", (4,), (), -1_500, "bank_fees"),
)


_ACCOUNTS = (
    ("4400000012345678", "**** 5678", "建设银行滨江支行", AccountKind.BANK),
    ("3300000087654321", "**** 4321", "工商银行城关支行", AccountKind.BANK),
    ("105290045110001", "**** 0001", "银联商务", AccountKind.ACQUIRER),
)


class MemoryAccounts:
    """The accounts that statements come for."""

    def accounts(self) -> tuple[StatementAccount, ...]:
        """Two of banks, one of an acquirer."""
        return tuple(
            StatementAccount(number, masked, name, "滨江供电局", kind, "CNY", None, None, 0, 0)
            for number, masked, name, kind in _ACCOUNTS
        )


def gone() -> CounterError:
    """Somebody else was faster."""
    return NotAllowed(
        "Another cashier has matched this meanwhile.", "Nothing was saved.", "Look at what is open now."
    )


class MemoryMatching:
    """One bureau's open lines and items; switches let the next answer be lost, or be refused."""

    def __init__(
        self,
        lines: tuple[LineView, ...] | None = None,
        items: tuple[ItemView, ...] | None = None,
        suggestions: tuple[SuggestionView, ...] | None = None,
    ) -> None:
        """A handful of each, or those given."""
        self.lines = {each.line_id: each for each in (example_lines() if lines is None else lines)}
        self.items = {each.item_id: each for each in (example_items() if items is None else items)}
        self.suggestions = list(example_suggestions() if suggestions is None else suggestions)
        self.made: dict[UUID, MatchMade] = {}
        self.asked: list[object] = []
        self.kept: list[MatchView] = []
        self.lose_reply = False
        self.lose_request = False
        self.fail: CounterError | None = None

    def board(self, side: Side, bank_account_no: str | None = None, limit: int = 20_000) -> Board:  # noqa: ARG002
        """What is open."""
        if self.fail is not None:
            raise self.fail
        lines = tuple(each for each in self.lines.values() if each.side is side)
        items = tuple(self.items.values()) if side is Side.BANK else ()
        lines_fen, items_fen = sum(x.open_fen for x in lines), sum(x.open_fen for x in items)
        joined = {i for each in self.suggestions for i in each.line_ids}
        joined_items = {i for each in self.suggestions for i in each.item_ids}
        left = (x.open_fen for x in lines if x.line_id not in joined and x.state is not BreakState.EXPLAINED)
        right = (
            x.open_fen for x in items if x.item_id not in joined_items and x.state is not BreakState.EXPLAINED
        )
        unexplained = sum(left) - sum(right)
        shown = tuple(self.suggestions) if side is Side.BANK else ()
        return Board(
            lines, items, shown, unexplained, lines_fen, items_fen, len(lines), len(items), len(self.made)
        )

    def find(self, words: str, side: Side) -> Board:
        """By text or amount, as it is written."""
        board = self.board(side)
        has = words.replace(",", "")
        lines = tuple(x for x in board.lines if words in f"{x.text}{x.party}{x.reference}" or _is(x, has))
        items = tuple(
            x for x in board.items if words in f"{x.payer}{x.account_no}{x.reference}" or _is(x, has)
        )
        return replace(board, lines=lines, items=items, suggestions=())

    def run(self, request: RunMatching) -> MatchRun:
        """Finds nothing more."""
        self.asked.append(request)
        open_counts = len(self.lines), len(self.items)
        rules = (RuleResult("transfer_serial", 0, 0),)
        return MatchRun(request.request_id, rules, len(self.suggestions), *open_counts, replayed=False)

    def confirm(self, request: ConfirmMatch) -> MatchMade:
        """Close what it names, once."""
        self.asked.append(request)
        if self.lose_request:
            raise OutcomeUnknown("It is not known whether this was posted.")
        if request.request_id not in self.made:
            lines, items = self._parts(request)
            if any(p.id not in self.lines for p in lines) or any(p.id not in self.items for p in items):
                raise gone()
            for part in lines:
                self._close(self.lines, part)
            for part in items:
                self._close(self.items, part)
            number = len(self.made) + 1
            self.made[request.request_id] = MatchMade(
                request.request_id, number, 1_000 + number, 0, replayed=False
            )
        if self.lose_reply:
            raise OutcomeUnknown("It is not known whether this was posted.")
        return self.made[request.request_id]

    def _parts(self, request: ConfirmMatch) -> tuple[tuple[MatchPart, ...], tuple[MatchPart, ...]]:
        """What a request names, or its suggestion does."""
        if request.suggestion_id is None:
            return request.lines, request.items
        found = next((s for s in self.suggestions if s.suggestion_id == request.suggestion_id), None)
        if found is None:
            raise gone()
        return tuple(map(MatchPart, found.line_ids)), tuple(map(MatchPart, found.item_ids))

    def _close(self, views: dict[int, LineView] | dict[int, ItemView], part: MatchPart) -> None:
        """Close a part or all; suggestions about it are gone."""
        view = views[part.id]
        left_fen = view.open_fen - (view.open_fen if part.amount_fen is None else part.amount_fen)
        if left_fen:
            views[part.id] = replace(view, open_fen=left_fen, suggestion_id=None)  # type: ignore[assignment]
        else:
            del views[part.id]
        is_line = isinstance(view, LineView)
        self.suggestions = [
            s for s in self.suggestions if part.id not in (s.line_ids if is_line else s.item_ids)
        ]

    def unmatch(self, request: Unmatch) -> MatchMade:
        """Say that it was taken back."""
        self.asked.append(request)
        self.kept = [replace(m, undone=m.undone or m.match_id == request.match_id) for m in self.kept]
        return MatchMade(request.request_id, 99, 1_099, 0, replayed=False)

    def reject(self, request: RejectSuggestion) -> None:
        """Drop it."""
        self.asked.append(request)
        self.suggestions = [s for s in self.suggestions if s.suggestion_id != request.suggestion_id]

    def note(self, request: NoteBreak) -> None:
        """Keep it on the line or item."""
        self.asked.append(request)
        changes = {"state": request.state, "note": request.note, "owner": "赵强"}
        if request.line_id is not None:
            self.lines[request.line_id] = replace(self.lines[request.line_id], **changes)  # type: ignore[arg-type]
        elif request.item_id is not None:
            self.items[request.item_id] = replace(self.items[request.item_id], **changes)  # type: ignore[arg-type]

    def matches(self, side: Side, first: date, last: date, limit: int = 500) -> tuple[MatchView, ...]:  # noqa: ARG002
        """What was kept."""
        return tuple(self.kept)


def line(number: int, fen: int, reference: str, text: str, party: str, account: str, days: int) -> LineView:
    """One line of the statement."""
    return LineView(
        number, Side.BANK, "**** 5678", TODAY - timedelta(days=days), fen, fen, reference, text, party, account,
        BreakState.NEW, "", "", days, None,
    )  # fmt: skip


def item(number: int, kind: str, fen: int, reference: str, payer: str, account: str, days: int) -> ItemView:
    """One item of the books."""
    return ItemView(
        number, kind, 1, "城关营业厅", TODAY - timedelta(days=days), fen, fen, reference, payer, account,
        BreakState.NEW, "", "", days, None,
    )  # fmt: skip


def example_lines() -> tuple[LineView, ...]:
    """Some of every kind; the ones of a suggestion know it."""
    joined = {i: row[0] for row in _SUGGESTIONS for i in row[4]}
    return tuple(replace(line(*row), suggestion_id=joined.get(row[0])) for row in _LINES)


def example_items() -> tuple[ItemView, ...]:
    """Some of every kind; the oldest is explained."""
    joined = {i: row[0] for row in _SUGGESTIONS for i in row[5]}
    items = [replace(item(*row), suggestion_id=joined.get(row[0])) for row in _ITEMS]
    waits = replace(items[-1], state=BreakState.WAITING, owner="赵强", note="支票尚未交换")
    return (*items[:-1], waits)


def example_suggestions() -> tuple[SuggestionView, ...]:
    """One of each shape: one to one, one to many, a deposit, a fee."""
    return tuple(SuggestionView(*row) for row in _SUGGESTIONS)


def example_match(number: int = 7) -> MatchView:
    """One that was made."""
    lines, items = (line(*_LINES[0]),), (item(*_ITEMS[0]),)
    return MatchView(
        number, "account_in_text", 95, "附言中有户号 0100300001，金额相同", lines, items, 0, "赵强", NOW, "",
        undone=False, unmatches=None,
    )  # fmt: skip


def _is(view: LineView | ItemView, words: str) -> bool:
    """Whether it has just this amount."""
    return words == f"{view.open_fen / 100:.2f}"
