"""Where measurements play: one embedded server, durable as in service, and bureaus built in it.

The server is removed at the end unless a folder to keep it in was named; a kept bureau is used again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, text

from benchmarks.measure import say
from counter.services import demo
from counter.services.demo_data import ACCOUNTS_FILE, BILLS_FILE, write_demo_data
from counter.services.imports.loading import import_accounts, import_bills
from db import embedded
from db.engine import make_engine

SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min", "work_mem": "16MB"}
"""Sizes of a small server in service; fsync, synchronous commits and full pages stay on."""


class Stage:
    """The server, its databases and a folder for files."""

    def __init__(self, *, keep: Path | None, accounts: int, scale: int) -> None:
        """``accounts`` are imported by the import's measure; ``scale`` accounts are searched."""
        self.accounts, self.scale = accounts, scale
        self._rest = ExitStack()
        self._keep = keep
        self.folder = keep or Path(
            self._rest.enter_context(tempfile.TemporaryDirectory(prefix="counter-bench-"))
        )
        self._server: embedded.EmbeddedServer | None = None

    def __enter__(self) -> Self:
        """Use it for the length of a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the server go and clear up."""
        if self._server is not None:
            self._server.leave()
        self._rest.close()

    @property
    def server(self) -> embedded.EmbeddedServer:
        """The server, started by the first that asks."""
        if self._server is None:
            self._server = embedded.start(
                self.folder / "server", settings=SETTINGS, temporary=self._keep is None
            )
        return self._server

    def version(self) -> str:
        """Of the server, as in '18.4'."""
        return str(self.ask("postgres", "SHOW server_version"))

    def ask(self, database: str, query: str) -> object:
        """The first column of the first row, outside a transaction, as superuser."""
        engine = self.engine(database).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            result = connection.execute(text(query))
            found = result.scalar() if result.returns_rows else None
        engine.dispose()
        return found

    def engine(self, database: str) -> Engine:
        """An engine as superuser."""
        return make_engine(self.server.url_for(database))

    def fresh(self, database: str) -> Engine:
        """An empty database with a migrated bureau: halls, tills and staff, but nobody's account."""
        self.ask("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        self.ask("postgres", f"CREATE DATABASE \"{database}\" ENCODING 'UTF8' TEMPLATE template0")
        engine = self.engine(database)
        demo.set_up(engine, lambda _what, _done, _all: None, accounts=0)
        return engine

    def filled(self, database: str, fill: Callable[[Engine], None]) -> Engine:
        """A bureau that ``fill`` has filled, in this run or in an earlier one of a kept server."""
        marker = (
            "SELECT count(*) FROM pg_database WHERE datname = '{0}' AND datallowconn AND datconnlimit = -1"
        )
        if self.ask("postgres", marker.format(database)):
            return self.engine(database)
        say(f"building {database}")
        engine = self.fresh(f"{database}_new")
        fill(engine)
        engine.dispose()
        self.ask(f"{database}_new", "VACUUM ANALYZE")
        self.ask("postgres", "CHECKPOINT")
        self.ask("postgres", f'ALTER DATABASE "{database}_new" RENAME TO "{database}"')
        return self.engine(database)

    def demonstration(self, accounts: int, *, bills_per_account: int = 3) -> Callable[[Engine], None]:
        """Fills a bureau with the demonstration's accounts through the import."""

        def fill(engine: Engine) -> None:
            folder = self.folder / f"files_{accounts}_{bills_per_account}"
            write_demo_data(accounts, demo.DEMO_SEED, folder, bills_per_account=bills_per_account)
            say(f"importing {accounts} accounts")
            for take, name in ((import_accounts, ACCOUNTS_FILE), (import_bills, BILLS_FILE)):
                assert take(engine, folder / name, on_problem=lambda problem: say(str(problem))).accepted

        return fill
