"""Periods of the calendar as slices of a corpus."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.origin.dates.slope import LEAST_REPLICATES
from longtail.origin.estimating.periods import LEAST, Dated, When, check_replicates, unit_of

VALUES = ["2019-03-01"] * LEAST + ["2020-03-01"] * (LEAST - 1) + ["2021-05-05"] * LEAST + ["2023-05-05"] * LEAST + [None, "soon"]


def measured(column, value, share):
    return SimpleNamespace(column=column, value=value, machine=SimpleNamespace(share=share))


def test_documents_are_in_the_period_of_their_date_and_those_of_small_periods_in_none():
    dated = Dated.of(VALUES, When("when", unit="year"))
    expected = [value[:4] if value and value[:4] in {"2019", "2021", "2023"} else None for value in VALUES]
    assert dated.slices() == expected


def test_every_document_is_in_a_period_or_counted_as_undated_or_passed():
    dated = Dated.of(VALUES, When("when", unit="year"))
    told = dated.told([], {})
    assert (told.undated, told.passed) == (2, LEAST - 1)
    assert told.undated + told.passed + sum(dated.calendar.documents) == len(VALUES)


def test_the_shares_of_the_periods_are_those_of_the_date_column_alone():
    years = range(2017, 2026)
    dated = Dated.of([f"{year}-07-01" for year in years for _ in range(LEAST)], When("when", unit="year"))
    rising = [measured("when", str(year), (year - 2017) / 20) for year in years]
    falling = [measured("site", str(year), 1 - (year - 2017) / 20) for year in years]
    noise = np.random.default_rng(0).normal(0, 0.01, (len(years), LEAST_REPLICATES))
    drawn = {("when", str(year)): (year - 2017) / 20 + noise[at] for at, year in enumerate(years)}
    alone, beside = dated.told(rising, drawn), dated.told([*rising, *falling], drawn)
    assert alone == beside
    assert alone.slope.per_year == pytest.approx(1 / 20)


def test_controls_are_from_before_the_day_of_the_cutoff():
    values = ["2022-11-29", "2022-11-30", None, "2010"]
    assert Dated.of(values, When("when", cutoff=date(2022, 11, 30))).controls().tolist() == [True, False, False, True]
    crawled = Dated.of(values, When("when", kind="crawled"))
    assert not crawled.controls().any() and crawled.told([], {}).over is None


@pytest.mark.parametrize(("values", "says"), [([None, None], "holds nothing"), ([None, "x" * 50], f"holds no date \\('{'x' * 40}'\\)")])
def test_a_column_without_any_date_is_refused_with_what_it_holds(values, says):
    with pytest.raises(ConfigError, match=f"the column 'when' {says}; name a column of dates"):
        Dated.of(values, When("when"))


def test_a_bootstrap_too_small_for_a_slope_is_refused():
    check_replicates(LEAST_REPLICATES)
    with pytest.raises(ConfigError, match=f"replicates is {LEAST_REPLICATES - 1}; shares over dates need {LEAST_REPLICATES}"):
        check_replicates(LEAST_REPLICATES - 1)


def test_a_period_is_one_of_three_or_left_out():
    assert [unit_of(name) for name in ("year", "quarter", "month", None)] == ["year", "quarter", "month", None]
    with pytest.raises(ConfigError, match="period is 'week'; take year, quarter, month"):
        unit_of("week")
