"""``counter rules``, ``counter cards``, ``counter fund``: by what is paid, and what the hall has for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from counter.cli.administration import administrator
from counter.cli.console import progress_bar
from counter.domain.money import AmountError, format_yuan, parse_yuan
from counter.errors import Refusal
from counter.i18n import _

rules = typer.Typer(help="Rules of money, by the date from which they hold.", no_args_is_help=True)
cards = typer.Typer(help="Recharge cards.", no_args_is_help=True)
fund = typer.Typer(help="The care fund.", no_args_is_help=True)

From = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day on which it holds.")]


@rules.command("set-payment")
def set_payment(
    customer_class: Annotated[str, typer.Option("--class", help="residential or non_residential")],
    mode: Annotated[str, typer.Option("--mode", help="postpaid, prepaid, card or token")],
    valid_from: From,
    tenders: Annotated[str, typer.Option("--tenders", help="What is taken, by commas.")],
    exposure: Annotated[str, typer.Option("--exposure", help="Yuan of slips of a payer before they arrive.")],
    approval: Annotated[str, typer.Option("--approval", help="What needs a supervisor, by commas.")] = "",
    corporate_cash: Annotated[bool, typer.Option(help="Cash of firms with a bank account needs one.")] = True,
    slips: Annotated[bool, typer.Option(help="Whether slips count before they arrive.")] = True,
) -> None:
    """Which tenders a class of customers may pay with."""
    from db import admin

    with administrator() as engine, engine.begin() as connection:
        admin.set_payment_policy(
            connection,
            customer_class=customer_class,
            payment_mode=mode,
            valid_from=valid_from.date(),
            tenders=words(tenders),
            approval_tenders=words(approval),
            corporate_cash_approval=corporate_cash,
            slip_counts=slips,
            slip_exposure_fen=fen(exposure),
        )


@rules.command("set-till")
def set_till(
    valid_from: From,
    ceiling: Annotated[str, typer.Option("--ceiling", help="Yuan in a drawer that alarm.")],
    deposit_by: Annotated[
        datetime, typer.Option("--deposit-by", formats=["%H:%M"], help="Hour of the hall.")
    ],
) -> None:
    """How much cash a drawer may hold, and until when cash goes to the bank."""
    from db import admin

    with administrator() as engine, engine.begin() as connection:
        admin.set_till_policy(
            connection,
            valid_from=valid_from.date(),
            cash_ceiling_fen=fen(ceiling),
            deposit_by=deposit_by.time(),
        )


@rules.command("set-vend")
def set_vend(
    valid_from: From,
    hoard_limit: Annotated[str, typer.Option("--hoard-limit", help="Yuan that a meter accepts as balance.")],
    card_maximum: Annotated[
        str, typer.Option("--card-maximum", help="Yuan that one sale may write on a card, up to 999999.99.")
    ],
) -> None:
    """How much power may be sold onto a prepaid card at once."""
    from db import admin

    with administrator() as engine, engine.begin() as connection:
        admin.set_vend_policy(
            connection,
            valid_from=valid_from.date(),
            hoard_limit_fen=fen(hoard_limit),
            card_maximum_fen=fen(card_maximum),
        )


@rules.command("set-bank")
def set_bank(
    valid_from: From,
    arrive: Annotated[int, typer.Option("--arrive", help="Days for a transfer or a cheque.")] = 3,
    deposit: Annotated[int, typer.Option("--deposit", help="Days for a deposit.")] = 1,
    settle: Annotated[int, typer.Option("--settle", help="Days for card slips.")] = 2,
    window: Annotated[int, typer.Option("--window", help="Days that matching looks around.")] = 7,
    alarm: Annotated[int, typer.Option("--alarm", help="Days until a line alarms.")] = 7,
    tolerance: Annotated[str, typer.Option("--tolerance", help="Yuan that amounts may differ.")] = "0",
) -> None:
    """How long money may be on its way before it alarms, and before its payer's slips count no more."""
    from db import admin

    with administrator() as engine, engine.begin() as connection:
        admin.set_bank_policy(
            connection,
            valid_from=valid_from.date(),
            arrive_within_days=arrive,
            deposit_within_days=deposit,
            settle_within_days=settle,
            window_days=window,
            amount_tolerance_fen=fen(tolerance) if tolerance.strip("0.") else 0,
            alarm_days=alarm,
        )


@cards.command("import")
def import_cards(
    file: Annotated[Path, typer.Argument(help="Lines of number,secret,yuan; a heading is passed over.")],
) -> None:
    """Take cards into stock; secrets are hashed here, slowly, and neither sent nor kept."""
    from counter.services.cards import load_stock, read_stock

    try:
        rows = read_stock(file.read_text("utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            _("The file cannot be read."), _("No card was taken over."), type(error).__name__
        ) from None
    except ValueError as error:
        said = _("Line {line} is not number,secret,yuan.").format(line=error.args[0])
        raise Refusal(said, _("No card was taken over."), _("Correct the line and start again.")) from None
    with administrator() as engine, progress_bar() as step:
        added = load_stock(engine, rows, lambda done, all_: step(_("cards"), done, all_))
    print(_("{added} of {count} cards are new in stock.").format(added=added, count=len(rows)))


@fund.command("add")
def add_to_fund(
    amount: Annotated[str, typer.Option("--amount", help="Yuan.")],
    reason: Annotated[str, typer.Option("--reason", help="Where it comes from.")],
) -> None:
    """Give the care fund money; the login in the address is a supervisor or administrator of the hall."""
    from counter.services.once import post_once

    request = {"request_id": str(uuid4()), "amount_fen": fen(amount), "reason": reason}
    with administrator() as engine:
        answer = post_once(engine, "add_to_fund", request)
    print(_("The care fund has {amount}.").format(amount=format_yuan(answer["balance_fen"])))


def words(text: str) -> list[str]:
    """Names between commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def fen(text: str) -> int:
    """An amount in yuan; raises Refusal."""
    try:
        return parse_yuan(text)
    except AmountError:
        said = _("{text} is not an amount.").format(text=text)
        raise Refusal(said, _("Nothing was saved."), _("Write yuan, for example 20000.00.")) from None
