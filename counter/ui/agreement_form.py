"""What is typed for a new instalment agreement, apart from any screen.

Invariant: the same content is sent under the same request id, other content never is.
"""

from __future__ import annotations

import calendar
from datetime import date
from uuid import UUID

from counter.domain.instalments import (
    Instalment,
    equal_parts,
    even_dates,
    is_period,
    is_plan,
    least_instalments,
    regular_dates,
    settles_often,
)
from counter.domain.money import AmountError, parse_yuan
from counter.domain.text import HALF_WIDTH
from counter.i18n import _
from counter.services.ports.agreements import AgreementBasis, MakeAgreement
from counter.ui.request_id import new_request_id
from counter.ui.words import amount_fault
from counter.ui.words import period as month

KWH_MAX = 1_000_000_000
COUNT_MAX = 28
REASON_MAX = 200
_DIGITS_MAX = 12


class DraftError(ValueError):
    """Something typed is not what is wanted; the text is the sentence to show."""


class AgreementDraft:
    """An agreement in the making: the fields as typed, and the plan by days."""

    def __init__(self, account_no: str, basis: AgreementBasis) -> None:
        """A form opens for this account; its request id is made now."""
        self.basis = basis
        self.plan: tuple[Instalment, ...] = ()
        self.period = basis.today.year * 100 + basis.today.month
        self.kwh = basis.last_kwh
        self._account_no = account_no
        self._request_id: UUID = new_request_id()
        self._sent: MakeAgreement | None = None

    @property
    def expected_fen(self) -> int:
        """What the month may come to, by what the last one cost, half a fen up; 0 without one."""
        last = self.basis.last_kwh
        return (2 * self.basis.last_fen * self.kwh + last) // (2 * last) if last else self.basis.last_fen

    @property
    def least(self) -> int:
        """How many instalments this month has at least, by what is expected or was used."""
        return least_instalments(max(self.kwh, self.basis.last_kwh), self.basis.rules)

    def set_period(self, text: str) -> None:
        """A month as ``2026-12`` or ``202612``; the plan falls when it is another one."""
        digits = text.translate(HALF_WIDTH).replace("-", "").strip()
        if not (
            digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS_MAX and is_period(int(digits))
        ):
            raise DraftError(_("Enter a month such as {sample}.").format(sample=month(self.period)))
        if int(digits) != self.period:
            self.period, self.plan = int(digits), ()

    def set_kwh(self, text: str) -> None:
        """Whole kilowatt-hours, 0 or more."""
        self.kwh = _whole(text, KWH_MAX)

    def make_plan(self, count_text: str, total_fen: int) -> None:
        """Equal parts: so many, or with 0 one every few days as risk customers pay."""
        count = _whole(count_text, COUNT_MAX)
        if count and count < self.least:
            raise DraftError(_("This month takes at least {least} instalments.").format(least=self.least))
        every = self.basis.rules.every_days
        dates = even_dates(self.period, count) if count else regular_dates(self.period, every)
        if total_fen < len(dates):
            raise DraftError(_("The total is too small for so many instalments."))
        self.plan = equal_parts(total_fen, dates)

    def change(self, text: str) -> None:
        """``10 3000`` puts 3,000.00 on the 10th; ``10`` alone takes that day out."""
        day_text, amount = [*text.translate(HALF_WIDTH).split(None, 1), "", ""][:2]
        last = calendar.monthrange(self.period // 100, self.period % 100)[1]
        day = _whole(day_text, last)
        if not day:
            raise DraftError(_("Enter a day of the month from 1 to {last}.").format(last=last))
        due = date(self.period // 100, self.period % 100, day)
        kept = {item.due_date: item for item in self.plan if item.due_date != due}
        if amount.strip():
            try:
                kept[due] = Instalment(due, parse_yuan(amount))
            except AmountError as error:
                raise DraftError(amount_fault(error.reason)) from error
        self.plan = tuple(kept[when] for when in sorted(kept))

    def request(self, reason: str) -> MakeAgreement:
        """The request to send now; raises DraftError when it would be refused."""
        if len(self.plan) < self.least:
            raise DraftError(_("This month takes at least {least} instalments.").format(least=self.least))
        if not is_plan(self.period, self.plan):
            raise DraftError(_("There is no plan yet: enter total and number of instalments."))
        every = self.basis.rules.every_days
        if self.basis.risk_customer and not settles_often(self.plan, every, self.period, self.basis.today):
            words = _("A risk customer settles every {days} days to the end of the month: enter 0.")
            raise DraftError(words.format(days=every))
        if not 1 <= len(reason.strip()) <= REASON_MAX:
            raise DraftError(_("A reason of 1 to 200 characters is needed."))
        content = (self._account_no, self.period, self.kwh, self.plan, reason.strip())
        request = MakeAgreement(self._request_id, *content)
        if self._sent is not None and self._sent != request:
            self._request_id = new_request_id()
            request = MakeAgreement(self._request_id, *content)
        self._sent = request
        return request


def _whole(text: str, most: int) -> int:
    """A whole number from 0 to ``most``; raises DraftError."""
    digits = text.translate(HALF_WIDTH).replace(",", "").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS_MAX and int(digits) <= most):
        raise DraftError(_("Enter a whole number from 0 to {most}.").format(most=f"{most:,}"))
    return int(digits)
