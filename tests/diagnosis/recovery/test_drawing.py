"""Spread of drawn courses: types of one document together, repeated uses, samples of types."""

import numpy as np
import pytest

from bench.synthetic import drawn, profiled, zipf
from longtail.diagnosis.recovery import drawing
from longtail.diagnosis.recovery.course import Course, Source, mass, present
from longtail.diagnosis.recovery.drawing import Draws, design_effect, times_used
from longtail.summaries.rows import type_counts


def profile(seed=0, **given):
    return profiled(drawn(zipf(**given), 800, np.random.default_rng(seed)), 0).frequencies["words_1"]


def tail_of(frequencies):
    types, tokens, _ = type_counts(frequencies, None, 1 << 52)
    return types[tokens <= 2]


def test_the_means_are_those_of_the_closed_form():
    held = np.arange(1, 60) % 7
    course = Course(100, 0.3, "keep", Source("r", 50, held), Source("o", 100, held), (Source("b", 100, held),), 0.9)
    made = Draws(course, 2, 80, 1.0, 500, np.random.default_rng(1))
    for at in (1, 2):
        assert made.types[at - 1].mean() == pytest.approx(present(course, at, 80).sum(), abs=0.3)
        assert made.masses[at - 1].mean() == pytest.approx(mass(course, at), rel=0.03)


def test_drawn_means_need_no_shift():
    held, rng = np.full(400, 3), np.random.default_rng(2)
    course = Course(100, 0.4, "drop", Source("r", 100, held), Source("o", 100, held))
    real = rng.binomial(3, 0.4, (500, 400)) + rng.binomial(3, 0.6, (500, 400))
    first = (rng.poisson(real) > 0).sum(axis=1)
    assert present(course, 1, 100).sum() == pytest.approx(first.mean(), rel=0.01)


def test_a_sample_of_types_has_the_spread_of_all(monkeypatch):
    held = np.tile([1, 2, 0, 4], 500)
    course = Course(100, 0.3, "drop", Source("r", 100, held), Source("o", 100, held))
    whole = Draws(course, 1, 100, 1.0, 800, np.random.default_rng(3)).types[0].std()
    monkeypatch.setattr(drawing, "MOST_TYPES", 400)
    assert Draws(course, 1, 100, 1.0, 800, np.random.default_rng(3)).types[0].std() == pytest.approx(whole, rel=0.12)


def test_the_design_effect_is_that_of_documents_drawn_again():
    rng, law = np.random.default_rng(9), zipf()
    first = profile(1)
    tail = tail_of(first)
    said = design_effect(first, tail, np.random.default_rng(0))
    totals = [np.isin(type_counts(profile(seed), None, 1 << 52)[0], tail).sum() for seed in range(2, 60)]
    assert 1 <= said < 12
    assert np.var(totals) < 1.6 * said * len(tail) * 0.25
    assert rng is not law


def test_without_tail_types_nothing_is_clustered():
    assert design_effect(profile(), np.array([3], np.uint64), np.random.default_rng(0)) == 1.0
    assert times_used(profile(), np.array([3], np.uint64)) == ((1.0, 1.0),)


def test_bursts_are_seen_in_how_often_a_document_uses_a_type():
    calm, bursty = (times_used(found, tail_of(found)) for found in (profile(bursts=0.0), profile(bursts=0.5)))
    for found in (calm, bursty):
        assert sum(chance for _, chance in found) == pytest.approx(1.0)
        assert sum(often * chance for often, chance in found) == pytest.approx(1.0)
    spread = [sum(chance * (often - 1) ** 2 for often, chance in found) for found in (calm, bursty)]
    assert spread[1] > spread[0]
