"""The one door to numba: a typed decorator that compiles on first call and caches on disk."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def njit(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` with numba in nopython mode, without the interpreter lock, cached on disk."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True)(function))
