"""Candidates for review, and a queue of them."""

import random

import pytest

from longtail.gates.review import Item, Queue, Settings, fill


def candidates(many=2000, seed=0):
    rng = random.Random(seed)
    return [
        Item(
            position=at,
            lt_id=f"{at:032x}",
            text=f"document {at} of {rng.choice('abcdef')} about things",
            decision=rng.choices(("keep", "review", "reject"), (6, 1, 3))[0],
            record={"text": f"document {at}", "lt_origin": "synthetic", "lt_depth": 1},
            rarity=rng.random(),
            doubt=rng.random(),
            group=f"g{at // 8}",
            stratum=rng.choice("xyz"),
        )  # fmt: skip
        for at in range(many)
    ]


@pytest.fixture
def pool():
    return candidates


@pytest.fixture
def queue(tmp_path):
    items = candidates()
    fill(tmp_path, lambda: items, Settings())
    with Queue(tmp_path) as queue:
        yield queue
