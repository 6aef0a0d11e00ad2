import numpy as np
import pytest
from scipy.stats import ks_2samp, wasserstein_distance

from longtail.metrics.tabular.columns import Grouped
from longtail.metrics.tabular.gaps import area, greatest, sampled


@pytest.mark.parametrize(("measure", "oracle"), [(greatest, lambda x, y: ks_2samp(x, y).statistic), (area, wasserstein_distance)])
def test_the_observed_distance_is_that_of_scipy_in_every_relabelling(measure, oracle):
    rng = np.random.default_rng(0)
    values = np.sort(np.round(rng.normal(size=120), 2))
    unit = rng.integers(0, 8, 120)
    labels = np.stack([np.arange(8) >= 4, rng.permutation(8) >= 4], axis=1).astype(np.uint8)
    found = sampled(Grouped(values, unit, np.ones(120, np.int64), (4, 4), labels), measure, 2)
    for at in (0, 1):
        side = labels[unit, at] == 1
        assert found.statistics[at] == pytest.approx(oracle(values[~side], values[side]), abs=1e-6)
    assert found.error > 0
