"""Risk customers, and one place where every request that is no payment claims its id.

Safe on a live bureau? Two columns with a constant default and one empty table: nothing is rewritten.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column(
        "account",
        sa.Column("risk_customer", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="counter",
    )
    op.add_column("account_staging", sa.Column("risk_customer", sa.Text(), nullable=True), schema="counter")
    op.create_table(
        "request_claim",
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("staff_no", sa.Text(collation="C"), nullable=False),
        sa.Column("posted", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("request_claim_pk")),
        schema="counter",
        comment="Each request but a payment, once: posted, or given up because it was not there when asked for.",
    )
