"""Runs compared at equal success: straight lines by numpy, the commonest format by counting."""

import math

import numpy as np
import pytest

from longtail.lab.makers.modes import at_level, commonest


@pytest.mark.parametrize("level", [0.25, 0.3, 0.41, 0.6])
def test_what_is_kept_at_a_level_is_what_numpy_interpolates_where_success_rises(level):
    success, kept = (0.2, 0.3, 0.5, 0.6), (0.3, 0.25, 0.1, 0.0)
    assert at_level(success, kept, level) == pytest.approx(np.interp(level, success, kept))


def test_the_first_time_counts_and_a_level_that_is_never_reached_has_no_number():
    assert at_level((0.2, 0.5, 0.3, 0.7), (0.4, 0.2, 0.1, 0.0), 0.5) == 0.2
    assert at_level((0.6, 0.5), (0.4, 0.2), 0.5) == 0.4
    assert math.isnan(at_level((0.2, 0.3), (0.4, 0.2), 0.5))


def test_the_commonest_format_is_that_of_most_completions():
    assert commonest(["D1", "S2", "S3", "x"]).tolist() == [0.0, 1.0, 1.0, 0.0]
