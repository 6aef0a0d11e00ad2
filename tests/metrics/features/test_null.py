"""Where nothing changed, p-values of the endpoints of concentration are uniform, also for samples of unlike size."""

import numpy as np
import pytest
from scipy.stats import binom

from longtail.metrics.features import effective_rank_endpoint, rke_endpoint, total_variance_endpoint

from .featured import featured, mixture, paired

RUNS = 100


@pytest.mark.slow
@pytest.mark.parametrize(("candidate", "reference", "cluster"), [(400, 800, 1), (400, 2400, 1), (400, 2400, 2)])
def test_the_type_i_error_holds_in_both_directions(candidate, reference, cluster):
    found = []
    for run in range(RUNS):
        here = featured(mixture(candidate, 2 * run, cluster=cluster), f"a{run}", cluster=cluster)
        there = featured(mixture(reference, 2 * run + 1, cluster=cluster), f"b{run}", cluster=cluster)
        pairing = paired(here, there, 199, run)
        found.append([endpoint(pairing, "emb").p for endpoint in (rke_endpoint, effective_rank_endpoint, total_variance_endpoint)])
    most = binom.ppf(0.998, RUNS, 0.05)
    assert ((np.array(found) <= 0.05).sum(axis=0) <= most).all()
    assert ((np.array(found) > 0.95).sum(axis=0) <= most).all()
