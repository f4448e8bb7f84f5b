"""Tables as SQLAlchemy metadata, one file per aggregate; importing this package loads them all."""

from db.models import account, billing, bureau, ledger, staging

__all__ = ["account", "billing", "bureau", "ledger", "staging"]
