"""Values of columns that are measured alone."""

from longtail.origin.checks import FEWEST_CLUSTERS
from longtail.origin.estimating.slicing import MOST, measurable


def test_a_value_of_just_enough_documents_is_kept_and_of_one_fewer_is_not():
    kept, note = measurable("site", ["a"] * FEWEST_CLUSTERS + ["b"] * (FEWEST_CLUSTERS - 1))
    assert kept == ["a"] * FEWEST_CLUSTERS + [None] * (FEWEST_CLUSTERS - 1)
    assert note.startswith(f"site: 1 of 2 values are not measured alone ({FEWEST_CLUSTERS - 1} documents in all)")


def test_of_too_many_values_the_largest_stay_and_of_equals_the_first_by_name():
    names = [f"v{at:03d}" for at in range(MOST + 2)]
    values = [name for name in reversed(names) for _ in range(FEWEST_CLUSTERS)] + [names[-1]]
    kept, _ = measurable("site", values)
    assert set(kept) - {None} == {*names[: MOST - 1], names[-1]}
    assert all(after in (None, before) for before, after in zip(values, kept, strict=True))


def test_documents_without_a_value_are_no_value_that_was_left_out():
    assert measurable("site", [None, None]) == ([None, None], "")
    assert measurable("site", []) == ([], "")
