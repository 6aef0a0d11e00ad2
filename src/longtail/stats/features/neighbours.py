"""Nearest neighbours: precision, recall, density and coverage, and coverage of the tail.

Products of blocks of rows are made in single precision; the few distances that decide are made again in double precision
from the rows as given, so that equal rows are at distance 0 and ties are ties. A point on the border of a ball is inside,
so that data that never vary are covered by themselves.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError
from longtail.stats.features import _kernels

Rows = npt.NDArray[np.floating]
Single = npt.NDArray[np.float32]
Double = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]

NEIGHBOURS = 5
TAIL_SHARE = 0.2

_BLOCK_BYTES = 1 << 25
_SPARE = 8  # neighbours by single precision that are ranked again in double


@dataclass(frozen=True)
class Neighbours:
    """The nearest points of each row: squared distances, ascending, and which points, both of shape (rows, k)."""

    squared: Double
    index: Index


class Fidelity(NamedTuple):
    """Precision, recall, density and coverage at `k` neighbours, `N` real rows and `M` others."""

    precision: float
    recall: float
    density: float
    coverage: float
    k: int
    N: int
    M: int


class TailCoverage(NamedTuple):
    """Coverage of the rows that lie far out, what it comes to where nothing changed, and how many rows those are."""

    value: float
    expected: float
    rows: int


class Inside(NamedTuple):
    """Points inside balls: by centre and group of points, and by point and group of centres."""

    by_centre: Counts
    by_point: Counts


def neighbours(rows: Rows, points: Rows | None = None, k: int = NEIGHBOURS) -> Neighbours:
    """Return the `k` nearest points of each row; without `points` the other rows.

    Args:
        rows: Shape (n, d).
        points: Shape (m, d), or None for the rows themselves, each without itself.
        k: Number of neighbours.

    Raises:
        UsageError: There are fewer than `k` points to choose from, or rows and points differ in width.
    """
    others = rows if points is None else points
    available = len(others) - (points is None)
    if available < k:
        raise UsageError(f"{k} nearest neighbours were asked of {available} points; give more rows, or a smaller k")
    placed = _Blocks(rows, others)
    held = min(available, k + _SPARE)
    squared, index = np.full((len(rows), held), np.inf), np.empty((len(rows), held), np.int64)
    for first, products in placed.blocks():
        here = slice(first, first + len(products))
        _kernels.nearest(products, placed.single_norms, first, points is None, np.empty((len(products), held), np.float32), index[here])
    _kernels.exactly(placed.rows, placed.points, index, squared)
    return Neighbours(squared[:, :k].copy(), index[:, :k].copy())


def inside(centres: Rows, squared_radii: Double, points: Rows, groups: tuple[Index | None, Index | None] = (None, None)) -> Inside:
    """Return how many points lie in each ball, borders included, and in how many balls each point lies.

    Args:
        centres: Shape (n, d).
        squared_radii: Shape (n,).
        points: Shape (m, d).
        groups: Group of each centre and of each point, from 0; None is one group.

    Raises:
        UsageError: Centres and points differ in width.
    """
    of_centre, of_point = (np.zeros(len(some), np.int64) if of is None else of for of, some in zip(groups, (centres, points), strict=True))
    by_centre = np.zeros((len(centres), int(of_point.max(initial=0)) + 1), np.int32)
    by_point = np.zeros((len(points), int(of_centre.max(initial=0)) + 1), np.int32)
    placed = _Blocks(centres, points)
    radii = (squared_radii / placed.scale**2, squared_radii)
    for first, products in placed.blocks():
        _kernels.tally(
            products, placed.norms, radii, placed.slack, placed.rows, placed.points, first, (of_centre, of_point), by_centre, by_point
        )  # fmt: skip
    return Inside(by_centre, by_point)


def fidelity(real: Rows, other: Rows, k: int = NEIGHBOURS) -> Fidelity:
    """Return improved precision and recall, density and coverage.

    Args:
        real: Shape (N, d), N above k.
        other: Shape (M, d), M above k.
        k: Number of neighbours that make a ball.

    Source:
        Kynkäänniemi et al. 2019; Naeem et al. 2020, with balls that hold their border.
    """
    found = inside(real, neighbours(real, k=k).squared[:, -1], other)
    back = inside(other, neighbours(other, k=k).squared[:, -1], real)
    return Fidelity(
        precision=share(found.by_point),
        recall=share(back.by_point),
        density=float(found.by_point.sum()) / (k * len(other)),
        coverage=share(found.by_centre),
        k=k,
        N=len(real),
        M=len(other),
    )


def coverage(real: Rows, other: Rows, k: int = NEIGHBOURS) -> float:
    """Return the share of real rows with another's row among their `k` nearest, ties included; it depends on N, M and k.

    Source:
        Naeem et al. 2020.
    """
    return share(inside(real, neighbours(real, k=k).squared[:, -1], other).by_centre)


def expected_coverage(N: int, M: int, k: int = NEIGHBOURS) -> float:
    """Return what coverage comes to where both samples are of one continuous law: 1 - prod (N - i) / (N + M - i), i = 1..k.

    Of the k nearest of N - 1 + M exchangeable points none is then another's.
    """
    return 1 - math.prod(max(0, N - i) / (N + M - i) for i in range(1, k + 1))


def corrected_coverage(real: Rows, other: Rows, k: int = NEIGHBOURS) -> float:
    """Return coverage over its expectation under no change: 1 where nothing changed, whatever N, M and k."""
    return coverage(real, other, k) / expected_coverage(len(real), len(other), k)


def tail_coverage(real: Rows, other: Rows, chooser: Rows, k: int = NEIGHBOURS, tail: float = TAIL_SHARE) -> TailCoverage:
    """Return coverage of the real rows that lie farthest out by an independent sample.

    Args:
        real: The half that measures, shape (N, d); its own neighbours give the radii.
        other: The sample judged, shape (M, d).
        chooser: The half that chooses, shape (n, d): real rows whose k-th neighbour in it is farthest are the tail.
        k: Number of neighbours.
        tail: Share of the real rows that are tail, ties included.
    """
    is_tail = far_out(real, chooser, k, tail)
    squared = neighbours(real, k=k).squared[is_tail, -1]
    found = share(inside(real[is_tail], squared, other).by_centre)
    return TailCoverage(found, expected_coverage(len(real), len(other), k), int(is_tail.sum()))


def far_out(rows: Rows, chooser: Rows, k: int = NEIGHBOURS, tail: float = TAIL_SHARE) -> npt.NDArray[np.bool_]:
    """Return which rows have their k-th neighbour in the chooser farthest off: the top share of them, ties included, shape (n,)."""
    reach = neighbours(rows, chooser, k).squared[:, -1]
    wanted = max(1, round(tail * len(rows)))
    return np.asarray(reach >= np.sort(reach)[-wanted])


def authenticity(real: Rows, other: Rows) -> float:
    """Return the share of another's rows that lie farther from their nearest real row than that one's nearest real neighbour does.

    It falls where rows are copied with little noise. Rows that are equal to a real one are not authentic.

    Args:
        real: Shape (N, d), N at least 2.
        other: Shape (M, d).

    Source:
        Alaa et al. 2022, of each synthetic row.
    """
    nearest = neighbours(other, real, 1)
    return float((nearest.squared[:, 0] > neighbours(real, k=1).squared[nearest.index[:, 0], 0]).mean())


def share(counts: Counts) -> float:
    """Return the share of rows with any count."""
    return float((counts > 0).any(axis=1).mean())


@dataclass(frozen=True)
class _Blocks:
    """Two sets of rows, moved and scaled for products in single precision."""

    given: Rows
    others: Rows

    def __post_init__(self) -> None:
        if self.given.ndim != 2 or self.others.ndim != 2 or self.given.shape[1] != self.others.shape[1]:
            raise UsageError(f"rows of shape {self.given.shape} and {self.others.shape} cannot be compared; give features of one width")

    @cached_property
    def rows(self) -> Rows:
        return np.ascontiguousarray(self.given)

    @cached_property
    def points(self) -> Rows:
        return self.rows if self.others is self.given else np.ascontiguousarray(self.others)

    @cached_property
    def _centre(self) -> Double:
        return np.asarray(self.points.mean(axis=0, dtype=np.float64))

    @cached_property
    def scale(self) -> float:
        """A power of two near the typical distance from the centre."""
        spread = math.sqrt(float(self.points.var(axis=0, dtype=np.float64).sum()))
        return 2.0 ** round(math.log2(spread)) if spread > 0 and math.isfinite(spread) else 1.0

    @cached_property
    def slack(self) -> float:
        return (16 + 4 * math.sqrt(self.rows.shape[1])) * 2.0**-24

    @cached_property
    def _singles(self) -> tuple[Single, Single]:
        one = self._single(self.rows)
        return one, one if self.points is self.rows else self._single(self.points)

    def _single(self, rows: Rows) -> Single:
        return ((rows - self._centre.astype(rows.dtype)) / rows.dtype.type(self.scale)).astype(np.float32)

    @cached_property
    def norms(self) -> tuple[Double, Double]:
        one, other = (np.einsum("nd,nd->n", some, some).astype(np.float64) for some in self._singles)
        return one, other

    @cached_property
    def single_norms(self) -> Single:
        return self.norms[1].astype(np.float32)

    def blocks(self) -> Iterator[tuple[int, Single]]:
        """Yield the first row of each block, and minus twice the dot products of its rows with all points."""
        one, other = self._singles
        size = max(1, _BLOCK_BYTES // (4 * max(1, len(other))))
        doubled = other.T * np.float32(-2)
        out = np.empty((min(size, len(one)), len(other)), np.float32)
        for first in range(0, len(one), size):
            block = one[first : first + size]
            yield first, np.matmul(block, doubled, out=out[: len(block)])
