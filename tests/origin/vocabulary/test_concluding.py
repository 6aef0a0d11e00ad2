"""What is concluded from counts that are laid out by hand."""

import numpy as np
import pytest

from longtail.origin.dates.dating import CUTOFF, Calendar
from longtail.origin.vocabulary.bound import Bound
from longtail.origin.vocabulary.choosing import CUTOFFS, ERRORS, NEVER
from longtail.origin.vocabulary.concluding import carried, concluded
from longtail.origin.vocabulary.contrasts import Contrast, plans, roles
from longtail.origin.vocabulary.counting import Table
from longtail.origin.vocabulary.hits import GROUPS, Hits, Sets

LEVEL = 2
SIZE = 1000
STILL = (100, 100, 100)
EDITED = (100, 100, 280)
YEARS = (2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2023)


def counts_of(held, bins=GROUPS):
    """Both halves have `SIZE` documents in each of so many bins, of which `held` of each role hold a word."""
    out = np.zeros((2, len(ERRORS), 3, GROUPS, NEVER + 1), np.uint32)
    for role, count in enumerate(held):
        out[:, 0, role, :bins, LEVEL], out[:, 0, role, :bins, NEVER] = count, SIZE - count
        out[:, 1:, role, :bins, NEVER] = SIZE
    return out


def setting(years, target, controls, words=20, bins=GROUPS):
    """A plan, its calendar, a table of words that share the gap equally, and hits as given."""
    calendar = Calendar("year", years, tuple(range(500, 500 + len(years))))
    plan = plans(calendar, CUTOFF)[0]
    contrasts = [plan.target, *plan.controls]
    types = np.arange(1, words + 1, dtype=np.uint64) << np.uint64(12)
    levels = np.full((words, len(contrasts), 2, len(ERRORS)), NEVER, np.uint8)
    levels[:, 0, :, 0] = LEVEL
    hits = Hits(Sets("year", years, roles(contrasts, len(years)), types, levels))
    held = [target, *(controls[at] if at < len(controls) else STILL for at in range(len(plan.controls)))]
    hits.counts = np.stack([counts_of(each, bins) for each in held])
    hits.spelled = {row: f"word{chr(97 + row)}" for row in range(words)}
    counts = np.zeros((words, 2, len(years), 1), np.int64)
    counts[:, :, plan.target.places[2]] = 1800 // words
    return plan, 0, calendar, Table(types, counts, np.full((2, len(years), 1), 9999)), hits, 0


def test_a_gap_over_still_controls_is_the_bound():
    found = concluded(*setting(YEARS, EDITED, []))
    assert (found.status, found.reasons, found.period, found.baseline) == ("ok", (), "2023", ("2020", "2021"))
    assert found.documents == 508
    assert found.value == pytest.approx((0.28 - 0.1) / 0.9, abs=0.001)
    assert 0.9 * found.value < found.low < found.value
    assert (found.cutoff, found.errors) == (CUTOFFS[LEVEL], ERRORS[0])
    assert found.controls == pytest.approx([0.0] * 5)
    assert (found.words, len(found.carriers)) == (20, 20)


def test_a_bound_is_never_below_zero():
    found = concluded(*setting(YEARS, (280, 280, 100), []))
    assert (found.value, found.low) == (0.0, 0.0)


def test_without_words_in_excess_the_bound_is_zero_and_names_no_set():
    found = concluded(*setting(YEARS, (0, 0, 0), [(0, 0, 0)] * 5))
    assert (found.status, found.value, found.low, found.words, found.carriers) == ("ok", 0.0, 0.0, 0, ())
    assert (found.cutoff, found.errors) == (None, None)


def test_controls_that_rise_too_much_refuse_the_bound():
    found = concluded(*setting(YEARS, EDITED, [(100, 100, 190)] * 5))
    assert (found.status, found.value, found.low, found.carriers) == ("refused", None, None, ())
    assert found.reasons[0].startswith("the control fails: the same measurement before the cut-off comes to 0.100 on average, above 0.05")
    assert found.controls == pytest.approx([0.1] * 5, abs=0.001)


def test_one_control_that_rises_makes_the_bound_weak_and_lowers_it():
    still, rising = (concluded(*setting(YEARS, EDITED, controls)) for controls in ([], [(100, 100, 145)]))
    assert rising.status == "weak"
    assert rising.reasons == ("human writing drifts beyond its trend before the cut-off already; the drift is taken off",)
    assert rising.drift > still.drift
    assert (rising.value, rising.low < still.low) == (still.value, True)


@pytest.mark.parametrize(("bins", "refused"), [(29, True), (30, False)])
def test_thirty_bins_are_needed(bins, refused):
    found = concluded(*setting(YEARS, EDITED, [], bins=bins))
    assert (found.status == "refused") == refused
    assert any(f"fall into {bins} independent bins, 30 are needed" in each for each in found.reasons) == refused


def test_every_role_and_half_needs_its_bins():
    given = setting(YEARS, EDITED, [])
    given[4].counts[0, 1, :, 0, 12:] = 0
    found = concluded(*given)
    assert found.reasons[0].startswith("the documents of a period fall into 12 independent bins")


def test_without_controls_it_is_said_how_far_back_documents_are_needed():
    found = concluded(*setting((2020, 2021, 2024), EDITED, []))
    assert (found.status, found.drift, found.controls) == ("refused", None, ())
    assert "add documents from 5 periods before the cut-off, or more" in found.reasons[0]


@pytest.mark.parametrize(("target", "far"), [(2025, False), (2026, True)])
def test_a_trend_drawn_out_far_is_weak(target, far):
    found = concluded(*setting((*range(2008, 2022), target), EDITED, []))
    assert (found.status == "weak") == far
    assert any("drawn out 5 times their distance" in each for each in found.reasons) == far


@pytest.mark.parametrize(("words", "alone"), [(1, True), (2, False)])
def test_one_word_that_carries_more_than_half_is_named(words, alone):
    found = concluded(*setting(YEARS, EDITED, [], words=words))
    assert any("one word, 'worda', carries more than half of it" in each for each in found.reasons) == alone


BEST = Bound(0.2, 0.1, 0.05, (0, LEVEL))


def table_of(rows, levels, spelled):
    """Two sources alike; of each word, the documents of each source by half and period."""
    counts = np.repeat(np.array(rows, np.int64)[..., None], 2, axis=3)
    types = np.arange(1, len(rows) + 1, dtype=np.uint64) << np.uint64(12)
    member = np.full((len(rows), 1, 2, len(ERRORS)), NEVER, np.uint8)
    member[:, 0, :, 0] = levels
    hits = Hits(Sets("year", (2020, 2021, 2023), np.array([[0, 1, 2]]), types, member))
    hits.spelled = dict(enumerate(spelled))
    return Table(types, counts, np.full((2, 3, 2), 500)), hits


def test_a_word_is_measured_on_the_half_that_did_not_choose_it():
    rows = [[[10, 20, 400], [5, 15, 100]], [[10, 10, 200], [10, 10, 300]]]
    table, hits = table_of(rows, [[LEVEL, NEVER], [LEVEL, LEVEL]], ["chosen", "both"])
    carriers, words = carried(Contrast((0, 1, 2), 2.0), 0, BEST, table, hits)
    by_word = {each.word: each for each in carriers}
    assert words == 2
    assert by_word["chosen"].share == pytest.approx(201 / 1001)
    assert by_word["chosen"].expected == pytest.approx((31 + 2 * 20) / 1001)
    assert by_word["both"].share == pytest.approx((401 + 601) / 2 / 1001)
    assert [each.word for each in carriers] == ["both", "chosen"]
    assert all(each.gap == pytest.approx(each.share - each.expected) for each in carriers)


def test_words_of_wider_sets_without_a_gap_or_unseen_carry_nothing():
    rows = [[[10, 10, 300]] * 2, [[10, 10, 5]] * 2, [[10, 10, 300]] * 2, [[10, 10, 300]] * 2]
    levels = [[LEVEL, LEVEL], [LEVEL, LEVEL], [LEVEL + 1, LEVEL + 1], [LEVEL, LEVEL]]
    table, hits = table_of(rows, levels, ["held", "falling", "wider"])
    carriers, words = carried(Contrast((0, 1, 2), 1.0), 0, BEST, table, hits)
    assert ([each.word for each in carriers], words) == (["held"], 3)


def test_at_most_twenty_words_are_shown_and_all_are_counted():
    rows = [[[10, 10, 100 + 3 * number]] * 2 for number in range(30)]
    table, hits = table_of(rows, [[LEVEL, LEVEL]] * 30, [f"word{number}" for number in range(30)])
    carriers, words = carried(Contrast((0, 1, 2), 1.0), 0, BEST, table, hits)
    assert words == 30
    assert [each.word for each in carriers] == [f"word{number}" for number in range(29, 9, -1)]
    assert carried(Contrast((0, 1, 2), 1.0), 0, Bound(0.0, 0.0, 0.0, None), table, hits) == ((), 0)
