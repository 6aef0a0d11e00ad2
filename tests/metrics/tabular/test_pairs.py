"""Rare combinations of two columns, which can go while each column keeps all its values."""

import numpy as np

from longtail.metrics.family import decide_family
from longtail.metrics.tabular.classes import tail_endpoints
from longtail.metrics.tabular.readouts import column_readouts
from longtail.records import Estimate
from longtail.summaries.frequencies import Frequencies
from longtail.views.batch import marks_of, texts_of
from longtail.views.categories import VERSION, category, pairs, pairs_version

from .tables import column, compared, profiled, rows

CLASSES, RARE = 12, 0.04


def drawn(count, seed, rare=RARE):
    """Two columns of twelve classes that mostly go together as equals; a share of documents has any two."""
    rng = np.random.default_rng(seed)
    one = rng.integers(0, CLASSES, count)
    return one, np.where(rng.random(count) < rare, rng.integers(0, CLASSES, count), one)


def made(columns, tag):
    found = rows(len(columns[0]), tag)
    profile, texts = profiled(found), texts_of(found, 0)
    marks = {name: marks_of(column([f"v{value}" for value in values])) for name, values in zip("ab", columns, strict=True)}
    for name, of in marks.items():
        profile.frequencies[f"category:{name}"] = Frequencies(f"category:{name}", VERSION, 0)
        profile.frequencies[f"category:{name}"].add(category(of, texts, 0))
    profile.frequencies["pairs"] = Frequencies("pairs", pairs_version(marks), 0)
    profile.frequencies["pairs"].add(pairs(marks, texts, 0))
    return profile


def test_rare_combinations_that_went_are_a_loss_although_no_column_lost_a_value():
    candidate, reference = made(drawn(5000, 1, 0.0), "c"), made(drawn(12000, 2), "r")
    lost = decide_family(tail_endpoints(compared(candidate, reference, "pairs", permutations=999)), 0.04)
    assert [each.decision for each in lost][0] == "shrunk"
    for name in "ab":
        reads = column_readouts(compared(candidate, reference, f"category:{name}"))
        assert all(isinstance(each, Estimate) and each.value < 0.1 for each in reads)


def test_combinations_that_stayed_are_no_loss():
    kept = tail_endpoints(compared(made(drawn(5000, 1), "c"), made(drawn(12000, 2), "r"), "pairs", permutations=999))
    assert {each.decision for each in decide_family(kept, 0.04)} <= {"ok", "inconclusive", "watch"}
    assert all(abs(each.observed) < 3 * each.error for each in kept)
