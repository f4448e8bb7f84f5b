"""The cashier's morning: files in, rules run, suggestions decided, breaks noted, the day before closed.

She decides as somebody who knows what really happened: a suggestion that joins what belongs together is
accepted, any other rejected.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from counter.services.gateway import ServerGateway
from counter.services.ports.bank_import import FileImported, ImportFile
from counter.services.ports.reports import AskReport, ReportKind
from counter.ui.request_id import new_request_id
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau
from tests.days.session import Session, request_id
from tests.month.events import Truth

LINES = "SELECT line_id, bank_account_no, reference, occurrence, trace FROM counter.statement_line WHERE line_id = ANY (%s)"
ITEMS = "SELECT item_id, kind, journal_id, line, statement_id FROM counter.book_item WHERE item_id = ANY (%s)"


class Office:
    """One cashier who keeps the bank side for all halls."""

    def __init__(self, bureau: Bureau, staff_no: str, truth: Truth) -> None:
        """Signed in twice: as the program, for files, and on a bare connection."""
        self.truth = truth
        self.session = Session(bureau, staff_no)
        press = Press(bureau.folder / "receipts")
        self.desk = ServerGateway(bureau.url, bureau.folder / "office", press).sign_in(staff_no, PASSWORD)
        self.folder = bureau.folder
        self.settled: dict[int, date] = {}
        self.found: dict[str, set[str]] = {}
        """Every kind of break that was ever shown for an event."""
        self.alarmed: dict[str, set[str]] = {}
        """The same, of those that raised an alarm."""

    def bring(self, content: bytes, name: str) -> FileImported:
        """Take a file over, as the program does."""
        path = Path(self.folder / name)
        path.write_bytes(content)
        return self.desk.bank_import.import_file(ImportFile(new_request_id(), str(path)))

    def event_of_line(self, line_id: int) -> str:
        """What really happened behind a line."""
        return self.events_of([line_id], [])[0]

    def events_of(self, line_ids: list[int], item_ids: list[int]) -> list[str]:
        """The truth behind lines and items."""
        events = []
        for _line_id, account, reference, occurrence, trace in self.session.rows(LINES, line_ids):
            if trace:
                events.append(
                    next(p.event for day in self.truth.pos.values() for p in day if p.trace == trace)
                )
            else:
                same = [line.event for line in self.truth.bank[account] if line.reference == reference]
                events.append(same[occurrence - 1])
        for _item_id, kind, journal_id, line, statement_id in self.session.rows(ITEMS, item_ids):
            if kind == "settlement":
                events.append(f"net-{self.settled[statement_id]}")
            else:
                events.append(self.truth.items[kind, journal_id, line])
        return events

    def match(self) -> None:
        """Run the rules, then decide what they suggest, until nothing is left to decide."""
        self.session.post("match_lines", {"request_id": request_id()})
        for suggestion_id, line_ids, item_ids, difference in self.session.rows(
            "SELECT suggestion_id, line_ids, item_ids, difference_fen FROM counter.suggestion"
            " WHERE rejected_at IS NULL ORDER BY suggestion_id"
        ):
            events = set(self.events_of(line_ids, item_ids))
            right = len(events) == 1 and (not difference or not item_ids)
            ask: dict[str, Any] = {"request_id": request_id(), "suggestion_id": suggestion_id}
            if right:
                more = {"difference_account": "bank_fees"} if difference else {}
                self.session.post("confirm_match", {**ask, **more})
            else:
                self.session.post("reject_suggestion", ask)

    def wrong_matches(self) -> list[tuple[int, set[str]]]:
        """Matches that join what does not belong together."""
        wrong = []
        for match_id, line_ids, item_ids in self.session.rows(
            "SELECT m.match_id, array(SELECT line_id FROM counter.bank_match_line l WHERE l.match_id = m.match_id),"
            " array(SELECT item_id FROM counter.bank_match_item i WHERE i.match_id = m.match_id)"
            " FROM counter.bank_match m WHERE m.unmatches IS NULL"
        ):
            events = set(self.events_of(line_ids, item_ids))
            if len(events) != 1:
                wrong.append((match_id, events))
        return wrong

    def note_breaks(self) -> None:
        """Write down what is shown; what is late or plainly wrong is explained."""
        for row in self.session.rows(
            "SELECT line_id, item_id, kind, alarm, state FROM counter.list_breaks()"
        ):
            line_id, item_id, kind, alarm, state = row
            event = self.events_of([line_id] if line_id else [], [item_id] if item_id else [])[0]
            self.found.setdefault(event, set()).add(kind)
            if alarm:
                self.alarmed.setdefault(event, set()).add(kind)
            if alarm and state == "new":
                side = {"line_id": line_id} if line_id else {"item_id": item_id}
                note = {"request_id": request_id(), **side, "state": "explained", "note": f"核实中 {kind}"}
                self.session.post("note_break", note)

    def unreconciled_fen(self, day: date) -> int:
        """What the reconciliation statement of a day leaves unexplained."""
        report = self.desk.reports.make(AskReport(ReportKind.RECONCILIATION, day, day))
        difference = report.tables[1].totals[-1]
        assert isinstance(difference, int)
        return difference

    def leave(self) -> None:
        """Sign out."""
        self.session.close()
        self.desk.close()
