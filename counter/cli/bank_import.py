"""``counter bank import`` and ``accounts``: statements into the ledger, and how far they are in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from sqlalchemy import text

from counter.cli.administration import administrator
from counter.cli.console import print_error, progress_bar
from counter.config import load_settings
from counter.domain.money import AmountError, format_yuan, parse_balance
from counter.errors import CounterError, Refusal
from counter.i18n import _
from counter.services.bank_import import BankImport
from counter.services.bank_profiles import BankFolders
from counter.services.pending import PendingStore
from counter.services.ports.bank_import import FileImported, ImportFile, ImportStage
from counter.services.posting import Posting

Files = Annotated[list[Path], typer.Argument(help="Statements or settlement files; told by content.")]
Yuan = Annotated[str, typer.Option(help="Yuan, for a file that has no balances.")]


def take_over(
    files: Files,
    account: Annotated[str, typer.Option("--account", help="Whose, for a file that does not say.")] = "",
    opening: Yuan = "",
    closing: Yuan = "",
) -> None:
    """Take files over, each whole or not at all; the login in the address is a cashier or a supervisor.

    Ends with 1 when one was refused; those before it are in, and those after it are tried as well.
    """
    balances = yuan(opening), yuan(closing)
    failed = False
    with bank() as area, progress_bar() as step:
        for file in files:
            request = ImportFile(uuid4(), str(file), account, *balances)
            try:
                done = area.import_file(request, lambda stage, lines: step(words(stage), 0, lines))
            except CounterError as error:
                failed = True
                print(f"{file}:")
                print_error(error)
            else:
                for line in sentences(done):
                    print(line)
    if failed:
        raise typer.Exit(1)


def accounts(
    as_json: Annotated[bool, typer.Option("--json", help="One object an account.")] = False,
) -> None:
    """The bank accounts and merchant numbers: balance, and the day through which statements are in."""
    with bank() as area:
        found = area.accounts()
    for each in found:
        told: dict[str, Any] = {
            "account": each.bank_account_no,
            "bank": each.bank_name,
            "kind": each.kind.value,
            "currency": each.currency,
            "closing": None if each.closing_fen is None else format_yuan(each.closing_fen).replace(",", ""),
            "through": None if each.through is None else each.through.isoformat(),
            "lines": each.lines,
            "open": each.open_lines,
        }
        shown = told | {"closing": told["closing"] or "-", "through": told["through"] or "-"}
        line = "{account}  {bank}  {kind}  {currency}  {closing}  {through}  {lines}/{open}"
        print(json.dumps(told, ensure_ascii=False) if as_json else line.format_map(shown))


@contextmanager
def bank() -> Iterator[BankImport]:
    """The bank side as the login of the address has it; raises Refusal or Fault."""
    settings = load_settings()
    with administrator() as engine:
        with engine.connect() as connection:
            login = connection.execute(text("SELECT session_user::text")).scalar_one()
        posting = Posting(engine, PendingStore(settings.data_dir / "pending", login))
        yield BankImport(engine, posting, BankFolders(settings.bank_profiles_dir, settings.bank_files_dir))


def words(stage: ImportStage) -> str:
    """What is being done."""
    return {
        ImportStage.READING: _("reading"),
        ImportStage.SAVING: _("taking over"),
        ImportStage.SAVED: _("taken over"),
    }[stage]


def sentences(done: FileImported) -> Iterator[str]:
    """What came of a file, one line an account."""
    for each in done.statements:
        line = _("{file}: {account}, {new} new lines, {known} known.").format(
            file=done.name, account=each.masked, new=each.lines_new, known=each.lines_known
        )
        if each.closing_fen is not None:
            line += " " + _("Balance {balance}.").format(balance=format_yuan(each.closing_fen))
        yield line


def yuan(typed: str) -> int | None:
    """A balance, which may be 0 or negative; raises Refusal."""
    if not typed.strip():
        return None
    try:
        return parse_balance(typed)
    except AmountError:
        raise Refusal(
            _("{typed} is no amount.").format(typed=typed),
            _("Nothing of the file was taken over."),
            _("Enter the opening and the closing balance from the bank's paper or screen."),
        ) from None
