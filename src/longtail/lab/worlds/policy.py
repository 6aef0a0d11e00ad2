"""A tiny policy: a transformer that is taught, writes, and tells how likely it finds what was written."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.lab.learners.torch.decoding import Decoding, chosen
from longtail.lab.learners.torch.door import functional, steady, torch
from longtail.lab.learners.torch.network import Cache, Network, Weights
from longtail.lab.worlds.alphabet import Ids
from longtail.lab.worlds.arithmetic import LONGEST, PROMPT, VOCABULARY, Sums, decoded, encoded, lessons

Floats = npt.NDArray[np.float64]

LAYERS = 2
_FREE = Decoding()


class Policy(NamedTuple):
    """A network and its weights.

    Attributes:
        network: Its context is a whole row, prompt and completion; its last sign ends a completion.
        weights: Of the network.
        prompt: Signs of a row that are the prompt.
    """

    network: Network
    weights: Weights
    prompt: int = PROMPT

    @property
    def end(self) -> int:
        """Return the sign after a completion."""
        return self.network.signs - 1


Until = Callable[[int, Policy], bool]
Batch = Ids | list[tuple[int, Ids]]
"""Rows of prompt and completion; or several sets of rows, each with the signs of its prompts, where these differ."""


class Likelihoods(NamedTuple):
    """What a policy finds of completions, sign by sign.

    Attributes:
        logp: Log-probability of each sign of the completions, shape (n, signs), 0 behind the end.
        entropy: Of the next sign at each place, same shape, 0 behind the end.
        inside: Whether a place is of the completion, its end included, same shape.
    """

    logp: Any
    entropy: Any
    inside: Any


def shape_of(width: int) -> Network:
    """Return a network of two layers that sees a whole problem."""
    return Network(VOCABULARY, LAYERS, width, PROMPT + LONGEST)


def fresh(width: int, rng: np.random.Generator, device: Any) -> Policy:
    """Return an untrained policy for sums."""
    return untrained(shape_of(width), PROMPT, rng, device)


def untrained(network: Network, prompt: int, rng: np.random.Generator, device: Any) -> Policy:
    """Return an untrained policy whose rows begin with a prompt of some signs."""
    return Policy(network, tuple(torch.from_numpy(each).to(device) for each in network.initial(rng)), prompt)


def pretrained(
    policy: Policy,
    sums: Sums,
    mix: npt.ArrayLike,
    steps: int,
    rng: np.random.Generator,
    *,
    batch: int = 128,
    until: Until | None = None,
) -> Policy:
    """Return a policy taught with right answers in a mix of formats: AdamW at 3e-3 along a half cosine.

    Args:
        policy: To start from.
        sums: Problems to draw from.
        mix: Share of each format.
        steps: Of the optimiser.
        rng: Source of chance.
        batch: Problems of a step.
        until: Ends the teaching early, as in `taught`.
    """
    draws = (sums.take(rng.integers(len(sums.left), size=batch)) for _ in range(steps))
    return taught(policy, (lessons(each, mix, rng) for each in draws), steps, until=until)


def taught(
    policy: Policy,
    rows: Iterator[Batch],
    steps: int,
    rate: float = 3e-3,
    until: Until | None = None,
    on_loss: Callable[[float], None] | None = None,
) -> Policy:
    """Return a policy taught rows of prompts and completions; the loss is that of the completions.

    Args:
        policy: To start from.
        rows: A batch for each step.
        steps: Of the half cosine along which the rate falls.
        rate: At the begin.
        until: Asked after each step with the steps taken and the policy as it then is; teaching ends where it says so.
        on_loss: Told the loss of each batch before its step.
    """
    with steady():
        weights = trainable(policy)
        optimiser = torch.optim.AdamW(weights, lr=rate, betas=(0.9, 0.99), weight_decay=0.01)
        slope = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda at: 0.5 * (1 + np.cos(np.pi * at / steps)))
        for taken, batch in enumerate(rows, 1):
            parts = batch if isinstance(batch, list) else [(policy.prompt, batch)]
            found = [likelihoods(Policy(policy.network, weights, prompt), part) for prompt, part in parts]
            optimiser.zero_grad()
            loss = -sum(each.logp.sum() for each in found) / sum(each.inside.sum() for each in found)
            loss.backward()
            if on_loss is not None:
                on_loss(float(loss.detach()))
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            slope.step()
            if until is not None and until(taken, _held(policy, weights)):
                break
    return _held(policy, weights)


def interpolated(start: Policy, end: Policy, alpha: float) -> Policy:
    """Return a policy whose weights lie on the line from those of one to those of another: alpha 0 is the first, 1 the second."""
    return Policy(start.network, tuple(torch.lerp(a, b, alpha) for a, b in zip(start.weights, end.weights, strict=True)))


def trainable(policy: Policy) -> Weights:
    """Return a copy of the weights that gradients flow to."""
    return tuple(each.detach().clone().requires_grad_() for each in policy.weights)


def _held(policy: Policy, weights: Weights) -> Policy:
    return policy._replace(weights=tuple(each.detach() for each in weights))


def likelihoods(policy: Policy, rows: Ids) -> Likelihoods:
    """Return how likely a policy finds the completions of rows of prompt and completion, shape (n, up to the context)."""
    signs = torch.from_numpy(rows).to(policy.weights[0].device)
    logits = policy.network.logits(policy.weights, signs[:, :-1], torch.zeros_like(signs[:, :-1]))[:, policy.prompt - 1 :]
    told = signs[:, policy.prompt :]
    laws = functional.log_softmax(logits, dim=-1)
    ended = (told == policy.end).cumsum(dim=1)
    inside = (ended - (told == policy.end).long()) == 0
    logp = laws.gather(2, told[:, :, None])[:, :, 0] * inside
    entropy = -(laws.exp() * laws).sum(dim=-1) * inside
    return Likelihoods(logp, entropy, inside)


def written(policy: Policy, sums: Sums, rng: np.random.Generator, how: Decoding = _FREE) -> Ids:
    """Return what a policy writes to problems, with the prompts, shape (n, PROMPT + LONGEST)."""
    return continued(policy, encoded(sums.prompts, PROMPT + LONGEST), rng, how)


def continued(policy: Policy, prompts: Ids, rng: np.random.Generator, how: Decoding = _FREE) -> Ids:
    """Return what a policy writes to prompts, with the prompts, as rows of the same shape (n, up to the context)."""
    rows = prompts.copy()
    device = policy.weights[0].device
    with steady(), torch.no_grad():
        cache = Cache(policy.network, len(rows), device)
        going = np.ones(len(rows), bool)
        for position in range(rows.shape[1] - 1):
            logits = policy.network.following(policy.weights, torch.from_numpy(rows[:, position]).to(device), position, cache)
            if position >= policy.prompt - 1:
                signs = chosen(logits.cpu().numpy(), how, rng)
                rows[going, position + 1] = signs[going]
                going &= signs != policy.end
            if position >= policy.prompt and not going.any():
                break
    return rows


def completions_of(rows: Ids) -> list[str]:
    """Return the completions of rows of prompt and completion, as texts."""
    return decoded(rows[:, PROMPT:])
