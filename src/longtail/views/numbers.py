"""Numbers as types: in which bin of the reference's quantiles each document's value lies.

Bins are fixed once, on half A of a reference, and hold x with edge[b - 1] < x <= edge[b]. The type is the number of the bin
itself, not a hash; NaN, both infinities and what is no number have types of their own, and a document without a value does not
take part. A value that many documents share has a bin to itself, so that what lies beyond it can be told from it.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from longtail.errors import ConfigError
from longtail.views.batch import Marks, Texts, TypeBatch, one_each
from longtail.views.keys import Keys

VERSION = "numbers-1"
LEVELS = (0.005, 0.01, 0.05, *(step / 10 for step in range(1, 10)), 0.95, 0.99, 0.995)
LOW, HIGH = 0.01, 0.99
"""Quantiles beyond which a value counts as extreme."""

NAN, ABOVE_ALL, BELOW_ALL, UNREADABLE = (1 << 20) + np.arange(4, dtype=np.uint64)
"""Types of NaN, +infinity, -infinity and of what is no number."""

_SHARED = 0.005
_NUMBER = r"(?i)^[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|inf|infinity|nan)$"

Values = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Edges:
    """The bins of one column.

    Attributes:
        column: Name of the column.
        values: Upper edges of the bins, ascending, shape (k,); there are k + 1 bins.
        low: Number of bins below the 1 % quantile.
        high: First bin above the 99 % quantile.
        deviation: Standard deviation of the values that the bins were fitted on.
        fitted: How many values that were.
        left_out: How many were left out because they are not finite.
    """

    column: str
    values: Values
    low: int
    high: int
    deviation: float
    fitted: int
    left_out: int = 0

    @cached_property
    def hash(self) -> str:
        """Return a hash of the bins as 16 hex digits: what must be equal to compare counts."""
        state = self.values.astype("<f8").tobytes() + f":{self.low}:{self.high}".encode()
        return hashlib.blake2b(state, digest_size=8).hexdigest()

    @property
    def version(self) -> str:
        """Return the version of the view that counts by these bins."""
        return f"{VERSION}/{self.hash}"

    @property
    def below(self) -> Keys:
        """Return the types of values below the 1 % quantile."""
        return np.arange(self.low, dtype=np.uint64)

    @property
    def above(self) -> Keys:
        """Return the types of values above the 99 % quantile."""
        return np.arange(self.high, len(self.values) + 1, dtype=np.uint64)

    def bins(self, values: Values) -> Keys:
        """Return the bin of each finite value, same shape."""
        return np.searchsorted(self.values, values, side="left").astype(np.uint64)

    def to_dict(self) -> dict[str, Any]:
        """Return the state as plain values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {"values": self.values.tolist()}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the edges whose `to_dict` gave `state`."""
        return cls(**(state | {"values": np.array(state["values"], np.float64)}))


@dataclass(frozen=True)
class Numbers:
    """A column of numbers beside a batch of documents.

    Attributes:
        values: Value of each document, NaN where it has none or it is no number, shape (documents,).
        given: Whether the document states one, shape (documents,).
        readable: Whether it is a number; NaN and infinities are, shape (documents,).
        texts: The documents.
    """

    values: Values
    given: Mask
    readable: Mask
    texts: Texts


def numbers_of(marks: Marks, texts: Texts) -> Numbers:
    """Return the numbers that stand beside documents, read once for the view and for the sample of values."""
    values, readable = _read(marks)
    return Numbers(values, marks.given, readable, texts)


def parsed(marks: Marks) -> Values:
    """Return the number that each text states, NaN where there is none, shape (documents,).

    Decimal point and exponent as in JSON; `inf`, `infinity` and `nan` in any case; white space around a number is passed over.
    """
    return _read(marks)[0]


def numbers(found: Numbers, edges: Edges) -> TypeBatch:
    """Return the bin of each document's value as one token; documents without a value do not take part."""
    types = edges.bins(np.where(np.isfinite(found.values), found.values, 0.0))
    types[np.isnan(found.values)] = NAN
    types[found.values == np.inf] = ABOVE_ALL
    types[found.values == -np.inf] = BELOW_ALL
    types[~found.readable] = UNREADABLE
    return one_each(types, found.texts, found.given)


def fit_edges(column: str, values: Values) -> Edges:
    """Return the bins that the values of half A of a reference fix: its quantiles at `LEVELS`.

    Equal quantiles are one edge. A value held by 0.5 % of documents or more has a bin to itself, as all have where there are
    no more than `LEVELS`; a constant column has that bin and one on either side.

    Args:
        column: Name of the column.
        values: Its values in half A, shape (n,); those that are not finite are left out and counted.

    Raises:
        ConfigError: No value is finite.
    """
    finite = values[np.isfinite(values)]
    if not len(finite):
        raise ConfigError(f"column {column!r} holds no finite number in half A of the reference; count it as category:{column} instead")
    kept, counts = np.unique(finite + 0.0, return_counts=True)
    reached = np.cumsum(counts)
    cuts = kept if len(kept) <= len(LEVELS) else np.unique(_quantiles(kept, reached, LEVELS))
    shared = counts[np.searchsorted(kept, cuts)] >= max(2.0, _SHARED * len(finite))
    alone = cuts if len(kept) <= len(LEVELS) else cuts[shared]
    edges = np.unique(np.concatenate([cuts, _just_below(alone)]))
    edges = edges[np.isfinite(edges)]
    low, high = _quantiles(kept, reached, (LOW, HIGH))
    below = _just_below(low) if low in alone else low
    return Edges(
        column=column,
        values=edges,
        low=int(np.searchsorted(edges, below, side="right")),
        high=int(np.searchsorted(edges, high, side="left")) + 1,
        deviation=_deviation(finite),
        fitted=len(finite),
        left_out=len(values) - len(finite),
    )


def _quantiles(kept: Values, reached: npt.NDArray[np.int64], levels: tuple[float, ...]) -> Values:
    """Return the smallest values at which the share of values not above them reaches each level."""
    found: Values = kept[np.searchsorted(reached, np.ceil(np.array(levels) * reached[-1] - 1e-9), side="left")]
    return found


def _just_below(values: Values) -> Values:
    """Return the greatest numbers below some; -infinity below the least of all."""
    with np.errstate(over="ignore"):
        return np.asarray(np.nextafter(values, -np.inf))


def _deviation(values: Values) -> float:
    """Return the standard deviation, of numbers of any size."""
    largest = float(np.abs(values).max())
    return float((values / largest).std() * largest) if values.min() < values.max() else 0.0


def _read(marks: Marks) -> tuple[Values, Mask]:
    """Return the number of each text and whether it is one; all at once where every text is, else those that look like one."""
    column = pa.StringArray.from_buffers(len(marks), pa.py_buffer(marks.offsets), pa.py_buffer(marks.data))
    column = pc.if_else(pa.array(marks.given), column, pa.scalar(None, pa.string()))
    try:
        found = pc.cast(column, pa.float64())
    except pa.ArrowInvalid:
        trimmed = pc.ascii_trim_whitespace(column)
        found = pc.cast(pc.if_else(pc.match_substring_regex(trimmed, _NUMBER), trimmed, pa.scalar(None, pa.string())), pa.float64())
    readable = found.is_valid().to_numpy(zero_copy_only=False)
    return np.asarray(found.fill_null(np.nan).to_numpy(zero_copy_only=False) + 0.0), readable
