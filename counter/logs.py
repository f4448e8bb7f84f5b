"""One log a desk: JSON lines in the desk's folder, a few megabytes, without anything secret.

Everybody logs through the standard library; structlog writes the lines. What looks like a password, a
key, a connection address with a password, a token for a meter or a full card number is masked before it is
written, whoever wrote it and wherever it stands. structlog is imported when the log is opened, after the
first paint.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Final

LOG_BYTES_MAX: Final = 2_000_000
LOG_FILES: Final = 5
MASK: Final = "***"

_SECRETS: Final = (
    re.compile(r"(?i)((?:password|passwd|pwd|secret|pin|key)['\"]?\s*[=:]\s*)['\"]?[^\s'\",;)]+"),
    re.compile(r"(://[^:/@\s]*:)[^@\s]+(?=@)"),
)
_CARD: Final = re.compile(r"(?<![0-9])([0-9]{6})[0-9]{6,9}([0-9]{4})(?![0-9])")
_TOKEN: Final = re.compile(r"(?<![0-9])(?:[0-9]{4}[ -]?){4}[0-9]{4}(?![0-9])")


def open_log(folder: Path) -> None:
    """Log to ``counter.log`` in ``folder``; where that cannot be written, the desk works without."""
    import structlog

    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = logging.handlers.RotatingFileHandler(
            folder / "counter.log",
            maxBytes=LOG_BYTES_MAX,
            backupCount=LOG_FILES - 1,
            encoding="utf-8",
            delay=True,
        )
    except OSError:
        return
    stamps: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=stamps,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                mask_secrets,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for ours in ("counter", "db", "receipts"):
        logging.getLogger(ours).setLevel(logging.INFO)


def mask_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask what must never be written; the last step before a line is."""
    return {name: mask(value) if isinstance(value, str) else value for name, value in event.items()}


def mask(text: str) -> str:
    """``text`` without passwords, tokens (20 digits) and the middle of card numbers (16 to 19 digits)."""
    for secret in _SECRETS:
        text = secret.sub(rf"\1{MASK}", text)
    return _CARD.sub(rf"\1{MASK}\2", _TOKEN.sub(MASK, text))
