"""Selling tokens: the money in the ledger first, then the vending server, then the token beside the money.

Why in this order. The sale stands in the database before the vending server is asked, under the id that the
server is asked with; so whatever dies, the sale is found again, at any desk, and asked for again, and the
same id has the same token for ever. A token is printed from the books only.

A sale costs three round trips to the database: the books, the money, the token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Engine

from counter.domain.tokens import TokenState
from counter.errors import CounterError, Fault, Refusal, TokenInDoubt, TokenRefused
from counter.i18n import _
from counter.services.once import post_once
from counter.services.payments import as_taken, tender_body
from counter.services.ports.tokens import (
    OnStep,
    SellToken,
    Token,
    TokenBooks,
    TokenOutcome,
    TokenRequest,
    TokenSale,
    TokenStep,
    TokenVendor,
)
from counter.services.posting import Posting
from counter.services.unit_of_work import glance
from db.queries import tokens

_NOTE_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Tokens:
    """The real part behind ``ports.tokens.Tokens``."""

    engine: Engine
    posting: Posting
    vendor: TokenVendor | None
    staff_no: str

    @property
    def is_set_up(self) -> bool:
        """Whether there is a vending server to ask."""
        return self.vendor is not None

    @property
    def is_simulated(self) -> bool:
        """Whether its tokens are for show."""
        return self.vendor is not None and self.vendor.simulated

    def books(self, account_no: str) -> TokenBooks | None:
        """The account with its last sales."""
        with glance(self.engine) as connection:
            row = tokens.books(connection, account_no)
        if row is None:
            return None
        return TokenBooks(
            account_no=row.account_no,
            account_name=row.account_name,
            meter_no=row.meter_no,
            version=row.version,
            limit_fen=row.limit_fen,
            prepaid_fen=row.prepaid_fen,
            arrears_fen=row.arrears_fen,
            sales=tuple(map(_sale, row.last_vends)),
        )

    def sell(self, request: SellToken, on_step: OnStep) -> TokenOutcome:
        """Post the money, then ask; what would certainly fail is refused before the money."""
        vendor = self._ready()
        on_step(TokenStep.BOOKING)
        body = as_request(request) | ({"mark": "simulated"} if vendor.simulated else {})
        taken = as_taken(self.posting.post("begin_token_vend", body))
        asked = TokenRequest(request.request_id, request.account_no, request.meter_no, request.amount_fen)
        on_step(TokenStep.ASKING)
        outcome = self._asked(vendor, asked, taken.receipt_no, on_step)
        return replace(outcome, taken=taken)

    def resume(self, vend_id: UUID, on_step: OnStep) -> TokenOutcome:
        """Ask again for a sale that has no token; any other is told as it stands."""
        sale = self._found(vend_id)
        if not sale.state.open:
            return _as_it_stands(sale)
        asked = TokenRequest(vend_id, sale.account_no, sale.meter_no, sale.amount_fen)
        vendor = self._ready()
        on_step(TokenStep.ASKING_AGAIN)
        return self._asked(vendor, asked, sale.receipt_no, on_step)

    def decide(
        self, vend_id: UUID, request_id: UUID, *, digits: str, reason: str, approval_id: UUID
    ) -> TokenOutcome:
        """A supervisor's decision; a token that the server knows after all comes before it."""
        known = self._known(vend_id)
        if known is not None:
            return self._settled(known, self._found(vend_id), lambda _step: None)
        body = {
            "request_id": str(request_id),
            "approval_id": str(approval_id),
            **self.decision_subject(vend_id, digits=digits, reason=reason)[1],
        }
        post_once(self.engine, "decide_token_vend", body)
        return _as_it_stands(self._found(vend_id))

    def decision_subject(self, vend_id: UUID, *, digits: str, reason: str) -> tuple[str, dict[str, Any]]:
        """A decision, as a supervisor approves it."""
        subject = {"vend_id": str(vend_id), "reason": reason}
        return "vend_decision", subject | ({"token": digits} if digits else {})

    def subject_of(self, request: SellToken) -> tuple[str, dict[str, Any]]:
        """A sale, as a supervisor approves it."""
        return "payment", as_request(replace(request, approval_id=None))

    def unsettled(self) -> tuple[TokenSale, ...]:
        """What has no token in this hall."""
        with glance(self.engine) as connection:
            return tuple(map(_sale, tokens.unsettled(connection)))

    def unfinished(self) -> tuple[TokenSale, ...]:
        """What the caller began."""
        with glance(self.engine) as connection:
            rows = tokens.unsettled(connection)
        mine = [_sale(row) for row in rows if row.staff_no == self.staff_no]
        return tuple(sale for sale in mine if sale.state.open)

    def _ready(self) -> TokenVendor:
        """The vendor; raises Refusal while nothing is booked."""
        if self.vendor is None:
            raise Refusal(
                _("This desk knows no vending server."),
                _("Nothing was saved."),
                _("Set token_server_url in the settings of this desk."),
            )
        self.vendor.check()
        return self.vendor

    def _known(self, vend_id: UUID) -> Token | None:
        """The token that the server has for a sale; None when it has none, or does not answer."""
        if self.vendor is None:
            return None
        try:
            return self.vendor.ask(vend_id)
        except CounterError:
            return None

    def _found(self, vend_id: UUID) -> TokenSale:
        """One sale; a wrong id is a bug of the caller."""
        with glance(self.engine) as connection:
            row = tokens.vend(connection, vend_id)
        assert row is not None, "the list named it"
        return _sale(row)

    def _asked(
        self, vendor: TokenVendor, asked: TokenRequest, receipt_no: str, on_step: OnStep
    ) -> TokenOutcome:
        """Ask, and tell the books what came of it; never raises, for the money is booked."""
        stand = TokenOutcome(
            asked.request_id, TokenState.PENDING, receipt_no, asked.amount_fen, asked.meter_no
        )
        try:
            token = vendor.vend(asked)
        except TokenRefused as error:
            return self._told(_troubled(stand, TokenState.REFUSED, error))
        except TokenInDoubt as error:
            return self._told(_troubled(stand, TokenState.IN_DOUBT, error))
        except CounterError as error:
            return self._told(_troubled(stand, TokenState.PENDING, error))
        return self._kept(token, stand, on_step)

    def _settled(self, token: Token, sale: TokenSale, on_step: OnStep) -> TokenOutcome:
        """Keep a token that came without asking for it."""
        return self._kept(token, _as_it_stands(sale), on_step)

    def _kept(self, token: Token, stand: TokenOutcome, on_step: OnStep) -> TokenOutcome:
        """The token beside its money. When the books cannot take it now, it is asked for again later."""
        on_step(TokenStep.KEEPING)
        body = {
            **_body(stand.vend_id, TokenState.ISSUED, ""),
            "token": token.digits,
            "meter_no": token.meter_no,
            "amount_fen": token.amount_fen,
        }
        try:
            answer = post_once(self.engine, "settle_token_vend", body)
        except Fault as error:
            late = _("The token is issued, but not yet in the books: {why}").format(why=error.title)
            hint = _("Let the customer write it down, and ask again later: it is the same token.")
            return replace(stand, state=TokenState.IN_DOUBT, digits=token.digits, problem=late, hint=hint)
        except CounterError as error:
            return _troubled(stand, TokenState.IN_DOUBT, error)
        return _answered(replace(stand, problem="", hint=""), answer)

    def _told(self, stand: TokenOutcome) -> TokenOutcome:
        """What went wrong stands in the books too; another desk may have had more luck meanwhile."""
        try:
            answer = post_once(
                self.engine, "settle_token_vend", _body(stand.vend_id, stand.state, stand.problem)
            )
        except CounterError as error:
            state = TokenState.IN_DOUBT if stand.state is TokenState.REFUSED else stand.state
            return replace(stand, state=state, problem=f"{stand.problem} {error.title}".strip())
        return _answered(stand, answer)


def as_request(request: SellToken) -> dict[str, Any]:
    """A sale as the database function reads it; what is empty is left out."""
    body: dict[str, Any] = {
        "request_id": str(request.request_id),
        "shift_id": request.shift_id,
        "account_no": request.account_no,
        "version": request.version,
        "meter_no": request.meter_no,
        "amount_fen": request.amount_fen,
        "tenders": [tender_body(tender) for tender in request.tenders],
    }
    if request.reason:
        body["reason"] = request.reason
    if request.approval_id:
        body["approval_id"] = str(request.approval_id)
    return body


def _body(vend_id: UUID, state: TokenState, note: str) -> dict[str, Any]:
    """What is told to the books of a sale; each time under an id of its own, for the sale has one."""
    return {
        "request_id": str(uuid4()),
        "vend_id": str(vend_id),
        "outcome": state.value,
        "note": note[:_NOTE_MAX],
    }


def _troubled(stand: TokenOutcome, state: TokenState, error: CounterError) -> TokenOutcome:
    """No token: why, and what to do."""
    return replace(stand, state=state, problem=error.title, hint=error.hint)


def _answered(stand: TokenOutcome, answer: Mapping[str, Any]) -> TokenOutcome:
    """How the books have the sale, which goes before what this desk heard."""
    state, digits = TokenState(answer["state"]), answer["token"] or ""
    if digits:
        return replace(stand, state=state, digits=digits, problem="", hint="")
    return replace(stand, state=state)


def _sale(row: tokens.TokenVendRow) -> TokenSale:
    """A row as the screens show it."""
    return TokenSale(
        vend_id=row.vend_id,
        account_no=row.account_no,
        account_name=row.account_name,
        meter_no=row.meter_no,
        amount_fen=row.amount_fen,
        state=TokenState(row.state),
        receipt_no=row.receipt_no,
        staff_name=row.staff_name,
        hall_name=row.hall_name,
        began_at=row.began_at,
        note=row.note,
        digits=row.token,
    )


def _as_it_stands(sale: TokenSale) -> TokenOutcome:
    """A sale of the books, without asking anybody."""
    return TokenOutcome(
        sale.vend_id, sale.state, sale.receipt_no, sale.amount_fen, sale.meter_no, sale.digits, sale.note
    )
