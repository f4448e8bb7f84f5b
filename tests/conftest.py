"""A real PostgreSQL for every test: the embedded one, or any other by COUNTER_TEST_DATABASE_URL.

One migrated template for each worker; a test that commits gets a fresh copy of it. Login roles belong to
the whole cluster, so they are made once, under a lock that all workers share.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from counter import i18n
from db.engine import address, make_engine
from db.migrate import upgrade
from tests.bureau import Bureau, furnish
from tests.copies import Copies


@pytest.fixture(autouse=True)
def _speak_chinese() -> Iterator[None]:
    """Every test begins in the default language."""
    i18n.set_language(i18n.DEFAULT_LANGUAGE)
    yield
    i18n.set_language(i18n.DEFAULT_LANGUAGE)


@pytest.fixture(scope="session")
def shared_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of one run see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def server_url(shared_dir: Path) -> Iterator[str]:
    """The address of the maintenance database, as a superuser."""
    if given := os.environ.get("COUNTER_TEST_DATABASE_URL"):
        yield given
        return
    from db import embedded

    settings = {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    if embedded.find_binaries().major >= 16:  # the setting is younger than the oldest server we run on
        settings["scram_iterations"] = "16"
    server = embedded.start(shared_dir / "server", settings=settings, temporary=True)
    try:
        yield server.admin_url
    finally:
        server.leave()


@contextmanager
def cluster_lock(shared_dir: Path) -> Iterator[None]:
    """One worker at a time."""
    with (shared_dir / "cluster.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run_in(url: str, statement: str) -> None:
    """One statement outside any transaction."""
    engine = make_engine(url, pool_size=1).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def in_database(url: str, name: str) -> str:
    """The same server and user, another database."""
    return address(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def template(server_url: str, shared_dir: Path) -> Iterator[str]:
    """A migrated database with a small bureau in it: two halls, four tills, somebody for each duty."""
    name = f"counter_t_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    run_in(server_url, f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
    engine = make_engine(in_database(server_url, name))
    with cluster_lock(shared_dir):
        upgrade(engine)
        furnish(engine)
    engine.dispose()
    yield name
    run_in(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def copies(server_url: str, template: str) -> Iterator[Copies]:
    """Copies of the template."""
    made = Copies(server_url, template)
    yield made
    made.close()


@pytest.fixture
def bureau(server_url: str, copies: Copies, tmp_path: Path) -> Iterator[Bureau]:
    """A fresh copy of the template, with handles to work in it as anybody."""
    name = copies.take()
    copy = Bureau(in_database(server_url, name), tmp_path)
    yield copy
    copy.dispose()
    copies.give_back(name)
