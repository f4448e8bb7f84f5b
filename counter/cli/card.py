"""``counter card``: read a prepaid card for inspection, and try a reader on a card made for that."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from counter.config import load_settings
from counter.domain.money import format_yuan
from counter.errors import Refusal
from counter.i18n import _

if TYPE_CHECKING:
    from cardio.contents import CardContents, VendOrder
    from cardio.host import ReaderHost

TEST_ACCOUNT: Final = "999999999999"
"""The account number that marks a card for trying readers."""
_TEST_AMOUNTS: Final = (100, 200)

app = typer.Typer(help="Prepaid cards in a reader.", no_args_is_help=True)

ReaderName = Annotated[str, typer.Option("--reader", help="The reader's name, or a part of it.")]


@app.callback()
def card() -> None:
    """Read cards; nothing here sells."""


@app.command()
def read(
    reader: ReaderName,
    profile: Annotated[str, typer.Option("--profile", help="Only this profile, by its name.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with amounts in fen.")] = False,
    raw: Annotated[bool, typer.Option("--raw", help="The bytes of every file as well.")] = False,
) -> None:
    """Show every field of the card that is in the reader."""
    with _host(reader, profile) as host:
        contents = host.inspect()
    if as_json:
        print(json.dumps(_as_json(contents), ensure_ascii=False, indent=2))
        return
    for label, value in _lines(contents):
        print(f"{label}: {value}")
    if raw:
        for name, content in contents.raw.items():
            print(f"{name}: {content.hex().upper()}")


@app.command("write-test")
def write_test(reader: ReaderName) -> None:
    """Write on a test card, read back, and leave it as it was but for the meter's report."""
    with _host(reader, "") as host:
        contents = host.read()
        if contents.account_no != TEST_ACCOUNT:
            raise Refusal(
                _("This is no test card."),
                _("Nothing was written on the card."),
                _("Only a card with the account number {number} is written here.").format(
                    number=TEST_ACCOUNT
                ),
            )
        before = _order(contents)
        other = next(amount for amount in _TEST_AMOUNTS if amount != before.amount_fen)
        took = [_written(host, order) for order in (replace(before, amount_fen=other), before)]
    print(
        _("Written and read back twice: {seconds} s.").format(seconds=", ".join(f"{one:.2f}" for one in took))
    )
    print(_("Card {serial} is as it was.").format(serial=contents.serial))


@contextmanager
def _host(reader: str, profile: str) -> Iterator[ReaderHost]:
    """The reader in its own process; its faults in words."""
    from cardio.errors import CardError
    from cardio.host import ReaderHost
    from counter.services.bootstrap import reader_setup
    from counter.services.card_words import told

    host = ReaderHost(replace(reader_setup(load_settings()), reader=reader, profile=profile))
    try:
        yield host
    except CardError as fault:
        raise told(fault) from fault
    finally:
        host.close()


def _written(host: ReaderHost, order: VendOrder) -> float:
    """Write and compare; seconds that it took."""
    began = time.monotonic()
    host.write(order, lambda _step: None)
    return time.monotonic() - began


def _order(contents: CardContents) -> VendOrder:
    """What would put the card back to where it is."""
    from cardio.contents import VendOrder

    return VendOrder(
        serial=contents.serial,
        account_no=contents.account_no,
        meter_no=contents.meter_no,
        card_type=contents.card_type,
        amount_fen=contents.wallet_fen,
        vend_count=contents.vend_count,
        user_type=contents.user_type,
        alarm1_fen=contents.alarm1_fen,
        alarm2_fen=contents.alarm2_fen,
        ct_ratio=contents.ct_ratio,
        pt_ratio=contents.pt_ratio,
    )


def _as_json(contents: CardContents) -> dict[str, Any]:
    """Every value, every field of every file, and every byte."""
    values = asdict(replace(contents, raw={}))
    raw = {name: content.hex().upper() for name, content in contents.raw.items()}
    files = {name: _fields(name, content) for name, content in contents.raw.items()}
    return {**values, "files": {name: told for name, told in files.items() if told}, "raw": raw}


def _fields(name: str, content: bytes) -> dict[str, Any]:
    """A file by its fields, bytes in hex; nothing for one that is empty or torn."""
    from cardio.errors import Garbled
    from cardio.layout import parameters, tariff, wallet, writeback

    codecs: dict[str, Callable[[bytes], Any]] = {
        "81": parameters.decode,
        "82": wallet.decode,
        "83": tariff.decode,
        "84": tariff.decode,
        "85": writeback.decode,
    }
    if name not in codecs:
        return {}
    try:
        values = asdict(codecs[name](content))
    except Garbled:
        return {}
    return {key: value.hex().upper() if isinstance(value, bytes) else value for key, value in values.items()}


def _lines(contents: CardContents) -> list[tuple[str, object]]:
    """Labels and values as a person reads them."""
    lines: list[tuple[str, object]] = [
        (_("Profile"), contents.profile),
        (_("Serial number of the card"), contents.serial),
        (_("Account"), contents.account_no or _("blank card")),
        (_("Meter"), contents.meter_no or "-"),
        (_("Card type"), _card_types()[contents.card_type]),
        (_("User type"), contents.user_type),
        (_("Credit on the card"), _yuan(contents.wallet_fen)),
        (_("Number of purchases"), contents.vend_count),
        (_("Alarm 1"), _yuan(contents.alarm1_fen)),
        (_("Alarm 2"), _yuan(contents.alarm2_fen)),
        (_("CT ratio"), contents.ct_ratio),
        (_("PT ratio"), contents.pt_ratio),
    ]
    back = contents.writeback
    if back is None:
        return [*lines, (_("The meter's report"), _("none since the last purchase"))]
    return [
        *lines,
        (_("Report of meter"), back.meter_no),
        (_("Report for account"), back.account_no),
        (_("Remaining in the meter"), _yuan(back.remaining_fen)),
        (_("Purchases loaded"), back.vend_count),
        (_("Overdraft"), _yuan(back.overdraft_fen)),
        (_("Wrong insertions"), back.illegal_inserts),
        (_("Reported at"), _meter_time(back.written_at)),
    ]


def _card_types() -> Mapping[str, str]:
    """Byte 42 in words."""
    return {"01": _("opening card"), "02": _("purchase card"), "03": _("replacement card")}


def _yuan(amount_fen: int) -> str:
    """An amount for people."""
    return _("{yuan} yuan").format(yuan=format_yuan(amount_fen))


def _meter_time(digits: str) -> str:
    """YYMMDDhhmm as the meter's clock had it."""
    if not digits.strip("0"):
        return "-"
    return f"20{digits[:2]}-{digits[2:4]}-{digits[4:6]} {digits[6:8]}:{digits[8:]}"
