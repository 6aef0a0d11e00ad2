"""Moments in time, as data sets write them."""

import pytest

from longtail.readers.moments import moment

MOMENTS = {
    "2022-11-30": "2022-11-30T00:00:00+00:00",
    "2022-11-30T12:00:00Z": "2022-11-30T12:00:00+00:00",
    "2022-11-30 12:00:00+02:00": "2022-11-30T10:00:00+00:00",
    "20221130": "2022-11-30T00:00:00+00:00",
    "2022": "2022-01-01T00:00:00+00:00",
    "2022-11": "2022-11-01T00:00:00+00:00",
    "2022/11/3": "2022-11-03T00:00:00+00:00",
    "Wed, 30 Nov 2022 12:00:00 +0100": "2022-11-30T11:00:00+00:00",
    "1669766400": "2022-11-30T00:00:00+00:00",
    1669766400: "2022-11-30T00:00:00+00:00",
    1669766400.5: "2022-11-30T00:00:00.500000+00:00",
    1669766400123: "2022-11-30T00:00:00.123000+00:00",
    1669766400123456: "2022-11-30T00:00:00.123456+00:00",
    -86400: "1969-12-31T00:00:00+00:00",
}


@pytest.mark.parametrize("value", MOMENTS, ids=repr)
def test_a_moment_is_read_as_data_sets_write_it(value):
    assert moment(value).isoformat() == MOMENTS[value]


@pytest.mark.parametrize("value", ["03/04/2022", "soon", "", "2022-13-01", "99999999999999999999999", True, [], 1e300, float("nan"), None])
def test_what_is_no_moment_or_can_be_two_is_none(value):
    assert moment(value) is None
