"""Days, kinds of dates and periods, against Python's own calendar."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import ConfigError
from longtail.origin.dates.dating import (
    CUTOFF,
    KINDS,
    UNDATED,
    UNITS,
    Calendar,
    calendar_of,
    caveat,
    controls,
    cutoff_of,
    days_of,
    fitted,
    kind_of,
    named,
    period_of,
    periods_of,
    proves_age,
)

DAYS = st.dates(date(1200, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2022-11-30", "2022-11-30"),
        ("2022-11-30T23:00:00-02:00", "2022-12-01"),
        ("2022/11", "2022-11-01"),
        ("Wed, 30 Nov 2022 10:00:00 GMT", "2022-11-30"),
        (2021, "2021-01-01"),
        (2021.0, "2021-01-01"),
        ("1790", "1790-01-01"),
        (1_700_000_000, "2023-11-14"),
        (1_700_000_000_000, "2023-11-14"),
        ("1700000000", "2023-11-14"),
        (date(2020, 2, 29), "2020-02-29"),
        (datetime(2020, 2, 29, 12, tzinfo=UTC), "2020-02-29"),
        *((value, "NaT") for value in (None, "", "soon", "03/04/2022", True, float("nan"), [2021], {})),
    ],
)
def test_a_date_is_read_however_it_is_written(value, day):
    assert str(days_of([value])[0]) == day


@given(st.lists(DAYS, max_size=20), st.sampled_from(list(UNITS)))
def test_periods_are_those_of_the_calendar(days, unit):
    numbers = periods_of(days_of(days), unit)
    assert numbers.tolist() == [period_of(day, unit) for day in days]
    months = 12 // UNITS[unit]
    assert [divmod(number, UNITS[unit]) for number in numbers] == [(day.year, (day.month - 1) // months) for day in days]


def test_a_document_without_a_date_is_in_no_period():
    assert periods_of(days_of([None, "2020"]), "month").tolist() == [UNDATED, 2020 * 12]


def test_names_of_periods():
    assert [named(period_of(date(2023, 5, 6), unit), unit) for unit in UNITS] == ["2023", "2023-Q2", "2023-05"]


def test_the_period_that_holds_the_cutoff_is_neither_before_nor_after():
    calendar = calendar_of([days_of(["2021-12-31", "2022-01-01", "2022-12-31", "2023-01-01"])], "year")
    assert (calendar.before().tolist(), calendar.after().tolist()) == ([True, False, False], [False, False, True])
    months = calendar_of([days_of(["2022-10-31", "2022-11-30", "2022-12-01"])])
    assert (months.before().tolist(), months.after().tolist()) == ([True, False, False], [False, False, True])


@given(st.lists(st.lists(st.one_of(DAYS, st.none()), max_size=8), max_size=5), st.sampled_from(list(UNITS)))
def test_counting_by_month_and_joining_is_counting_by_the_longer_unit(batches, unit):
    days = [days_of(batch) for batch in batches]
    assert calendar_of(days).coarser(unit) == calendar_of(days, unit)
    assert sum(calendar_of(days).documents) + calendar_of(days).undated == sum(map(len, batches))


def test_periods_are_not_parted():
    with pytest.raises(ConfigError, match="periods of one year cannot be parted into months"):
        Calendar("year", (2020,), (5,)).coarser("month")


def monthly(counts):
    return Calendar("month", tuple(period_of(date(year, month, 1), "month") for year, month in counts), tuple(counts.values()))


def test_the_longest_periods_that_leave_enough_of_them_are_taken():
    every = {(year, month): 60 for year in range(2019, 2025) for month in range(1, 13)}
    assert fitted(monthly(every), 500).names == ("2019", "2020", "2021", "2022", "2023", "2024")
    short = {month: 200 for month in every if (2022, 1) <= month < (2023, 4)}
    assert fitted(monthly(short), 500).unit == "quarter"
    brief = {month: 600 for month in every if (2022, 9) <= month < (2023, 1)}
    assert fitted(monthly(brief), 500).names == ("2022-09", "2022-10", "2022-11", "2022-12")
    assert fitted(monthly(brief), 700).names == ("2022",)


def test_the_middle_of_a_period_in_years():
    assert Calendar("quarter", (period_of(date(2023, 1, 1), "quarter"),), (1,)).years.tolist() == [2023.125]


def test_only_what_is_dated_before_the_cutoff_by_a_date_that_proves_age_is_a_control():
    days = days_of(["2019-01-01", "2022-11-29", "2022-11-30", "2025-01-01", None])
    for kind in KINDS:
        wanted = [True, True, False, False, False] if kind != "crawled" else [False] * 5
        assert controls(days, kind).tolist() == wanted
        assert proves_age(kind) == (kind != "crawled")
        assert str(CUTOFF) in caveat(kind)
    assert "not certainly, human" in caveat("archived")
    assert "says nothing about the age" in caveat("crawled")


def test_an_unknown_kind_of_date_is_named():
    assert kind_of("archived") == "archived"
    with pytest.raises(ConfigError, match="--date-kind 'guessed'; the kinds of dates are published, archived, authored, crawled"):
        kind_of("guessed")


def test_a_cutoff_is_a_day():
    assert cutoff_of("2022-11-30") == CUTOFF == cutoff_of(CUTOFF)
    for text in ("2022", "soon"):
        with pytest.raises(ConfigError, match=f"cut-off '{text}' is no day; write it as YYYY-MM-DD"):
            cutoff_of(text)


def test_days_of_nothing_are_days():
    assert days_of([]).dtype == np.dtype("datetime64[D]")
    assert calendar_of([]) == Calendar("month", (), ())
