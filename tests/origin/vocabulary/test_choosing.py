"""Which words are in excess, against the rule written out for one word."""

from math import log10, sqrt

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.origin.vocabulary.choosing import CUTOFFS, ERRORS, NEVER, Excess, chosen, expected
from longtail.origin.vocabulary.contrasts import Contrast

NEXT = Contrast((0, 1, 2), 1.0)
LATER = Contrast((3, 0, 2), 2.5)


def level_of(found, documents, reach, strict, rule):
    """Level of a word that so many documents of the three periods hold."""
    before, base, target = ((held + 1) / (size + 1) for held, size in zip(found, documents, strict=True))
    middle = (before + base) / 2
    unsure = sqrt(middle * (1 / (documents[0] + 1) + 1 / (documents[1] + 1)))
    q = middle + (reach + 0.5) * max(0.0, base - before - unsure)
    error = sqrt(target / (documents[2] + 1) + middle / (documents[0] + documents[1] + 1))
    ratio = log10(target / q) > log10(2) * -log10(target) / 4
    enough = found[2] >= rule.documents and target >= rule.share and found[0] + found[1] >= rule.known
    if not (enough and (ratio or target - q > rule.gap) and target - q > strict * error):
        return NEVER
    return next((level for level, cutoff in enumerate(CUTOFFS) if q <= cutoff), NEVER)


def one_source(rows, size):
    return np.array(rows, np.int64)[:, :, None], np.full((len(rows[0]), 1), size, np.int64)


@pytest.mark.parametrize("contrast", [NEXT, LATER])
@pytest.mark.parametrize("rule", [Excess(), Excess(documents=40, known=30, share=0.02, gap=0.2)])
def test_levels_are_those_of_the_rule_for_one_word(contrast, rule):
    rng = np.random.default_rng(0)
    usual = np.exp(rng.uniform(np.log(2e-4), np.log(0.3), 500))
    shares = np.clip(usual[:, None] * np.exp(rng.normal(0, 0.5, (500, 4))), 0, 0.9)
    totals = np.array([[4000], [3000], [5000], [2000]])
    counts = rng.binomial(totals[:, 0], shares)[:, :, None]
    places = list(contrast.places)
    by_loop = [
        [level_of(row[places, 0].tolist(), totals[places, 0].tolist(), contrast.reach, strict, rule) for strict in ERRORS] for row in counts
    ]
    assert (chosen(counts, totals, contrast, rule) == by_loop).all()
    assert len(set(np.array(by_loop).ravel())) > 4


def test_a_stricter_set_holds_no_word_that_a_looser_one_lacks():
    rng = np.random.default_rng(1)
    counts, totals = rng.integers(0, 400, (500, 3, 1)), np.full((3, 1), 4000)
    levels = chosen(counts, totals, NEXT, Excess()).astype(int)
    assert (np.diff(levels, axis=1) >= 0).all()
    assert 0 < (levels[:, -1] < NEVER).sum() < (levels[:, 0] < NEVER).sum()


@pytest.mark.parametrize(("documents", "known", "taken"), [(10, 2, True), (9, 2, False), (10, 1, False)])
def test_a_word_needs_enough_documents_before_and_after(documents, known, taken):
    counts, totals = one_source([[known - 1, 1, documents]], 9999)
    assert (chosen(counts, totals, NEXT, Excess())[0, 0] < NEVER) == taken


def test_a_word_usual_in_exactly_a_cutoff_is_in_its_set():
    counts, totals = one_source([[99, 99, 600], [100, 100, 600]], 9999)
    found = chosen(counts, totals, NEXT, Excess())[:, 0]
    assert found.tolist() == [CUTOFFS.index(0.01), CUTOFFS.index(0.02)]


def test_a_word_more_frequent_than_every_cutoff_is_in_no_set():
    counts, totals = one_source([[2000, 2000, 6000]], 9999)
    assert (chosen(counts, totals, NEXT, Excess()) == NEVER).all()


def test_a_steady_rise_is_no_excess_and_a_leap_is():
    counts, totals = one_source([[500, 1000, 1500], [500, 500, 1500], [1000, 500, 700]], 99_999)
    assert (chosen(counts, totals, NEXT, Excess())[:, 0] < NEVER).tolist() == [False, True, False]


@pytest.mark.parametrize(("rest", "taken"), [(100, False), (99, True)])
def test_a_word_of_one_source_counts_only_where_the_others_are_too_few_to_tell(rest, taken):
    counts = np.zeros((1, 3, 2), np.int64)
    counts[0, :, 0] = 20, 20, 400
    totals = np.array([[2000, rest]] * 3)
    assert (chosen(counts, totals, NEXT, Excess())[0, 0] < NEVER) == taken


def test_a_source_without_documents_changes_nothing():
    rng = np.random.default_rng(2)
    counts, totals = rng.integers(0, 100, (200, 3, 2)), np.full((3, 2), 1000)
    wider = np.concatenate([counts, np.zeros((200, 3, 1), np.int64)], axis=2), np.concatenate([totals, np.zeros((3, 1), np.int64)], axis=1)
    found = chosen(counts, totals, NEXT, Excess())
    assert (chosen(*wider, NEXT, Excess()) == found).all()
    assert (found < NEVER).any()


def test_no_words_have_no_levels():
    assert chosen(np.zeros((0, 3, 1), np.int64), np.full((3, 1), 10), NEXT, Excess()).shape == (0, len(ERRORS))


def test_what_is_expected_follows_a_rise_and_never_a_fall():
    found = expected(np.array([0.1, 0.2, 0.3]), np.array([0.2, 0.2, 0.1]), 3.0)
    assert found == pytest.approx([0.5, 0.2, 0.1])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"gap": -0.1}, "gap=-0.1 of excess words; it must lie between 0 and 1"),
        ({"share": float("nan")}, "share=nan of excess words"),
        ({"known": -1}, "documents=10, known=-1 of excess words; need documents >= 1 and known >= 0"),
    ],
)
def test_a_rule_out_of_range_is_named(settings, words):
    with pytest.raises(ConfigError, match=words):
        Excess(**settings)
