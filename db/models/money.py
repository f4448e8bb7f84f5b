"""What money can be, and under which rules it is taken: tenders, their documents, policies, cards, the fund.

Everything here that is a rule is a row: another tender, another limit, another date.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Time,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from db.base import metadata
from db.models.ledger import journal
from db.types import Code, Digest, Fen, Moment

_NO = text("false")

tender_kind = Table(
    "tender_kind",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("ledger_account", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("reference_form", Text),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    comment="Every way to pay. reference_form is a regular expression for what makes its document unique;"
    " without one it has none.",
)

tender_document = Table(
    "tender_document",
    metadata,
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), nullable=False),
    Column("line", SmallInteger, nullable=False),
    Column("kind", Text, ForeignKey(tender_kind.c.kind), nullable=False),
    Column("reference", Code, nullable=False),
    Column("payer", Code, nullable=False, server_default=text("''")),
    Column("amount_fen", Fen, nullable=False),
    Column("released_by", Fen, ForeignKey(journal.c.journal_id)),
    Column("arrived_by", Fen, ForeignKey(journal.c.journal_id)),
    PrimaryKeyConstraint("journal_id", "line"),
    Index(
        "tender_document_once",
        "kind",
        "reference",
        unique=True,
        postgresql_where=text("released_by IS NULL"),
    ),
    Index(
        "tender_document_payer_ix",
        "payer",
        postgresql_where=text("kind = 'transfer' AND released_by IS NULL AND arrived_by IS NULL"),
        info={"built_later": True},
    ),
    Index(
        "tender_document_released_ix",
        "kind",
        "reference",
        postgresql_where=text("released_by IS NOT NULL"),
        info={"built_later": True},
    ),
    comment="A slip, cheque or card counts once; a reversal releases it, a statement line proves it.",
)

payer_exposure = Table(
    "payer_exposure",
    metadata,
    Column("payer", Code, primary_key=True),
    Column("open_fen", Fen, nullable=False),
    CheckConstraint("open_fen >= 0", name="not_negative"),
    comment="Transfer slips of a payer that counted before they arrived; cached from tender_document.",
)

payment_policy = Table(
    "payment_policy",
    metadata,
    Column("customer_class", Text, primary_key=True),
    Column("payment_mode", Text, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("tenders", ARRAY(Text), nullable=False),
    Column("approval_tenders", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("corporate_cash_approval", Boolean, nullable=False, server_default=text("true")),
    Column("slip_counts", Boolean, nullable=False, server_default=text("true")),
    Column("slip_exposure_fen", Fen, nullable=False),
    CheckConstraint("customer_class IN ('residential', 'non_residential')", name="class_known"),
    CheckConstraint("payment_mode IN ('postpaid', 'prepaid', 'card', 'token')", name="mode_known"),
    CheckConstraint("slip_exposure_fen >= 0", name="exposure_not_negative"),
    comment="Which tenders are taken, which need a supervisor, and how far slips count before they arrive;"
    " in force until the next row of class and mode.",
)

till_policy = Table(
    "till_policy",
    metadata,
    Column("valid_from", Date, primary_key=True),
    Column("cash_ceiling_fen", Fen, nullable=False),
    Column("deposit_by", Time, nullable=False),
    CheckConstraint("cash_ceiling_fen > 0", name="ceiling_positive"),
    comment="More cash than this in a drawer alarms, and so does cash not banked by this hour.",
)

recharge_card = Table(
    "recharge_card",
    metadata,
    Column("card_no", Code, primary_key=True),
    Column("face_fen", Fen, nullable=False),
    Column("secret_digest", Digest, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'stock'")),
    Column("failed_tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("shown_in_shift", Fen),
    Column("shown_at", Moment),
    Column("sold_by", Fen, ForeignKey(journal.c.journal_id, deferrable=True, initially="DEFERRED")),
    Column("redeemed_by", Fen, ForeignKey(journal.c.journal_id, deferrable=True, initially="DEFERRED")),
    CheckConstraint("card_no ~ '^[0-9]{8,20}$'", name="card_no_form"),
    CheckConstraint("face_fen > 0", name="face_positive"),
    CheckConstraint("status IN ('stock', 'sold', 'redeemed', 'locked')", name="status_known"),
    CheckConstraint("failed_tries BETWEEN 0 AND 5", name="tries_counted"),
    comment="secret_digest is the SHA-256 of a slow hash of the secret; the secret itself is nowhere.",
)

sold_card = Table(
    "sold_card",
    metadata,
    Column("journal_id", Fen, ForeignKey(journal.c.journal_id), nullable=False),
    Column("card_no", Code, ForeignKey(recharge_card.c.card_no), nullable=False),
    PrimaryKeyConstraint("journal_id", "card_no"),
    comment="The cards of each sale; the row of a card names only the sale that counts now.",
)

fund = Table(
    "fund",
    metadata,
    Column("fund", Text, primary_key=True),
    Column("balance_fen", Fen, nullable=False, server_default=text("0")),
    CheckConstraint("balance_fen >= 0", name="not_negative"),
    comment="Cached from postings: what a fund (the care fund) still has to give.",
)

__all__ = [
    "fund",
    "payer_exposure",
    "payment_policy",
    "recharge_card",
    "sold_card",
    "tender_document",
    "tender_kind",
    "till_policy",
]
