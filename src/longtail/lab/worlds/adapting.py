"""A policy that adapts itself: it reads passages, writes questions with answers of its own, and is taught them."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from longtail.lab.learners.torch.door import Device, device_of, torch
from longtail.lab.learners.torch.network import Network
from longtail.lab.worlds import encyclopaedia
from longtail.lab.worlds.alphabet import Ids
from longtail.lab.worlds.encyclopaedia import ALPHABET, ASKED, LONGEST, READ, TOLD, Entries, Floats
from longtail.lab.worlds.policy import LAYERS, Batch, Policy, continued, likelihoods, taught, untrained

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
    network = Network(ALPHABET.size, LAYERS, width, LONGEST)
    return taught(untrained(network, READ, rng, device_of(device)), _lessons(old, steps, batch, rng), steps)


def adapted(policy: Policy, rows: Ids, prompt: int, old: Entries, how: How, rng: np.random.Generator) -> Policy:
    """Return a policy that was taught some rows, with questions on old entries among them where they are replayed.

    Where there are no rows, a copy of the policy as it is.

    Args:
        policy: To start from.
        rows: To be drawn from.
        prompt: Signs of their prompts.
        old: Entries that are replayed.
        how: Sizes and rates.
        rng: Source of chance.
    """
    again = round(how.replay * how.batch)

    def batches() -> Iterator[Batch]:
        for _ in range(how.steps if len(rows) else 0):
            new = rows[rng.integers(len(rows), size=how.batch - again)]
            yield [(prompt, new), (ASKED, _asked(old, again, rng))] if again else [(prompt, new)]

    return taught(policy, batches(), how.steps, how.rate)


def edits_of(policy: Policy, entries: Entries, rng: np.random.Generator) -> list[str]:
    """Return what a policy writes of passages that it reads, `EDITS` times each."""
    many = entries.take(np.repeat(np.arange(len(entries)), EDITS))
    return ALPHABET.decoded(continued(policy, encyclopaedia.to_read(many), rng)[:, READ:])


def known(policy: Policy, entries: Entries, attributes: Ids) -> Floats:
    """Return how likely a policy answers each question right, at temperature 1, shape (n,)."""
    with torch.no_grad():
        found = likelihoods(policy._replace(prompt=ASKED), encyclopaedia.questions(entries, attributes))
    return np.asarray(found.logp[:, 0].exp().cpu().numpy(), np.float64)


def _lessons(old: Entries, steps: int, batch: int, rng: np.random.Generator) -> Iterator[Batch]:
    for _ in range(steps):
        told, asked, read = rng.multinomial(batch, MIX).tolist()
        passages = encyclopaedia.passages(old.take(rng.integers(len(old), size=told)))
        readings = encyclopaedia.readings(encyclopaedia.made_up(read, rng), rng.integers(4, size=read))
        yield [(TOLD, passages), (ASKED, _asked(old, asked, rng)), (READ, readings)]


def _asked(old: Entries, many: int, rng: np.random.Generator) -> Ids:
    return encyclopaedia.questions(old.take(rng.integers(len(old), size=many)), rng.integers(4, size=many))
