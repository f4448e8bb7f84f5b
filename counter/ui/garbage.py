"""Keep the garbage collector from holding a payment up.

A full look at everything that the program has loaded takes some 60 ms, and it came where it liked: between
Enter and "posted" too. So what has been loaded for good is set aside at moments when nobody waits.
"""

from __future__ import annotations

import gc


def set_aside() -> None:
    """Clear up once, and leave out of later looks what is alive now; for the started program only.

    Nothing is set aside for ever: the next call looks at it again, so a desk that was left is given back.
    """
    if gc.get_freeze_count():
        gc.unfreeze()
        gc.collect()
        gc.freeze()
