"""What the later periods kept of the variety of the baseline periods, with an interval."""

import math

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from longtail.diagnosis.voice.measures import FRESH, RARE, Series
from longtail.records import Decision, Estimate, NotMeasured

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

MARGIN = 0.90
LEVEL = 0.95
VARIETY = "voice_variety"
METHODS = {
    "index": "geometric mean of different words, openings, runs of four words, and runs that the period before has not, at equal size",
    "parts": "geometric mean of different words, openings and runs of four words, at equal documents and words",
    "words": "different words in equally many documents of equally many words",
    "openings": "different first three words among equally many documents",
    "runs": "different runs of four words in equally many documents of equally many words",
    FRESH: "different runs of four words that equally many documents of the period before do not hold",
    RARE: "words that are rare in one half of the baseline, found in equally many other documents; it also falls where subjects change",
}


def kept(name: str, series: Series, before: Mask, after: Mask, account: Floats, documents: int) -> Estimate | NotMeasured:
    """Return the ratio of the mean over later periods to that over baseline periods.

    The error is the greater of two: what the documents within the periods say, and how far the periods lie from the account of the
    change that was found.

    Args:
        name: Of the measure, "index" for the number that decides.
        series: Over the periods.
        before: Baseline periods, shape (periods,).
        after: Later ones.
        account: What the periods are held against to see how far they lie from it: the turn, or the years, shape (periods,).
        documents: Documents of the later periods.
    """
    metric = VARIETY if name == "index" else f"voice_{name}"
    has_one = np.isfinite(series.logs)
    early, late = before & has_one, after & has_one
    if not early.any() or not late.any():
        return NotMeasured(reason="a side has no period with a value", enable="more documents with dates", metric=metric, view="words_1")
    value = float(series.logs[late].mean() - series.logs[early].mean())
    spread, freedom = _spread(series.logs[has_one], account[has_one])
    inside = sum(float((series.errors[side] ** 2).sum()) / int(side.sum()) ** 2 for side in (early, late))
    between = spread * (1 / int(early.sum()) + 1 / int(late.sum()))
    half = float(stdtrit(freedom, (1 + LEVEL) / 2)) * math.sqrt(max(inside, between))
    return Estimate(
        metric=metric,
        view="words_1",
        value=math.exp(value),
        low=math.exp(value - half),
        high=math.exp(value + half),
        n=documents,
        unit="ratio",
        resampling_unit="document",
        method=f"{METHODS[name]}; {int(late.sum())} later periods over {int(early.sum())} baseline periods",
        level=LEVEL,
        kind="ratio",
        baseline_value=math.exp(float(series.logs[early].mean())) if name != "index" else None,
        expected=1.0,
    )


def _spread(logs: Floats, account: Floats) -> tuple[float, int]:
    """Return the variance of periods around an account of their change, and its degrees of freedom, one at least."""
    design = np.column_stack((np.ones(len(logs)), account))
    left = logs - design @ np.linalg.lstsq(design, logs, rcond=None)[0]
    freedom = max(len(logs) - int(np.linalg.matrix_rank(design)), 1)
    return float(left @ left) / freedom, freedom


def account_of(shape: str | None, after: Mask, years: Floats) -> Floats:
    """Return what a change looks like: a step, a slope or a curve from a date on, or a slope over all years, shape (periods,)."""
    if shape == "step":
        return after.astype(np.float64)
    since = np.cumsum(after).astype(np.float64)
    return np.asarray({"slope": since, "curve": since**2}.get(shape or "", years - years.mean()), np.float64)


def decided(change: str, low: float, high: float, margin: float = MARGIN) -> Decision:
    """Return what is decided of the variety that is left.

    Args:
        change: What was found over the periods.
        low: Lower end of the interval of the ratio.
        high: Upper end.
        margin: What may be lost.
    """
    if change == "turn":
        return "shrunk" if high < margin else "watch"
    return "ok" if change == "flat" and low > margin else "inconclusive"
