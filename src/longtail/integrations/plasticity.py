"""Plasticity: whether a model can still learn, measured by letting copies of it learn."""

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

from longtail.errors import ConfigError
from longtail.integrations.scoring import FEATURE, Prompt, answers, aside, encoded, padded
from longtail.origin import door
from longtail.records import Record, Status

Learn = Callable[[Any], Sequence[float]]
"""Trains the model that it is given on a short task and returns what it scored along the way, higher is better, never below 0."""
WARN, FAIL = 0.9, 0.7
"""Ratios of areas below which a model learns worse than its base, and hardly."""


class Plasticity(Record, frozen=True):
    """How a model learns a probe task beside its base.

    Attributes:
        status: "pass" from a ratio of 0.9, "warn" below, "fail" below 0.7; conventions.
        ratio: Area under the model's curve over that of its base; "not_measured" and None where the base learns nothing.
        here, base: Scores along the way.
    """

    status: Status
    ratio: float | None
    here: tuple[float, ...]
    base: tuple[float, ...]


def plasticity(model: Any, base: Any, learn: Learn) -> Plasticity:
    """Return how a model learns a probe task beside its base; copies learn, the models stay as they are.

    Choose the task by what will be asked of the model next. A supervised task (`supervised`) does not see a loss of exploration: a
    policy that no longer writes a format may still be taught it, and yet never find it under reinforcement. For that give a `learn` of
    your own whose score is the share of the format, or the reward, along a short run of reinforcement.

    Args:
        model: To be probed.
        base: The model at the begin of the run, or the scores that it made.
        learn: The probe task.

    Raises:
        MissingExtra: torch is not installed.
        ConfigError: The two curves are of unlike length, empty, or hold what is no number from 0.
    """
    before = _checked(base if isinstance(base, Sequence) else _learnt(base, learn))
    here = _checked(_learnt(model, learn))
    if len(here) != len(before):
        raise ConfigError(f"{len(here)} scores of the model, {len(before)} of its base; let both learn for as long")
    if math.fsum(before) == 0:
        return Plasticity(status="not_measured", ratio=None, here=here, base=before)
    ratio = math.fsum(here) / math.fsum(before)
    return Plasticity(status="fail" if ratio < FAIL else "warn" if ratio < WARN else "pass", ratio=ratio, here=here, base=before)


def supervised(
    tokenizer: Any, prompts: Sequence[Prompt], completions: Sequence[str], *, steps: int = 20, rate: float = 1e-4, batch: int = 8
) -> Learn:
    """Return a probe task: to learn completions by heart, step after step over batches in order, with AdamW.

    The score of a step is the geometric mean probability of the tokens to be written, before the step learns them.

    Args:
        tokenizer: Of the models.
        prompts: Texts, or conversations.
        completions: One for each.
        steps: Of the optimiser.
        rate: Of learning.
        batch: Completions in a step.

    Raises:
        ConfigError: There are no prompts, one has no tokens, or there is not one completion for each.
    """
    asked = encoded(tokenizer, prompts)
    if len(completions) != len(asked):
        raise ConfigError(f"{len(completions)} completions to {len(asked)} prompts; give one for each")
    rows = list(zip(asked, answers(tokenizer, completions), strict=True))

    def learn(model: Any) -> list[float]:
        torch = door.torch(FEATURE)
        optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
        found = []
        for step in range(steps):
            chosen = [rows[(step * batch + at) % len(rows)] for at in range(min(batch, len(rows)))]
            loss = _loss(torch, model, chosen)
            found.append(math.exp(-float(loss.detach())))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return found

    return learn


def _loss(torch: Any, model: Any, rows: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Any:
    """Return the mean surprisal of the tokens to be written."""
    given, seen = padded(torch, [[*asked, *written] for asked, written in rows], left=False, device=model.device)
    wanted = torch.full_like(given, -100)
    for at, (asked, written) in enumerate(rows):
        wanted[at, len(asked) : len(asked) + len(written)] = given[at, len(asked) : len(asked) + len(written)]
    logits = model(input_ids=given, attention_mask=seen).logits[:, :-1].float()
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), wanted[:, 1:].flatten())


def _learnt(model: Any, learn: Learn) -> Sequence[float]:
    """Let a copy learn, in evaluation mode so that dropout draws nothing, with the chance of torch put back afterwards."""
    torch = door.torch(FEATURE)
    clone = copy.deepcopy(model)
    for part in clone.parameters():
        part.requires_grad_(True)
    with aside(torch, clone), torch.enable_grad():
        torch.manual_seed(0)
        return learn(clone)


def _checked(found: Sequence[float]) -> tuple[float, ...]:
    scores = tuple(float(score) for score in found)
    if not scores or not all(math.isfinite(score) and score >= 0 for score in scores):
        raise ConfigError(f"the scores of a probe task are {list(scores)!r:.80}; each must be a number from 0")
    return scores
