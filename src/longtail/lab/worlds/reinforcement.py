"""Reinforcement on sums: groups of completions, advantages within each, one step of the optimiser a batch."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.lab.learners.torch.door import steady, torch
from longtail.lab.learners.torch.network import Weights
from longtail.lab.worlds.arithmetic import LONGEST, Ids, Sums
from longtail.lab.worlds.policy import Likelihoods, Policy, completions_of, likelihoods, trainable, written
from longtail.metrics.rollouts.groups import Scale, advantages

Floats = npt.NDArray[np.float64]
Reward = Callable[[Sums, list[str]], Floats]
Against = Literal["group", "format"]
Shape = Callable[[Sums, Floats, Floats], Floats | None]
"""What makes of problems, rewards and advantages, groups in a row, other advantages; None leaves the step out."""


class How(NamedTuple):
    """How a policy is reinforced.

    Attributes:
        prompts: Problems of a step.
        each: Completions of a problem.
        rate: Of AdamW.
        beta: Weight of the divergence from the policy at the start, nats per sign; 0 is none.
        scale: Of the advantages.
        against: What a reward is held against: the mean of its group, or of those of its group that are of its format.
        annealed: Let `beta` fall to 0 along the run, in a straight line.
        shape: What changes the advantages.
        tells_likelihoods: Tell what watches how likely all completions are; without that, only those that teach are looked at.
    """

    prompts: int = 32
    each: int = 8
    rate: float = 5e-4
    beta: float = 0.0
    scale: Scale = "group"
    against: Against = "group"
    annealed: bool = False
    shape: Shape | None = None
    tells_likelihoods: bool = True


class Step(NamedTuple):
    """What one step saw.

    Attributes:
        number: Of the step, from 0.
        prompts, completions: Texts.
        rewards: Of the completions.
        entropy, logp, base_logp: Means along each completion, nats; the last under the policy at the start; NaN where not looked at.
        tokens: Of each completion, its end included.
    """

    number: int
    prompts: list[str]
    completions: list[str]
    rewards: Floats
    entropy: Floats
    logp: Floats
    base_logp: Floats
    tokens: npt.NDArray[np.int64]


Watch = Callable[[Step, Policy], How | None]
"""Returns how to go on, None for as before."""


def reinforced(
    policy: Policy,
    sums: Sums,
    reward: Reward,
    steps: int,
    rng: np.random.Generator,
    how: How | None = None,
    watch: Watch | None = None,
    *,
    beside: int = 1,
) -> Policy:
    """Return a policy after steps of reinforcement.

    Args:
        policy: To start from; what drift is measured from.
        sums: Problems to draw from.
        reward: Of completions to problems.
        steps: Of the optimiser.
        rng: Source of chance.
        how: Sizes and rates.
        watch: Called after each step with what it saw and the policy as it then is; what it returns is how the next steps are taken.
        beside: Every so many steps the completions are shown to the policy at the start, too; with a beta at every step.
    """
    how = how or How()
    weights = trainable(policy)
    with steady():
        optimiser = torch.optim.AdamW(weights, lr=how.rate, betas=(0.9, 0.99), weight_decay=0.0)
        for number in range(steps):
            now = Policy(policy.network, weights)
            drawn = sums.take(np.repeat(rng.integers(len(sums.left), size=how.prompts), how.each))
            rows = written(now, drawn, rng)
            said = completions_of(rows)
            worth = reward(drawn, said)
            gain = _gain(drawn, worth, said, how)
            looked = _looked(gain, len(rows), how)
            here = likelihoods(now, rows[looked])
            base = _without_gradient(policy, rows[looked]) if how.beta or (number + 1) % beside == 0 else None
            tokens = np.array([min(len(text) + 1, LONGEST) for text in said])
            if gain is not None:
                optimiser.zero_grad()
                _loss(here, base, gain[looked], int(tokens.sum()), _beta(how, number / steps)).backward()
                torch.nn.utils.clip_grad_norm_(weights, 1.0)
                optimiser.step()
            if watch is not None:
                means = _all_means(here, base, looked, tokens)
                how = watch(Step(number, drawn.prompts, said, worth, *means, tokens), Policy(policy.network, _held(weights))) or how
    return Policy(policy.network, _held(weights))


def credit(worth: Floats, said: list[str], how: How) -> Floats:
    """Return the advantage of each completion, shape (prompts * each,), groups in a row."""
    if how.against == "group":
        return np.concatenate([advantages(group, how.scale) for group in worth.reshape(-1, how.each)])
    kinds = np.array([text[:1] for text in said]).reshape(-1, how.each)
    found = np.zeros_like(worth).reshape(-1, how.each)
    for row, (group, kind) in enumerate(zip(worth.reshape(-1, how.each), kinds, strict=True)):
        for each in np.unique(kind):
            inside = kind == each
            if inside.sum() > 1:
                found[row, inside] = advantages(group[inside], how.scale)
    return found.ravel()


def _gain(drawn: Sums, worth: Floats, said: list[str], how: How) -> Floats | None:
    found = credit(worth, said, how)
    return found if how.shape is None else how.shape(drawn, worth, found)


def _looked(gain: Floats | None, rows: int, how: How) -> Ids:
    """Return the completions whose likelihoods are needed: without watchers those alone that move the policy, one at least."""
    if how.tells_likelihoods or how.beta:
        return np.arange(rows)
    moving = np.flatnonzero(np.zeros(rows) if gain is None else gain)
    return moving if len(moving) else np.arange(1)


def _loss(here: Likelihoods, base: Likelihoods | None, gain: Floats, signs: int, beta: float) -> Any:
    worth = torch.from_numpy(gain).to(here.logp.device, torch.float32)
    loss = -(worth[:, None] * here.logp).sum() / signs
    if base is not None and beta:
        apart = (base.logp - here.logp) * here.inside
        loss = loss + beta * ((torch.expm1(apart) - apart) * here.inside).sum() / signs
    return loss


def _without_gradient(policy: Policy, rows: Ids) -> Likelihoods:
    with torch.no_grad():
        return likelihoods(policy, rows)


def _beta(how: How, done: float) -> float:
    return how.beta * (1 - done if how.annealed else 1)


def _all_means(here: Likelihoods, base: Likelihoods | None, looked: Ids, tokens: Ids) -> tuple[Floats, Floats, Floats]:
    """Return means of entropy, log-probability and that of the policy at the start, NaN where it was not asked."""
    beside = np.full(len(tokens), np.nan) if base is None else _means(base.logp, looked, tokens)
    return _means(here.entropy, looked, tokens), _means(here.logp, looked, tokens), beside


def _means(values: Any, looked: Ids, tokens: Ids) -> Floats:
    """Return means along completions, NaN of those that were not looked at."""
    found = np.full(len(tokens), np.nan)
    found[looked] = values.detach().sum(dim=1).cpu().numpy() / tokens[looked]
    return found


def _held(weights: Weights) -> Weights:
    return tuple(each.detach() for each in weights)
