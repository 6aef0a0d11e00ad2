"""Plans for loops with new real data in each generation: the share that keeps a type, and the share that brings it back."""

import math
from collections.abc import Callable

from scipy.optimize import brentq

from longtail.lab.planner_records import LARGEST_EXACT, LARGEST_RARE, Ask, Event, Fact, KeepRescue, Kind, Need
from longtail.lab.rare import absence, absence_after
from longtail.lab.theory.chains import absence_by_start, count_chain
from longtail.lab.theory.recovery import lost_category_return, lost_category_wait, window_mean_deviation, window_rate
from longtail.lab.theory.rescue import rescue_share
from longtail.lab.theory.stationary import category_absence

RANDOM = "each row of a training set is new real data with chance equal to the share, else a row of the outputs in use"
SMALLEST = 1e-6
MOST_TYPES = 25
LEFT = 0.5
"""Part of a mean deviation that may be left once half of it is to be gone."""
EVENTS: dict[Event, str] = {
    "return": "the type is in a training set again at least once within the horizon",
    "present": "the type is in the training set at the horizon",
    "all": "all of 1/Q equal types are in one training set, at least once within the horizon",
    "half": "half of the share that was lost is back at the horizon, in the mean over loops",
}


def planned(ask: Ask, share: float | None, window: int) -> KeepRescue:
    """Return the plan for new real data beside synthetic rows from the outputs of the last `window` generations.

    Args:
        ask: What is asked.
        share: A share of real data that is considered, or None.
        window: Outputs that synthetic rows are drawn from.
    """
    keep = _keep(ask, window)
    rescue = {"return": _return, "present": _present, "all": _all, "half": _half}[ask.event](ask, window)
    return KeepRescue(ask=ask, keep=keep, rescue=rescue, facts=(*_beside(ask, keep, rescue, window), *_given(ask, share, window)))


def needed(ask: Ask, share: float | None, event: str, kind: Kind, condition: str, reason: str = "") -> Need:
    """Return a need; without a share its reason is kept, with one it is left out."""
    rows = None if share is None else share * ask.budget
    return Need(share=share, rows=rows, event=event, kind=kind, condition=condition, reason=reason if share is None else "")


def returned(ask: Ask) -> Need:
    """Return the share at which an absent type comes back at least once within the horizon: 1 − (1 − share·Q)^(N·H) = chance."""
    share = -math.expm1(math.log1p(-ask.chance) / (ask.budget * ask.horizon)) / ask.tail_share
    most = -math.expm1(ask.budget * ask.horizon * math.log1p(-ask.tail_share))
    reason = f"real data alone hold the type within {ask.horizon:,} generations with chance {most:.3g}, below {ask.chance:g}"
    rows = share * ask.budget
    few = f"; on average one real row in every {1 / rows:,.3g} generations" if rows < 1 else ""
    condition = f"the outputs in use hold none of the type when real data begin; {RANDOM}{few}"
    return needed(ask, share if share <= 1 else None, EVENTS["return"], "exact", condition, reason)


def _keep(ask: Ask, window: int) -> Need:
    event = f"in the long run the type is absent from at most {ask.absence:.3g} of the training sets"
    kind, condition, absent = _long_run(ask, window)
    missed = math.exp(ask.budget * math.log1p(-ask.tail_share))
    if absent is None:
        return needed(ask, None, event, kind, condition, _no_form(ask))
    reason = f"real data alone miss the type in (1 - Q)^N = {missed:.3g} of samples, above {ask.absence:g}; raise the budget"
    return needed(ask, _least(lambda share: absent(share) - ask.absence), event, kind, condition, reason)


def _long_run(ask: Ask, window: int) -> tuple[Kind, str, Callable[[float], float] | None]:
    """Return how the long-run absence is found as a function of the share."""
    if window == 1 and ask.budget <= LARGEST_EXACT:
        return "exact", RANDOM, lambda share: float(category_absence(samples=ask.budget, p=ask.tail_share, share=share))
    condition = f"{RANDOM}; N large, Q at most {LARGEST_RARE:g}" + (f"; outputs of the last {window} generations" if window > 1 else "")
    if ask.tail_share > LARGEST_RARE:
        return "asymptotic", condition, None
    return "asymptotic", condition, lambda share: absence(mean=ask.mean, share=share, window=window)


def _return(ask: Ask, window: int) -> Need:
    return returned(ask)


def _present(ask: Ask, window: int) -> Need:
    kind, condition, gone = _at_horizon(ask, window)
    condition = f"the outputs in use hold none of the type when real data begin; {condition}"
    if gone is None:
        return needed(ask, None, EVENTS["present"], kind, condition, _no_form(ask))
    reason = f"even with real data alone the type is in a training set with chance {1 - gone(1.0):.3g}, below {ask.chance:g}"
    return needed(ask, _least(lambda share: gone(share) - (1 - ask.chance)), EVENTS["present"], kind, condition, reason)


def _at_horizon(ask: Ask, window: int) -> tuple[Kind, str, Callable[[float], float] | None]:
    """Return how the absence at the horizon, after a collapse, is found as a function of the share."""
    kind, condition, absent = _long_run(ask, window)
    if absent is None:
        return kind, condition, None
    if kind == "asymptotic":
        return kind, condition, lambda share: absence_after(mean=ask.mean, share=share, generations=ask.horizon, window=window)

    def gone(share: float) -> float:
        chain = count_chain(samples=ask.budget, p=ask.tail_share, share=share)
        return float(absence_by_start(chain, ask.horizon)[-1, 0])

    return kind, condition, gone


def _all(ask: Ask, window: int) -> Need:
    types = round(1 / ask.tail_share)
    rough = "an approximation that asks for too much where there are many rows for each type"
    condition = f"{types} equal types, one of which is left when real data begin; {RANDOM}; {rough}"
    inside = abs(types * ask.tail_share - 1) < 1e-9 and 2 <= types <= MOST_TYPES and ask.budget <= LARGEST_EXACT and window == 1
    share = rescue_share(samples=ask.budget, categories=types, horizon=ask.horizon, chance=ask.chance) if inside else math.inf
    reason = f"even with real data alone all types are not seen within the horizon with chance {ask.chance:g}"
    if not inside:
        reason = f"no form is known outside 2 to {MOST_TYPES} equal types of share Q = 1/types, up to {LARGEST_EXACT:,} rows, window 1"
    return needed(ask, share if math.isfinite(share) else None, EVENTS["all"], "asymptotic", condition, reason)


def _half(ask: Ask, window: int) -> Need:
    """Return the share at which half of the mean deviation is left at the horizon, after a window of collapsed outputs."""

    def left(share: float) -> float:
        return float(window_mean_deviation([ask.horizon + 1], share=share, window=window, history=(1.0,) * window)[0])

    condition = f"the last {window} outputs hold none of the type" if window > 1 else "the last output holds none of the type"
    share = _least(lambda share: left(share) - LEFT)
    return needed(ask, share, EVENTS["half"], "exact", f"{condition} when real data begin; {RANDOM}")


def _least(excess: Callable[[float], float]) -> float | None:
    """Return the least share at which what falls with the share is 0; None where it is above 0 even at 1."""
    if excess(1.0) > 0:
        return None
    if excess(SMALLEST) <= 0:
        return SMALLEST
    return math.exp(float(brentq(lambda log_share: excess(math.exp(log_share)), math.log(SMALLEST), 0.0, xtol=1e-7)))


def _no_form(ask: Ask) -> str:
    return (
        f"no form is known for a type of share {ask.tail_share:g} here; take Q up to {LARGEST_RARE:g}, "
        f"or up to {LARGEST_EXACT:,} rows with window 1"
    )


def _beside(ask: Ask, keep: Need, rescue: Need, window: int) -> list[Fact]:
    found = []
    if keep.share is not None and rescue.share is not None:
        found.append(Fact(name="keep_over_rescue", value=keep.share / rescue.share, unit="ratio", kind=keep.kind, condition=keep.condition))
    if keep.share is not None and keep.share < 1:
        found.append(_half_life("half_life_at_keep", keep.share, window))
    if rescue.share is not None and rescue.share < 1:
        found += [_half_life("half_life_at_rescue", rescue.share, window), _wait("wait_at_rescue", ask, rescue.share)]
        found += _present_chance("present_at_horizon_at_rescue", ask, rescue.share, window)
    return found


def _given(ask: Ask, share: float | None, window: int) -> list[Fact]:
    """Return what a share that was named gives."""
    if share is None:
        return []
    kind, condition, absent = _long_run(ask, window)
    back = -math.expm1(ask.budget * ask.horizon * math.log1p(-share * ask.tail_share)) if share * ask.tail_share < 1 else 1.0
    found = [Fact(name="return_chance_at_share", value=back, unit="probability", kind="exact", condition=returned(ask).condition)]
    if absent is not None:
        value = absent(share) if share else 1.0
        found.insert(0, Fact(name="absence_at_share", value=value, unit="share of generations", kind=kind, condition=condition))
    if 0 < share < 1:
        found += [_half_life("half_life_at_share", share, window), _wait("wait_at_share", ask, share)]
        found += _present_chance("present_at_horizon_at_share", ask, share, window)
    return found


def _half_life(name: str, share: float, window: int) -> Fact:
    """Return the generations in which the mean deviation halves, at the slow rate of the window."""
    rate = float(window_rate(share=share, window=window))
    condition = f"slow rate of the mean deviation from the truth, {rate:.4g} nats per generation; window {window}"
    return Fact(name=name, value=math.log(2) / rate, unit="generations", kind="exact", condition=condition)


def _wait(name: str, ask: Ask, share: float) -> Fact:
    wait = float(lost_category_wait(samples=ask.budget, share=share, probability=ask.tail_share))
    back = float(lost_category_return(samples=ask.budget, share=share, probability=ask.tail_share))
    condition = f"mean until the first return, whose chance is {back:.3g} in each generation; {RANDOM}"
    return Fact(name=name, value=wait, unit="generations", kind="exact", condition=condition)


def _present_chance(name: str, ask: Ask, share: float, window: int) -> list[Fact]:
    kind, condition, gone = _at_horizon(ask, window)
    return [] if gone is None else [Fact(name=name, value=1 - gone(share), unit="probability", kind=kind, condition=condition)]
