"""What happens in a month: who pays how at which hall, what banks and acquirer see of it, what goes wrong.

The truth is made here, from a seed; the halls post their side of it, the writers of files write the other.
Each thing that goes wrong on purpose is in ``Truth.planted``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from tests.month.events import BankLine, Planted, PosLine, Truth
from tests.month.halls import Hall

MERCHANT = "898330149000001"
RATES_PPM = {"借记卡": 5_000, "贷记卡": 6_000}
FEE_MAX_FEN = {"借记卡": 2_000, "贷记卡": None}
ONE_DAY = timedelta(days=1)
PLANTS = (
    "bank_only",
    "book_only",
    "amount_differs",
    "double",
    "across_midnight",
    "fee",
    "one_sided_reversal",
)


def fee_of(amount_fen: int, card_class: str) -> int:
    """The contract's fee, half a fen up, at most its ceiling."""
    fee = (amount_fen * RATES_PPM[card_class] + 500_000) // 1_000_000
    ceiling = FEE_MAX_FEN[card_class]
    return fee if ceiling is None else min(fee, ceiling)


class World:
    """Eleven halls, two bank accounts, one acquirer."""

    def __init__(self, halls: list[Hall], chance: Random, start: date, days: int) -> None:
        """Decide when and where which break is planted: each kind three times, early enough to be seen."""
        self.halls, self.chance, self.truth = halls, chance, Truth()
        self.serial = 0
        self._plan: dict[tuple[date, int], list[str]] = {}
        for kind in PLANTS:
            for _time in range(3):
                day = start + ONE_DAY * chance.randrange(1, days - 8)
                self._plan.setdefault((day, chance.choice(halls).hall_no), []).append(kind)

    def next_serial(self) -> int:
        """A number that nothing else has."""
        self.serial += 1
        return self.serial

    def bank(self, account: str, line: BankLine) -> None:
        """The bank books a line."""
        self.truth.bank.setdefault(account, []).append(line)

    def trade(self, hall: Hall, day: date) -> None:
        """The payments of one hall's day, with what is planted there."""
        self._cash(hall)
        for _sale in range(self.chance.randrange(1, 4)):
            self._pos(hall, day)
        if self.chance.random() < 0.5:
            self._transfer(hall, day)
        if self.chance.random() < 0.2:
            self._cheque(hall, day)
        for kind in self._plan.get((day, hall.hall_no), ()):
            if kind != "across_midnight":
                getattr(self, f"_plant_{kind}")(hall, day)

    def trade_late(self, hall: Hall, day: date) -> None:
        """What happens shortly before midnight."""
        if "across_midnight" in self._plan.get((day, hall.hall_no), ()):
            self._plant_across_midnight(hall, day)

    def deposit(self, hall: Hall, day: date, slip: dict[str, Any] | None) -> None:
        """What the bank makes of the bag: cash is credited the next day, with the number of the slip."""
        if slip and slip["cash_fen"]:
            event = f"cash-{slip['journal_id']}"
            self.truth.items["cash_deposit", slip["journal_id"], 0] = event
            text = f"现金缴存 {slip['slip_no']}"
            self.bank(
                hall.bank_account_no,
                BankLine(event, day + ONE_DAY, slip["cash_fen"], self._reference(), text, "供电公司"),
            )

    def settle(self, day: date, bank_account_no: str) -> list[PosLine]:
        """The acquirer's file of ``day``, and its one credit on the day after."""
        lines = self.truth.pos.get(day, [])
        if lines:
            net = sum(line.net_fen for line in lines)
            text = f"银联商务清算款 {MERCHANT}"
            self.bank(
                bank_account_no,
                BankLine(f"net-{day}", day + ONE_DAY, net, self._reference(), text, "银联商务"),
            )
        return lines

    def statement(self, account: str, day: date) -> tuple[int, list[BankLine]]:
        """The opening balance of ``day`` and its lines."""
        known = self.truth.bank.get(account, [])
        before = sum(line.amount_fen for line in known if line.booked < day)
        return before, [line for line in known if line.booked == day]

    def bank_fee(self, account: str, day: date) -> None:
        """The bank takes its own fee."""
        self.bank(
            account,
            BankLine(f"fee-{account}-{day}", day, -1_500, self._reference(), "账户管理手续费"),
        )

    def _reference(self) -> str:
        return f"B{self.next_serial():011d}"

    def _amount(self) -> int:
        """Odd fen, so that hardly two are the same."""
        return self.chance.randrange(1_000, 80_000)

    def _cash(self, hall: Hall) -> None:
        amount = self._amount()
        hall.take({"kind": "cash", "amount_fen": amount, "received_fen": amount})

    def _pos(self, hall: Hall, day: date, *, late: bool = False) -> PosLine:
        amount, number = self._amount(), self.next_serial()
        card_class = self.chance.choice(tuple(RATES_PPM))
        line = PosLine(
            event=f"pos-{number}",
            terminal=f"T{hall.hall_no:07d}",
            at=datetime.combine(day, time(23, 59) if late else time(10, number % 60)),
            batch=f"{day:%y%m%d}",
            trace=f"{number:06d}",
            reference=f"{number:012d}",
            card="622848******1234",
            card_class=card_class,
            amount_fen=amount,
            fee_fen=fee_of(amount, card_class),
        )
        details = {
            "reference": f"{line.terminal}-{line.batch}-{line.trace}",
            "rrn": line.reference,
            "card": line.card,
            "merchant": MERCHANT,
        }
        taken = hall.take({"kind": "pos", "amount_fen": amount, "details": details})
        self.truth.items["pos", taken.journal_id, 1] = line.event
        self.truth.pos.setdefault(day + ONE_DAY if late else day, []).append(line)
        return line

    def _slip(self, hall: Hall, day: date) -> tuple[str, int, BankLine]:
        """A transfer by slip, and the line that the bank would have for it."""
        number, amount = self.next_serial(), self._amount()
        event, payer = f"slip-{number}", f"62220202{number:08d}"
        details = {
            "reference": f"工商银行/S{number:08d}",
            "date": day.isoformat(),
            "payer_name": f"公司{number}",
            "payer": payer,
        }
        taken = hall.take({"kind": "transfer", "amount_fen": amount, "details": details})
        self.truth.items["transfer", taken.journal_id, 1] = event
        line = BankLine(event, day, amount, f"S{number:08d}", "电费", f"公司{number}", payer)
        return event, amount, line

    def _transfer(self, hall: Hall, day: date) -> None:
        """It arrives the same day or the next."""
        _event, _amount, line = self._slip(hall, day)
        line.booked = day + ONE_DAY * self.chance.randrange(2)
        self.bank(hall.bank_account_no, line)

    def _cheque(self, hall: Hall, day: date) -> None:
        """It is credited the day after, by its number."""
        number, amount = self.next_serial(), self._amount()
        event = f"cheque-{number}"
        taken = hall.take(
            {
                "kind": "cheque",
                "amount_fen": amount,
                "details": {"reference": f"建设银行/{number:08d}", "payer_name": f"公司{number}"},
            }
        )
        self.truth.items["cheque", taken.journal_id, 1] = event
        self.bank(
            hall.bank_account_no,
            BankLine(event, day + ONE_DAY, amount, self._reference(), f"支票 {number:08d}", f"公司{number}"),
        )

    def _planted(self, kind: str, event: str, day: date) -> None:
        self.truth.planted.append(Planted(kind, event, day))

    def _plant_bank_only(self, hall: Hall, day: date) -> None:
        """A credit that nobody has shown a slip for."""
        number = self.next_serial()
        line = BankLine(
            f"stray-{number}",
            day,
            self._amount(),
            self._reference(),
            "货款",
            f"不明{number}",
            f"95588{number:011d}",
        )
        self.bank(hall.bank_account_no, line)
        self._planted("bank_only", line.event, day)

    def _plant_book_only(self, hall: Hall, day: date) -> None:
        """A slip whose money never comes."""
        event, _amount, _line = self._slip(hall, day)
        self._planted("book_only", event, day)

    def _plant_amount_differs(self, hall: Hall, day: date) -> None:
        """The bank credits ten yuan less than the slip says."""
        event, _amount, line = self._slip(hall, day)
        line.amount_fen -= 1_000 if line.amount_fen > 1_500 else 1
        self.bank(hall.bank_account_no, line)
        self._planted("amount_differs", event, day)

    def _plant_double(self, hall: Hall, day: date) -> None:
        """The bank credits one slip twice under one reference."""
        event, amount, line = self._slip(hall, day)
        again = BankLine(
            f"{event}-again", day, amount, line.reference, line.text, line.party, line.party_account
        )
        self.bank(hall.bank_account_no, line)
        self.bank(hall.bank_account_no, again)
        self._planted("double", again.event, day)

    def _plant_across_midnight(self, hall: Hall, day: date) -> None:
        """A sale just before midnight is in the acquirer's next file."""
        self._planted("across_midnight", self._pos(hall, day, late=True).event, day)

    def _plant_fee(self, hall: Hall, day: date) -> None:
        """The acquirer takes more than the contract gives it."""
        line = self._pos(hall, day)
        line.fee_fen += 37
        self._planted("fee", line.event, day)

    def _plant_one_sided_reversal(self, hall: Hall, day: date) -> None:
        """The acquirer took a sale back, the desk did not."""
        sale = self._pos(hall, day)
        number = self.next_serial()
        back = PosLine(
            event=f"{sale.event}-back",
            terminal=sale.terminal,
            at=sale.at + timedelta(minutes=5),
            batch=sale.batch,
            trace=f"{number:06d}",
            reference=sale.reference,
            card=sale.card,
            card_class=sale.card_class,
            amount_fen=-sale.amount_fen,
            fee_fen=-sale.fee_fen,
            kind="撤销",
        )
        self.truth.pos[day].append(back)
        self._planted("one_sided_reversal", back.event, day)

    def events(self) -> Iterator[str]:
        """All that can be matched."""
        yield from self.truth.items.values()
