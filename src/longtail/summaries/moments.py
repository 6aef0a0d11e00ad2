"""Exact first and second moments of feature vectors, the same to the last bit in any order and any sharding.

A frozen map centres and scales every column and rounds it to 1/4,096 of its scale; from there on all sums are sums of
integers, and products of blocks of them are exact in double precision. Values are summed by half and by run of bins.
"""

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from longtail.errors import IncompatibleSummaries, UsageError
from longtail.summaries.vectors import finite_rows
from longtail.views.batch import Texts
from longtail.views.keys import BIN_BITS

Double = npt.NDArray[np.float64]
Single = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]

DIRECTIONS = 64
GROUPS = 32

STEPS = 12
"""Bits of a scale: a step is 2**-12 of it."""
_RANGE = 6  # bits of scales on either side of the centre
_BLOCK = 4096  # rows: squares below 2**36 then add up to less than 2**53
_PER_GROUP = BIN_BITS - 5


@dataclass(frozen=True)
class Standard:
    """Centre, scale and leading directions of the rows of a reference's half A, fixed once for all that is compared with it.

    Attributes:
        mean: Shape (d,).
        scale: Standard deviation of each column, 1 where the column is constant, shape (d,).
        directions: The leading directions of the scaled rows, of length 1, shape (r, d).
    """

    mean: Single
    scale: Single
    directions: Single

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.mean)

    @cached_property
    def hash(self) -> str:
        """Return a hash of all of it, as 16 hex digits."""
        digest = hashlib.blake2b(digest_size=8)
        for part in (self.mean, self.scale, self.directions):
            digest.update(np.ascontiguousarray(part, "<f4").tobytes())
        return digest.hexdigest()

    def scaled(self, rows: npt.NDArray[np.floating]) -> Double:
        """Return rows of shape (n, d), centred and scaled."""
        return (rows.astype(np.float64) - self.mean.astype(np.float64)) / self.scale.astype(np.float64)

    def to_dict(self) -> dict[str, Any]:
        """Return the arrays by name."""
        return {"mean": self.mean, "scale": self.scale, "directions": self.directions}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return what `to_dict` gave `state`."""
        return cls(*(np.asarray(state[name], np.float32) for name in ("mean", "scale", "directions")))


class Moved(NamedTuple):
    """Rows as whole numbers: columns, shape (n, d), and coordinates along the directions, shape (n, r); how many were cut off."""

    columns: Double
    coordinates: Double
    clipped: int


def fit_standard(rows: npt.NDArray[np.floating], directions: int = DIRECTIONS) -> Standard:
    """Return centre, scale and leading directions of the rows of half A.

    Args:
        rows: Shape (n, d), finite.
        directions: How many directions at most; there are no more than columns, or than rows less one.

    Raises:
        UsageError: There is no row.
    """
    from scipy.linalg import eigh

    if rows.ndim != 2 or not rows.size:
        raise UsageError(f"a scale cannot be fitted on rows of shape {rows.shape}; give a larger reference")
    given = rows.astype(np.float64)
    mean, spread = given.mean(axis=0).astype(np.float32), given.std(axis=0)
    constant = spread <= np.abs(given).max(axis=0) * np.finfo(np.float32).eps
    scale = np.where(constant, 1.0, spread).astype(np.float32)
    scaled = (given - mean.astype(np.float64)) / scale.astype(np.float64)
    wanted = max(1, min(directions, given.shape[1], len(given) - 1))
    vectors = eigh(scaled.T @ scaled, subset_by_index=[given.shape[1] - wanted, given.shape[1] - 1])[1].T[::-1]
    at = np.abs(vectors).argmax(axis=1)
    signs = np.sign(vectors[np.arange(len(vectors)), at])
    return Standard(mean, scale, (vectors * signs[:, None]).astype(np.float32))


class Moments:
    """Counts, sums, squares and products of the vectors of one column, by half and by run of bins.

    Args:
        column: Name of the column of vectors.
        standard: Centre, scale and directions; part of the key by its hash.
        seed: Seed of all hashes; part of the key.

    Attributes:
        rows: Documents with a vector, shape (2, GROUPS).
        sums: Sums of each column in steps, shape (2, GROUPS, d).
        squares: Sums of their squares, shape (2, GROUPS, d).
        coordinates: Sums of the coordinates along the directions in steps, shape (2, GROUPS, r).
        products: Sums of products of two coordinates, shape (2, GROUPS, r, r).
        absent: Documents without a vector.
        unfit: Documents of whose vector some part is not finite.
        clipped: Numbers beyond 64 scales, which were moved there.
    """

    def __init__(self, column: str, standard: Standard, seed: int) -> None:
        self.column, self.standard, self.seed = column, standard, seed
        shape, d, r = (2, GROUPS), standard.width, len(standard.directions)
        self.rows: Whole = np.zeros(shape, np.int64)
        self.sums: Whole = np.zeros((*shape, d), np.int64)
        self.squares: Whole = np.zeros((*shape, d), np.int64)
        self.coordinates: Whole = np.zeros((*shape, r), np.int64)
        self.products: Whole = np.zeros((*shape, r, r), np.int64)
        self.absent = self.unfit = self.clipped = 0

    @property
    def key(self) -> tuple[object, ...]:
        """Column, hash of the standard, width and seed: what must be equal to merge or compare."""
        return (self.column, self.standard.hash, self.standard.width, self.seed)

    @property
    def unit(self) -> float:
        """Return the size of a step of a coordinate, in scales; that of a column is 1/4,096."""
        return 2.0 ** (_coarser(self.standard.width) - STEPS)

    def add(self, values: npt.NDArray[np.floating], texts: Texts) -> None:
        """Take in the vectors of one batch of documents.

        Args:
            values: Shape (documents, width); NaN throughout for a document without a vector.
            texts: The documents.

        Raises:
            UsageError: The vectors are of another width, or not one for each document.
        """
        fit, absent, unfit = finite_rows(values, texts, self.column, self.standard.width)
        self.absent += absent
        self.unfit += unfit
        groups = (texts.cells[fit] >> np.uint64(_PER_GROUP)).astype(np.int64)
        rows = values[fit]
        for first in range(0, len(rows), _BLOCK):
            self._count(rows[first : first + _BLOCK], groups[first : first + _BLOCK])

    def _count(self, rows: npt.NDArray[np.floating], groups: Whole) -> None:
        moved = self._moved(rows)
        self.clipped += moved.clipped
        order = np.argsort(groups, kind="stable")
        found, starts = np.unique(groups[order], return_index=True)
        for group, taken in zip(found.tolist(), np.split(order, starts[1:]), strict=True):
            at = divmod(group, GROUPS)
            columns, coordinates = moved.columns[taken], moved.coordinates[taken]
            self.rows[at] += len(taken)
            self.sums[at] += columns.sum(axis=0).astype(np.int64)
            self.squares[at] += np.einsum("nd,nd->d", columns, columns).astype(np.int64)
            self.coordinates[at] += coordinates.sum(axis=0).astype(np.int64)
            self.products[at] += (coordinates.T @ coordinates).astype(np.int64)

    def _moved(self, rows: npt.NDArray[np.floating]) -> Moved:
        """Return rows as whole numbers; coordinates are exact sums of whole numbers, rounded once."""
        edge = float(1 << (STEPS + _RANGE))
        steps = np.rint(self.standard.scaled(rows) * (1 << STEPS))
        columns = np.clip(steps, -edge, edge)
        weights = np.rint(self.standard.directions.astype(np.float64) * (1 << STEPS))
        coordinates = np.rint((columns @ weights.T) / (1 << (STEPS + _coarser(rows.shape[1]))))
        return Moved(columns, coordinates, int((steps != columns).sum()))

    def merge(self, other: Self) -> None:
        """Add the moments of `other`.

        Raises:
            IncompatibleSummaries: Column, standard or seed differ.
        """
        self.require_alike(other)
        for name in _ARRAYS:
            getattr(self, name)[...] += getattr(other, name)
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def require_alike(self, other: "Moments") -> None:
        """Refuse moments of another column, standard or seed.

        Raises:
            IncompatibleSummaries: They differ.
        """
        if self.key != other.key:
            raise IncompatibleSummaries("moments", self._named(), other._named())

    def _named(self) -> dict[str, object]:
        return dict(zip(("column", "standard", "width", "seed"), self.key, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Return settings, counts, and the sums as arrays."""
        settings = {"column": self.column, "seed": self.seed} | {name: getattr(self, name) for name in _COUNTS}
        return settings | self.standard.to_dict() | {name: getattr(self, name).copy() for name in _ARRAYS}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the moments whose `to_dict` gave `state`."""
        made = cls(state["column"], Standard.from_dict(state), state["seed"])
        for name in _ARRAYS:
            setattr(made, name, np.array(state[name], np.int64))
        for name in _COUNTS:
            setattr(made, name, int(state[name]))
        return made


_ARRAYS = ("rows", "sums", "squares", "coordinates", "products")
_COUNTS = ("absent", "unfit", "clipped")


def _coarser(width: int) -> int:
    """Return by how many bits a step of a coordinate is coarser than that of a column, so that coordinates keep to the same range."""
    return math.ceil(math.log2(width) / 2) if width > 1 else 0
