"""Which recharge cards a sale handed over, kept when the sale is taken back and the cards are sold again.

Safe on a live bureau? One new table; it is filled from the cards that are sold, of which there are few.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "sold_card",
        sa.Column("journal_id", sa.BigInteger(), nullable=False),
        sa.Column("card_no", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_no"], ["counter.recharge_card.card_no"], name=op.f("sold_card_card_no_fk")
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["counter.journal.journal_id"], name=op.f("sold_card_journal_id_fk")
        ),
        sa.PrimaryKeyConstraint("journal_id", "card_no", name=op.f("sold_card_pk")),
        schema="counter",
        comment="The cards of each sale; the row of a card names only the sale that counts now.",
    )
    op.execute(
        "INSERT INTO counter.sold_card (journal_id, card_no)"
        " SELECT sold_by, card_no FROM counter.recharge_card WHERE sold_by IS NOT NULL"
    )
