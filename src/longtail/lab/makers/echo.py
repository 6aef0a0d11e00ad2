"""One format wins: a tiny transformer that learnt sums in three formats is reinforced for right answers, a guard beside it.

A run is noted every half epoch, an epoch being 32 steps of 32 problems: generation 1 is before the first step, 3 after one epoch.
"""

import functools
from typing import Literal, NamedTuple

import numpy as np

from longtail.errors import ConfigError, MissingExtra
from longtail.lab.learners.torch.door import EXTRA, Device, need, steady
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.worlds.arithmetic import FORMATS, Sums, lessons, scores
from longtail.lab.worlds.base import ACCURACY, CAP, MIX, Base, Trained, base, remembered
from longtail.lab.worlds.policy import Policy, completions_of, likelihoods, taught, written
from longtail.lab.worlds.reinforcement import Against, How, Step, Watch, reinforced
from longtail.lab.worlds.watching import Guarded, Noted, by_format, noted

EPOCH, NOTED = 32, 16
GUARD = "format_mix"


class Asked(AskedOf, frozen=True):
    """How a policy is trained after it was taught.

    Args:
        arm: "reinforced" for right answers; "guarded", the same until the guard fails the run, from where on rewards are held against
            those of their own format; or "taught" right answers in the same mix on and on.
        width: Of the network, a multiple of 16.
        accuracy: Share of right answers at which the first teaching ends.
        cap: Most steps of it.
        beta: Weight of the divergence from the policy at the start.
        against: What rewards are held against: those of the group, or those of its format.
        shared: All seeds begin with the base of the first one, and differ in what comes after.
        device: "auto" takes a GPU where there is one.
    """

    generations: int = 9
    arm: Literal["reinforced", "guarded", "taught"] = "reinforced"
    width: int = 48
    accuracy: float = ACCURACY
    cap: int = CAP
    beta: float = 0.0
    against: Against = "group"
    shared: bool = False
    device: Device = "auto"

    def __post_init__(self) -> None:
        """Refuse a width that no head fits."""
        if self.width < 16 or self.width % 16:
            raise ConfigError(f"width is {self.width!r}; take a multiple of 16")


class Seen(NamedTuple):
    """What is noted of a policy, and how far its answers then lay from the base: nats per sign on what it wrote in the last step."""

    noted: Noted
    drift: float


def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return the series of one seed, a number for each half epoch: shares, entropies, success, and the guard.

    `top_share` is that of the commonest format then, `winner_share` that of the format that is commonest at the end, `winner_lead` by
    how much that format was more often right at the begin than the best of the others, `drift` the divergence from the base in nats per
    sign. `taught` are the steps of the first teaching, `warned_at` and `failed_at` the epoch by which the guard first warned of the run
    or failed it, `alarms` how often it did either, and `fallen` how far the entropy of the formats fell after it had failed the run.
    """
    found = trained(asked, replicate).noted
    return {
        name: [found[f"{name} {at}"] for at in range(asked.generations)] for name in dict.fromkeys(key.rsplit(" ", 1)[0] for key in found)
    }


def lacks(asked: Asked) -> str | None:
    """Return the optional part that the world takes and this machine has not."""
    try:
        need("this world")
    except MissingExtra:
        return EXTRA
    return None


def begun(asked: Asked, replicate: int) -> Base:
    """Return the policy that a run begins with."""
    seed = asked.seed if asked.shared else asked.seed + replicate
    return base(seed, asked.width, accuracy=asked.accuracy, cap=asked.cap, device=asked.device)


@functools.lru_cache(maxsize=4)
def trained(asked: Asked, replicate: int) -> Trained:
    """Return the policy at the end of a run, and its series: each number under the name of its series and its place."""

    def compute() -> tuple[Policy, dict[str, float]]:
        with steady():
            policy, series = _run(asked, begun(asked, replicate), asked.seed + replicate)
        return policy, {f"{name} {at}": value for name, column in series.items() for at, value in enumerate(column)}

    told = [asked.arm, asked.generations, asked.accuracy, asked.cap, asked.beta, asked.against, asked.shared, asked.seed]
    return remembered(["echo", *told, replicate, asked.width, asked.device], asked.width, asked.device, compute)


def _run(asked: Asked, start: Base, seed: int) -> tuple[Policy, dict[str, list[float]]]:
    steps, rng = NOTED * (asked.generations - 1), np.random.default_rng([seed, 1])
    guards = Guarded((GUARD,), max(1, steps - 1))
    seen = [Seen(noted(start.policy, start.held_out, np.random.default_rng([seed, 2, 0])), 0.0)]
    plain = How(beta=asked.beta, against=asked.against)

    def watch(step: Step, now: Policy) -> How:
        guards.watch(step)
        if (step.number + 1) % NOTED == 0:
            seen.append(Seen(noted(now, start.held_out, np.random.default_rng([seed, 2, step.number + 1])), _drift(step)))
        failed = asked.arm == "guarded" and not np.isnan(guards.first(GUARD, "fail"))
        return plain._replace(against="format") if failed else plain

    if asked.arm == "taught":
        policy = _taught_on(start.policy, start.train, steps, rng, watch)
    else:
        policy = reinforced(start.policy, start.train, scores, steps, rng, plain, watch, beside=NOTED)
    series = _series(seen) | by_format([each.noted for each in seen])
    return policy, series | {name: [value] * len(seen) for name, value in _once(seen, start, guards).items()}


def _taught_on(policy: Policy, train: Sums, steps: int, rng: np.random.Generator, watch: Watch) -> Policy:
    """Return a policy that is taught on in the mix that was taught first; each step shows what it then writes."""
    how = How()
    draws = (train.take(np.repeat(rng.integers(len(train.left), size=how.prompts), how.each)) for _ in range(steps))

    def until(number: int, now: Policy) -> bool:
        drawn = train.take(np.repeat(rng.integers(len(train.left), size=how.prompts), how.each))
        rows = written(now, drawn, rng)
        said, found = completions_of(rows), likelihoods(now, rows)
        tokens = found.inside.sum(dim=1)
        entropy, logp = (np.asarray((each.detach().sum(dim=1) / tokens).cpu().numpy(), np.float64) for each in (found.entropy, found.logp))
        watch(Step(number - 1, drawn.prompts, said, scores(drawn, said), entropy, logp, logp, tokens.cpu().numpy()), now)
        return False

    return taught(policy, (lessons(drawn, MIX, rng) for drawn in draws), steps, rate=how.rate, until=until)


def _drift(step: Step) -> float:
    return float((step.tokens * (step.logp - step.base_logp)).sum() / step.tokens.sum())


def _series(seen: list[Seen]) -> dict[str, list[float]]:
    winner = int(seen[-1].noted.shares.argmax())
    names = ("format_entropy", "token_entropy", "pass_1", "pass_16")
    return {
        "top_share": [float(each.noted.shares.max()) for each in seen],
        "winner_share": [float(each.noted.shares[winner]) for each in seen],
        "drift": [each.drift for each in seen],
        **{name: [float(getattr(each.noted, name)) for each in seen] for name in names},
    }


def _once(seen: list[Seen], start: Base, guards: Guarded) -> dict[str, float]:
    """Return what there is one number of for a whole run."""
    first, last = seen[0].noted, seen[-1].noted
    winner = int(last.shares[: len(FORMATS)].argmax())
    failed = _epoch(guards.first(GUARD, "fail"))
    then = len(seen) if np.isnan(failed) else int(np.ceil(failed * EPOCH / NOTED))
    return {
        "winner": float(winner),
        "winner_lead": float(first.right[winner] - np.delete(first.right, winner).max()),
        "taught": float(start.steps),
        "warned_at": _epoch(guards.first(GUARD, "warn", "fail")),
        "failed_at": failed,
        "alarms": float(sum(alarm.verdict.status in ("warn", "fail") for alarm in guards.monitor.alarms)),
        "fallen": seen[then].noted.format_entropy - last.format_entropy if then < len(seen) else float("nan"),
    }


def _epoch(step: float) -> float:
    """Return the epochs that are over after a step; NaN where there is none."""
    return (step + 1) / EPOCH
