"""Losses of the models, document by document: the pair of perplexities, and the histograms of Shumailov et al. 2023."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from longtail.auditing.inputs import Inputs
from longtail.metrics.likelihood import per_token
from longtail.readers.scores import Losses, Scores
from longtail.stats.jackknife import quantile
from longtail.summaries.units import FEWEST_UNITS

BINS = 32
_OUTER = 0.999

Values = npt.NDArray[np.float64]
Named = list[tuple[str, int | None, Scores]]


def losses_of(inputs: Sequence[Inputs]) -> dict[str, Any]:
    """Return loss per token by model: its mean with a 95 % interval, and a histogram over documents in bins that all models share.

    The last bin also holds what lies beyond the 99.9th percentile of all documents together.

    Args:
        inputs: What was compared: one, or of a lineage one for each generation after the first.
    """
    models = _models(inputs)
    found = [(name, number, kind, losses) for name, number, scores in models for kind, losses in _kinds(scores)]
    if not found:
        return {}
    every = np.concatenate([losses.nll / losses.tokens for *_, losses in found])
    low, high = float(np.floor(every.min() * 10) / 10), float(np.ceil(np.quantile(every, _OUTER) * 10) / 10)
    edges = np.linspace(low, max(high, low + 0.1), BINS + 1)
    rows = [{"model": name, "generation": number, "text": kind} | _row(losses, edges) for name, number, kind, losses in found]
    return {"edges": [round(float(edge), 6) for edge in edges], "rows": rows}


def _models(inputs: Sequence[Inputs]) -> Named:
    """Return the models that there are scores of, oldest first."""
    named: list[tuple[str, int | None, Scores | None]]
    if len(inputs) == 1:
        named = [("baseline", None, inputs[0].baseline_scores), ("candidate", None, inputs[0].scores)]
    else:
        every = [inputs[0].baseline_scores, *(each.scores for each in inputs)]
        named = [(f"generation {number}", number, scores) for number, scores in enumerate(every, start=1)]
    return [(name, number, scores) for name, number, scores in named if scores is not None]


def _kinds(scores: Scores) -> list[tuple[str, Losses]]:
    human = Losses(scores.nll, scores.tokens)
    kinds = [("human", human)] if scores.own is None else [("human", human), ("own", scores.own)]
    return [(kind, losses) for kind, losses in kinds if len(losses.nll) >= FEWEST_UNITS]


def _row(losses: Losses, edges: Values) -> dict[str, Any]:
    mean, spread = per_token(losses.nll, losses.tokens)
    half = quantile(0.975, spread.freedom) * spread.error
    inside = np.clip(losses.nll / losses.tokens, edges[0], edges[-1])
    counts, documents = np.histogram(inside, edges)[0], len(losses.nll)
    shares = [round(float(count / documents), 6) for count in counts]
    return {"documents": documents, "mean": mean, "low": max(mean - half, 0.0), "high": mean + half, "shares": shares}
