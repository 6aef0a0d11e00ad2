"""From counts to the bound of one period: its limit, the controls beside it, the words that carry it, and what may be said."""

import msgspec
import numpy as np
import numpy.typing as npt

from longtail.origin.dates.dating import Calendar
from longtail.origin.vocabulary.bound import Bound, drift, limited, lowered, measured, usable
from longtail.origin.vocabulary.choosing import CUTOFFS, ERRORS, expected
from longtail.origin.vocabulary.contrasts import BASE, BEFORE, LEAST_CONTROLS, TARGET, Contrast, Plan
from longtail.origin.vocabulary.counting import Table
from longtail.origin.vocabulary.hits import Hits
from longtail.origin.vocabulary.result import Carrier, PeriodBound, Status

Ints = npt.NDArray[np.int64]

MOST_DRIFT = 0.05
"""Controls above this on average: the documents before the cut-off change too much to say anything of those after it."""
_SHOWN = 20
_ALONE = 0.5
_LEAST_BINS = 30
_FAR = 4.0


def concluded(plan: Plan, start: int, calendar: Calendar, table: Table, hits: Hits, seed: int) -> PeriodBound:
    """Return the bound of one later period.

    Args:
        plan: The period, its baseline and its controls.
        start: Place of its contrast among those of `hits`; those of its controls follow.
        calendar: The periods.
        table: Document frequencies of words.
        hits: Documents that hold chosen words.
        seed: Seed of the multipliers.
    """
    places = plan.target.places
    names = [calendar.names[place] for place in places]
    contrasts = (plan.target, *plan.controls)
    bounds = [limited(measured(hits.counts[start + at].astype(np.int64), each.reach), seed) for at, each in enumerate(contrasts)]
    bound = bounds[0]
    controls = usable(bound, bounds[1:])
    drifted = drift(controls)
    refused = _refused(plan, hits.counts[start].astype(np.int64), controls)
    found = PeriodBound(
        period=names[TARGET],
        documents=calendar.documents[places[TARGET]],
        status="refused",
        reasons=refused,
        baseline=(names[BEFORE], names[BASE]),
        drift=drifted,
        controls=tuple(each.value for each in controls),
    )
    if refused:
        return found
    carriers, words = carried(plan.target, start, bound, table, hits)
    weak = _weak(plan, bound, controls, carriers)
    status: Status = "weak" if weak else "ok"
    strict, level = bound.best or (None, None)
    return msgspec.structs.replace(
        found,
        status=status,
        reasons=weak,
        value=max(0.0, bound.value),
        low=max(0.0, lowered(bound, drifted)),
        words=words,
        carriers=carriers,
        cutoff=None if level is None else CUTOFFS[level],
        errors=None if strict is None else ERRORS[strict],
    )


def _refused(plan: Plan, counts: Ints, controls: list[Bound]) -> tuple[str, ...]:
    bins = (counts[:, 0].sum(axis=-1) > 0).sum(axis=-1).min()
    found = []
    if bins < _LEAST_BINS:
        found.append(
            f"the documents of a period fall into {bins} independent bins, {_LEAST_BINS} are needed: too few authors, hosts or texts"
        )
    if not controls:
        found.append(
            "no control: how much human writing drifts beyond its trend is not known; add documents from "
            f"{plan.target.reach + 2:g} periods before the cut-off, or more"
        )
    mean = float(np.mean([each.value for each in controls])) if controls else 0.0
    if mean > MOST_DRIFT:
        found.append(
            f"the control fails: the same measurement before the cut-off comes to {mean:.3f} on average, above {MOST_DRIFT}; what people "
            "write about changes too much here: leave topical words out (--exclude), or take documents of one kind"
        )
    return tuple(found)


def _weak(plan: Plan, bound: Bound, controls: list[Bound], carriers: tuple[Carrier, ...]) -> tuple[str, ...]:
    found = []
    if len(controls) < LEAST_CONTROLS:
        found.append(f"few controls: {len(controls)}, and {LEAST_CONTROLS} would say how much human writing drifts beyond its trend")
    if any(each.low > 0 for each in controls):
        found.append("human writing drifts beyond its trend before the cut-off already; the drift is taken off")
    if plan.target.reach > _FAR:
        found.append(f"the trend of two periods is drawn out {plan.target.reach:g} times their distance")
    if bound.low > 0 and carriers and carriers[0].gap > _ALONE * bound.value:
        found.append(f"one word, {carriers[0].word!r}, carries more than half of it; exclude it if it is a topic")
    return tuple(found)


def carried(contrast: Contrast, column: int, bound: Bound, table: Table, hits: Hits) -> tuple[tuple[Carrier, ...], int]:
    """Return the words of the best set with the greatest gaps, measured on the half that did not choose them, and the number of words."""
    if bound.best is None:
        return (), 0
    strict, level = bound.best
    members = hits.sets.levels[:, column, :, strict] <= level
    rows = np.searchsorted(table.types, hits.sets.types)
    places = list(contrast.places)
    counts = table.counts[rows][:, :, places].sum(axis=3)
    p = (counts + 1) / (table.totals[:, places].sum(axis=2) + 1)
    q = expected(p[:, :, BEFORE], p[:, :, BASE], contrast.reach)
    chooses = members.sum(axis=1)
    with_words = np.flatnonzero(chooses)
    measuring = members[:, ::-1] / np.maximum(chooses, 1)[:, None]
    share, usual = (p[:, :, TARGET] * measuring).sum(axis=1), (q * measuring).sum(axis=1)
    order = with_words[np.argsort(usual[with_words] - share[with_words], kind="stable")][:_SHOWN]
    found = [
        Carrier(
            word=hits.spelled.get(int(row), ""), share=float(share[row]), expected=float(usual[row]), gap=float(share[row] - usual[row])
        )
        for row in order
    ]
    return tuple(each for each in found if each.word and each.gap > 0), len(with_words)
