"""Closeness to the base: policies that were reinforced, freely or held close, take up a next task.

The next task pays for right answers in the direct format alone. A run is noted every 32 steps of it, each of 16 problems of 8
tries: generation 1 is before the first.
"""

from typing import Literal

import numpy as np

from longtail.errors import MissingExtra
from longtail.lab.learners.torch.door import EXTRA, Device, device_of, need, steady, torch
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.worlds.arithmetic import FORMATS, LONGEST, PROMPT, Ids, Sums, encoded, scores
from longtail.lab.worlds.base import Base, base, remembered
from longtail.lab.worlds.policy import Policy, fresh, likelihoods, taught, written
from longtail.lab.worlds.reinforcement import Floats, How, Step, reinforced
from longtail.lab.worlds.watching import Noted, noted
from longtail.metrics.rollouts.plasticity import area

NOTED = 32
HOW = How(prompts=16, tells_likelihoods=False)
LESSONS, BATCH = 150, 64
DIRECT = FORMATS.index("D")


class Asked(AskedOf, frozen=True):
    """What takes up the next task.

    Args:
        start: The base, a policy that was reinforced, or one that was taught nothing.
        beta: Weight of the divergence from the base while it was reinforced.
        steps: Of that reinforcement.
        width: Of the network, a multiple of 16.
        device: "auto" takes a GPU where there is one.
    """

    generations: int = 3
    start: Literal["base", "reinforced", "fresh"] = "base"
    beta: float = 0.0
    steps: int = 96
    width: int = 48
    device: Device = "auto"


@steady()
def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return the series of one seed, a number for each 32 steps of the next task.

    `direct_share` of all answers and `direct_right`, its share of right ones, `pass_1` and the share of the rarest format, `rarest`. The
    same at each point: the `area` under `direct_share`, the loss on lessons of yet another task, `lesson_loss`; `drift`, nats per token
    by which the start finds the base's answers less likely than the base does; the effective `rank` of its log odds. A policy that was
    taught nothing has the loss alone.
    """
    seed = asked.seed + replicate
    begin = base(seed, asked.width, device=asked.device)
    start = _start(asked, begin, seed)
    points = np.arange(asked.generations) * NOTED
    loss = _lesson_loss(start, begin, seed)
    if asked.start == "fresh":
        names = ("direct_share", "direct_right", "pass_1", "rarest", "area", "drift", "rank")
        return {name: [np.nan] * len(points) for name in names} | {"lesson_loss": [loss] * len(points)}
    seen = _next_task(start, begin, seed, int(points[-1]))
    found = _series(seen)
    once = {"area": float(area(points, found["direct_share"])), "lesson_loss": loss} | _proxies(start, begin, seed)
    return found | {name: [value] * len(points) for name, value in once.items()}


def lacks(asked: Asked) -> str | None:
    """Return the optional part that the world takes and this machine has not."""
    try:
        need("this world")
    except MissingExtra:
        return EXTRA
    return None


def right_and_direct(sums: Sums, completions: list[str]) -> Floats:
    """Return 1 for each right completion in the direct format and 0 for any other."""
    is_direct = np.array([text.startswith(FORMATS[DIRECT]) for text in completions])
    return np.where(is_direct, scores(sums, completions), 0.0)


def subtractions(sums: Sums) -> Ids:
    """Return problems and answers of a task that no policy has seen, with a sign of its own, as rows of signs."""
    prompts = sums._replace(signs=np.full(len(sums.left), "-")).prompts
    apart = (sums.left - sums.right).tolist()
    told = [f"{prompt}&{'-' if each < 0 else '0'}{abs(each):02d}" for prompt, each in zip(prompts, apart, strict=True)]
    return encoded(told, PROMPT + LONGEST)


def effective_rank(rows: Floats) -> float:
    """Return the exponential of the entropy of the singular values' shares, of rows less their mean (Roy & Vetterli 2007)."""
    found = np.linalg.svd(rows - rows.mean(axis=0), compute_uv=False)
    shares = found[found > 0] / found.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


def _start(asked: Asked, begin: Base, seed: int) -> Policy:
    if asked.start == "base":
        return begin.policy
    if asked.start == "fresh":
        return fresh(asked.width, np.random.default_rng([seed, 4]), device_of(asked.device))

    def compute() -> tuple[Policy, dict[str, float]]:
        rng = np.random.default_rng([seed, 1])
        return reinforced(begin.policy, begin.train, scores, asked.steps, rng, HOW._replace(beta=asked.beta)), {}

    told = ["plasticity", seed, asked.width, asked.beta, asked.steps, asked.device]
    return remembered(told, asked.width, asked.device, compute).policy


def _next_task(start: Policy, begin: Base, seed: int, steps: int) -> list[Noted]:
    seen = [noted(start, begin.held_out, np.random.default_rng([seed, 5, 0]))]

    def watch(step: Step, policy: Policy) -> None:
        if (step.number + 1) % NOTED == 0:
            seen.append(noted(policy, begin.held_out, np.random.default_rng([seed, 5, step.number + 1])))

    reinforced(start, begin.train, right_and_direct, steps, np.random.default_rng([seed, 6]), HOW, watch)
    return seen


def _series(seen: list[Noted]) -> dict[str, list[float]]:
    shares = [float(each.shares[DIRECT]) for each in seen]
    right = [float(np.nan_to_num(each.right[DIRECT])) for each in seen]
    return {
        "direct_share": shares,
        "direct_right": [share * each for share, each in zip(shares, right, strict=True)],
        "pass_1": [each.pass_1 for each in seen],
        "rarest": [float(each.shares[: len(FORMATS)].min()) for each in seen],
    }


def _lesson_loss(start: Policy, begin: Base, seed: int) -> float:
    """Return the mean loss along lessons of a task that is new to every policy."""
    rng, losses = np.random.default_rng([seed, 7]), list[float]()
    draws = (begin.train.take(rng.integers(len(begin.train.left), size=BATCH)) for _ in range(LESSONS))
    taught(start, (subtractions(each) for each in draws), LESSONS, on_loss=losses.append)
    return float(np.mean(losses))


def _proxies(start: Policy, begin: Base, seed: int) -> dict[str, float]:
    """Return what can be told of a policy without a next task: its drift from the base, and the effective rank of its log odds."""
    rows = written(begin.policy, begin.held_out, np.random.default_rng([seed, 8]))
    with torch.no_grad():
        there, here = likelihoods(begin.policy, rows), likelihoods(start, rows)
        signs = torch.from_numpy(rows).to(start.weights[0].device)
        odds = start.network.logits(start.weights, signs, torch.zeros_like(signs))[:, PROMPT - 1 : -1][there.inside]
    drift = float((there.logp - here.logp).sum() / there.inside.sum())
    return {"drift": drift, "rank": effective_rank(odds.double().cpu().numpy())}
