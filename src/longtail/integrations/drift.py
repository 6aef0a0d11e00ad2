"""A budget of drift: how far a policy may move from where it began, and what to do as it comes near."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from longtail.errors import ConfigError
from longtail.integrations.scoring import Floats
from longtail.metrics.rollouts.drift import Divergence, divergence, k1, k3
from longtail.records import Record, Status
from longtail.stats.spending import level

STOP, REACH = 2.0, 1.5
"""Times the budget at which a run stops; times the target beyond which beta moves."""


class Route(NamedTuple):
    """The tokens of one completion under two models.

    Attributes:
        prompt: Its id: completions of one prompt stand or fall together.
        writer: Log-probability of each token under the model that wrote it, nats, shape (tokens,).
        other: The same under the other model.
    """

    prompt: str
    writer: Floats
    other: Floats


class Drift(Record, frozen=True):
    """What one look at a budget found.

    Attributes:
        step: Of the run.
        status: "pass" inside the budget, "warn" surely above it, "fail" surely above twice that, "not_measured" where nothing
            could be, or no budget was set.
        because: In words.
        reverse: KL from policy to base on the policy's own completions, by k1.
        reverse_k3: The same by k3, which is never negative.
        forward: KL from base to policy on completions of the base, by k1: what the policy left behind shows here alone.
        per_sequence: `reverse` per completion instead of per token, nats.
        beta: Weight of the KL term that is suggested for the steps to come.
        left_out: Completions without tokens, or with a log-probability that is no number.
    """

    step: int
    status: Status
    because: str
    reverse: Divergence | None
    reverse_k3: Divergence | None
    forward: Divergence | None
    per_sequence: float | None
    beta: float
    left_out: int


class DriftBudget:
    """A budget in nats per token, looked at again and again; one error rate covers the whole run.

    Args:
        budget: Divergence that is allowed, in nats per token; None measures and judges nothing.
        beta: Weight of the KL term that the run has now; set the attribute when it changes. Twice as much is suggested where the
            divergence is surely above 1.5 times the budget, half where it is surely below the budget over 1.5.
        alpha: Chance that any look tells a run that keeps to the budget that it does not.
        horizon: Looks that are planned; None is a run without an end.
        looks: That were made before, of a run that is resumed.

    Raises:
        ConfigError: A setting is out of range.

    Source:
        Schulman 2020 (k1, k3); Schulman et al. 2017 (arXiv 1707.06347, adaptive KL penalty); delete-a-group jackknife (Kott 2001).
    """

    def __init__(
        self, budget: float | None = None, *, beta: float = 0.04, alpha: float = 0.05, horizon: int | None = None, looks: int = 0
    ) -> None:
        for name, value in (("budget", budget), ("beta", beta)):
            if value is not None and not (np.isfinite(value) and value > 0):
                raise ConfigError(f"{name} is {value!r}; give a number above 0")
        level(alpha, 1, horizon)
        self.budget, self.beta = budget, beta
        self._alpha, self._horizon, self._looks = alpha, horizon, looks

    def look(self, step: int, own: Sequence[Route] = (), base: Sequence[Route] = ()) -> Drift:
        """Return where the budget stands.

        Args:
            step: Of the run.
            own: Completions of the policy: `writer` is the policy, `other` the base.
            base: Completions of the base: `writer` is the base, `other` the policy.
        """
        self._looks += 1
        part = max(level(self._alpha, self._looks, self._horizon) / 2, 1e-12)
        held, left = _held(own), _held(base)
        reverse, forward = (_measured(paths, k1, 1 - 2 * part) for paths in (held, left))
        status, because = self._judged(reverse, forward)
        return Drift(
            step=step,
            status=status,
            because=because,
            reverse=reverse,
            reverse_k3=_measured(held, k3, 1 - 2 * part),
            forward=forward,
            per_sequence=float(np.mean([k1(path.writer, path.other).sum() for path in held])) if held else None,
            beta=self.beta * _factor(reverse, self.budget),
            left_out=len(own) + len(base) - len(held) - len(left),
        )

    def _judged(self, reverse: Divergence | None, forward: Divergence | None) -> tuple[Status, str]:
        found = [(name, one) for name, one in (("to", reverse), ("from", forward)) if one is not None]
        if not found:
            return "not_measured", "fewer than two prompts with log-probabilities under both models"
        told = ", ".join(f"KL {name} the base {one.value:.3f} [{one.low:.3f}, {one.high:.3f}]" for name, one in found)
        if self.budget is None:
            return "not_measured", f"{told} nats per token; no budget was set"
        worst = max(one.low for _, one in found)
        status: Status = "fail" if worst > STOP * self.budget else "warn" if worst > self.budget else "pass"
        return status, f"{told} nats per token; budget {self.budget:.3f}"


def _held(paths: Sequence[Route]) -> list[Route]:
    return [path for path in paths if len(path.writer) and np.isfinite(path.writer).all() and np.isfinite(path.other).all()]


def _measured(paths: Sequence[Route], kind: Callable[[Floats, Floats], Floats], at: float) -> Divergence | None:
    sums = [float(kind(path.writer, path.other).sum()) for path in paths]
    return (
        divergence(sums, [len(path.writer) for path in paths], [path.prompt for path in paths], at, is_over_time=False) if paths else None
    )


def _factor(found: Divergence | None, target: float | None) -> float:
    """Return by what beta is multiplied."""
    if found is None or target is None:
        return 1.0
    if found.low > REACH * target:
        return 2.0
    return 0.5 if found.high < target / REACH else 1.0
