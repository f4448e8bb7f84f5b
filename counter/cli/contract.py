"""``counter rules set-contract``: what acquirers may keep of card payments."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from counter.cli.administration import administrator
from counter.cli.money import From, fen
from counter.errors import Refusal
from counter.i18n import _

_PPM_OF_PERCENT = 10_000
_WHOLE_PPM = 1_000_000


def set_contract(
    merchant: Annotated[str, typer.Argument(help="Merchant number of the acquirer.")],
    valid_from: From,
    rate: Annotated[str, typer.Option("--rate", help="Percent that the acquirer keeps, such as 0.55.")],
    card_class: Annotated[
        str, typer.Option("--class", help="As files name it, such as 借记卡; else all.")
    ] = "",
    least: Annotated[str, typer.Option("--least", help="Yuan at least.")] = "0",
    most: Annotated[str, typer.Option("--most", help="Yuan at most; without it there is no ceiling.")] = "",
) -> None:
    """What an acquirer may keep of a card payment; files are held against it."""
    from db import admin

    with administrator() as engine, engine.begin() as connection:
        admin.set_acquirer_contract(
            connection,
            merchant=merchant,
            card_class=card_class,
            valid_from=valid_from.date(),
            rate_ppm=millionths(rate),
            fee_min_fen=fen(least) if least != "0" else 0,
            fee_max_fen=fen(most) if most else None,
        )


def millionths(percent: str) -> int:
    """``0.55`` percent as 5,500 millionths; raises Refusal for what is no such rate."""
    try:
        scaled = Decimal(percent.strip().removesuffix("%")) * _PPM_OF_PERCENT
    except InvalidOperation:
        scaled = Decimal(-1)
    if not (scaled.is_finite() and 0 <= scaled <= _WHOLE_PPM and scaled == int(scaled)):
        raise Refusal(
            _("{rate} is not a rate in percent.").format(rate=percent),
            _("Nothing was saved."),
            _("Enter a number such as 0.55, with at most four places."),
        )
    return int(scaled)
