"""A bureau that does not exist, as files: what ``counter demo-data`` writes and the demonstration imports.

Invariant: the same arguments give the same bytes, on any machine; no name, address or number is taken
from a real person, and memory does not grow with the number of accounts.
"""

from counter.services.demo_data.files import ACCOUNTS_FILE, BILLS_FILE, Summary, write_demo_data

__all__ = ["ACCOUNTS_FILE", "BILLS_FILE", "Summary", "write_demo_data"]
