"""A PostgreSQL server in a box: started by the first program, stopped when the last one leaves.

The default of demonstration and tests; a bureau uses its own server by ``COUNTER_DATABASE_URL``.

How it holds together, and the invariants:

- every program holds a *shared* lock on ``lease`` for as long as it lives, so that a killed program lets go;
- one *keeper* process, holding ``keeper.lock``, is the only one that ever starts or stops the server. It
  waits for an *exclusive* lock on ``lease``: when it gets that, nobody is left, and it stops the server;
- a server is alive when it answers a connection on its socket, never because a process id says so;
- passwords are asked for (SCRAM) on every connection, and the socket folder is closed to other users.

Standard library only: the keeper is a small process, and nothing heavy is loaded before the sign-in.
"""

from db.embedded.binaries import Binaries, find_binaries
from db.embedded.server import EmbeddedServer, remove, start

__all__ = ["Binaries", "EmbeddedServer", "find_binaries", "remove", "start"]
