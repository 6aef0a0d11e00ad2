"""Regions of a codebook as types: which region of a feature space each document lies in.

The centres are fitted once, on half A of a reference, and never moved (k-means: Lloyd 1982, started as k-means++ of Arthur &
Vassilvitskii 2007). One more region holds what lies farther from every centre than almost all of half A does. After Richardson &
Weiss 2018, who compare such counts of two samples.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.views import _codebook_kernels
from longtail.views.batch import Texts, TypeBatch, one_each

Rows = npt.NDArray[np.float32]
Values = npt.NDArray[np.float64]

MOST_REGIONS = 128
ROWS_PER_REGION = 8
FEWEST_ROWS = 5
"""Rows that a centre needs to be kept: one around a stray row would be empty in every other sample."""
INSIDE = 0.99
"""Share of the rows of half A that lie within the radius of their centre."""

_ROUNDS = 25
_AT_ONCE = 4096


@dataclass(frozen=True)
class Codebook:
    """The regions of one column of vectors.

    Attributes:
        column: The column.
        centres: Shape (K, d).
        radius: Distance beyond which a row belongs to no centre.
    """

    column: str
    centres: Values
    radius: float

    @property
    def width(self) -> int:
        """Return the length of a vector."""
        return int(self.centres.shape[1])

    @property
    def outside(self) -> int:
        """Return the region of the rows that are far from every centre."""
        return len(self.centres)

    @cached_property
    def hash(self) -> str:
        """Return a hash of the centres and the radius, as 16 hex digits."""
        told = [np.array(self.centres.shape, "<i8"), self.centres.astype("<f8"), np.array([self.radius], "<f8")]
        return hashlib.blake2b(b"".join(each.tobytes() for each in told), digest_size=8).hexdigest()

    @property
    def version(self) -> str:
        """Return the version of the view, which holds the codebook's hash."""
        return f"regions-1/{self.hash}"

    def regions(self, rows: Rows) -> npt.NDArray[np.int64]:
        """Return the region of each finite row, shape (n,).

        Raises:
            ConfigError: The rows are of another length than the centres.
        """
        if rows.shape[1] != self.width:
            raise ConfigError(
                f"column {self.column!r} has vectors of length {rows.shape[1]}, its codebook was fitted on length {self.width}; "
                "use the features that the reference has"
            )
        of, squared = nearest(rows, self.centres)
        return np.where(squared <= self.radius**2, of, self.outside)

    def to_dict(self) -> dict[str, Any]:
        """Return the state: `column`, `centres`, `radius`."""
        return {"column": self.column, "centres": self.centres, "radius": self.radius}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the codebook whose `to_dict` gave `state`."""
        return cls(state["column"], np.asarray(state["centres"], np.float64), float(state["radius"]))


def regions(values: Rows, texts: Texts, codebook: Codebook) -> TypeBatch:
    """Return the region of each document as one token; documents without a finite vector do not take part.

    Args:
        values: Vectors, shape (documents, d), NaN where a document has none.
        texts: The documents.
        codebook: Where the regions are.
    """
    given = np.asarray(np.isfinite(values).all(axis=1))
    types = np.zeros(len(values), np.uint64)
    types[given] = codebook.regions(values[given]).astype(np.uint64)
    return one_each(types, texts, given)


def nearest(rows: Rows, centres: Values) -> tuple[npt.NDArray[np.int64], Values]:
    """Return the index of the nearest centre of each row and the squared distance to it, the same whatever the batch."""
    of, squared = np.empty(len(rows), np.int64), np.empty(len(rows), np.float64)
    _codebook_kernels.nearest(np.ascontiguousarray(rows, np.float32), np.ascontiguousarray(centres.T), of, squared)
    return of, squared


def fit_codebook(column: str, rows: Rows, seed: int) -> Codebook:
    """Return a codebook of at most `MOST_REGIONS` regions, one for every `ROWS_PER_REGION` rows.

    Args:
        column: Name of the column.
        rows: Finite vectors of half A of a reference, shape (n, d).
        seed: Seed of the first centres.

    Raises:
        ConfigError: There are no rows.
    """
    if not len(rows):
        raise ConfigError(
            f"column {column!r} has no finite vector in half A of the reference; give a larger reference, or mend its features"
        )
    values = rows.astype(np.float64)
    count = min(MOST_REGIONS, max(1, len(rows) // ROWS_PER_REGION))
    centres = _settled(values, _spread_out(values, count, np.random.default_rng(seed)))
    _, squared = nearest(rows, centres)
    return Codebook(column, centres, float(np.quantile(np.sqrt(squared), INSIDE)))


def _settled(values: Values, centres: Values) -> Values:
    """Return centres that hold `FEWEST_ROWS` rows each: those that hold fewer go, and the others move, until none is left."""
    while True:
        centres = _lloyd(values, centres)
        held = np.bincount(_closest(values, centres), minlength=len(centres))
        kept = held >= min(FEWEST_ROWS, held.max())
        if kept.all():
            return centres
        centres = centres[kept]


def _spread_out(values: Values, count: int, rng: np.random.Generator) -> Values:
    """Return first centres: each next one a row drawn in proportion to its squared distance to those before."""
    chosen = [int(rng.integers(len(values)))]
    nearest_yet = ((values - values[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < count and nearest_yet.max() > 0:
        at = int(np.searchsorted(np.cumsum(nearest_yet), rng.random() * nearest_yet.sum()))
        chosen.append(min(at, len(values) - 1))
        nearest_yet = np.minimum(nearest_yet, ((values - values[chosen[-1]]) ** 2).sum(axis=1))
    return values[chosen]


def _lloyd(values: Values, centres: Values) -> Values:
    """Return the centres after at most `_ROUNDS` rounds; a centre that lost its rows stays where it was."""
    before = np.full(len(values), -1)
    for _ in range(_ROUNDS):
        of = _closest(values, centres)
        if (of == before).all():
            break
        before, held = of, np.bincount(of, minlength=len(centres))
        order = np.argsort(of, kind="stable")
        starts = np.searchsorted(of[order], np.flatnonzero(held))
        centres = centres.copy()
        centres[held > 0] = np.add.reduceat(values[order], starts, axis=0) / held[held > 0, None]
    return centres


def _closest(values: Values, centres: Values) -> npt.NDArray[np.int64]:
    norms, parts = (centres**2).sum(axis=1), []
    for first in range(0, len(values), _AT_ONCE):
        parts.append(np.argmin(norms - 2 * values[first : first + _AT_ONCE] @ centres.T, axis=1))
    return np.concatenate(parts)
