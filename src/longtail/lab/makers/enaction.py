"""Whether a policy finds its own text less open than that of others, along the line from its base to what reinforcement made of it.

Generation by generation the weights go from those of the base, alpha 0, to those of the reinforced policy, alpha 1. At each of them
entropy and surprisal are measured along what it writes itself, along what a base of another seed writes to the same problems, and along
right answers in the mix that was taught first; all at temperature 1 with nothing cut off.
"""

from typing import NamedTuple

import numpy as np

from longtail.errors import ConfigError
from longtail.lab.learners.torch.door import Device, steady, torch
from longtail.lab.makers import echo
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.worlds.arithmetic import PROMPT, Ids, Sums, lessons
from longtail.lab.worlds.base import MIX, base
from longtail.lab.worlds.policy import Policy, interpolated, likelihoods, written
from longtail.lab.worlds.watching import noted
from longtail.metrics.rollouts.entropies import dependence, entropy_ratio

PROBLEMS, TRIES = 64, 8
ASKED = 32
"""Problems of the matrix of answers by prompts."""

lacks = echo.lacks


class Asked(AskedOf, frozen=True):
    """From where to where the weights go.

    Args:
        width: Of the network, a multiple of 16.
        beta: Weight of the divergence from the base in reinforcement.
        epochs: Of reinforcement.
        device: "auto" takes a GPU where there is one.
    """

    generations: int = 5
    width: int = 48
    beta: float = 0.0
    epochs: int = 4
    device: Device = "auto"

    def __post_init__(self) -> None:
        """Refuse a line without two ends."""
        if self.generations < 2 or self.epochs < 1:
            raise ConfigError(f"generations is {self.generations}, epochs {self.epochs}; take 2 or more, and 1 or more")


class Text(NamedTuple):
    """What a policy finds of some text.

    Attributes:
        entropy: Mean along the completions of each problem, nats per sign, shape (PROBLEMS,).
        gap: Surprisal less entropy over all signs, nats per sign: 0 in the mean on what the policy wrote itself, however long it is.
    """

    entropy: np.ndarray
    gap: float


@steady()
def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return the series of one seed, a number for each alpha: entropies, surprisal less entropy, information, and how it answers.

    `ratio` and `real_ratio` are entropy on the text of the other writer, and on the taught mix, over that on its own; `gap_own` and its
    like are surprisal less entropy on each; `information` is that between prompt and answer, in nats, at most log 32; `regained` is the
    part that is there again of the entropy of the formats that reinforcement took.
    """
    seed = asked.seed + replicate
    before = echo.Asked(width=asked.width, beta=asked.beta, generations=2 * asked.epochs + 1, seed=asked.seed, device=asked.device)
    start, end = echo.begun(before, replicate), echo.trained(before, replicate).policy
    other = base(seed + 1, asked.width, device=asked.device).policy
    problems = start.held_out.take(np.repeat(np.arange(PROBLEMS), TRIES))
    foreign = written(other, problems, np.random.default_rng([seed, 4]))
    real = lessons(problems, MIX, np.random.default_rng([seed, 5]))
    seen = []
    for at in range(asked.generations):
        policy = interpolated(start.policy, end, at / (asked.generations - 1))
        measured = _measured(policy, problems, foreign, real, np.random.default_rng([seed, 6, at]))
        seen.append(measured | _answers(policy, start.held_out, seed))
    found = {name: [each[name] for each in seen] for name in seen[0]}
    return found | {"regained": _regained(found["format_entropy"])}


def _measured(policy: Policy, problems: Sums, foreign: Ids, real: Ids, rng: np.random.Generator) -> dict[str, float]:
    own = written(policy, problems, rng)
    texts = {"own": _found(policy, own), "foreign": _found(policy, foreign), "real": _found(policy, real)}
    ratios = {name: entropy_ratio(texts["own"].entropy, texts[of].entropy) for name, of in (("ratio", "foreign"), ("real_ratio", "real"))}
    depends = dependence(_matrix(policy, own[:: len(own) // ASKED]))
    return {
        **{f"entropy_{name}": float(text.entropy.mean()) for name, text in texts.items()},
        **{f"gap_{name}": text.gap for name, text in texts.items()},
        **{name: float("nan") if ratio is None else ratio.value for name, ratio in ratios.items()},
        "information": depends.information,
        "retrieved": depends.retrieved,
    }


def _regained(entropies: list[float]) -> list[float]:
    """Return at each alpha the part that is there again of the entropy that was lost from the base to the end; NaN where none was."""
    lost = entropies[0] - entropies[-1]
    return [(each - entropies[-1]) / lost if lost > 0 else float("nan") for each in entropies]


def _answers(policy: Policy, held_out: Sums, seed: int) -> dict[str, float]:
    found = noted(policy, held_out, np.random.default_rng([seed, 7]))
    return {"pass_1": found.pass_1, "format_entropy": found.format_entropy, "top_share": float(found.shares.max())}


def _found(policy: Policy, rows: Ids) -> Text:
    with torch.no_grad():
        found = likelihoods(policy, rows)
    entropy = (found.entropy.sum(dim=1) / found.inside.sum(dim=1)).cpu().numpy()
    gap = float((-found.logp - found.entropy).sum() / found.inside.sum())
    return Text(np.asarray(entropy, np.float64).reshape(-1, TRIES).mean(axis=1), gap)


def _matrix(policy: Policy, rows: Ids) -> np.ndarray:
    """Return log p of the answer of each row under the prompt of each, answers by prompts."""
    crossed = np.concatenate([np.tile(rows[:, :PROMPT], (len(rows), 1)), np.repeat(rows[:, PROMPT:], len(rows), axis=0)], axis=1)
    with torch.no_grad():
        found = likelihoods(policy, crossed).logp.sum(dim=1)
    return np.asarray(found.cpu().numpy(), np.float64).reshape(len(rows), len(rows))
