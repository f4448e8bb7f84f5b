"""Everything that a receipt says, as it was when its number was given."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

CARD_SALE = "card_sale"
VEND = "vend"


@dataclass(frozen=True, slots=True)
class ReceiptBill:
    """What the payment settled of one bill."""

    period: int
    part: int
    kwh: int
    principal_fen: int
    late_fee_fen: int
    waived_fen: int
    waived_of_fen: int


@dataclass(frozen=True, slots=True)
class ReceiptAccount:
    """One account of a receipt for several, with the sums of its postings."""

    account_no: str
    account_name: str
    address: str
    prepaid_after_fen: int
    first_period: int
    last_period: int
    bill_count: int
    principal_fen: int
    late_fee_fen: int
    waived_fen: int
    prepaid_fen: int


@dataclass(frozen=True, slots=True)
class PrepaidMove:
    """What a journal did to the prepaid balance of an account: in is positive, out is negative."""

    account_no: str
    account_name: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class ReceiptCard:
    """A recharge card that was sold; its number is masked."""

    card_no: str
    face_fen: int


@dataclass(frozen=True, slots=True)
class ReceiptVend:
    """The sale onto a prepaid card, as it stands now; ``mark`` says what of it was for show."""

    kind: str
    state: str
    card_serial: str
    meter_no: str
    vend_count: int
    amount_fen: int
    mark: str


@dataclass(frozen=True, slots=True)
class ReceiptToken:
    """The sale of a token, as it stands now; ``token`` is empty while there is none."""

    state: str
    amount_fen: int
    token: str = field(repr=False)
    mark: str


@dataclass(frozen=True, slots=True)
class DrawnDown:
    """What a bill took from the prepaid balance since the account's last receipt."""

    period: int
    part: int
    drawn_on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class ReceiptInstalment:
    """What was paid under an instalment agreement, and the amounts of its plan; negative on a reversal."""

    account_no: str
    agreement_id: UUID
    period: int
    amount_fen: int
    paid_before_fen: int
    plan_fen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReceiptTender:
    """How a part of the money was handed over."""

    kind: str
    amount_fen: int
    received_fen: int | None
    details: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One receipt with its lines; ``paid_at`` is the bureau's local time.

    ``kind`` is the journal's; of a reversal ``reverses`` is the number that it reverses and
    ``reversed_kind`` what that was. ``reversed_by`` is the number of the reversal of this one.
    ``account_no`` is empty for several accounts.
    """

    journal_id: int
    receipt_no: str
    business_date: date
    paid_at: datetime
    payee: str
    hall_name: str
    till_name: str
    staff_name: str
    account_no: str
    account_name: str
    address: str
    meter_no: str
    total_fen: int
    prepaid_after_fen: int
    arrears_after_fen: int
    chain_hash: str
    printed: bool
    kind: str
    reverses: str
    reversed_kind: str
    reversed_by: str
    reason: str
    approved_by: str
    till_no: int
    bills: tuple[ReceiptBill, ...] = ()
    tenders: tuple[ReceiptTender, ...] = ()
    accounts: tuple[ReceiptAccount, ...] = ()
    moves: tuple[PrepaidMove, ...] = ()
    drawn: tuple[DrawnDown, ...] = ()
    instalments: tuple[ReceiptInstalment, ...] = ()
    cards: tuple[ReceiptCard, ...] = ()
    vend: ReceiptVend | None = None
    token: ReceiptToken | None = None


def receipt_key(receipt_no: str) -> tuple[int, date, int]:
    """Till, business date and serial of a receipt number; raises ValueError for anything else."""
    till, day, serial = receipt_no.split("-")
    return int(till), datetime.strptime(day, "%y%m%d").date(), int(serial)  # noqa: DTZ007  (a date)


def receipt(connection: Connection, receipt_no: str) -> ReceiptRow | None:
    """The receipt of this number, when this login may see it."""
    till_no, day, serial = receipt_key(receipt_no)
    row = connection.execute(
        text(
            "SELECT j.journal_id, counter.receipt_no(j.till_no, j.business_date, j.receipt_serial), j.business_date,"
            " j.recorded_at AT TIME ZONE u.timezone, u.payee, h.name, t.name, coalesce(p.name, j.staff_no),"
            " coalesce(r.account_no, ''), r.account_name, r.address, coalesce(r.meter_no, ''), r.total_fen,"
            " r.prepaid_after_fen, r.arrears_after_fen,"
            " encode(j.hash, 'hex'), EXISTS (SELECT FROM counter.receipt_print x"
            " WHERE x.journal_id = j.journal_id AND x.outcome <> 'failed'),"
            " j.kind::text, coalesce(counter.receipt_no(v.till_no, v.business_date, v.receipt_serial), ''),"
            " coalesce(v.kind::text, ''),"
            " coalesce(counter.receipt_no(w.till_no, w.business_date, w.receipt_serial), ''),"
            " coalesce(n.reason, ''), coalesce(a.name, d.decided_by, ''), j.till_no"
            " FROM counter.journal j JOIN counter.receipt r USING (journal_id)"
            " JOIN counter.hall h ON h.hall_no = j.hall_no JOIN counter.till t ON t.till_no = j.till_no"
            " LEFT JOIN counter.staff p ON p.staff_no = j.staff_no"
            " LEFT JOIN counter.journal v ON v.journal_id = j.reverses"
            " LEFT JOIN counter.journal w ON w.reverses = j.journal_id AND w.kind = 'reversal'"
            " LEFT JOIN counter.journal_note n ON n.journal_id = j.journal_id"
            " LEFT JOIN counter.approval_decision d ON d.approval_id = n.approval_id"
            " LEFT JOIN counter.staff a ON a.staff_no = d.decided_by CROSS JOIN counter.bureau u"
            " WHERE j.till_no = :till_no AND j.business_date = :day AND j.receipt_serial = :serial"
        ),
        {"till_no": till_no, "day": day, "serial": serial},
    ).one_or_none()
    if row is None:
        return None
    journal_id = row[0]
    lines = [
        read(connection, journal_id) for read in (_bills, _tenders, _accounts, _moves, _drawn, _instalments)
    ]
    found = ReceiptRow(*row, *lines)
    subjects = {found.kind, found.reversed_kind}
    if CARD_SALE in subjects:
        return replace(found, cards=_cards(connection, journal_id))
    if VEND in subjects:
        return replace(found, vend=_vend(connection, journal_id), token=_token(connection, journal_id))
    return found


def _bills(connection: Connection, journal_id: int) -> tuple[ReceiptBill, ...]:
    rows = connection.execute(
        text(
            "SELECT p.period, p.part, b.kwh,"
            " coalesce(-sum(p.amount_fen) FILTER (WHERE p.ledger_account = 'receivable'), 0),"
            " coalesce(-sum(p.amount_fen) FILTER (WHERE p.ledger_account = 'late_fee_income'), 0),"
            " coalesce(f.waived_fen, 0), coalesce(f.original_fen, 0)"
            " FROM counter.posting p JOIN counter.bill b USING (account_no, period, part)"
            " JOIN counter.journal j USING (journal_id)"
            " LEFT JOIN LATERAL (SELECT sum(r.waived_fen) AS waived_fen, max(r.original_fen) AS original_fen"
            " FROM counter.late_fee_relief r WHERE r.account_no = p.account_no AND r.period = p.period"
            " AND r.part = p.part AND r.kind = 'waiver' AND r.granted_at <= j.recorded_at) f ON true"
            " WHERE p.journal_id = :journal_id GROUP BY p.period, p.part, b.kwh, b.due_date, p.account_no,"
            " f.waived_fen, f.original_fen"
            " ORDER BY b.due_date, p.period, p.part"
        ),
        {"journal_id": journal_id},
    )
    return tuple(ReceiptBill(*row[:3], *map(int, row[3:])) for row in rows)


def _tenders(connection: Connection, journal_id: int) -> tuple[ReceiptTender, ...]:
    rows = connection.execute(
        text(
            "SELECT kind, amount_fen, received_fen, details FROM counter.tender"
            " WHERE journal_id = :journal_id ORDER BY line"
        ),
        {"journal_id": journal_id},
    )
    return tuple(ReceiptTender(*row) for row in rows)


def _accounts(connection: Connection, journal_id: int) -> tuple[ReceiptAccount, ...]:
    rows = connection.execute(
        text(
            "WITH line AS (SELECT account_no, min(period) AS first_period, max(period) AS last_period,"
            " count(DISTINCT (period, part)) FILTER (WHERE period IS NOT NULL) AS bill_count,"
            " -sum(amount_fen) FILTER (WHERE ledger_account = 'receivable') AS principal_fen,"
            " -sum(amount_fen) FILTER (WHERE ledger_account = 'late_fee_income') AS late_fee_fen,"
            " -sum(amount_fen) FILTER (WHERE ledger_account = 'prepaid') AS prepaid_fen"
            " FROM counter.posting WHERE journal_id = :journal_id AND account_no IS NOT NULL GROUP BY account_no),"
            " waived AS (SELECT f.account_no, sum(f.waived_fen) AS waived_fen FROM counter.late_fee_relief f"
            " JOIN (SELECT DISTINCT account_no, period, part FROM counter.posting WHERE journal_id = :journal_id) b"
            " USING (account_no, period, part) JOIN counter.journal j ON j.journal_id = :journal_id"
            " WHERE f.kind = 'waiver' AND f.granted_at <= j.recorded_at GROUP BY f.account_no)"
            " SELECT r.account_no, r.account_name, r.address, r.prepaid_after_fen, coalesce(l.first_period, 0),"
            " coalesce(l.last_period, 0), coalesce(l.bill_count, 0), coalesce(l.principal_fen, 0),"
            " coalesce(l.late_fee_fen, 0), coalesce(w.waived_fen, 0), coalesce(l.prepaid_fen, 0)"
            " FROM counter.receipt_account r LEFT JOIN line l USING (account_no)"
            " LEFT JOIN waived w USING (account_no) WHERE r.journal_id = :journal_id ORDER BY r.account_no"
        ),
        {"journal_id": journal_id},
    )
    return tuple(ReceiptAccount(*row[:3], *map(int, row[3:])) for row in rows)


def _moves(connection: Connection, journal_id: int) -> tuple[PrepaidMove, ...]:
    rows = connection.execute(
        text(
            "SELECT p.account_no, a.name, -sum(p.amount_fen) FROM counter.posting p JOIN counter.account a"
            " USING (account_no) WHERE p.journal_id = :journal_id AND p.ledger_account = 'prepaid'"
            " GROUP BY p.account_no, a.name ORDER BY p.account_no"
        ),
        {"journal_id": journal_id},
    )
    return tuple(PrepaidMove(row[0], row[1], int(row[2])) for row in rows)


def _drawn(connection: Connection, journal_id: int) -> tuple[DrawnDown, ...]:
    rows = connection.execute(
        text("SELECT * FROM counter.draw_downs_before(:journal_id)"), {"journal_id": journal_id}
    )
    return tuple(DrawnDown(*row) for row in rows)


def _instalments(connection: Connection, journal_id: int) -> tuple[ReceiptInstalment, ...]:
    rows = connection.execute(
        text("SELECT * FROM counter.instalments_of(:journal_id)"), {"journal_id": journal_id}
    )
    return tuple(ReceiptInstalment(*[*row[:5], tuple(row[5])]) for row in map(list, rows))


def _cards(connection: Connection, journal_id: int) -> tuple[ReceiptCard, ...]:
    rows = connection.execute(
        text("SELECT card_no, face_fen FROM counter.cards_sold(:journal_id)"), {"journal_id": journal_id}
    )
    return tuple(ReceiptCard(*row) for row in rows)


def _vend(connection: Connection, journal_id: int) -> ReceiptVend | None:
    """The sale of a journal, or the one that it takes back."""
    row = connection.execute(
        text(
            "SELECT v.kind, v.state, v.card_serial, v.meter_no, v.vend_count, v.amount_fen, v.mark"
            " FROM counter.journal j JOIN counter.vend v ON v.journal_id = coalesce(j.reverses, j.journal_id)"
            " WHERE j.journal_id = :journal_id"
        ),
        {"journal_id": journal_id},
    ).one_or_none()
    return ReceiptVend(*row) if row else None


def _token(connection: Connection, journal_id: int) -> ReceiptToken | None:
    """The sale of a token of a journal, or the one that it takes back."""
    row = connection.execute(
        text(
            "SELECT v.state, v.amount_fen, coalesce(v.token, ''), v.mark"
            " FROM counter.journal j JOIN counter.token_vend v ON v.journal_id = coalesce(j.reverses, j.journal_id)"
            " WHERE j.journal_id = :journal_id"
        ),
        {"journal_id": journal_id},
    ).one_or_none()
    return ReceiptToken(*row) if row else None
