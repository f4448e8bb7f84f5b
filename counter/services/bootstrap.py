"""Wires the real parts: which server, which desk folder, which printer. Imported in the connect worker.

``server`` answers the address of the database for every command: the configured one, or, for the
demonstration and for trying out, the embedded server, which stays up as long as a program uses it.
"""

from __future__ import annotations

import atexit
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from cardio.profiles import KeySource
from cardio.setup import KeySetup, ReaderSetup
from counter.config import SIMULATED, Settings
from counter.errors import Refusal
from counter.i18n import _
from counter.logs import open_log
from counter.services.bank_profiles import BankFolders
from counter.services.card_desk import CardDesk
from counter.services.demo import DEMO_STAFF
from counter.services.gateway import ServerGateway
from counter.services.ports.tokens import TokenVendor
from db import embedded
from db.engine import make_engine
from receipts.devices import queue_options
from receipts.press import Press
from receipts.printers import Form
from receipts.printing import Printer

EMBEDDED_DATABASE = "counter"


@dataclass(frozen=True, slots=True)
class Server:
    """Where the bureau's database is; the address carries the administrator's password when embedded."""

    url: str = field(repr=False)
    is_embedded: bool


def server(settings: Settings, *, may_embed: bool = False) -> Server:
    """The configured server, else the embedded one; raises Refusal when neither is meant, or a Fault."""
    if settings.database_url:
        return Server(settings.database_url, is_embedded=False)
    if not (settings.demo or may_embed):
        raise Refusal(
            _("No server is configured."),
            _("Nothing was started."),
            _("Set COUNTER_DATABASE_URL or database_url in the settings file, or try script/demo."),
        )
    running = embedded.start(settings.data_dir / "server")
    atexit.register(running.leave)
    ensure_database(running.admin_url)
    return Server(running.url_for(EMBEDDED_DATABASE), is_embedded=True)


def ensure_database(admin_url: str) -> None:
    """Create the embedded server's one database where it is missing."""
    engine = make_engine(admin_url, pool_size=1).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = connection.execute(
            text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": EMBEDDED_DATABASE}
        )
        if known.scalar() is None:
            connection.execute(
                text(f"CREATE DATABASE {EMBEDDED_DATABASE} ENCODING 'UTF8' TEMPLATE template0")
            )
    engine.dispose()


def gateway(settings: Settings) -> ServerGateway:
    """The way in for the screens; blocks while the embedded server starts."""
    open_log(settings.data_dir / "logs")
    found = server(settings)
    return ServerGateway(
        database_url=found.url,
        folder=settings.data_dir,
        press=press(settings),
        receipt_language=settings.receipt_language,
        demo=DEMO_STAFF if settings.demo else (),
        cards=card_desk(settings, found.url),
        vendor=token_vendor(settings),
        bank=bank_folders(settings),
    )


def bank_folders(settings: Settings) -> BankFolders:
    """Where files of banks arrive; the demonstration has a bank that sends them."""
    simulated = settings.demo and settings.bank_files_dir is None
    files = settings.data_dir / "bank-files" if simulated else settings.bank_files_dir
    return BankFolders(settings.bank_profiles_dir, files, simulated, settings.ledger_codes)


def token_vendor(settings: Settings) -> TokenVendor | None:
    """The way to the vending server, where the desk knows one; its library comes with the first sale."""
    url = settings.token_server_url or (SIMULATED if settings.demo else "")
    if not url:
        return None
    if url == SIMULATED:
        from counter.services.simulated_vendor import SimulatedVendor

        return SimulatedVendor(settings.data_dir / "tokens.json")
    from counter.services.token_vendor import VendingServer

    return VendingServer(url, settings.token_server_key_file, settings.token_server_ca)


def card_desk(settings: Settings, url: str) -> CardDesk:
    """What reads cards at this desk; its process and its own libraries come only with a real reader."""
    kind = settings.reader or ("simulated" if settings.demo else "none")
    if kind == "none":
        return CardDesk(None)
    if kind == "simulated":
        return simulated_desk(settings.data_dir / "cards.json", url)
    from cardio.host import ReaderHost

    return CardDesk(ReaderHost(reader_setup(settings)))


def simulated_desk(path: Path, url: str) -> CardDesk:
    """The demonstration's reader, with the cards of the customers whom the books have for it."""
    from counter.services.demo_cards import demo_reader, holders
    from counter.services.simulated_drawer import SimulatedDrawer

    engine = make_engine(url, pool_size=1)
    try:
        with engine.connect() as connection:
            customers = holders(connection)
    finally:
        engine.dispose()
    reader = demo_reader(path, customers)
    return CardDesk(reader, SimulatedDrawer(reader))


def reader_setup(settings: Settings) -> ReaderSetup:
    """The settings of a real reader, as the card library takes them."""
    pin = settings.pkcs11_pin_file.read_text("utf-8").strip() if settings.pkcs11_pin_file else ""
    keys = KeySetup(
        KeySource(settings.card_keys), str(settings.pkcs11_module or ""), settings.pkcs11_label, pin
    )
    return ReaderSetup(
        reader=settings.reader_name,
        sam=settings.sam_reader,
        keys=keys,
        profiles=settings.card_profiles_dir,
        trace=settings.card_trace_file,
    )


def press(settings: Settings) -> Press:
    """What papers are made with: the desk's own folder, queue, font and templates."""
    printer = None
    if settings.printer_queue:
        form = Form(settings.printer_form)
        options = queue_options(form)
        printer = Printer(settings.printer_queue, settings.printer_server, options, form=form)
    return Press(
        settings.receipts_dir,
        printer,
        settings.font_file,
        settings.templates_dir,
        kick_drawer=settings.kick_drawer,
    )
