"""What is noted of a policy while it is trained: how it answers problems held out, and when a guard first spoke."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.gates.audit import GateAudit
from longtail.guards import Monitor, Settings
from longtail.lab.learners.torch.door import torch
from longtail.lab.worlds.arithmetic import FORMATS, OTHER, Sums, format_of, scores
from longtail.lab.worlds.policy import Policy, completions_of, likelihoods, written
from longtail.lab.worlds.reinforcement import Step
from longtail.metrics.rollouts.windows import FEWEST

Floats = npt.NDArray[np.float64]

PROBLEMS, TRIES = 64, 16
CLASSIFIER = tuple((name, lambda text, name=name: text.startswith(name)) for name in FORMATS)


class Noted(NamedTuple):
    """How a policy answers problems held out.

    Attributes:
        shares: Of the formats, and of what is none, shape (4,).
        right: Share that is right by format, NaN where there is none of it, shape (3,).
        pass_1, pass_16: Share of tries that are right, and of problems with one right try of sixteen.
        format_entropy: Of the shares, nats.
        token_entropy: Of the next sign along its own answers, nats.
        length: Mean signs of an answer.
        top_answer: Share of the commonest sum that it names.
    """

    shares: Floats
    right: Floats
    pass_1: float
    pass_16: float
    format_entropy: float
    token_entropy: float
    length: float
    top_answer: float


def noted(policy: Policy, held_out: Sums, rng: np.random.Generator) -> Noted:
    """Return how a policy answers the first problems held out."""
    asked = held_out.take(np.repeat(np.arange(PROBLEMS), TRIES))
    rows = written(policy, asked, rng)
    said = completions_of(rows)
    right, kinds = scores(asked, said), np.array([format_of(text) for text in said])
    shares = np.bincount(kinds, minlength=OTHER + 1) / len(kinds)
    with torch.no_grad():
        found = likelihoods(policy, rows)
        entropy = float(found.entropy.sum() / found.inside.sum())
    by_format = np.array([right[kinds == kind].mean() if (kinds == kind).any() else np.nan for kind in range(OTHER)])
    tails = np.unique([text[-3:] for text in said], return_counts=True)[1]
    return Noted(
        shares,
        by_format,
        float(right.mean()),
        float(right.reshape(PROBLEMS, TRIES).max(axis=1).mean()),
        entropy_of(shares),
        entropy,
        float(np.mean([len(text) for text in said])),
        float(tails.max() / len(said)),
    )


def entropy_of(shares: Floats) -> float:
    """Return the entropy of shares, nats."""
    held = shares[shares > 0]
    return float(-(held * np.log(held)).sum())


def by_format(seen: Sequence[Noted]) -> dict[str, list[float]]:
    """Return the share of each format, and the share of its answers that is right, as series."""
    found: dict[str, list[float]] = {}
    for at, name in enumerate(FORMATS):
        found[f"share_{name}"] = [float(each.shares[at]) for each in seen]
        found[f"right_{name}"] = [float(each.right[at]) for each in seen]
    return found


def narrowed(found: GateAudit) -> float:
    """Return 1 where the audit of a gate says that a stratum lost its place, 0 where not, NaN where it says neither."""
    light = next(each for each in found.lights if each.name == "diverse")
    return {"not_measured": np.nan, "fail": 1.0}.get(light.status, 0.0)


class Guarded:
    """The guards beside a run of a world: the step at which each first spoke.

    Args:
        names: Of the guards.
        looks: That are planned.
        fewest: Groups of completions in a window.
    """

    def __init__(self, names: tuple[str, ...], looks: int, fewest: int = FEWEST) -> None:
        self.monitor = Monitor(Settings(formats=CLASSIFIER, horizon=looks, fewest=fewest), names)

    def watch(self, step: Step) -> None:
        """Take what a step of reinforcement saw."""
        logged = {"n_tokens": step.tokens.tolist(), "mean_entropy": step.entropy.tolist(), "mean_logp": step.logp.tolist()}
        logged |= {"ref_mean_logp": step.base_logp.tolist()}
        self.monitor.observe(step.number, step.prompts, step.completions, step.rewards.tolist(), **logged)

    def first(self, name: str, *statuses: str) -> float:
        """Return the last step of the window in which a guard first said one of some statuses; NaN where it never did."""
        found = (alarm.last for alarm in self.monitor.alarms if alarm.guard == name and alarm.verdict.status in statuses)
        return float(next(found, np.nan))
