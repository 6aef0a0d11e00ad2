"""Functions of the user's own that a recipe names as module:function."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.gates.settings import imported

Floats = npt.NDArray[np.float64]
Score: TypeAlias = Callable[[list[str]], Any]
"""Takes texts and returns a number for each."""


def scorer(gate: str, given: object) -> Score:
    """Return the function that `given` is, or that it names as "module:function".

    Raises:
        ConfigError: It is neither, or there is no such function.
    """
    if callable(given):
        return given
    found = imported(gate, "score", given)
    if not callable(found):
        raise ConfigError(f"{gate}: score {given!r} is a {type(found).__name__}; name a function")
    made: Score = found
    return made


def scores(score: Score, texts: Sequence[str]) -> Floats:
    """Return the scores of texts, NaN where one is no finite number.

    Raises:
        ValueError: There is not one for each text.
    """
    found = np.asarray(score(list(texts)), np.float64)
    if found.shape != (len(texts),):
        raise ValueError(f"the function returned scores of shape {found.shape} for {len(texts)} texts")
    return np.where(np.isfinite(found), found, np.nan)


def numbers(values: Sequence[Any]) -> Floats:
    """Return values as numbers; NaN where one is none: null, text that is no number, infinite."""
    return np.fromiter((_number(value) for value in values), np.float64, len(values))


def _number(value: object) -> float:
    try:
        found = float(value) if isinstance(value, str | int | float) else float("nan")
    except (ValueError, OverflowError):
        return float("nan")
    return found if np.isfinite(found) else float("nan")
