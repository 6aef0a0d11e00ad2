"""Scores of two models on the same documents, with a known difference between them.

A document is hard or easy for both models: its loss per token is drawn from a Gamma law that they share, each model adds
normal noise of its own, and answers are right with a chance that belongs to the document. The candidate is worse by the same
amount on every document, so the true loss is known on all of them, and on those that both models predict worst too.
"""

import numpy as np
import numpy.typing as npt

from bench.synthetic import lengths_of
from longtail.readers.scores import Scores

MEAN_LOSS, SHAPE, NOISE = 3.0, 20.0, 0.15
RIGHT = (0.3, 0.9)

Values = npt.NDArray[np.float64]


def scored(documents: int, nats: float, share: float, rng: np.random.Generator) -> tuple[Scores, Scores]:
    """Return the scores of a candidate and of a baseline.

    Args:
        documents: Documents that both models scored.
        nats: By how much the candidate's loss is greater, in nats per token.
        share: By how much its expected share of right answers is smaller, below `RIGHT`'s lower end.
        rng: Random numbers.
    """
    ids = np.sort(rng.integers(0, 2**64, documents, np.uint64))
    tokens = lengths_of(documents, rng)
    own = rng.gamma(SHAPE, MEAN_LOSS / SHAPE, documents)
    chance = rng.uniform(*RIGHT, documents)
    candidate = _scores("candidate", ids, tokens, own + nats, chance - share, rng)
    return candidate, _scores("baseline", ids, tokens, own, chance, rng)


def _scores(
    name: str, ids: npt.NDArray[np.uint64], tokens: npt.NDArray[np.int64], loss: Values, chance: Values, rng: np.random.Generator
) -> Scores:
    """Return the scores of one model, its noise added to each document's loss per token."""
    noisy = np.maximum(loss + NOISE * rng.standard_normal(len(ids)), 0.0)
    return Scores(
        path=name,
        ids=ids,
        names=tuple(map(str, ids.tolist())),
        nll=noisy * tokens,
        tokens=tokens,
        correct=(rng.random(len(ids)) < chance).astype(float),
        train=None,
        quarantined=0,
        quarantine=(),
    )
