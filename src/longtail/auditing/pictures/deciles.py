"""Which share of the reference's items is still seen, from the commonest tenth of its mass to the rarest.

Items are cut into deciles by the sample that chooses, and looked for in the candidate and in what it is measured against, which did
not choose them: both at the same number of units of whole documents (rarefied, Colwell et al. 2012) and with what unlike lengths of
documents explain taken out, as the tail family does (decision 0003). So chance hides as many rare items on either side, and the
difference of the two bars is loss.

An interval is the wider one of two: that of relabelling the units (which documents were drawn), and Wilson's of a share of items (which
items there are), for a decile of few items tells little. `p_adjusted` is the one-sided permutation p for fewer items, for all deciles of
a view together (Bonferroni). None of it is part of the verdict.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.metrics.comparison import Comparison, Fold, floored, presence_by_side
from longtail.metrics.pairing import principal_of
from longtail.metrics.rarity import DECILES, Deciles, deciles
from longtail.stats.jackknife import NORMAL_95
from longtail.stats.permutation import adjusted, p_lower, standard_error
from longtail.summaries.reference import Choosing, tokens_of_half
from longtail.summaries.rows import type_counts
from longtail.views.names import LABELS

RELABELLINGS = 500
"""The observed one among them; ten deciles together can then come down to a p of .02."""
FEWEST_TYPES = 20
"""Items of a view below which ten parts of it say nothing."""

Values = npt.NDArray[np.float64]


class _Seen(NamedTuple):
    """One decile of one fold: items, those expected in what is measured against, and the log ratio by relabelling, (B + 1,)."""

    items: int
    there: float
    log_ratio: Values


def deciles_of(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the deciles of every view that can be cut into them: the one that speaks for the data first, then classes.

    Views of which a sample of types was counted are left out, for only exact counts tell how common the common ones are, and so are
    those whose items seen once hold more than a quarter of the mass.

    Args:
        comparison: The comparison that decides.
    """
    candidate = comparison.pairing.candidate
    names = [principal_of(candidate), *candidate.counted, *(LABELS + column for column in candidate.by)]
    found = [_of_view(comparison.of(name)) for name in dict.fromkeys(names)]
    return [each for each in found if each is not None]


def _of_view(comparison: Comparison) -> dict[str, Any] | None:
    if comparison.sampling_share < 1 or comparison.is_too_sparse:
        return None
    folds = [replace(fold, labels=np.ascontiguousarray(fold.labels[:, :RELABELLINGS])) for fold in comparison.folds]
    cuts = [_cut(chooser, comparison) for chooser, _ in comparison.pairing.roles]
    if min(len(cut.types) for cut in cuts) < FEWEST_TYPES:
        return None
    rows = [{"decile": decile + 1} | _row(seen) for decile, seen in enumerate(_seen(folds, cuts))]
    tested = [row for row in rows if row["p"] is not None]
    for row in tested:
        row["p_adjusted"] = min(row["p"] * len(tested), 1.0)
    return {"view": comparison.view, "baseline": comparison.name, "rows": rows}


def _cut(chooser: Choosing, comparison: Comparison) -> Deciles:
    types, tokens, _ = type_counts(chooser.profile.frequencies[comparison.view], chooser.half, comparison.theta)
    return deciles(types, tokens, tokens_of_half(chooser.profile, comparison.view, chooser.half))


def _seen(folds: list[Fold], cuts: list[Deciles]) -> Iterator[list[_Seen]]:
    """Yield each decile as each fold has it, those left out in which ties leave it no item."""
    codes = [cut.of(fold.rows.types) for fold, cut in zip(folds, cuts, strict=True)]
    for decile in range(DECILES):
        found = []
        for fold, cut, code in zip(folds, cuts, codes, strict=True):
            here, there = presence_by_side(fold.rows.only(code == decile), fold.labels)
            logs = np.log(floored(here, 0.5)) - np.log(floored(there, 0.5))
            found.append(_Seen(int((cut.codes == decile).sum()), float(there[0]), adjusted(logs, fold.size_ratio)))
        yield [each for each in found if each.items]


def _row(seen: list[_Seen]) -> dict[str, Any]:
    """Return items and the shares of them that are seen; None for shares where ties leave the decile no item of its own."""
    if not seen:
        return {"items": 0, "baseline": None, "candidate": None, "low": None, "high": None, "p": None, "p_adjusted": None}
    logs = np.mean([each.log_ratio for each in seen], axis=0)
    items = float(np.mean([each.items for each in seen]))
    baseline = float(np.mean([each.there / each.items for each in seen]))
    half = NORMAL_95 * standard_error(logs)
    low, value, high = (min(baseline * float(np.exp(logs[0] + shift)), 1.0) for shift in (-half, 0.0, half))
    few, many = wilson(value, items)
    return {
        "items": round(items),
        "baseline": baseline,
        "candidate": value,
        "low": min(low, few),
        "high": max(high, many),
        "p": p_lower(logs),
    }


def wilson(share: float, items: float) -> tuple[float, float]:
    """Return the 95 % interval of a share of independent items (Wilson 1927)."""
    z = NORMAL_95
    centre, spread = share + z**2 / (2 * items), z * np.sqrt(share * (1 - share) / items + z**2 / (4 * items**2))
    return max(0.0, float((centre - spread) / (1 + z**2 / items))), min(1.0, float((centre + spread) / (1 + z**2 / items)))
