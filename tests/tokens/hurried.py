"""A way to the vending server that loses patience only where a test wants it.

A patience that is short for every answer is too short for some honest one on a busy machine, and the server
would be asked once more than the test expects.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counter.services.token_vendor import VendingServer
from tests.tokens.vending_server import LATE, Vending

if TYPE_CHECKING:
    import httpx

PATIENT_S = 20.0
SHORT_S = 0.3


@dataclass(frozen=True, slots=True)
class Hurried(VendingServer):
    """It has a short patience with an answer that a fault of the server makes late, and a long one else."""

    vending: Vending = field(default_factory=Vending, repr=False)

    def _exchange(
        self, client: httpx.Client, method: str, path: str, body: dict[str, Any] | None
    ) -> tuple[int, bytes]:
        """One request, with the patience that it deserves."""
        import httpx

        late = bool(self.vending.faults) and self.vending.faults[0] in LATE
        answer_s = SHORT_S if late else self.answer_s
        client.timeout = httpx.Timeout(answer_s, connect=self.connect_s)
        return VendingServer._exchange(replace(self, answer_s=answer_s), client, method, path, body)


def hurried(vending: Vending, key_file: Path) -> Hurried:
    """A desk's way to this server, which does not pause before it asks again."""
    return Hurried(
        vending.address,
        key_file,
        connect_s=PATIENT_S,
        answer_s=PATIENT_S,
        pauses_s=(0.0, 0.0),
        vending=vending,
    )
