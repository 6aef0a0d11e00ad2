"""Endpoints of concentration over feature vectors: modes, directions and variance, in the relabellings of the audit.

Both samples are thinned to the same share of their documents, so that units which hold equally many documents hold equally
many vectors. Bandwidth, centre, scale and directions come from the half that chooses, and stay as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.metrics.endpoint import Endpoint, undecidable
from longtail.metrics.features.units import MORE, Index, Placed, Side, Values, placed, spread_of, without_each
from longtail.metrics.pairing import Pairing, Sample
from longtail.records import NotMeasured
from longtail.stats.features.distances import mean_kernel_of
from longtail.stats.features.kernels import gaussian, median_distance, squared_kernel, unit_sums
from longtail.stats.permutation import Labels, relabelled
from longtail.summaries.moments import fit_standard
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Choosing
from longtail.summaries.units import FEWEST_DOCUMENTS
from longtail.summaries.vectors import Vectors, VectorSample

VIEW = "vector:"
DIRECTIONS = 32

_AT_ONCE = 1024
_LEAST = 1e-300
_LEFT_OUT = 255


@dataclass(frozen=True)
class Fold:
    """Rows of all samples of a pairing, the rows that choose, and the label of the sample that measures.

    Attributes:
        rows: Shape (n, d).
        unit: Unit of each row, numbered through all samples in order.
        count: Number of units.
        chooser: Rows of the half that chooses, shape (m, d).
        label: Label of the sample that measures; the candidate's is 0.
    """

    rows: npt.NDArray[np.float32]
    unit: Index
    count: int
    chooser: npt.NDArray[np.float32]
    label: int

    def sides(self, table: Labels) -> tuple[Values, Values]:
        """Return which units are on either side, each of shape (units, columns)."""
        return (table == 0).astype(float), (table == self.label).astype(float)


def rke_endpoint(pairing: Pairing, column: str) -> Endpoint | NotMeasured:
    """Return the log ratio of effective numbers of modes, `rke`, with its relabellings and its jackknife error."""
    return _endpoint(pairing, column, "rke", _log_modes, "unbiased pairs, Gaussian kernel, bandwidth from the half that chooses")


def effective_rank_endpoint(pairing: Pairing, column: str) -> Endpoint | NotMeasured:
    """Return the log ratio of effective ranks over the leading directions of the half that chooses, sides of equally many units."""
    return _endpoint(pairing, column, "effective_rank", _log_rank, f"over at most {DIRECTIONS} directions from the half that chooses")


def total_variance_endpoint(pairing: Pairing, column: str) -> Endpoint | NotMeasured:
    """Return the log ratio of total variances, every column in the scale that the half that chooses gives it."""
    return _endpoint(pairing, column, "total_variance", _log_variance, "columns in the scale of the half that chooses")


def _endpoint(pairing: Pairing, column: str, metric: str, make: Callable[[Fold], Side], method: str) -> Endpoint | NotMeasured:
    folds = folds_of(pairing, column)
    if isinstance(folds, NotMeasured):
        return NotMeasured(reason=folds.reason, enable=folds.enable, metric=metric, view=VIEW + column)
    statistics, errors, baselines = [], [], []
    for fold in folds:
        side, table = make(fold), equal_sides(pairing, fold.label) if metric == "effective_rank" else pairing.labels
        observed = fold.sides(table[:, :1])
        statistics.append(_log_ratios(side, fold, table))
        errors.append(spread_of(*(without_each(side, units[:, 0]) for units in observed)).error)
        baselines.append(float(np.exp(side(observed[1])[0])))
    found = Endpoint(
        metric=metric,
        view=VIEW + column,
        baseline=pairing.name,
        statistics=np.mean(statistics, axis=0),
        error=float(np.mean(errors)),
        method=f"{method}; delete-a-group jackknife",
        n=pairing.candidate.documents,
        baseline_value=float(np.mean(baselines)),
    )
    return undecidable(found) or found


def folds_of(pairing: Pairing, column: str) -> list[Fold] | NotMeasured:
    """Return the rows of a pairing in its units, once for each half that chooses, or why there are none."""
    if pairing.refusal is not None:
        return pairing.refusal
    lacking = _lacking(pairing, column)
    if lacking is not None:
        return lacking
    samples: list[Sample] = [pairing.candidate, *pairing.measured]
    bound = min(_rows(sample, column).bound for sample in samples)
    made = [_placed(pairing, sample, _rows(sample, column).below(bound)) for sample in samples]
    choosers = [_rows(chooser, column).values for chooser, _ in pairing.roles]
    fewest = min(len(rows) for rows in (*choosers, *(part.rows for part in made)))
    if fewest < FEWEST_DOCUMENTS:
        reason = f"{fewest} documents of one side have a vector in the same share of hashes, fewer than the {FEWEST_DOCUMENTS} needed"
        return NotMeasured(reason=reason, enable=MORE)
    return _folds(pairing, made, choosers)


def _folds(pairing: Pairing, made: list[Placed], choosers: list[npt.NDArray[np.float32]]) -> list[Fold]:
    firsts = np.cumsum([0, *(part.count for part in made)])
    rows = np.concatenate([part.rows for part in made])
    unit = np.concatenate([part.unit + first for part, first in zip(made, firsts[:-1], strict=True)])
    at = {id(sample): label for label, sample in enumerate(pairing.measured, 1)}
    return [
        Fold(rows, unit, int(firsts[-1]), chooser, at[id(measured)]) for chooser, (_, measured) in zip(choosers, pairing.roles, strict=True)
    ]


def _lacking(pairing: Pairing, column: str) -> NotMeasured | None:
    """Return whose vectors are missing, or None.

    Raises:
        IncompatibleSummaries: The vectors are of unlike widths or seeds.
    """
    parties: list[tuple[str, Profile]] = [("candidate", pairing.candidate)]
    for chooser, measured in pairing.roles:
        parties += [("reference", chooser.profile), ("baseline", _profile(measured))]
    for who, profile in parties:
        if column not in profile.vectors:
            reason = f"the {who} has no vectors in the column {column!r}"
            return NotMeasured(reason=reason, enable=f"profile it with the vectors of {column!r}")
        profile.vectors[column].require_comparable(pairing.candidate.vectors[column])
    return None


def _profile(sample: Sample | Choosing) -> Profile:
    return sample if isinstance(sample, Profile) else sample.profile


def _rows(of: Sample | Choosing, column: str) -> Vectors:
    held: VectorSample = _profile(of).vectors[column]
    return held.rows(None if isinstance(of, Profile) else of.half)


def _placed(pairing: Pairing, sample: Sample, rows: Vectors) -> Placed:
    units = pairing.side(pairing.principal, sample).units
    return placed(rows, units.of_bin, units.count)


def equal_sides(pairing: Pairing, label: int) -> Labels:
    """Return the relabellings of a pairing in which the larger of two samples is cut to as many units as the other has.

    A unit that is left out stays so wherever it goes, so that units keep being exchangeable.

    Args:
        pairing: The pairing.
        label: Label of the sample beside the candidate, whose label is 0.
    """
    sizes = pairing.sizes
    most = min(sizes[0], sizes[label])
    observed = np.concatenate(
        [np.where(np.arange(size) < (most if at in (0, label) else size), at, _LEFT_OUT) for at, size in enumerate(sizes)]
    )
    strata = np.arange(sum(sizes)) % sizes[0] if pairing.is_paired else None
    return relabelled(observed.astype(np.uint8), pairing.settings.permutations, pairing.settings.seed, strata)


def _log_ratios(side: Side, fold: Fold, table: Labels) -> Values:
    parts = []
    for first in range(0, table.shape[1], _AT_ONCE):
        one, other = fold.sides(table[:, first : first + _AT_ONCE])
        parts.append(side(one) - side(other))
    return np.concatenate(parts)


def _log_modes(fold: Fold) -> Side:
    centred = fold.rows - fold.chooser.mean(axis=0, dtype=np.float64)
    sums = unit_sums(centred, fold.unit, fold.count, [squared_kernel(gaussian(median_distance(fold.chooser)))])[0]
    return lambda side: -np.log(np.maximum(mean_kernel_of(sums, side), _LEAST))


def _log_variance(fold: Fold) -> Side:
    scaled = fit_standard(fold.chooser, 1).scaled(fold.rows)
    squares = np.bincount(fold.unit, weights=np.einsum("nd,nd->n", scaled, scaled), minlength=fold.count)
    rows = np.bincount(fold.unit, minlength=fold.count).astype(float)
    sums = _by_unit(scaled, fold)
    crossed = sums @ sums.T

    def value(side: Values) -> Values:
        n = np.maximum(rows @ side, 2)
        return np.asarray(np.log(np.maximum((squares @ side - ((crossed @ side) * side).sum(axis=0) / n) / (n - 1), _LEAST)))

    return value


def _log_rank(fold: Fold) -> Side:
    standard = fit_standard(fold.chooser, DIRECTIONS)
    along = standard.scaled(fold.rows) @ standard.directions.astype(np.float64).T
    rows, sums, width = np.bincount(fold.unit, minlength=fold.count).astype(float), _by_unit(along, fold), along.shape[1]
    products = np.stack([along[fold.unit == unit].T @ along[fold.unit == unit] for unit in range(fold.count)]).reshape(fold.count, -1)

    def value(side: Values) -> Values:
        n, total = np.maximum(rows @ side, 2)[:, None, None], side.T @ sums
        squares = (side.T @ products).reshape(-1, width, width)
        found = np.maximum(np.linalg.eigvalsh((squares - total[:, :, None] * total[:, None, :] / n) / (n - 1)), _LEAST)
        shares = found / found.sum(axis=1, keepdims=True)
        return np.asarray(-(shares * np.log(shares)).sum(axis=1))

    return value


def _by_unit(rows: Values, fold: Fold) -> Values:
    """Return the sum of the rows of each unit, shape (units, d)."""
    order = np.argsort(fold.unit, kind="stable")
    found, starts = np.unique(fold.unit[order], return_index=True)
    sums = np.zeros((fold.count, rows.shape[1]))
    sums[found] = np.add.reduceat(rows[order], starts, axis=0)
    return sums
