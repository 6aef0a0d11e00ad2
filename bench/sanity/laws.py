"""The laws of the checks: at each point of a sweep one way to draw real rows and one way to draw synthetic rows."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator], Rows]

ROWS = 1000
WIDTHS = (1, 8, 64)
STEPS = 13  # of a sweep that has 51 in the paper; ends and middle are the same
FINE = 9  # of a sweep that has 20
MODES = 10
SPREAD = {1: 1 / 6, 8: 1 / 3, 64: 1.0}


class Point(NamedTuple):
    """One point of a sweep: the case it belongs to, where it lies, and how its rows are drawn."""

    case: str
    at: float
    real: Draw
    synthetic: Draw


def normal(width: int, mean: float = 0.0, scale: float = 1.0, rows: int = ROWS) -> Draw:
    """Return a way to draw independent normal coordinates."""
    return lambda rng: rng.normal(mean, scale, (rows, width))


def mixture(means: Rows, scale: float, shares: Rows, rows: int = ROWS) -> Draw:
    """Return a way to draw from a mixture of round normal laws with means of shape (modes, width)."""
    return lambda rng: means[rng.choice(len(means), rows, p=shares / shares.sum())] + rng.normal(0, scale, (rows, means.shape[1]))


def mean_differs() -> Iterator[Point]:
    """Vary the mean of the synthetic law in every coordinate."""
    for width, far in zip(WIDTHS, (6.0, 3.0, 1.0), strict=True):
        for mean in np.linspace(-far, far, STEPS):
            yield Point(f"{width} wide", float(mean), normal(width), normal(width, float(mean)))


def mean_differs_with_outlier() -> Iterator[Point]:
    """Do the same, with one row at the far right added to the real or to the synthetic rows."""
    for width, far in zip(WIDTHS, (6.0, 3.0, 1.0), strict=True):
        for mean in np.linspace(-far, far, STEPS):
            real, synthetic = normal(width), normal(width, float(mean))
            yield Point(f"{width} wide, real outlier", float(mean), _with_row(real, far), synthetic)
            yield Point(f"{width} wide, synthetic outlier", float(mean), real, _with_row(synthetic, far))


def _with_row(draw: Draw, at: float) -> Draw:
    def drawn(rng: np.random.Generator) -> Rows:
        rows = draw(rng)
        return np.vstack([rows, np.full((1, rows.shape[1]), at)])

    return drawn


def scale_differs() -> Iterator[Point]:
    """Vary the standard deviation of the synthetic law."""
    for width, far in zip(WIDTHS, (3.0, 1.0, 0.5), strict=True):
        for power in np.linspace(-far, far, STEPS):
            yield Point(f"{width} wide", float(10**power), normal(width), normal(width, 0.0, float(10**power)))


def modes_fade() -> Iterator[Point]:
    """Drop a share of all modes but the first of ten at once."""
    for width in WIDTHS:
        for dropped in np.append(np.linspace(0, 0.96, STEPS), [0.98, 1.0]):
            shares = np.append(1.0, np.full(MODES - 1, 1.0 - dropped))
            yield _of_modes(width, float(dropped), shares)


def modes_vanish() -> Iterator[Point]:
    """Drop one of ten modes after the other."""
    for width in WIDTHS:
        for dropped in range(MODES):
            yield _of_modes(width, float(dropped), (np.arange(MODES) < MODES - dropped).astype(float))


def _of_modes(width: int, at: float, shares: Rows) -> Point:
    means = np.tile(np.linspace(0, 10, MODES)[:, None], (1, width))
    return Point(f"{width} wide", at, mixture(means, SPREAD[width], np.ones(MODES)), mixture(means, SPREAD[width], shares))


PLACES = np.array([
    [5.47, -4.08], [4.87, -13.65], [-16.39, 9.10], [-2.15, 12.46], [11.56, -4.96],
    [-24.61, 14.18], [16.84, -3.19], [-5.48, -6.77], [9.47, 1.06], [-5.40, -17.29],
])  # fmt: skip


def modes_are_invented() -> Iterator[Point]:
    """Write one to ten modes where the real law has five."""
    for modes in range(1, len(PLACES) + 1):
        yield Point("2 wide", float(modes), mixture(PLACES[:5], 0.25, np.ones(5)), mixture(PLACES[:modes], 0.25, np.ones(modes)))


def on_a_sphere(width: int, radius: float) -> Draw:
    """Return a way to draw evenly from the surface of a sphere."""

    def drawn(rng: np.random.Generator) -> Rows:
        rows = rng.normal(size=(ROWS, width))
        return radius * rows / np.linalg.norm(rows, axis=1, keepdims=True)

    return drawn


def radius_differs() -> Iterator[Point]:
    """Vary the radius of the sphere on whose surface the synthetic rows lie."""
    for width in (2, 16, 128):
        for radius in np.linspace(0.1, 1.9, STEPS):
            yield Point(f"{width} wide", round(float(radius), 9), on_a_sphere(width, 1.0), on_a_sphere(width, float(radius)))


def cube(width: int, start: float, rows: int) -> Draw:
    """Return a way to draw evenly from a cube of side 1."""
    return lambda rng: rng.uniform(start, start + 1, (rows, width))


OVERLAP = 0.2
LARGEST = 10_000


def size_differs() -> Iterator[Point]:
    """Vary both numbers of rows; one fifth of the volume of two cubes is common."""
    for width in WIDTHS:
        for rows in np.geomspace(100, LARGEST, FINE).astype(int):
            yield Point(f"{width} wide", float(rows), cube(width, 0, rows), cube(width, 1 - OVERLAP ** (1 / width), rows))


def synthetic_size_differs() -> Iterator[Point]:
    """Vary the number of synthetic rows alone."""
    for width in WIDTHS:
        for rows in np.geomspace(100, LARGEST, FINE).astype(int):
            yield Point(f"{width} wide", float(rows), cube(width, 0, ROWS), cube(width, 1 - OVERLAP ** (1 / width), rows))


def in_a_ball(width: int, radius: float, rows: int) -> Draw:
    """Return a way to draw evenly from a ball."""

    def drawn(rng: np.random.Generator) -> Rows:
        directions = rng.normal(size=(rows, width))
        lengths = radius * rng.uniform(size=(rows, 1)) ** (1 / width)
        return lengths * directions / np.linalg.norm(directions, axis=1, keepdims=True)

    return drawn


def in_a_torus(rows: int) -> Draw:
    """Return a way to draw from a ring of radius 1 whose tube, of radius 0.1, is filled evenly."""

    def drawn(rng: np.random.Generator) -> Rows:
        inside, turned = in_a_ball(2, 0.1, rows)(rng), rng.uniform(0, 2 * np.pi, rows)
        out = 1 + inside[:, 0]
        return np.column_stack([out * np.cos(turned), out * np.sin(turned), inside[:, 1]])

    return drawn


def sphere_and_torus() -> Iterator[Point]:
    """Let a ball lie inside a torus without touching it, either of them being real."""
    for rows in np.geomspace(100, LARGEST, FINE).astype(int):
        yield Point("ball is real", float(rows), in_a_ball(3, 0.8, ROWS), in_a_torus(rows))
        yield Point("torus is real", float(rows), in_a_torus(ROWS), in_a_ball(3, 0.8, rows))


def modes_merge() -> Iterator[Point]:
    """Move two real modes apart and cover them by one broad synthetic mode."""
    for width in WIDTHS:
        for apart in np.linspace(0, 5, FINE):
            means = np.tile(np.array([[-0.5], [0.5]]) * apart, (1, width))
            yield Point(f"{width} wide", float(apart), mixture(means, 1.0, np.ones(2)), normal(width, 0.0, float(np.hypot(1, apart))))


def _scaled(draw: Draw, shift: float, scale: float) -> Draw:
    return lambda rng: (draw(rng) + [shift, 0.0]) * [1.0, scale]


def one_coordinate_is_scaled() -> Iterator[Point]:
    """Change the unit of the coordinate in which two laws agree; in the other they are apart."""
    for scale in np.geomspace(1e-3, 1e3, FINE):
        yield Point("2 wide", float(scale), _scaled(normal(2), 0.0, float(scale)), _scaled(normal(2), 6.0, float(scale)))


def _with_heavy_tail(mean: float) -> Draw:
    return lambda rng: np.column_stack([rng.normal(mean, 1.0, ROWS), 1 + rng.pareto(1.01, ROWS)])


def mean_differs_with_heavy_tail() -> Iterator[Point]:
    """Vary the mean of one coordinate beside a second one that has no variance."""
    for mean in np.linspace(-6, 6, STEPS):
        yield Point("2 wide", float(mean), _with_heavy_tail(0.0), _with_heavy_tail(float(mean)))


def _moved(width: int, first: float) -> Draw:
    def drawn(rng: np.random.Generator) -> Rows:
        rows = rng.normal(size=(ROWS, width))
        rows[:, 0] += first
        return rows

    return drawn


def one_coordinate_apart() -> Iterator[Point]:
    """Add coordinates in which two laws agree to one in which they are apart."""
    for extra in np.geomspace(1, 1000, FINE).astype(int):
        yield Point("1 wide and more", float(extra), _moved(extra + 1, 0.0), _moved(extra + 1, 6.0))


def _rounded(draw: Draw, scale: float, *, whole: bool) -> Draw:
    def drawn(rng: np.random.Generator) -> Rows:
        rows = scale * draw(rng)
        return np.round(rows) if whole else rows

    return drawn


def rounded() -> Iterator[Point]:
    """Round the real or the synthetic rows to whole numbers, from one to a thousand of them to a standard deviation."""
    for scale in np.geomspace(1, 1000, FINE):
        whole, fine = (_rounded(normal(1), float(scale), whole=each) for each in (True, False))
        yield Point("real rounded", float(scale), whole, fine)
        yield Point("synthetic rounded", float(scale), fine, whole)
