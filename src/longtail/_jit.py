"""The one door to numba: a typed decorator that compiles on first call and caches on disk, and one instruction."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba
import numpy as np
from numba.cpython.unsafe import numbers

P = ParamSpec("P")
R = TypeVar("R")


def njit(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` with numba in nopython mode, without the interpreter lock, cached on disk."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True)(function))


trailing_zeros = cast(Callable[[np.uint64], int], numbers.trailing_zeros)
"""How many zeros a number ends in, 64 where it is 0; to be called in compiled code only."""
