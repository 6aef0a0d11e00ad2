"""Exceedance: whether documents beyond the reference's extreme quantiles are still there, in a column of numbers."""

from dataclasses import replace
from typing import Literal

import numpy as np

from longtail.metrics.catalogue import RATIOS
from longtail.metrics.comparison import Comparison
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.slices import FEWEST_EXPECTED, Slice, chooser_of, slice_endpoint
from longtail.metrics.tabular.columns import absent, column_of, without_values
from longtail.records import NotMeasured, Outcome
from longtail.stats.jackknife import NORMAL_95
from longtail.summaries.rows import type_counts
from longtail.views.numbers import Edges

End = Literal["low", "high"]
METRIC = "exceedance"
_METHOD = "log ratio of the shares of documents {}; delete-a-group jackknife, permutation standard error where they are few"
_WHERE = {"low": "below the 1 % quantile of half A", "high": "above the 99 % quantile of half A"}


@RATIOS.add(unit="ratio", worse="lower", source="own definition; ratio estimator with delete-a-group jackknife (Kott 2001)")
def exceedance(comparison: Comparison, edges: Edges, end: End, /) -> Outcome:
    """Share of documents beyond an extreme quantile of the reference in one column, relative to the baseline.

    Formula: ratio = share of documents below the 1 %, or above the 99 %, quantile of the reference's half A in the candidate / the same
    share in the baseline.

    Minimum: 3 documents beyond the quantile expected on either side.

    False positives: a column that was capped or rounded on one side.
    """
    found = _endpoint(comparison, edges, end)
    return found if isinstance(found, NotMeasured) else found.estimate(NORMAL_95, NORMAL_95, 0.95)


def exceedance_endpoints(comparison: Comparison, edges: Edges) -> list[Endpoint | NotMeasured]:
    """Return the log ratio of the share beyond the 1 % and the 99 % quantile, slices "low" and "high", with its relabellings.

    The quantiles are those of half A; shares are of all documents that state a value, also one that is no number.

    Args:
        comparison: A view `number:COLUMN`.
        edges: The bins that the view counts by.
    """
    return [_endpoint(comparison, edges, end) for end in ("low", "high")]


def _endpoint(comparison: Comparison, edges: Edges, end: End) -> Endpoint | NotMeasured:
    missing = without_values(comparison, METRIC)
    if missing is not None:
        return absent(comparison, METRIC, missing.reason, missing.enable, end)
    of = _slice(comparison, edges, end)
    rows = comparison.folds[0].rows
    expected = min(of.expected, of.share * float(rows.unit_tokens[rows.sizes[0] :].sum()))
    if expected < FEWEST_EXPECTED:
        return absent(comparison, METRIC, _too_few(of, expected, column_of(comparison)), _enable(of), end)
    found = slice_endpoint(comparison, of)
    if isinstance(found, NotMeasured):
        return absent(comparison, METRIC, found.reason, found.enable, end)
    return replace(found, metric=METRIC, method=_METHOD.format(_WHERE[end]))


def _slice(comparison: Comparison, edges: Edges, end: End) -> Slice:
    wanted = edges.below if end == "low" else edges.above
    chooser = chooser_of(comparison)
    types, documents, _ = type_counts(chooser.profile.frequencies[comparison.view], chooser.half, comparison.theta)
    share = float(documents[np.isin(types, wanted)].sum() / max(1, documents.sum()))
    here, seen, _ = type_counts(comparison.frequencies, None, comparison.theta)
    return Slice(end, wanted, share, share * comparison.documents, int(seen[np.isin(here, wanted)].sum()))


def _too_few(of: Slice, expected: float, column: str) -> str:
    if of.share == 0:
        many = "lowest" if of.name == "low" else "highest"
        return f"nothing lies beyond the {many} values of the column {column!r} in the reference: too many documents share them"
    return f"too rare to judge: {expected:.1f} documents expected on a side {_WHERE[of.name].removesuffix(' of half A')}"


def _enable(of: Slice) -> str:
    return "count the column as category:COLUMN" if of.share == 0 else "more documents on both sides"
