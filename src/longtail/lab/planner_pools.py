"""Plans for loops that keep what was written: they protect a type that is there, and hold back one that is lost."""

import math

from scipy.optimize import brentq

from longtail.errors import UsageError
from longtail.lab.planner_fresh import EVENTS, LEFT, needed, planned, returned
from longtail.lab.planner_records import Ask, Event, Fact, KeepRescue, Need
from longtail.lab.rare import fixed_budget_absence
from longtail.lab.theory.pooling import fixed_budget_loss_limit
from longtail.lab.theory.recovery import accumulate_recovery, accumulate_recovery_pool
from longtail.lab.theory.survival import survival_half_life

_DROP = "drop the collapsed generations and train on new real data and the newest output"


def accumulated(ask: Ask, share: float | None, *, renewed: bool) -> KeepRescue:
    """Return the plan for a pool that keeps everything.

    Args:
        ask: What is asked.
        share: A share of real data in new batches that is considered, or None.
        renewed: Whether batches after the first hold new real data at all.

    Raises:
        UsageError: How many collapsed generations the pool holds is not said.
    """
    if ask.collapsed is None:
        raise UsageError(
            "a rescue from a pool that keeps everything depends on what is in it; add --collapsed T0, its collapsed generations"
        )
    keep = _in_pool(ask, renewed)
    rescue = _diluted(ask, ask.collapsed)
    seen = Fact(name="in_generation_1", value=_seen(ask), unit="probability", kind="exact", condition="a random sample of N real rows")
    facts = [seen, *_pool(ask, ask.collapsed, rescue.share, "at_rescue")]
    facts += _pool(ask, ask.collapsed, share, "at_share") if share else []
    other = planned(_fresh(ask, event="half"), share, 1)
    return KeepRescue(ask=ask, keep=keep, rescue=rescue, facts=tuple(facts), instead=other, instead_because=_because(ask))


def budgeted(ask: Ask) -> KeepRescue:
    """Return the plan for a pool that keeps everything and shows a fit a random sample of it."""
    absent = fixed_budget_absence(mean=ask.mean, generation=ask.horizon)
    condition = "N large, Q small; the pool is sampled anew for each generation"
    event = f"the type is absent from the training set of generation {ask.horizon:,} with chance {absent:.3g}"
    reason = f"{event}, above {ask.absence:g}; train on the whole pool, or take new real data in"
    keep = needed(ask, 0.0 if absent <= ask.absence else None, event, "asymptotic", condition, reason)
    reason = "no real data come in, so a type that the pool has lost has no way back"
    rescue = needed(ask, None, EVENTS["return"], "exact", "the policy as it stands", reason)
    price = fixed_budget_loss_limit()
    told = "variance of a normal law lost in the long run, N large; keeping everything and training on all of it loses 1.64/N"
    facts = (
        Fact(name="absence_at_horizon", value=absent, unit="probability", kind="asymptotic", condition=condition),
        Fact(name="price", value=price / ask.budget, unit="share of the variance", kind="asymptotic", condition=f"{price:.2f}/N: {told}"),
    )
    return KeepRescue(ask=ask, keep=keep, rescue=rescue, facts=facts, instead=planned(_fresh(ask), None, 1), instead_because=_DROP)


def without_real(ask: Ask, window: int) -> KeepRescue:
    """Return the plan for loops on the outputs of the last generations alone: neither aim can be reached, and what could be."""
    condition = "no real data come in after the first " + ("generation" if window == 1 else f"{window} generations")
    keep = needed(ask, None, "in the long run the type is absent from few training sets", "exact", condition, _lost(window))
    reason = "no real data come in, so a type that the outputs in use have lost has no way back"
    rescue = needed(ask, None, EVENTS["return"], "exact", condition, reason)
    rate = Fact(name="relaxation_rate", value=0.0, unit="nats per generation", kind="exact", condition=f"no real share; window {window}")
    half = survival_half_life(mean=ask.mean) if window == 1 and ask.mean <= 10_000 else None
    told = "Poisson counts, not later than for exact ones: first generation in which half of the types of this share may be gone"
    gone = [] if half is None else [Fact(name="half_gone", value=half, unit="generation", kind="asymptotic", condition=told)]
    because = "take new real data in, in each generation" + (f", beside the outputs of the last {window} generations" if window > 1 else "")
    return KeepRescue(
        ask=ask, keep=keep, rescue=rescue, facts=(*gone, rate), instead=planned(_fresh(ask, window), None, window), instead_because=because
    )


def _lost(window: int) -> str:
    return (
        "resampling drifts to loss and nothing brings a lost type back: without new real data a type either vanishes or is all that is left"
        + (f"; {window} generations only slow this" if window > 1 else "")
    )


def _diluted(ask: Ask, collapsed: int) -> Need:
    """Return the share of real data in new batches at which half of the pool's deviation is gone at the horizon."""
    last = [collapsed + ask.horizon]

    def left(share: float) -> float:
        return float(accumulate_recovery(last, collapsed=collapsed, share=share)[0])

    share = float(brentq(lambda share: left(share) - LEFT, 0.0, 1.0, xtol=1e-12)) if left(1.0) <= LEFT else None
    condition = (
        f"mean over loops; equal batches, {collapsed:,} of them without the type, then {ask.horizon:,} that hold real data at the share "
        "and else rows of the newest model"
    )
    reason = (
        f"batches of real data alone leave {left(1.0):.3g} of the deviation after {ask.horizon:,} generations on top of {collapsed:,}; "
        "drop the collapsed ones"
    )
    return needed(ask, share, EVENTS["half"], "exact", condition, reason)


def _pool(ask: Ask, collapsed: int, share: float | None, name: str) -> list[Fact]:
    if not share:
        return []
    last = collapsed + ask.horizon
    left = float(accumulate_recovery([last], collapsed=collapsed, share=share)[0])
    growth = float(accumulate_recovery_pool(share=share, left=LEFT))
    told = f"product of (1 - share/u) over u = {collapsed + 1:,} to {last:,}; a power law (T0/t)^share"
    return [
        Fact(name=f"left_at_horizon_{name}", value=left, unit="of the pool's deviation", kind="exact", condition=told),
        Fact(
            name=f"pool_growth_{name}",
            value=growth,
            unit="times the collapsed pool",
            kind="asymptotic",
            condition=f"2^(1/share): half of the deviation is left once the pool has grown so far, at a share of {share:.4g}; T0 large",
        ),
    ]


def _in_pool(ask: Ask, renewed: bool) -> Need:
    """Return the share of real data in new batches that puts the type into the pool, where what is in it stays."""
    seen = _seen(ask)
    condition = (
        "generation 1 is a random sample of N real rows; a fit sees the whole pool, so a type in the pool is in each later training set"
    )
    event = f"the type is in each training set from generation 1 on, unless that missed it: chance (1 - Q)^N = {1 - seen:.3g}"
    if seen >= 1 - ask.absence:
        return needed(ask, 0.0, event, "exact", condition)
    reason = f"generation 1 holds the type with chance 1 - (1 - Q)^N = {seen:.3g}, below {1 - ask.absence:g}; raise the budget"
    if not renewed:
        return needed(ask, None, event, "exact", condition, reason)
    event = f"the type is in the pool at the horizon with chance {1 - ask.absence:g}"
    missing = math.log(ask.absence) - ask.budget * math.log1p(-ask.tail_share)
    later = ask.budget * (ask.horizon - 1)
    share = -math.expm1(missing / later) / ask.tail_share if later else math.inf
    reason = f"real data alone do not show the type within {ask.horizon:,} generations with chance {1 - ask.absence:g}; raise the budget"
    return needed(ask, share if share <= 1 else None, event, "exact", condition, reason)


def _seen(ask: Ask) -> float:
    return -math.expm1(ask.budget * math.log1p(-ask.tail_share))


def _because(ask: Ask) -> str:
    first = returned(ask).share
    return _DROP + (
        "" if first is None else f"; in the pool as it is, real data at {first:.3g} bring a first row back, but it stays diluted"
    )


def _fresh(ask: Ask, window: int = 1, event: Event | None = None) -> Ask:
    return Ask(
        policy="fresh" if window == 1 else f"fresh with window {window}",
        tail_share=ask.tail_share,
        budget=ask.budget,
        horizon=ask.horizon,
        absence=ask.absence,
        chance=ask.chance,
        event=event or ask.event,
    )
