"""Audit of a gate before a loop is run on what it keeps: does it keep what is right, what is rare, and what is real?

From rows that the gate has judged; every number has an interval, and one whose column is absent is not measured.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy
from numpy.typing import NDArray
from scipy.special import ndtri

from longtail.errors import ConfigError, UsageError
from longtail.gates import strata
from longtail.gates.filters import Flags, Floats
from longtail.gates.intervals import exact_interval
from longtail.gates.lights import LEAST_RIGHT, MARGIN, Light, diverse, valid
from longtail.records import Estimate, NotMeasured, Outcome, Record

FEWEST = 20
"""Rows kept below which a ratio of variances has no interval worth the name."""
_EXACT = "Clopper-Pearson"
_UNSAID, _SAY = "no row says whether it is right", "add a column right (true or false), for a random part of the rows"


class Judged(NamedTuple):
    """Rows that a gate has judged, each (rows,); NaN where a row says nothing, None where no row does.

    `kept` tells what the gate kept; `right` is 1 or 0, `human` 1 for real data and 0 for what a model wrote, `value` a number,
    `stratum` the name of the row's stratum or None.
    """

    kept: Flags
    right: Floats | None = None
    human: Floats | None = None
    value: Floats | None = None
    stratum: Sequence[str | None] | None = None


class GateAudit(Record, frozen=True):
    """What a gate was found to do.

    Args:
        rows: Rows that it saw.
        kept: Rows that it kept.
        estimates: What was measured.
        not_measured: What was not, why, and what to add.
        says: What follows, each statement with its condition.
        lights: Whether what is kept is valid, and whether it is diverse.
        mix: The mix of strata before and after.
    """

    rows: int
    kept: int
    estimates: tuple[Estimate, ...]
    not_measured: tuple[NotMeasured, ...]
    says: tuple[str, ...]
    lights: tuple[Light, ...] = ()
    mix: strata.Mix | None = None

    def get(self, metric: str) -> Estimate | None:
        """Return the estimate of a metric, or None where it was not measured."""
        return next((each for each in self.estimates if each.metric == metric), None)


def audit(judged: Judged, *, level: float = 0.95, margin: float = MARGIN, least_right: float = LEAST_RIGHT) -> GateAudit:
    """Measure a gate on rows that it has judged.

    Args:
        judged: The rows.
        level: Level of each interval.
        margin: Share of its place in the mix that a stratum must keep, and of the variance, for what is kept to count as diverse.
        least_right: Share of right rows among what is kept for it to count as valid.

    Raises:
        UsageError: There are no rows, or the columns differ in length.
        ConfigError: The level, the margin or the share is out of range.
    """
    _check(judged, {"level": level, "margin": margin, "least right": least_right})
    outcomes: list[Outcome] = [_share("keep_rate", judged.kept, level)]
    says: list[str] = []
    for part in (_validity, _precision, _spread, _origin):
        found, told = part(judged, level)
        outcomes += found
        says += told
    by_stratum = strata.measured(judged.stratum, judged.kept, judged.right, level)
    outcomes += by_stratum.outcomes
    estimates = tuple(each for each in outcomes if isinstance(each, Estimate))
    absent = tuple(each for each in outcomes if isinstance(each, NotMeasured))
    spread = [each for each in estimates if each.metric == "variance_ratio"]
    among = " among all or among right rows" if any(each.metric == strata.RIGHT_SHARE for each in outcomes) else ""
    lights = (
        valid(estimates, least_right, _why(absent, "keep_right", "label_precision")),
        diverse([*by_stratum.places, *spread], margin, among, _why(absent, strata.SHARE, "variance_ratio")),
    )
    return GateAudit(
        rows=len(judged.kept),
        kept=int(judged.kept.sum()),
        estimates=estimates,
        not_measured=absent,
        says=tuple(says),
        lights=lights,
        mix=by_stratum.mix,
    )


def _why(absent: Sequence[NotMeasured], *metrics: str) -> str:
    """Return why the first of several metrics that is absent was not measured."""
    return next((each.reason for metric in metrics for each in absent if each.metric == metric), "nothing was measured")


def _precision(judged: Judged, level: float) -> tuple[list[Outcome], list[str]]:
    """Return the share of right rows among what is kept, also where all rows that say so are of one kind."""
    if judged.right is None:
        return _absent(("label_precision",), _UNSAID, _SAY), []
    right = judged.right[judged.kept & ~numpy.isnan(judged.right)]
    if not right.size:
        return _absent(("label_precision",), "the gate kept none of the rows that say whether they are right", "add rows that it keeps"), []
    return [_share("label_precision", right == 1, level)], []


def break_point(keep_right: float, keep_wrong: float) -> float:
    """Return phi / (phi + psi), the share of wrong rows at which half of what is kept is wrong (Feng et al., arXiv:2406.07515)."""
    return keep_right / (keep_right + keep_wrong)


def pool_variance(ratio: float, generation: int) -> float:
    """Return the variance left under `accumulate` after t rounds that each add rows of `ratio` times the variance: ~ t^-(1 - ratio)."""
    return math.prod(1 - (1 - ratio) / i for i in range(1, generation + 1))


def effective_real(rows: float, share: float, true_positive: float, false_positive: float) -> float:
    """Return how many real rows a batch is worth with a detector, n a² (1 + χ²), the synthetic law known (Kanabar and Gastpar, 2026).

    n a² for a detector that tells nothing, n a for one that does not err.
    """
    said = share * true_positive + (1 - share) * false_positive
    yes = true_positive**2 / said if said > 0 else 0.0
    no = (1 - true_positive) ** 2 / (1 - said) if said < 1 else 0.0
    return rows * share**2 * (yes + no)


def _validity(judged: Judged, level: float) -> tuple[list[Outcome], list[str]]:
    metrics = ("keep_right", "keep_wrong", "break_point", "wrong_share", "wrong_share_kept")
    if judged.right is None:
        return _absent(metrics, _UNSAID, _SAY), []
    known = ~numpy.isnan(judged.right)
    kept, right = judged.kept[known], judged.right[known] == 1
    if right.all() or not right.any():
        reason = f"all {right.size} rows that say so are {'right' if right.all() else 'wrong'}"
        return _absent(metrics, reason, "add rows of the other kind"), []
    found = [
        _share("keep_right", kept[right], level),
        _share("keep_wrong", kept[~right], level),
        _break(kept, right, level),
        _share("wrong_share", ~right, level),
    ]
    if not kept.any():
        return [*found, *_absent(metrics[4:], "the gate kept none of these rows", "add rows that it keeps")], []
    among = _share("wrong_share_kept", ~right[kept], level)
    return [*found, among], [_side(found[2], among)]


def _break(kept: Flags, right: Flags, level: float) -> Outcome:
    """Return p* with an interval: both chances in exact intervals of a higher level, so that the two hold together."""
    counts = [(int(kept[side].sum()), int(side.sum())) for side in (right, ~right)]
    if not counts[0][0] and not counts[1][0]:
        return NotMeasured(metric="break_point", reason="the gate kept none of these rows", enable="add rows that it keeps")
    (low, high), (low_wrong, high_wrong) = (exact_interval(*count, (1 + level) / 2) for count in counts)
    return Estimate(
        metric="break_point",
        view="",
        value=break_point(*(hits / of for hits, of in counts)),
        low=break_point(low, high_wrong),
        high=break_point(high, low_wrong),
        n=kept.size,
        unit="share",
        resampling_unit="document",
        method=f"{_EXACT} of both chances, together at the level (Bonferroni)",
        level=level,
    )


def _side(point: Outcome, among: Estimate) -> str:
    """Say on which side of p* the data lie: below it where less than half of what is kept is wrong."""
    condition = "a linear classifier on unlimited data, the same gate and share of wrong rows"
    share = f"{among.value:.3g} of what is kept is wrong ({among.low:.3g} to {among.high:.3g})"
    at = f" (p* = {point.value:.3g})" if isinstance(point, Estimate) else ""
    if among.high < 0.5:
        return f"{share}, less than half, so the share of wrong rows lies below the break point{at}: accuracy goes to 1 for {condition}"
    if among.low > 0.5:
        return f"{share}, more than half, so the share of wrong rows lies above the break point{at}: accuracy goes to 0 for {condition}"
    return f"{share}: on which side of the break point{at} the data lie is not decided; judge more rows"


def _spread(judged: Judged, level: float) -> tuple[list[Outcome], list[str]]:
    metrics = ("variance_ratio", "centre_shift")
    if judged.value is None:
        return _absent(metrics, "no row has a number", "add a column value, or name a numeric one with --value COLUMN"), []
    known = ~numpy.isnan(judged.value)
    kept, value = judged.kept[known], judged.value[known]
    if kept.sum() < FEWEST:
        return _absent(metrics, f"{int(kept.sum())} kept rows have a number; {FEWEST} are needed", "judge more rows"), []
    if not value[kept].std():
        return _absent(metrics, f"all {int(kept.sum())} kept rows have the same number", "name another column with --value COLUMN"), []
    ratio, shift = _ratio(value, kept, level), _shift(value, kept, level)
    return [ratio, shift], [*_narrowing(ratio), _moving(shift)]


def _ratio(value: Floats, kept: Flags, level: float) -> Estimate:
    """Return Var(value|kept)/Var(value), with an interval from the influence of each row on its logarithm."""
    inside, outside = value[kept], value
    whole = numpy.square(outside - outside.mean()) / outside.var() - 1
    part = numpy.zeros_like(value)
    part[kept] = (numpy.square(inside - inside.mean()) / inside.var() - 1) / kept.mean()
    half = _half(part - whole, level)
    found = float(inside.var(ddof=1) / outside.var(ddof=1))
    low, high = found * math.exp(-half), found * math.exp(half)
    return _estimate(
        "variance_ratio", (found, low, high), value.size, "ratio of variances", "influence of each row on the logarithm", level
    )


def _shift(value: Floats, kept: Flags, level: float) -> Estimate:
    """Return the mean of what is kept less the mean of all, in standard deviations of all."""
    spread = float(value.std(ddof=1))
    found = float(value[kept].mean() - value.mean()) / spread
    part = numpy.where(kept, (value - value[kept].mean()) / kept.mean(), 0.0)
    z = (value - value.mean()) / spread
    half = _half(part / spread - z - found * (numpy.square(z) - 1) / 2, level)
    bounds = (found, found - half, found + half)
    return _estimate("centre_shift", bounds, value.size, "standard deviations", "influence of each row", level)


def _narrowing(ratio: Estimate) -> list[str]:
    told = "a gate that keeps the same share around the centre it has now, a Gaussian refitted on many rows"
    if ratio.low >= 1:
        return [f"what is kept varies more than what was judged (rho {ratio.value:.3g}): no narrowing is seen in this column"]
    wide = "" if ratio.high < 1 else "; the interval holds 1, so narrowing is not shown"
    rho = min(ratio.value, 1.0)
    replaced = ", ".join(f"{rho**t:.2g} (t={t})" for t in (1, 10))
    pooled = ", ".join(f"{pool_variance(rho, t):.2g} (t={t})" for t in (1, 10, 100))
    return [
        f"with rho {ratio.value:.3g} the variance left is {replaced} under replace and {pooled} under accumulate, falling like "
        f"t^-{1 - rho:.2g}: for {told}{wide}"
    ]


def _moving(shift: Estimate) -> str:
    told = f"the centre of what is kept lies {shift.value:+.3g} sd from that of all ({shift.low:+.3g} to {shift.high:+.3g})"
    if shift.low <= 0 <= shift.high:
        return f"{told}: a shift is not shown"
    return f"{told}: a location model refitted on what is kept moves so in the first round, and goes on to the gate's own centre"


def _origin(judged: Judged, level: float) -> tuple[list[Outcome], list[str]]:
    metrics = ("true_positive_rate", "false_positive_rate", "effective_real_rows")
    if judged.human is None:
        return _absent(metrics, "no row says whether it is real", "add a column human (true for real data, false for model output)"), []
    known = ~numpy.isnan(judged.human)
    kept, human = judged.kept[known], judged.human[known] == 1
    if human.all() or not human.any():
        reason = f"all {human.size} rows that say so are {'real data' if human.all() else 'model output'}"
        return _absent(metrics, reason, "add rows of the other kind"), []
    worth = _worth(kept, human, level)
    share = float(human.mean())
    says = (
        f"as a detector the gate makes {human.size:,} rows with {share:.3g} real data worth {worth.value:,.4g} real rows "
        f"({worth.low:,.4g} to {worth.high:,.4g}), between {human.size * share**2:,.4g} without it and {human.size * share:,.4g} for one "
        "that does not err: where the model that wrote the rest is known, and for as many rows"
    )
    return [_share("true_positive_rate", kept[human], level), _share("false_positive_rate", kept[~human], level), worth], [says]


def _worth(kept: Flags, human: Flags, level: float) -> Estimate:
    """Return the effective real rows, over all rates in two exact intervals; the worth is convex in them and least where they are equal."""
    rows, share = human.size, float(human.mean())
    counts = [(int(kept[side].sum()), int(side.sum())) for side in (human, ~human)]
    real, fake = (exact_interval(*count, (1 + level) / 2) for count in counts)
    value = effective_real(rows, share, *(hits / of for hits, of in counts))
    corners = [effective_real(rows, share, t, f) for t in real for f in fake]
    touching = real[0] <= fake[1] and fake[0] <= real[1]
    low = min([rows * share**2] if touching else corners)
    bounds = (value, min(low, value), max(*corners, value))
    method = f"{_EXACT} of both rates, together at the level (Bonferroni), at the share of real data found"
    return _estimate("effective_real_rows", bounds, rows, "rows", method, level)


def _share(metric: str, flags: Flags, level: float) -> Estimate:
    hits, of = int(flags.sum()), int(flags.size)
    return _estimate(metric, (hits / of, *exact_interval(hits, of, level)), of, "share", _EXACT, level)


def _estimate(metric: str, bounds: tuple[float, float, float], n: int, unit: str, method: str, level: float) -> Estimate:
    value, low, high = bounds
    return Estimate(
        metric=metric, view="", value=value, low=low, high=high, n=n, unit=unit, resampling_unit="document", method=method, level=level
    )


def _half(influence: NDArray[numpy.float64], level: float) -> float:
    return float(ndtri((1 + level) / 2) * influence.std() / math.sqrt(influence.size))


def _absent(metrics: tuple[str, ...], reason: str, enable: str) -> list[Outcome]:
    return [NotMeasured(metric=metric, reason=reason, enable=enable) for metric in metrics]


def _check(judged: Judged, shares: dict[str, float]) -> None:
    lengths = {len(column) for column in judged if column is not None}
    if len(lengths) != 1:
        raise UsageError(f"the columns of judged rows hold {', '.join(map(str, sorted(lengths)))} rows; give columns of equal length")
    if not len(judged.kept):
        raise UsageError("there are no judged rows; give one or more")
    for name, value in shares.items():
        if not 0 < value < 1:
            raise ConfigError(f"{name} is {value!r}; take a number between 0 and 1")
