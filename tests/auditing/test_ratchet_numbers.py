"""How today's number stands to an accepted one."""

import math
from datetime import date

import msgspec
import numpy as np
import pytest

from longtail.auditing.ratchet_numbers import Accepted, Allowance, relation


def number(value, low, high, n=1000, metric="tail_types_retained"):
    return Accepted(
        value=value, low=low, high=high, n=n, time="2026-01-01", key="0", metric=metric, view="words_1", slice=None, measured_by="0"
    )


@pytest.mark.parametrize(
    ("before", "now", "how"),
    [
        ((0.80, 0.75, 0.85), (0.75, 0.70, 0.80), "like"),
        ((0.80, 0.75, 0.85), (0.749, 0.60, 0.84), "worse"),
        ((0.80, 0.75, 0.85), (0.88, 0.83, 0.93), "better"),  # 0.08 > hypot(.05, .05) = 0.0707
        ((0.80, 0.75, 0.85), (0.86, 0.81, 0.91), "like"),
        ((0.80, 0.70, 0.81), (0.72, 0.71, 0.73), "like"),
        ((0.80, 0.79, 0.95), (0.78, 0.60, 0.95), "worse"),
        ((0.80, 0.79, 0.95), (0.90, 0.89, 0.91), "like"),  # the side of the accepted interval towards today's counts
    ],
)
def test_a_number_is_worse_below_the_accepted_interval_and_better_beyond_the_noise_of_both(before, now, how):
    assert relation(number(*before), number(*now)) == how
    mirrored = [(-value, -high, -low) for value, low, high in (before, now)]
    assert relation(*(number(*each, metric="own_nll_change") for each in mirrored)) == how


def test_fewer_than_half_of_the_documents_are_too_few():
    assert relation(number(0.8, 0.7, 0.9), number(0.5, 0.4, 0.6, n=499)) == "too_few"
    assert relation(number(0.8, 0.7, 0.9), number(0.5, 0.4, 0.6, n=500)) == "worse"


def test_a_lucky_draw_tightens_as_rarely_as_the_intervals_state():
    rng = np.random.default_rng(7)
    draws, z = 4000, 1.959964
    pairs = rng.normal(0.8, [[0.02], [0.03]], (2, draws)).T
    found = [relation(number(a, a - z * 0.02, a + z * 0.02), number(b, b - z * 0.03, b + z * 0.03)) for a, b in pairs]
    assert abs(found.count("better") / draws - 0.025) < 3 * np.sqrt(0.025 * 0.975 / draws)
    below = 0.5 * math.erfc(z * 0.02 / math.hypot(0.02, 0.03) / math.sqrt(2))
    assert abs(found.count("worse") / draws - below) < 3 * np.sqrt(below * (1 - below) / draws)


def test_a_worse_number_stands_in_its_place_until_its_last_day():
    tight = number(0.8, 0.7, 0.9)
    terms = {name: getattr(tight, name) for name in ("low", "high", "n", "time", "key")}
    allowed = Allowance(value=0.75, reason="a quota", owner=None, expires=date(2026, 4, 1), **terms)
    held = msgspec.structs.replace(tight, allowance=allowed)
    assert held.in_force(date(2026, 4, 1)) is allowed and held.in_force(date(2026, 4, 2)) is held
    assert tight.in_force(date(2026, 4, 1)) is tight


def test_a_place_is_written_with_its_slice():
    assert number(0.8, 0.7, 0.9).name == "tail_types_retained@words_1"
    assert msgspec.structs.replace(number(0.8, 0.7, 0.9), slice="rare").name == "tail_types_retained@words_1[rare]"


@pytest.mark.parametrize(("value", "low", "high", "n"), [(math.nan, 0, 1, 9), (0.5, 0.6, 1, 9), (0.5, 0.1, math.inf, 9), (0.5, 0.1, 1, 0)])
def test_what_is_no_number_with_its_interval_is_refused(value, low, high, n):
    with pytest.raises(ValueError, match="is no number with its interval"):
        number(value, low, high, n)
