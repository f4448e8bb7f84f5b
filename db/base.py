"""One metadata for every table, so that names of constraints are the same everywhere.

Constraint names matter: ``db.errors`` turns them into sentences. All tables live in the schema
``counter``, owned by ``counter_owner``; nobody signs in as the owner.
"""

from __future__ import annotations

from sqlalchemy import MetaData

SCHEMA = "counter"
OWNER = "counter_owner"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
        "ck": "%(table_name)s_%(constraint_name)s",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "pk": "%(table_name)s_pk",
    },
)
