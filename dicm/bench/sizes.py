"""How much of everything is measured: all of it, or once through for who wants to know whether the bench itself works."""

import os

SHORT = "DICM_BENCH_SHORT"


def size(whole: int, short: int) -> int:
    return short if os.environ.get(SHORT) else whole
