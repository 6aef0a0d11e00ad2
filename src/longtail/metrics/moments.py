"""Richness, coverage and Hill numbers of both sides of a comparison, in relabellings of its units."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.records import NotMeasured
from longtail.stats import _kernels
from longtail.stats.hill import order_1, weighted
from longtail.stats.permutation import Labels, adjusted, side_sums, side_sums_of_pairs
from longtail.summaries.rows import Rows

Values = npt.NDArray[np.float64]
Totals = npt.NDArray[np.int64]

_TABULATED = 1 << 12


class Hill(NamedTuple):
    """Log ratios by relabelling, each of shape (B + 1,), and the baseline's own observed values by metric."""

    hill_1: Values
    hill_2: Values
    baseline: dict[str, float]


class Richness(NamedTuple):
    """Log ratios by relabelling, each of shape (B + 1,), and the baseline's own observed values by metric.

    `contrast` is the log ratio of the number of types less that of the effective number of common ones.
    """

    hill_0: Values
    sample_coverage: Values
    contrast: Values
    baseline: dict[str, float]


def hill_of(rows: Rows, table: Labels, view: str) -> Hill | NotMeasured:
    """Return the log ratios of both sides, units labelled 0 over units labelled 1; other units take no part.

    Args:
        rows: Exact counts by type and unit.
        table: Side of each unit by relabelling, shape (units, B + 1).
        view: Name of the view, for messages.
    """
    tokens = [side_sums(table, rows.unit_tokens, side) for side in (0, 1)]
    pairs = equal_pairs(rows, table, 2)
    if min(*(side.min() for side in tokens), *(side.min() for side in pairs)) <= 0:
        return _nothing(view)
    ones, twos = _order_1(rows, table, tokens), _order_2(tokens, pairs)
    return Hill(np.log(ones[0] / ones[1]), np.log(twos[0] / twos[1]), {"hill_1": float(ones[1][0]), "hill_2": float(twos[1][0])})


def richness_of(rows: Rows, table: Labels, view: str) -> Richness | NotMeasured:
    """Return the log ratios of both sides; see `hill_of`."""
    documents, tokens = ([side_sums(table, units, side) for side in (0, 1)] for units in (rows.unit_documents, rows.unit_tokens))
    pairs = equal_pairs(rows, table, 2)
    if min(*(side.min() for side in tokens), *(side.min() for side in pairs)) <= 0:
        return _nothing(view)
    counts = _kernels.incidences(rows.starts, rows.unit, rows.documents, table)
    held = np.bincount(rows.unit, weights=rows.documents, minlength=len(table)).astype(np.int64)
    here, there = (_side(counts[side], documents[side], side_sums(table, held, side)) for side in (0, 1))
    size, twos = np.log(tokens[0]) - np.log(tokens[1]), _order_2(tokens, pairs)
    log_richness = adjusted(np.log(here[0] / there[0]), size)
    covered = [np.maximum(side[1], 1e-12) for side in (here, there)]
    return Richness(
        hill_0=log_richness,
        sample_coverage=adjusted(np.log(covered[0] / covered[1]), size),
        contrast=log_richness - np.log(twos[0] / twos[1]),
        baseline={"hill_0": float(there[0][0]), "sample_coverage": float(there[1][0])},
    )


def _nothing(view: str) -> NotMeasured:
    return NotMeasured(reason="no word occurs twice", enable="a larger sample", view=view)


def equal_pairs(rows: Rows, table: Labels, sides: int) -> list[Values]:
    """Return the sum over types of x (x - 1), x being tokens, on each side: a quadratic form in the units of a side.

    Args:
        rows: Exact counts by type and unit.
        table: Side of each unit by relabelling, shape (units, B + 1).
        sides: Number of sides; each gives an array of shape (B + 1,).
    """
    return [side_sums_of_pairs(table, rows.products, side) - side_sums(table, rows.unit_tokens, side) for side in range(sides)]


def _order_1(rows: Rows, table: Labels, tokens: list[Totals]) -> list[Values]:
    """Return the Hill number of order 1 on both sides; types of a single unit are counted where that unit is."""
    known, found = weighted(np.arange(_TABULATED)), np.diff(rows.starts)
    several, single = rows.only(found > 1), rows.only(found == 1)
    counts, sums = _kernels.digamma_sums(several.starts, several.unit, several.tokens, table, known)
    held, units = single.tokens.astype(np.int64), len(table)
    rare = [np.bincount(single.unit[held == copies], minlength=units) for copies in (1, 2)]
    alone = np.bincount(single.unit, weights=weighted(held), minlength=units).astype(float)
    values = []
    for side in (0, 1):
        once, twice = (counts[side, at] + side_sums(table, rare[at], side) for at in (0, 1))
        values.append(order_1(sums[side] + _float_sums(table, alone, side), once, twice, tokens[side]))
    return values


def _float_sums(table: Labels, values: Values, side: int) -> Values:
    """Return the sum over the units of one side, added in the order of the units whatever the machine."""
    total = np.zeros(table.shape[1])
    for unit, value in enumerate(values.tolist()):
        total += value * (table[unit] == side)
    return total


def _order_2(tokens: list[Totals], pairs: list[Values]) -> list[Values]:
    return [total * (total - 1.0) / equal for total, equal in zip(tokens, pairs, strict=True)]


def _side(counts: Totals, documents: Totals, incidences: Totals) -> tuple[Values, Values]:
    """Return Chao2 and the incidence form of sample coverage of one side, by relabelling."""
    seen, once, twice = counts.astype(float)
    unseen = np.where(twice > 0, once**2 / np.maximum(2 * twice, 1), once * (once - 1) / 2)
    doubled = np.where(twice > 0, 2 * twice, np.maximum(once - 1, 0))
    scaled = (documents - 1) * once
    covered = 1 - once / incidences * scaled / np.maximum(scaled + doubled, 1)
    return seen + (documents - 1) / documents * unseen, covered
