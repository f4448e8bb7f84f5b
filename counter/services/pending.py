"""Requests on the desk's own disk, from before they are sent until their outcome is known.

One small file for each request, synced to the disk before anything goes to the server. So a desk that
dies between sending and the reply still knows what to ask for. Nothing secret stands in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from counter.errors import Refusal
from counter.i18n import _
from counter.services.ports import Pending

_PAYMENT = "post_payment"
"""What a file without a function is: the release before kept only these."""


class Entry(NamedTuple):
    """One request with the database function that it was for."""

    sent_at: datetime
    function: str
    request: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PendingStore:
    """The folder of one desk; each member of staff sees only what they sent themselves."""

    folder: Path
    staff_no: str

    def remember(self, function: str, request: Mapping[str, Any]) -> None:
        """Write the request down, durably; raises Refusal when the disk does not take it."""
        entry = {
            "staff_no": self.staff_no,
            "sent_at": datetime.now(UTC).isoformat(),
            "function": function,
            "request": dict(request),
        }
        path = self._path(request["request_id"])
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = path.with_suffix(".tmp")
            with draft.open("w", encoding="utf-8") as file:
                json.dump(entry, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            self._sync_folder()
        except OSError as error:
            raise self._disk_refused(error) from error

    def forget(self, request_id: UUID | str) -> None:
        """The outcome is known: the file goes. A file that is gone already does no harm."""
        self._path(request_id).unlink(missing_ok=True)

    def entries(self) -> tuple[Entry, ...]:
        """What this member of staff sent and does not know the outcome of, oldest first."""
        found = []
        for path in self.folder.glob("*.json"):
            try:
                entry = json.loads(path.read_text("utf-8"))
                if entry["staff_no"] == self.staff_no:
                    sent_at = datetime.fromisoformat(entry["sent_at"])
                    found.append(Entry(sent_at, entry.get("function", _PAYMENT), dict(entry["request"])))
            except (OSError, ValueError, KeyError, TypeError):
                continue  # a torn or foreign file was never sent: it is renamed into place only when whole
        return tuple(sorted(found, key=lambda entry: entry.sent_at))

    def bodies(self) -> tuple[Mapping[str, Any], ...]:
        """The requests alone."""
        return tuple(entry.request for entry in self.entries())

    def listed(self) -> tuple[Pending, ...]:
        """The same as the screens show it."""
        return tuple(map(_pending, self.entries()))

    def _path(self, request_id: UUID | str) -> Path:
        return self.folder / f"{UUID(str(request_id))}.json"

    def _sync_folder(self) -> None:
        if os.name == "nt":
            return  # a folder cannot be synced there; the rename is journalled
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _disk_refused(self, error: OSError) -> Refusal:
        return Refusal(
            _("This desk's disk does not take the number of the request."),
            _("Nothing was sent and nothing was saved. {reason}: {folder}").format(
                reason=error.strerror, folder=self.folder
            ),
            _("Make room on the disk or tell the administrator, then press Enter again."),
        )


def _pending(entry: Entry) -> Pending:
    """A request as the screens list it: by the account that it names, and its amount."""
    request = entry.request
    accounts: Sequence[Mapping[str, Any]] = request.get("accounts") or ()
    numbers = [str(each["account_no"]) for each in accounts]
    named = (request.get("account_no"), request.get("from_account"), *numbers[:1])
    return Pending(
        UUID(request["request_id"]),
        next(filter(None, named), ""),
        _amount_fen(request),
        entry.sent_at.astimezone(),
        tuple(numbers[1:]),
        entry.function,
    )


def _amount_fen(request: Mapping[str, Any]) -> int:
    """What it is about in money; 0 where it is about none."""
    for name in ("amount_fen", "total_fen", "float_fen", "waived_fen"):
        if name in request:
            return int(request[name])
    if "denominations" in request:
        return sum(int(face) * pieces for face, pieces in request["denominations"].items())
    parts = request.get("tenders") or request.get("instalments") or ()
    return sum(part["amount_fen"] for part in parts)
