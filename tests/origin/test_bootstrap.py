"""Draws of whole clusters, the same however they are cut."""

import tracemalloc

import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.origin import bootstrap
from longtail.origin.bootstrap import nested_bootstrap, replicates

GROUPS = np.array([7, 7, 3, 3, 9, 9, 4, 5])
LABELS = np.array([0, 1, 0, 1, 1, 0, 0, 1])
CLUSTERS = np.array([2, 2, 2, 0, 1, 1])


def all_of(count=400, seed=1, **kwargs):
    parts = list(replicates(GROUPS, LABELS, CLUSTERS, count, seed, **kwargs))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def test_groups_and_clusters_are_drawn_whole():
    reference, target = all_of()
    assert (reference[:, 0] == reference[:, 1]).all() and (reference[:, 2] == reference[:, 3]).all()
    assert (target[:, 0] == target[:, 1]).all() and (target[:, 4] == target[:, 5]).all()


def test_every_origin_keeps_its_size():
    reference, _ = all_of()
    assert (reference[:, :6].sum(axis=1) == 6).all()
    assert (reference[:, 6:] == 1).all()


def test_each_unit_is_drawn_as_often_as_chance_has_it():
    reference, target = all_of(20_000)
    for counts, units in ((reference[:, [0, 2, 4]], 3), (target[:, [0, 3, 4]], 3)):
        assert counts.mean(axis=0) == pytest.approx(1, abs=0.03)
        assert counts.var(axis=0) == pytest.approx(1 - 1 / units, abs=0.03)


def test_draws_do_not_depend_on_how_they_are_cut(monkeypatch):
    whole = all_of()
    monkeypatch.setattr(bootstrap, "CHUNK", 50)
    cut = all_of()
    assert (whole[0] == cut[0]).all() and (whole[1] == cut[1]).all()
    assert not (all_of(seed=2)[1] == whole[1]).all()


def test_a_fixed_reference_is_not_drawn():
    reference, target = all_of(fixed_reference=True)
    assert (reference == 1).all()
    assert (target == all_of()[1]).all()


def test_the_variance_of_a_mean_is_the_textbook_one():
    values = np.random.default_rng(3).normal(size=200)
    clusters = np.arange(200) // 4

    def mean(_, weights):
        return (weights @ values / weights.sum(axis=1))[:, None]

    found = nested_bootstrap(mean, GROUPS, LABELS, clusters, count=4000)
    means = values.reshape(50, 4).mean(axis=1)
    assert found.shape == (4000, 1)
    assert found.std() == pytest.approx(means.std() / 50**0.5, rel=0.05)


def test_memory_stays_bounded():
    size = 10_000
    groups, labels = np.arange(size) // 2, np.arange(size) % 2
    tracemalloc.start()
    nested_bootstrap(lambda ours, theirs: theirs[:, :1].astype(float), groups, labels, np.arange(size), count=500)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 250e6


def test_a_target_without_documents_is_refused():
    with pytest.raises(UsageError, match="the target has no documents"):
        next(replicates(GROUPS, LABELS, CLUSTERS[:0], 1, 0))
