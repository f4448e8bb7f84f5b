"""The newest epoch that this desk has seen, so that an old primary that comes back is never written to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from counter.errors import StaleServer
from counter.i18n import _


@dataclass(frozen=True, slots=True)
class EpochWatch:
    """One small file in the desk's folder; a desk without one accepts the first epoch that it sees."""

    path: Path

    def check(self, epoch: int) -> None:
        """Remember a newer epoch; raises StaleServer for an older one."""
        known = self._known()
        if epoch < known:
            raise StaleServer(
                _("This server is an old copy."),
                _(
                    "It was replaced (epoch {known}), but answered with epoch {epoch}. Nothing was sent."
                ).format(known=known, epoch=epoch),
                _("Tell the administrator: the old server must be switched off."),
            )
        if epoch > known:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            draft = self.path.with_suffix(".tmp")
            draft.write_text(str(epoch), "ascii")
            draft.replace(self.path)

    def _known(self) -> int:
        try:
            return int(self.path.read_text("ascii"))
        except (OSError, ValueError):
            return 0
