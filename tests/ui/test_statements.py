"""Statements at the cashier's screen, from the key to the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from counter.services import bank_import
from counter.services.once import outcome_unknown
from counter.services.ports.bank_import import FileImported, ImportFile, Progress
from counter.ui.dialogs.import_file import ImportDialog
from counter.ui.screens.statements import StatementsScreen
from counter.ui.widgets.field import Field
from tests.bureau import Bureau
from tests.ledger.closed import add_bank_account
from tests.services.bank_files import ACCOUNT, Row, csv_file
from tests.ui.real_desk import CASHIER, RealDesk, real_desk

ROWS: list[Row] = [("2026-11-01", 10_000, "A1", "DIANFEI"), ("2026-11-02", -500, "A2", "FEE")]
AUDITOR = "t40001"


@pytest.fixture
def bank(bureau: Bureau) -> Bureau:
    """A bureau with a bank account."""
    add_bank_account(bureau, ACCOUNT)
    return bureau


async def to_import(desk: RealDesk) -> None:
    """Past the question for a shift, to the dialog."""
    await desk.keys("escape", "ctrl+f7")
    await desk.until(lambda: "No statement is in yet" in desk.text)
    await desk.keys("enter")
    await desk.until(lambda: isinstance(desk.app.screen, ImportDialog) and desk.app.focused)


def file_of(bureau: Bureau, content: bytes, name: str = "nov.csv") -> str:
    """The path of a file with this content."""
    path = Path(bureau.folder) / name
    path.write_bytes(content)
    return str(path)


async def typed(desk: RealDesk, text: str) -> None:
    """A text of any length into the field that has the focus."""
    focused = desk.app.focused
    assert isinstance(focused, Field), focused
    focused.value = text
    await desk.pilot.pause()


async def test_a_path_is_imported_and_listed(bank: Bureau) -> None:
    """The outcome stands in words over the list; the same file again is refused in words."""
    path = file_of(bank, csv_file(ROWS, 100_000))
    async with real_desk(bank, CASHIER) as desk:
        await to_import(desk)
        await typed(desk, path)
        await desk.keys("enter")
        await desk.until_said("nov.csv: 2 new lines, 0 were in already. Balance: **** 1234 1,095.00")
        await desk.until(lambda: "2026-11-02" in desk.text and "11-01/11-02" in desk.text)
        assert "Opening 1,000.00, closing 1,095.00" in desk.text
        await desk.keys("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ImportDialog))
        await typed(desk, path)
        await desk.keys("enter")
        await desk.until(lambda: "already imported by" in " ".join(desk.text.split()))
        await desk.keys("escape")
        await desk.until(lambda: isinstance(desk.app.screen, StatementsScreen))
    assert bank.value("SELECT count(*) FROM counter.statement_line") == 2


async def test_a_file_that_says_nothing_of_itself_asks_back(bank: Bureau) -> None:
    """First for the account, then for the balances; a wrong one is refused and can be mended."""
    path = file_of(bank, csv_file(ROWS, 0, account="", balances=False))
    async with real_desk(bank, CASHIER) as desk:
        await to_import(desk)
        await typed(desk, path)
        await desk.keys("enter")
        await desk.until(lambda: "does not say which account" in desk.text)
        await desk.keys("right", "enter")
        await desk.until(
            lambda: "no balances" in desk.text and getattr(desk.app.focused, "id", "") == "opening"
        )
        await desk.keys(*"1000", "enter", *"x", "enter")
        await desk.until(lambda: getattr(desk.app.focused, "id", "") == "closing")
        assert bank.value("SELECT count(*) FROM counter.bank_file") == 0
        await typed(desk, "1,095.01")
        await desk.keys("enter")
        await desk.until(lambda: "It is off by 0.01" in desk.text)
        await typed(desk, "1,095.00")
        await desk.keys("enter")
        await desk.until_said("2 new lines")
        assert ", as stated by a person" in desk.text


@pytest.mark.parametrize("path", ["", "/no/such", "[/]", "'; --", "\t\u3000"])
async def test_a_path_that_is_none_is_told_in_words(bank: Bureau, path: str) -> None:
    """And the dialog stays."""
    async with real_desk(bank, CASHIER) as desk:
        await to_import(desk)
        await typed(desk, path)
        await desk.keys("enter")
        await desk.until(lambda: "cannot be opened" in desk.text or "Enter the path" in desk.text)
        assert isinstance(desk.app.screen, ImportDialog)


async def test_no_answer_is_asked_for_again_by_enter(bank: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same request, so that nothing is in twice."""
    real, asked = bank_import.BankImport.import_file, []

    def lost(
        area: bank_import.BankImport, request: ImportFile, progress: Progress | None = None
    ) -> FileImported:
        asked.append(request.request_id)
        done = real(area, request, progress)
        if len(asked) == 1:
            raise outcome_unknown()
        return done

    monkeypatch.setattr(bank_import.BankImport, "import_file", lost)
    path = file_of(bank, csv_file(ROWS, 100_000))
    async with real_desk(bank, CASHIER) as desk:
        await to_import(desk)
        await typed(desk, path)
        await desk.keys("enter")
        await desk.until(lambda: "not known whether" in desk.text)
        await desk.keys("enter")
        await desk.until_said("2 new lines")
    assert len(set(asked)) == 1
    assert bank.value("SELECT count(*) FROM counter.statement_line") == 2


async def test_an_auditor_looks_and_imports_nothing(bank: Bureau) -> None:
    async with real_desk(bank, AUDITOR) as desk:
        await desk.keys("escape", "ctrl+f7")
        await desk.until(lambda: "You can look" in desk.text)
        await desk.keys("f2", "enter")
        assert isinstance(desk.app.screen, StatementsScreen)


async def test_from_the_import_straight_to_the_matching(bank: Bureau) -> None:
    """The rules have looked at what came in; back again the lists are there."""
    path = file_of(bank, csv_file(ROWS, 100_000))
    async with real_desk(bank, CASHIER) as desk:
        await to_import(desk)
        await typed(desk, path)
        await desk.keys("enter")
        await desk.until_said("2 new lines")
        await desk.keys("ctrl+f2")
        await desk.until_said("The rules matched 0 by exact keys")
        await desk.until(lambda: "+100.00" in desk.text and "-5.00" in desk.text)
        await desk.keys("escape")
        await desk.until(lambda: isinstance(desk.app.screen, StatementsScreen) and "nov.csv" in desk.text)
