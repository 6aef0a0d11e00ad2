"""What counts as valid, so that broken oddities are not taken for rare cases.

A rule looks at a text alone. Documents that it does not hold for are counted, and left out of every view: without it, random
strings would look like a rich tail.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from longtail.errors import ConfigError
from longtail.views.batch import Texts, TypeBatch, one_each

VERSION = "validity-1"
INVALID, VALID = 0, 1
"""Types of the view `validity`."""

Judge = Callable[[pa.StringArray], Any]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Validity:
    """A rule for what is valid.

    Attributes:
        name: Name of the rule with its settings; part of a profile's key, so it must say all that the outcome rests on.
        judge: Takes texts and returns whether each is valid.
    """

    name: str
    judge: Judge

    def of(self, texts: pa.StringArray | Sequence[str]) -> Mask:
        """Return whether each text is valid, shape (documents,).

        Raises:
            ConfigError: The rule does not return one truth for each text, or fails.
        """
        column = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string())
        found = np.asarray(self.judge(column))
        if found.shape != (len(column),) or found.dtype.kind != "b":
            raise ConfigError(
                f"validity {self.name!r} returned {found.dtype} of shape {found.shape} for {len(column)} texts; return one truth for each"
            )
        return found


def matching(pattern: str) -> Validity:
    """Return the rule that a pattern (RE2) is found in the text; write ^ and $ for the whole of it.

    Raises:
        ConfigError: It is no pattern.
    """
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        raise ConfigError(f"validity: {pattern!r} is no pattern: {error}; write one in the syntax of RE2") from None
    return Validity(f"regex:{pattern}", lambda texts: _mask(pc.match_substring_regex(texts, pattern)))


def lettered(least: int) -> Validity:
    """Return the rule that a text has at least so many letters, of any script.

    Raises:
        ConfigError: It is no number from 1 on.
    """
    if least < 1:
        raise ConfigError(f"validity: {least} letters; ask for at least 1")
    return Validity(f"letters:{least}", lambda texts: _mask(pc.greater_equal(pc.count_substring_regex(texts, r"\pL"), least)))


def judged_by(name: str, function: Callable[[list[str]], Any]) -> Validity:
    """Return the rule that a function of the user's makes.

    Args:
        name: Stable name of it, such as "module:function".
        function: Takes a list of texts and returns a truth for each, or a number that is above 0 for the valid: a log-probability
            less its floor, say.
    """
    return Validity(name, lambda texts: _truths(name, function, texts.to_pylist()))


def validity(texts: Texts, valid: Mask) -> TypeBatch:
    """Return each document as one token: `VALID` or `INVALID`."""
    return one_each(np.where(valid, VALID, INVALID).astype(np.uint64), texts)


def _truths(name: str, function: Callable[[list[str]], Any], texts: list[str]) -> npt.NDArray[Any]:
    try:
        found = np.asarray(function(texts))
    except Exception as error:
        raise ConfigError(f"validity {name!r} failed: {type(error).__name__}: {error}; it must judge any text") from error
    return found > 0 if found.dtype.kind in "fiu" else found


def _mask(found: pa.BooleanArray) -> Mask:
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)
