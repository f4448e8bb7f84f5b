"""Pictures of the desk for the documents: an account with its bills, and the change after the payment.

Drawn from the bureau in memory that the tests use, so that they look the same on every machine.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.ui.driving import Desk, at_desk  # noqa: E402  (the tests are no installed package)

FOLDER = ROOT / "docs" / "screens"
SIZES = ((80, 24), (120, 36))
LANGUAGES = ("zh_CN", "en")
ACCOUNT = "0100234567"
FONT = "'LXGW WenKai Mono', 'Noto Sans Mono CJK SC', 'Sarasa Mono SC', monospace"


def save(desk: Desk, name: str) -> None:
    """Write what is on the screen, with fonts that have Chinese and without a web address."""
    svg = desk.app.export_screenshot(title=name)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: Fira Code[^;]*;", f"font-family: {FONT};", svg)
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    lines = [line.rstrip() for line in svg.splitlines()]
    (FOLDER / f"{name}.svg").write_text("\n".join(lines) + "\n", "utf-8")


async def draw(size: tuple[int, int], language: str) -> None:
    """Both pictures of one size and language."""
    tail = f"{size[0]}x{size[1]}-{language}"
    async with at_desk(size=size, language=language) as desk:
        await desk.open(ACCOUNT)
        await desk.keys("enter")
        await desk.write("500")
        save(desk, f"desk-{tail}")
        await desk.keys("enter")
        await desk.until(lambda: desk.app.status.printer)
        save(desk, f"change-{tail}")


async def main() -> None:
    """All of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        for language in LANGUAGES:
            await draw(size, language)


if __name__ == "__main__":
    asyncio.run(main())
