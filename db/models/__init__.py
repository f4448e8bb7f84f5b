"""Tables as SQLAlchemy metadata, one file per aggregate; importing this package loads them all."""

from db.models import (
    account,
    approvals,
    banking,
    billing,
    bureau,
    closings,
    customers,
    ledger,
    money,
    staging,
    tills,
    tokens,
    vends,
)

__all__ = [
    "account",
    "approvals",
    "banking",
    "billing",
    "bureau",
    "closings",
    "customers",
    "ledger",
    "money",
    "staging",
    "tills",
    "tokens",
    "vends",
]
