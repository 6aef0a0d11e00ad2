import numpy as np
import pytest

from longtail.gates.writeback.quota import Quota
from longtail.lab.worlds.questions import Library
from longtail.lab.worlds.retrieval import ARMS, Memory, World

PROSE = [f"The {word} of the module is read before the {word} of the package is written." for word in "abcdefghijklmnopqrstuvwxyz"] * 10


def asked(arm="gated", questions=400, seed=0, share=1.0, kind=Memory, **world):
    rng = np.random.default_rng(seed)
    made = World(**{"entities": 60} | world)
    store = kind(made, arm, Quota(share), rng, *([PROSE] if kind is Library else []))
    right = [store.asked(int(entity)) for entity in rng.integers(60, size=questions)]
    return store, np.mean(right)


@pytest.mark.parametrize("kind", [Memory, Library])
def test_a_store_that_is_only_read_stays_as_it_is(kind):
    store, right = asked("static", kind=kind)
    assert (store.added, store.wrong, store.covered(), store.covered_right()) == (0, 0, 0.4, 0.4)
    assert right == pytest.approx(0.4 * 0.95, abs=0.08)


@pytest.mark.parametrize("kind", [Memory, Library])
def test_without_slips_inventions_and_mistakes_nothing_wrong_is_stored(kind):
    for arm in ("open", "entailed", "gated"):
        store, _ = asked(arm, kind=kind, slips=0.0, inventions=0.0, mistaken=0.0, arriving=0.3, questions=200)
        assert store.wrong == 0


def test_an_open_store_takes_everything_that_is_said():
    store, _ = asked("open", inventions=1.0, questions=100)
    assert store.added == 100


def test_a_verifier_that_never_errs_stops_what_is_not_entailed():
    for arm in set(ARMS) - {"static", "open", "not_contradicted"}:
        store, _ = asked(arm, found=1.0, mistaken=0.0, miscited=1.0)
        assert store.wrong == 0, arm


def test_what_is_true_and_stored_is_merged_and_not_stored_twice():
    store, _ = asked("gated", found=1.0, mistaken=0.0, arriving=1.0)
    assert store.covered() == 1 and store.added == 36 and store.learnt == 36


def test_the_quota_ends_the_growth():
    store, _ = asked("gated", arriving=1.0, share=0.2)
    assert store.added == 6
