"""A policy that adapts itself: it reads passages, writes questions with answers of its own, and is taught them."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from longtail.lab.learners.torch.door import Device, device_of, torch
from longtail.lab.learners.torch.network import Network
from longtail.lab.worlds import encyclopaedia
from longtail.lab.worlds.alphabet import Ids
from longtail.lab.worlds.encyclopaedia import ALPHABET, LONGEST, PROMPT, Entries, Floats
from longtail.lab.worlds.policy import LAYERS, Policy, continued, likelihoods, taught, untrained

MIX = (0.2, 0.3, 0.5)
"""Shares of a batch of the first teaching: passages and questions of old entries, and passages of made-up ones to be read."""
EDITS = 8
"""Edits that are written of a passage."""


class How(NamedTuple):
    """How a policy is taught its edits.

    Attributes:
        steps: Of the optimiser.
        rate: Of AdamW at the begin, along a half cosine.
        batch: Rows of a step.
        replay: Share of them that are questions on old entries.
    """

    steps: int = 60
    rate: float = 1e-3
    batch: int = 64
    replay: float = 0.0


def educated(width: int, old: Entries, steps: int, rng: np.random.Generator, device: Device, batch: int = 64) -> Policy:
    """Return a policy that knows old entries, in passages and in questions, and can read a passage that it has never seen."""
    network = Network(ALPHABET.size, LAYERS, width, PROMPT + LONGEST)
    return taught(untrained(network, PROMPT, rng, device_of(device)), _lessons(old, steps, batch, rng), steps)


def adapted(policy: Policy, rows: Ids, old: Entries, how: How, rng: np.random.Generator) -> Policy:
    """Return a policy that was taught some rows, with questions on old entries among them where they are replayed.

    A policy that has written nothing that can be taught is returned as it is, as a copy.
    """
    again = round(how.replay * how.batch)

    def batches() -> Iterator[Ids]:
        for _ in range(how.steps if len(rows) else 0):
            new = rows[rng.integers(len(rows), size=how.batch - again)]
            yield trimmed(np.concatenate([new, _asked(old, again, rng)]))

    return taught(policy, batches(), how.steps, how.rate)


def edits_of(policy: Policy, entries: Entries, rng: np.random.Generator) -> list[str]:
    """Return what a policy writes of passages that it reads, `EDITS` times each."""
    many = entries.take(np.repeat(np.arange(len(entries)), EDITS))
    return ALPHABET.decoded(continued(policy, encyclopaedia.to_read(many), rng)[:, PROMPT:])


def known(policy: Policy, entries: Entries, attributes: Ids) -> Floats:
    """Return how likely a policy answers each question right, at temperature 1, shape (n,)."""
    with torch.no_grad():
        found = likelihoods(policy, trimmed(encyclopaedia.questions(entries, attributes)))
    return np.asarray(found.logp[:, 0].exp().cpu().numpy(), np.float64)


def trimmed(rows: Ids) -> Ids:
    """Return rows without the columns behind the end of the longest one, which say nothing."""
    last = np.flatnonzero((rows != ALPHABET.end).any(axis=0))[-1]
    return rows[:, : last + 2]


def _lessons(old: Entries, steps: int, batch: int, rng: np.random.Generator) -> Iterator[Ids]:
    for _ in range(steps):
        told, asked, read = rng.multinomial(batch, MIX).tolist()
        made_up = encyclopaedia.made_up(read, rng)
        yield np.concatenate(
            [
                encyclopaedia.passages(old.take(rng.integers(len(old), size=told))),
                _asked(old, asked, rng),
                encyclopaedia.readings(made_up, rng.integers(4, size=read)),
            ]
        )


def _asked(old: Entries, many: int, rng: np.random.Generator) -> Ids:
    return encyclopaedia.questions(old.take(rng.integers(len(old), size=many)), rng.integers(4, size=many))
