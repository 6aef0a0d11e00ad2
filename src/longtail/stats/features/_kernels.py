"""Compiled loops over blocks of pairwise distances."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

Floats = npt.NDArray[np.floating]
Single = npt.NDArray[np.float32]
Double = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]


@njit
def squared_distance(one: Floats, other: Floats) -> float:
    """Return the squared Euclidean distance of two rows in double precision: 0 for equal rows, alike in both orders."""
    total = 0.0
    for column in range(len(one)):
        apart = np.float64(one[column]) - np.float64(other[column])
        total += apart * apart
    return total


@njit
def nearest(products: Single, norms: Single, first: int, skips_itself: bool, distances: Single, index: Index) -> None:
    """Keep the nearest columns of each row of a block, ascending, in `distances` and `index`, both of shape (rows, kept).

    Args:
        products: Minus twice the dot products of a block of rows with all points, shape (rows, columns).
        norms: Squared norms of the points, shape (columns,); those of the rows shift a whole row and are left out.
        first: Number of the block's first row among the points.
        skips_itself: Whether a row is itself one of the points and does not count.
        distances: Out: squared distances less the row's own squared norm.
        index: Out: which points, -1 where there are too few.
    """
    kept = distances.shape[1]
    for row in range(products.shape[0]):
        held, at = distances[row], index[row]
        held[:] = np.inf
        at[:] = -1
        worst = held[kept - 1]
        for column in range(products.shape[1]):
            found = norms[column] + products[row, column]
            if found < worst and not (skips_itself and column == first + row):
                place = kept - 1
                while place > 0 and held[place - 1] > found:
                    held[place] = held[place - 1]
                    at[place] = at[place - 1]
                    place -= 1
                held[place] = found
                at[place] = column
                worst = held[kept - 1]


@njit
def exactly(rows: Floats, points: Floats, index: Index, out: Double) -> None:
    """Write the squared distances of each row to the points in `index`, in double precision and ascending, with `index` in step."""
    kept = index.shape[1]
    for row in range(index.shape[0]):
        for place in range(kept):
            point = index[row, place]
            found = squared_distance(rows[row], points[point]) if point >= 0 else np.inf
            to = place
            while to > 0 and out[row, to - 1] > found:
                out[row, to] = out[row, to - 1]
                index[row, to] = index[row, to - 1]
                to -= 1
            out[row, to] = found
            index[row, to] = point


@njit
def tally(
    products: Single,
    lengths: tuple[Double, Double],
    radii: tuple[Double, Double],
    slack: float,
    centres: Floats,
    points: Floats,
    first: int,
    groups: tuple[Index, Index],
    by_centre: Counts,
    by_point: Counts,
) -> None:
    """Count the points inside the balls of a block of centres, borders included; what is close to a border is decided exactly.

    Args:
        products: Minus twice the dot products of a block of centres with all points, shape (rows, points).
        lengths: Squared norms of all centres and of all points, in the scale of `products`.
        radii: Squared radius of every centre in the scale of `products`, and in that of the rows as given.
        slack: Share of the squared norms by which a product may be off.
        centres: Rows as given, shape (centres, d).
        points: Rows as given, shape (points, d).
        first: Number of the block's first centre.
        groups: Group of each centre and group of each point.
        by_centre: Added to: points in each ball by group of points, shape (centres, groups).
        by_point: Added to: balls around each point by group of centres, shape (points, groups).
    """
    own, others = lengths
    of_centre, of_point = groups
    scaled, exact = radii
    low = (others * (1 - slack)).astype(np.float32)
    for row in range(products.shape[0]):
        centre = first + row
        near = np.float32(scaled[centre] - own[centre] * (1 - slack))
        for column in range(products.shape[1]):
            if low[column] + products[row, column] <= near:
                apart = own[centre] + others[column] + products[row, column]
                is_close = apart >= scaled[centre] - slack * (own[centre] + others[column])
                if is_close and squared_distance(centres[centre], points[column]) > exact[centre]:
                    continue
                by_centre[centre, of_point[column]] += 1
                by_point[column, of_centre[centre]] += 1
