"""Periods with enough documents, and the baseline among them."""

import numpy as np
import pytest

from longtail.diagnosis.voice.spans import baseline_of, spans_of
from longtail.errors import ConfigError


def days(*counts, first="2020-01-15", step=3):
    months = np.datetime64(first[:7], "M") + step * np.repeat(np.arange(len(counts)), counts)
    return months.astype("datetime64[D]") + 14


def test_periods_with_too_few_are_merged_with_those_that_follow_and_the_last_with_the_one_before():
    spans = spans_of(days(25, 5, 10, 30, 21, 3), "quarter")
    assert spans.names == ("2020-Q1", "2020-Q2 to 2020-Q4", "2021-Q1 to 2021-Q2")
    assert np.bincount(spans.owner).tolist() == [25, 45, 24] and spans.merged == 2
    assert spans.first_day(1) == "2020-04-01"


def test_documents_without_a_date_are_in_no_period():
    every = np.concatenate((days(30, 30), np.array(["NaT"], "datetime64[D]")))
    assert spans_of(every, "quarter").owner[-1] == -1


def test_quarters_are_taken_months_where_they_are_few_and_years_where_they_are_thin():
    assert spans_of(days(*[30] * 12), None).unit == "quarter"
    assert spans_of(days(*[30] * 10, step=1), None).unit == "month"
    assert spans_of(days(*[10] * 40, step=12), None).unit == "year"


def test_the_baseline_is_the_first_periods_or_the_one_that_is_named():
    spans = spans_of(days(*[30] * 12), "quarter")
    counts = np.full(12, 30)
    assert np.flatnonzero(baseline_of(spans, counts, None)).tolist() == [0, 1]
    assert np.flatnonzero(baseline_of(spans, counts, "2021")).tolist() == [4, 5, 6, 7]
    assert np.flatnonzero(baseline_of(spans, counts, "2021-Q2")).tolist() == [5]
    assert np.flatnonzero(baseline_of(spans, counts, "2020-07-31")).tolist() == [0, 1]
    months = spans_of(days(*[30] * 12, step=1), "month")
    assert np.flatnonzero(baseline_of(months, counts, "2020-02")).tolist() == [1]


@pytest.mark.parametrize("named", ["2031", "soon", "2020-13", "2020-Q5", "2035-01-01"])
def test_a_baseline_that_is_none_is_told(named):
    with pytest.raises(ConfigError, match="--baseline"):
        baseline_of(spans_of(days(*[30] * 12), "quarter"), np.full(12, 30), named)
