"""The test page from the screen, on a real bureau."""

from __future__ import annotations

from db import admin
from tests.bureau import Bureau
from tests.receipts.thermal import Mood, thermal_head
from tests.ui.real_desk import real_desk


def give_printer(bureau: Bureau, address: str) -> None:
    """Let till 101 print on a roll; its name is hostile on purpose."""
    with bureau.admin.begin() as connection:
        admin.add_printer(
            connection, "[/]卷", hall_no=1, kind="escpos_network", address=address, form="thermal80"
        )
        admin.set_printer(connection, 101, "[/]卷")


async def test_one_key_prints_the_test_page_on_the_tills_printer(bureau: Bureau) -> None:
    bureau.open_shift()
    with thermal_head() as head:
        give_printer(bureau, head.address)
        async with real_desk(bureau) as desk:
            await desk.keys("shift+f8")
            await desk.until_said("Sent to [/]卷.")
    assert head.cuts == 1


async def test_a_printer_without_paper_is_named_on_the_screen(bureau: Bureau) -> None:
    bureau.open_shift()
    with thermal_head(Mood.PAPER_OUT) as head:
        give_printer(bureau, head.address)
        async with real_desk(bureau) as desk:
            await desk.keys("shift+f8")
            await desk.until_said("out of paper")
            assert "[/]卷" in desk.text
    assert head.cuts == 0


async def test_without_a_printer_the_file_is_named(bureau: Bureau) -> None:
    bureau.open_shift()
    async with real_desk(bureau) as desk:
        await desk.keys("shift+f8")
        await desk.until_said("reports")
