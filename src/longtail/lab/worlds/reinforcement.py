"""Reinforcement on sums: groups of completions, advantages within each, one step of the optimiser a batch."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.lab.learners.torch.door import steady, torch
from longtail.lab.worlds.arithmetic import Ids, Sums
from longtail.lab.worlds.policy import Likelihoods, Policy, completions_of, likelihoods, trainable, written
from longtail.metrics.rollouts.groups import Scale, advantages

Floats = npt.NDArray[np.float64]
Reward = Callable[[Sums, list[str]], Floats]
Against = Literal["group", "format"]


class How(NamedTuple):
    """How a policy is reinforced.

    Attributes:
        prompts: Problems of a step.
        each: Completions of a problem.
        rate: Of AdamW.
        beta: Weight of the divergence from the policy at the start, nats per sign; 0 is none.
        scale: Of the advantages.
        against: What a reward is held against: the mean of its group, or of those of its group that are of its format.
    """

    prompts: int = 32
    each: int = 8
    rate: float = 5e-4
    beta: float = 0.0
    scale: Scale = "group"
    against: Against = "group"


class Step(NamedTuple):
    """What one step saw.

    Attributes:
        number: Of the step, from 0.
        prompts, completions: Texts.
        rewards: Of the completions.
        entropy, logp, base_logp: Means along each completion, nats; the last under the policy at the start.
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


Watch = Callable[[Step, Policy], None]


def reinforced(
    policy: Policy, sums: Sums, reward: Reward, steps: int, rng: np.random.Generator, how: How | None = None, watch: Watch | None = None
) -> Policy:
    """Return a policy after steps of reinforcement.

    Args:
        policy: To start from; what drift is measured from.
        sums: Problems to draw from.
        reward: Of completions to problems.
        steps: Of the optimiser.
        rng: Source of chance.
        how: Sizes and rates.
        watch: Called after each step with what it saw and the policy as it then is.
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
            here, base = likelihoods(now, rows), _without_gradient(policy, rows)
            loss = _loss(here, base, worth, said, how)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            if watch is not None:
                watch(_step(number, drawn, said, worth, here, base), Policy(policy.network, tuple(each.detach() for each in weights)))
    return Policy(policy.network, tuple(each.detach() for each in weights))


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


def _loss(here: Likelihoods, base: Likelihoods, worth: Floats, said: list[str], how: How) -> Any:
    device = here.logp.device
    gain = torch.from_numpy(credit(worth, said, how)).to(device, torch.float32)
    signs = here.inside.sum()
    loss = -(gain[:, None] * here.logp).sum() / signs
    if how.beta:
        apart = (base.logp - here.logp) * here.inside
        loss = loss + how.beta * ((torch.expm1(apart) - apart) * here.inside).sum() / signs
    return loss


def _without_gradient(policy: Policy, rows: Ids) -> Likelihoods:
    with torch.no_grad():
        return likelihoods(policy, rows)


def _step(number: int, drawn: Sums, said: list[str], worth: Floats, here: Likelihoods, base: Likelihoods) -> Step:
    tokens = here.inside.sum(dim=1)

    def mean(values: Any) -> Floats:
        return np.asarray((values.detach().sum(dim=1) / tokens).cpu().numpy(), np.float64)

    counted = np.asarray(tokens.cpu().numpy(), np.int64)
    return Step(number, drawn.prompts, said, worth, mean(here.entropy), mean(here.logp), mean(base.logp), counted)
