"""What an audit tells of a training run in numbers: estimates of a window beside the begin of the run, each at 95 %.

Verdicts rest on the same measures at the level in force; these are what they are made of, for tables and for other tools.
"""

from collections.abc import Iterator
from typing import Literal

from longtail.metrics.rollouts.drift import drifted
from longtail.metrics.rollouts.groups import exact_bounds, scored_groups
from longtail.metrics.rollouts.means import Means, Rise
from longtail.metrics.rollouts.mix import change, mix_of
from longtail.metrics.rollouts.signs import COPYING, LENGTH, ONE_ANSWER, PLACE, REPETITION, SIGNS
from longtail.metrics.rollouts.sureness import sureness
from longtail.metrics.rollouts.windows import Window
from longtail.records import Estimate

VIEW = "rollouts"
NAMES = {
    LENGTH: "completion_length",
    REPETITION: "repetition_rise",
    COPYING: "copying_rise",
    PLACE: "answer_place",
    ONE_ANSWER: "one_answer_rise",
}
"""Metrics of the signs of shortcuts."""
_JACKKNIFE = "delete-a-group jackknife over groups of completions"


def estimates(base: Window, here: Window, success: float) -> tuple[Estimate, ...]:
    """Return every number that the two windows have; what could not be measured is left out, as the rules tell why.

    Args:
        base: The begin of the run.
        here: The window that is judged.
        success: Reward from which a completion is a success.
    """
    return tuple(_all(base, here, success))


def _all(base: Window, here: Window, success: float) -> Iterator[Estimate]:
    formats = change(mix_of(base), mix_of(here))
    if formats is not None:
        yield _estimate("effective_formats", (formats.ratio, formats.low, formats.high), "ratio", here.groups, kind="ratio")
    entropy, by = sureness(base, here)
    if entropy is not None:
        yield _relative("policy_entropy", entropy, f"logged {by}; {_JACKKNIFE}")
    for name, sign in SIGNS.items():
        found = sign(base, here, 0.95)
        if isinstance(found, Means):
            yield _relative(NAMES[name], found, _JACKKNIFE)
        elif isinstance(found, Rise):
            yield _estimate(NAMES[name], (found.here - found.base, found.low, found.high), "share", found.n, before=found.base)
    yield from _of_groups(here, success)
    moved = drifted(here.rows)
    if moved is not None:
        method = "k1 on the policy's own completions; delete-a-group jackknife over prompts"
        yield _estimate(
            "policy_kl", (moved.value, moved.low, moved.high), "nats/token", moved.n, unit_of="prompt", method=method, base=None
        )


def _of_groups(here: Window, success: float) -> Iterator[Estimate]:
    """Yield the share of lone successes among the groups that teach, where there are any."""
    teaching = [group for group in scored_groups(here, success) if group.varies]
    if teaching:
        lone, n = sum(group.is_lone for group in teaching), len(teaching)
        bounds = (lone / n, *exact_bounds(lone, n, 0.025))
        yield _estimate("lone_success_share", bounds, "share", n, method="Clopper & Pearson 1934", base=None)


def _relative(metric: str, found: Means, method: str) -> Estimate:
    bounds = (found.ratio, found.low, found.high)
    return _estimate(metric, bounds, "ratio", found.n, before=found.base, kind="ratio", method=method)


def _estimate(
    metric: str,
    bounds: tuple[float, float, float],
    unit: str,
    n: int,
    *,
    before: float | None = None,
    kind: Literal["value", "ratio"] = "value",
    base: Literal["begin"] | None = "begin",
    unit_of: str = "group",
    method: str = _JACKKNIFE,
) -> Estimate:
    value, low, high = bounds
    return Estimate(
        metric=metric,
        view=VIEW,
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=n,
        unit=unit,
        resampling_unit=unit_of,
        method=method,
        kind=kind,
        baseline=base,
        baseline_value=before,
    )
