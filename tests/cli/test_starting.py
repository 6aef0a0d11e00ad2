"""What `longtail init` writes down: times that never lie too far apart."""

from datetime import date, timedelta

import pytest

from longtail.cli.starting import cron_times


def _days(fields):
    """The days of four years on which a cron line runs, by its day of the month, month and day of the week."""
    _, _, day, month, weekday = fields.split()
    matches = {
        "day": lambda one: day == "*" or str(one.day) in day.split(","),
        "month": lambda one: month == "*" or str(one.month) in month.split(","),
        "weekday": lambda one: weekday == "*" or int(weekday) == one.isoweekday() % 7,
    }
    every = (date(2024, 1, 1) + timedelta(days=at) for at in range(4 * 366))
    return [one for one in every if all(match(one) for match in matches.values())]


@pytest.mark.parametrize("every", range(1, 120))
def test_no_two_runs_lie_further_apart_than_asked(every):
    runs = _days(cron_times(every))
    assert max((later - sooner).days for sooner, later in zip(runs, runs[1:], strict=False)) <= every
