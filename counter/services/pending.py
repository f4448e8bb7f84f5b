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
from typing import Any
from uuid import UUID

from counter.errors import Refusal
from counter.i18n import _
from counter.services.ports import Pending


@dataclass(frozen=True, slots=True)
class PendingStore:
    """The folder of one desk; each member of staff sees only what they sent themselves."""

    folder: Path
    staff_no: str

    def remember(self, request: Mapping[str, Any]) -> None:
        """Write the request down, durably; raises Refusal when the disk does not take it."""
        entry = {
            "staff_no": self.staff_no,
            "sent_at": datetime.now(UTC).isoformat(),
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

    def requests(self) -> tuple[tuple[dict[str, Any], datetime], ...]:
        """What this member of staff sent and does not know the outcome of, oldest first."""
        found = []
        for path in self.folder.glob("*.json"):
            try:
                entry = json.loads(path.read_text("utf-8"))
                if entry["staff_no"] == self.staff_no:
                    found.append((dict(entry["request"]), datetime.fromisoformat(entry["sent_at"])))
            except (OSError, ValueError, KeyError, TypeError):
                continue  # a torn or foreign file was never sent: it is renamed into place only when whole
        return tuple(sorted(found, key=lambda item: item[1]))

    def listed(self) -> tuple[Pending, ...]:
        """The same as the screens show it."""
        return tuple(_pending(request, sent_at) for request, sent_at in self.requests())

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
            _("This desk's disk does not take the payment's number."),
            _("Nothing was sent and nothing was saved. {reason}: {folder}").format(
                reason=error.strerror, folder=self.folder
            ),
            _("Make room on the disk or tell the administrator, then press Enter again."),
        )


def _pending(request: Mapping[str, Any], sent_at: datetime) -> Pending:
    """A request as the screens list it: a correction by what it names."""
    tendered_fen = sum(tender["amount_fen"] for tender in request.get("tenders", ()))
    accounts: Sequence[Mapping[str, Any]] = request.get("accounts") or ({},)
    named = (request.get("account_no"), request.get("from_account"), accounts[0].get("account_no"))
    return Pending(
        UUID(request["request_id"]),
        next(filter(None, named), ""),
        request.get("amount_fen", tendered_fen),
        sent_at.astimezone(),
        tuple(str(account["account_no"]) for account in accounts[1:]),
    )
