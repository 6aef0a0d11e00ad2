"""Texts with and without the watermark of a key, from a flat law over words."""

import numpy as np
import pytest

from longtail.ledger.store import Ledger
from longtail.origin.watermarks import Key, Words, bias

VOCABULARY = [f"{first}{second}" for first in ("ka", "lo", "mi", "tu", "re", "so", "na", "pe") for second in "bcdfghjklmnprst"]


def written(key, texts, words=120, seed=0):
    """Texts of a flat law over words, tilted by a key where there is one."""
    rng = np.random.default_rng(seed)
    ids = np.concatenate(Words().encode(VOCABULARY))
    made = []
    for _ in range(texts):
        chosen = []
        for _ in range(words):
            logits = np.zeros(len(ids)) if key is None else bias(key, ids[chosen], np.zeros(len(ids)), ids)
            weights = np.exp(logits)
            chosen.append(int(rng.choice(len(ids), p=weights / weights.sum())))
        made.append(" ".join(VOCABULARY[at] for at in chosen))
    return made


def key_of(number, **settings):
    return Key(secret=f"{number:064x}", tokenizer=Words.sha256, **settings)


@pytest.fixture(scope="session")
def key():
    return key_of(1)


@pytest.fixture(scope="session")
def other():
    return key_of(2)


@pytest.fixture(scope="session")
def marked(key):
    return written(key, 30)


@pytest.fixture(scope="session")
def plain():
    return written(None, 100, seed=1)


@pytest.fixture
def ledger(tmp_path):
    with Ledger.create(tmp_path / "ledger") as opened:
        yield opened
