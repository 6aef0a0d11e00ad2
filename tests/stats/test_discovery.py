"""Adjusted p-values against scipy."""

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from longtail.stats.discovery import benjamini_yekutieli


@pytest.mark.parametrize("count", [1, 2, 17, 300])
def test_adjusted_p_values_are_those_of_scipy_to_the_last_bit(count):
    rng = np.random.default_rng(count)
    p = np.round(rng.random(count) ** 3, 2)  # with ties
    assert benjamini_yekutieli(p).tolist() == false_discovery_control(p, method="by").tolist()


def test_of_nothing_nothing_is_adjusted():
    assert benjamini_yekutieli([]).tolist() == []
