import numpy as np
import pytest
from scipy.stats import kstest

from longtail.origin import misfit
from longtail.origin.misfit import Moments
from longtail.origin.reference import Reference
from longtail.origin.scorers.features import Features

from .drawn import FOREIGN, HUMAN, MODEL, OTHER

ORDER, EACH, LENGTH = 2, 2000, 30
KINDS = (HUMAN, MODEL, OTHER, FOREIGN)


@pytest.fixture(scope="module")
def pool():
    rng = np.random.default_rng(0)
    return Features.of([text for style in KINDS for text in style.texts(rng, EACH, LENGTH)], ORDER)


@pytest.fixture
def held(pool, monkeypatch):
    """Draw a reference and a target of other texts of the pool; return what the best mixture leaves of the target."""

    class Pooled:
        @staticmethod
        def of(rows, order):
            return pool.take(np.asarray(rows))

    monkeypatch.setattr(misfit, "Features", Pooled)

    def draw(seed, counts, each=60, kinds=2, group=1, clusters=None):
        rng = np.random.default_rng(seed)
        picks = [rng.permutation(EACH) + kind * EACH for kind in range(len(KINDS))]
        known = np.concatenate([pick[:each] for pick in picks[:kinds]])
        target = np.concatenate([pick[each : each + count] for pick, count in zip(picks, counts, strict=False)])
        labels = np.repeat(np.arange(kinds), each)
        reference = Reference(tuple(known), labels, np.arange(len(known)) // group, tuple("ab"[: kinds - 1]))
        return Moments(reference, ORDER).misfit(pool.take(target), np.arange(len(target)) if clusters is None else clusters)

    return draw


@pytest.mark.parametrize(
    ("share", "kinds"),
    [((0.7, 0.3), 2), ((1.0, 0.0), 2), ((0.0, 1.0), 2), ((0.5, 0.3, 0.2), 3)],
    ids=["mixed", "human", "machine", "two origins"],
)
def test_p_is_uniform_where_the_target_is_a_mixture(held, share, kinds):
    chance = np.random.default_rng(5)
    found = [held([1, at], chance.multinomial(60, share), kinds=kinds) for at in range(200)]
    p = np.array([each.p for each in found])
    assert kinds > 2 or kstest(p, "uniform").pvalue > 1e-3
    assert 0.4 < p.mean() < 0.65
    assert (p < 0.05).mean() < 0.1 and (p < 0.01).mean() < 0.03
    assert np.quantile([each.distance for each in found], 0.95) < 0.25
    assert np.mean([each.ratio for each in found]) == pytest.approx(1, abs=0.15)


def test_the_shares_that_leave_least_are_about_those_of_the_mixture(held):
    found = [held([2, at], (60, 36, 24), kinds=3).shares for at in range(40)]
    np.testing.assert_allclose(np.mean(found, axis=0), [0.3, 0.2], atol=0.05)


@pytest.mark.parametrize(("counts", "most"), [((0, 0, 0, 60), 1e-6), ((0, 0, 60), 0.02)], ids=["foreign", "another model"])
def test_texts_of_another_kind_have_no_large_p(held, counts, most):
    found = [held([3, at], counts) for at in range(20)]
    assert np.quantile([each.p for each in found], 0.9) < most
    assert min(each.distance for each in found) > 0.15


def test_some_foreign_texts_among_many_are_noticed(held):
    assert np.median([held([4, at], (300, 180, 0, 120), each=120).p for at in range(20)]) < 0.01


def test_distance_does_not_grow_with_the_number_of_documents(held):
    small, large = ([held([5, at], (0, 0, 0, count)).distance for at in range(20)] for count in (50, 600))
    assert np.mean(large) == pytest.approx(np.mean(small), rel=0.05)


def test_copies_given_as_clusters_count_once(held):
    alone, together = held([6], (0, 0, 0, 60), each=200), held([6], (0, 0, 0, 60), each=200, clusters=np.arange(60) // 2)
    assert together.ratio < alone.ratio
    assert together.distance == pytest.approx(alone.distance, rel=0.1)


def test_texts_of_a_reference_made_from_one_another_count_once(held):
    alone, together = (held([7], (0, 0, 0, 200), each=150, group=size) for size in (1, 3))
    assert together.ratio < alone.ratio


def test_too_few_clusters_or_groups_tell_nothing(held):
    assert held([8], (60, 0), clusters=np.zeros(60, np.int64), each=10) is None
    assert held([8], (3, 3), each=10, group=4) is None


def test_what_no_text_shows_does_not_dilute_the_test():
    """Letters alone: of the rates of marks, digits and capitals none is there to be measured."""
    rng = np.random.default_rng(0)
    words = np.array([f"{a}{b}{'s' * (at % 4)}" for at, (a, b) in enumerate((a, b) for a in "bcdfgh" for b in "aeiou")])

    def plain(law, count):
        return [" ".join(words[rng.choice(len(words), 40, p=law)]) for _ in range(count)]

    human, made = rng.dirichlet(np.full(len(words), 2.0), 2)
    found = []
    for _ in range(60):
        known = Reference.of(plain(human, 40), plain(made, 40))
        target = Features.of(plain(human, 25) + plain(made, 15), ORDER)
        found.append(Moments(known, ORDER).misfit(target, np.arange(40)))
    assert np.mean([each.ratio for each in found]) == pytest.approx(1, abs=0.25)
    assert kstest([each.p for each in found], "uniform").pvalue > 1e-3
