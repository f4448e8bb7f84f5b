"""A SoftHSM token in a temporary folder, with the demonstration's master keys in it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pkcs11 import Attribute, KeyType, ObjectClass, lib

MODULES: Final = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
)
LABEL: Final = "counter-test"
PIN: Final = "246813"
DEMO: Final = {
    "counter-external": b"COUNTER-DEMO-EXT",
    "counter-internal": b"COUNTER-DEMO-INT",
    "counter-update_parameters": b"COUNTER-DEMO-U81",
    "counter-update_wallet": b"COUNTER-DEMO-U82",
    "counter-update_writeback": b"COUNTER-DEMO-U85",
}


def module() -> str:
    """The library; a machine without it fails the test rather than skipping it."""
    named = os.environ.get("SOFTHSM2_MODULE")
    found = [path for path in (named, *MODULES) if path and Path(path).exists()]
    assert found, "SoftHSM is not installed (package softhsm2)"
    return found[0]


def make_token(folder: Path, label: str = LABEL, keys: Mapping[str, bytes] = DEMO) -> str:
    """Another token in ``folder`` (which the process uses from then on), with keys; the library's path."""
    configuration = folder / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "13572468", "--pin", PIN],
        check=True,
        capture_output=True,
    )
    library = lib(module())
    library.reinitialize()
    with library.get_token(token_label=label).open(rw=True, user_pin=PIN) as session:
        for name, value in keys.items():
            session.create_object(
                {
                    Attribute.CLASS: ObjectClass.SECRET_KEY,
                    Attribute.KEY_TYPE: KeyType.DES2,
                    Attribute.LABEL: name,
                    Attribute.VALUE: value,
                    Attribute.TOKEN: True,
                    Attribute.SENSITIVE: True,
                    Attribute.EXTRACTABLE: False,
                    Attribute.ENCRYPT: False,
                    Attribute.DERIVE: True,
                }
            )
    return module()
