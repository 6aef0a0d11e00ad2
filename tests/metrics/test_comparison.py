"""Where nothing was lost, ratios are 1 and p-values are not small more often than they may be."""

from functools import lru_cache

import numpy as np
import pytest
from scipy.stats import binom

from longtail.metrics import RATIOS

from .corpora import clustered, compared, profiled, ratio

SPLITS = 60
SIZES = {"cross-fitted": (500, 250), "split once": (2100, 500), "unequal": (300, 900)}
COMPARED = sorted(entry.name for entry in RATIOS if entry.needs == ("comparison",) and entry.facts["worse"] != "none")


@lru_cache
def nulls(kind):
    """Every ratio on random splits of one clustered corpus."""
    reference, candidate = SIZES[kind]
    pool = clustered(reference + candidate, 17)
    found = []
    for split in range(SPLITS):
        shuffled = np.random.default_rng(split).permutation(pool)
        sides = [profiled(part, seed=split) for part in (shuffled[:candidate], shuffled[candidate:])]
        comparison = compared(*sides, permutations=99, seed=split)
        found.append({name: ratio(name, comparison) for name in COMPARED})
    return found


def logs(kind, name):
    estimates = [found[name] for found in nulls(kind)]
    return np.array([estimate.value if estimate.kind == "value" else np.log(estimate.value) for estimate in estimates])


def test_every_ratio_of_two_samples_is_looked_at():
    assert COMPARED == [
        "effective_formats", "hill_0", "hill_1", "hill_2", "novel_mass", "sample_coverage", "tail_first_contrast", "tail_mass_retained",
        "tail_types_retained",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", SIZES)
@pytest.mark.parametrize("name", COMPARED)
def test_the_mean_ratio_is_one(kind, name):
    found = logs(kind, name)
    error = found.std(ddof=1) / np.sqrt(SPLITS)
    assert abs(found.mean()) < 4 * error


@pytest.mark.parametrize("kind", SIZES)
@pytest.mark.parametrize("name", COMPARED)
def test_small_p_values_are_rare(kind, name):
    values = [found[name].p for found in nulls(kind) if found[name].p is not None]
    assert len(values) in (0, SPLITS)
    for tail in ([p <= 0.05 for p in values], [p >= 0.95 for p in values]):
        assert sum(tail) <= binom.ppf(0.999, SPLITS, 0.06)


@pytest.mark.parametrize("kind", SIZES)
@pytest.mark.parametrize("name", COMPARED)
def test_the_interval_holds_the_truth_often_enough(kind, name):
    truth = 0.0 if name == "tail_first_contrast" else 1.0
    held = sum(found[name].low <= truth <= found[name].high for found in nulls(kind))
    assert held >= binom.ppf(0.001, SPLITS, 0.95)


def test_one_sample_in_both_roles_would_have_shown_a_loss_that_is_none():
    """Regression to the mean, which the two halves prevent: the rare types of a sample are rarer elsewhere."""
    numbers = clustered(1000, 3)
    here, there = (np.bincount(part.ravel(), minlength=3000) for part in (numbers[:500], numbers[500:]))
    rare = (here > 0) & (here <= 2)
    assert there[rare].sum() / here[rare].sum() < 0.95 or (there[rare] > 0).sum() / rare.sum() < 0.9
