"""What a result says of its periods."""

import pytest

from longtail.origin.vocabulary.result import ExcessVocabulary, PeriodBound


def said(*statuses):
    periods = tuple(PeriodBound(period=str(2023 + at), documents=500, status=status) for at, status in enumerate(statuses))
    return ExcessVocabulary("ok", (), 1000, 0, 0, "published", "year", "2022-11-30", periods)


@pytest.mark.parametrize(
    ("statuses", "period"),
    [(("ok", "weak"), "2024"), (("ok", "refused"), "2023"), (("refused", "weak", "refused"), "2024"), (("ok", "ok"), "2024")],
)
def test_the_best_period_is_the_latest_that_is_not_refused(statuses, period):
    assert said(*statuses).best().period == period


@pytest.mark.parametrize("statuses", [(), ("refused",), ("refused", "refused")])
def test_there_is_no_best_period_where_all_are_refused(statuses):
    assert said(*statuses).best() is None


def test_a_bound_that_is_only_named_claims_nothing():
    (bound,) = said("refused").periods
    assert (bound.value, bound.low, bound.drift, bound.cutoff, bound.errors) == (None,) * 5
    assert (bound.controls, bound.carriers, bound.words) == ((), (), 0)
