"""The demonstration's bank sends what the desks took, once; what it sends can be taken over and matched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from counter.services.bank_profiles import BankFolders
from counter.services.gateway import ServerGateway
from counter.services.ports.bank_import import ImportFile
from counter.ui.request_id import new_request_id
from db import admin
from receipts.press import Press
from tests.bureau import PASSWORD, Bureau
from tests.days.session import request_id

BANK, MERCHANT = "3300000087654321", "898330000000001"
TENDERS: tuple[dict[str, Any], ...] = (
    {
        "kind": "pos",
        "amount_fen": 12_300,
        "details": {"reference": "12345678-000001-000042", "rrn": "000000000042", "card": "622848******1234"},
    },
    {
        "kind": "transfer",
        "amount_fen": 45_600,
        "details": {"reference": "工商银行/S00000001", "payer": "6222020200012345", "payer_name": "王, 小四"},
    },
)


def a_day(bureau: Bureau) -> None:
    """Cash, a card and a slip; the shift closed and its cash on the way."""
    with bureau.admin.begin() as connection:
        admin.add_bank_account(connection, BANK, bank_name="工商银行", holder="供电公司")
        admin.add_bank_account(connection, MERCHANT, bank_name="银联商务", holder="供电公司", acquirer=True)
    bureau.add_account("330000000017")
    shift = bureau.open_shift(float_fen=0)
    bureau.call(
        "t10001", "post_payment", bureau.payment(shift, "330000000017", prepaid_fen=10_000, total_fen=10_000)
    )
    for tender in TENDERS:
        ask = bureau.payment(shift, "330000000017", prepaid_fen=tender["amount_fen"], tenders=[tender])
        bureau.call("t10001", "post_payment", ask)
    count = {"request_id": request_id(), "shift_id": shift, "denominations": {"10000": 1}}
    bureau.call("t10001", "sign_count", count)
    bureau.call(
        "t10001",
        "close_shift",
        {"request_id": request_id(), "shift_id": shift, "count_id": count["request_id"]},
    )
    items = [{"shift_id": shift, "part": part} for part in ("cash", "cheque", "pos")]
    slip = {"request_id": request_id(), "bank_account_no": BANK, "carried_by": "赵静", "items": items}
    bureau.call("t20001", "post_deposit", slip)


def test_what_the_bank_sends_is_taken_over_and_matched_and_is_not_sent_again(
    bureau: Bureau, tmp_path: Path
) -> None:
    a_day(bureau)
    folders = BankFolders(None, tmp_path / "files", simulated=True)
    gateway = ServerGateway(bureau.url, tmp_path, Press(tmp_path), bank=folders)
    desk = gateway.sign_in("t20001", PASSWORD)
    for _day in range(2):  # the settlement is credited by the next statement
        for found in desk.bank_import.files():
            assert desk.bank_import.import_file(ImportFile(new_request_id(), str(found.path))).lines_new
        bureau.call("t20001", "match_lines", {"request_id": request_id()})
    assert desk.bank_import.files() == ()
    open_lines = (
        "SELECT array_agg(open_fen ORDER BY open_fen) FROM counter.statement_line WHERE open_fen <> 0"
    )
    assert bureau.value(open_lines) == [-1_500, 8_888], "a fee, and a payment that nobody knows"
    left = "SELECT array_agg(kind) FROM counter.book_item WHERE open_fen <> 0 AND NOT withdrawn"
    assert bureau.value(left) is None
    desk.close()
