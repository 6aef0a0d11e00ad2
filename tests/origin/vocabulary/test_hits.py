"""Documents that hold a chosen word: edge cases of the second pass."""

import numpy as np
import pytest

from longtail.errors import IncompatibleSummaries
from longtail.origin.vocabulary.batches import dated, hashes_of
from longtail.origin.vocabulary.choosing import ERRORS, NEVER
from longtail.origin.vocabulary.contrasts import TARGET
from longtail.origin.vocabulary.hits import GROUPS, Hits, Sets

YEARS = (2019, 2020, 2023)


def sets_of(words, level=2, years=YEARS):
    types = hashes_of(words, 0)
    return Sets("year", years, np.array([[0, 1, 2]]), types, np.full((len(types), 1, 2, len(ERRORS)), level, np.uint8))


def hits_of(sets, texts, dates, clusters=None):
    made = Hits(sets)
    for batch in dated(texts, dates, clusters)():
        made.add(batch)
    return made


def test_without_chosen_words_every_document_holds_none():
    made = hits_of(sets_of([]), ["delve", "realm", "tapestry"], YEARS)
    assert made.counts[..., NEVER].sum() == made.counts.sum() == 3 * len(ERRORS)
    assert made.spelled == {}


def test_documents_without_a_date_or_of_other_periods_are_passed_over():
    made = hits_of(sets_of(["delve"]), ["delve one", "delve two", "delve three"], [None, 2021, 2023])
    assert made.counts.sum() == made.counts[:, :, :, TARGET, :, 2].sum() == len(ERRORS)


def test_words_that_only_one_half_chose_mark_only_documents_of_the_other():
    sets = sets_of(["delve"])
    sets.levels[:, :, 0] = NEVER
    made = hits_of(sets, [f"delve {number}" for number in range(200)], [2023] * 200)
    by_half = made.counts[0, :, 0, TARGET].sum(axis=1)
    assert by_half[0, 2] > 0
    assert by_half[1, NEVER] > 0
    assert by_half[0, 2] + by_half[1, NEVER] == 200


def test_documents_of_one_cluster_fall_into_one_bin_and_others_into_many():
    texts, dates = [f"text {number}" for number in range(300)], [2023] * 300
    together, apart = (hits_of(sets_of(["delve"]), texts, dates, clusters) for clusters in (["one"] * 300, None))
    assert (together.counts[0, :, 0, TARGET].sum(axis=-1) > 0).sum() == 1
    assert ((apart.counts[0, :, 0, TARGET].sum(axis=-1) > 0).any(axis=0)).sum() > GROUPS // 2


def test_the_spelling_does_not_depend_on_what_is_merged_first():
    sets = sets_of(["delve"])
    for order in ((0, 1), (1, 0)):
        pair = [Hits(sets), Hits(sets)]
        pair[0].spelled[0], pair[1].spelled[0] = "delve", "delvé"
        pair[order[0]].merge(pair[order[1]])
        assert pair[order[0]].spelled == {0: "delve"}


def test_a_state_is_no_view_of_the_counts():
    made = hits_of(sets_of(["delve"]), ["delve"], [2023])
    state = made.to_dict()
    back = Hits.from_dict(state)
    made.merge(back)
    assert made.counts.sum() == 2 * state["counts"].sum() == 2 * back.counts.sum() > 0


@pytest.mark.parametrize(
    ("other", "shown"),
    [
        (lambda: Hits(sets_of(["delve"]), seed=3), r"differ in seed \(0 and 3\)"),
        (lambda: Hits(sets_of(["delve", "realm"])), r"differ in words \(1 and 2\)"),
        (lambda: Hits(sets_of(["realm"])), "count both with the same chosen words and seed"),
        (lambda: Hits(sets_of(["delve"], level=3)), "count both with the same chosen words and seed"),
        (lambda: Hits(sets_of(["delve"], years=(2018, 2020, 2023))), "count both with the same chosen words and seed"),
    ],
)
def test_hits_of_other_sets_are_not_added_and_change_nothing(other, shown):
    made = hits_of(sets_of(["delve"]), ["delve"], [2023])
    before = made.counts.copy()
    with pytest.raises(IncompatibleSummaries, match=shown):
        made.merge(other())
    assert (made.counts == before).all()
