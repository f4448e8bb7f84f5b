"""What can go wrong, as the person at the desk needs to hear it.

``CounterError``
├── ``Refusal``              the request was understood and refused; nothing was saved
│   ├── ``SignInRefused``        wrong number or password, or a locked role
│   ├── ``BalanceChanged``       another desk changed the account; look again and confirm
│   ├── ``RequestIdReused``      this request id was used for something else
│   ├── ``NeedsApproval``        a supervisor has to approve it first
│   ├── ``TokenRefused``         the vending server will never issue a token for this sale
│   └── ``NotAllowed``           the role, the shift or the day does not permit it
│       └── ``ShiftClosed``          somebody has closed that shift
└── ``Fault``                the world failed
    ├── ``ServerUnreachable``    no connection; nothing was sent
    ├── ``OutcomeUnknown``       sent, but no reply: ask again by the request id
    ├── ``StaleServer``          an old primary answered; it must not be written to
    ├── ``VendingUnreachable``   the vending server was not asked, or did not let the desk in
    ├── ``TokenInDoubt``         it was asked, and no answer that counts came: ask again by the request id
    └── ``PrintFailed``          the money is safe, the paper is not

Every error carries three translated sentences: ``title`` (what happened), ``message`` (what was and
was not saved) and ``hint`` (what to do). A bug is an assertion, never one of these.
"""

from __future__ import annotations


class CounterError(Exception):
    """Base of everything that is told to the person at the desk."""

    def __init__(self, title: str, message: str = "", hint: str = "") -> None:
        """Keep the three sentences apart so that each screen can lay them out."""
        super().__init__(" ".join(part for part in (title, message, hint) if part))
        self.title = title
        self.message = message
        self.hint = hint


class Refusal(CounterError):
    """Understood and refused: nothing was saved, and the clerk can mend it."""


class SignInRefused(Refusal):
    """The server did not accept this staff number and password."""


class BalanceChanged(Refusal):
    """Another desk changed the account since it was read; the amounts must be looked at again."""


class RequestIdReused(Refusal):
    """The request id is known with other content, so this cannot be the same request."""


class NotAllowed(Refusal):
    """The database refused: not this role, not this shift, or not on this day."""


class ShiftClosed(NotAllowed):
    """Somebody has closed the shift in which this was to happen; the desk looks whether it still has one."""


class NeedsApproval(Refusal):
    """A supervisor has to approve this first, or again: the approval there is does not cover it."""


class TokenRefused(Refusal):
    """The vending server says of this sale that it will never issue a token for it."""


class Fault(CounterError):
    """The world failed; what that means for the data is in ``message``."""


class ServerUnreachable(Fault):
    """No connection could be had, so nothing was sent."""


class OutcomeUnknown(Fault):
    """The request was sent and no reply came; it is settled by asking again with the same id."""


class StaleServer(Fault):
    """The server's epoch is older than one this desk has seen: it must not be written to."""


class PrintFailed(Fault):
    """Paper or file could not be made; the payment stands and the receipt waits to be printed."""


class VendingUnreachable(Fault):
    """The vending server was not asked, or did not let the desk in: it issued no token this time."""


class TokenInDoubt(Fault):
    """The vending server was asked and may have issued a token; it is asked again for the same sale."""
