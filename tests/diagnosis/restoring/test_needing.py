"""Documents for an improvement: fewer for a larger one, and said where none can be foreseen."""

import numpy as np

from bench.synthetic import drawn, profiled, scaled, zipf
from longtail.auditing.options import Options
from longtail.diagnosis.restoring.checking import Pairs, Samples
from longtail.diagnosis.restoring.needing import needed
from longtail.metrics.endpoint import Endpoint

LAW, OPTIONS = zipf(), Options(views=("words_1",))


def endpoints(rng, ratio, count):
    reference = profiled(drawn(LAW, 2000, rng), 0)
    before, after = (profiled(drawn(law, count, rng), 0) for law in (LAW, scaled(LAW, ratio)))
    return [each for each in Pairs.of(Samples(before, after, reference), OPTIONS).between if isinstance(each, Endpoint)], reference


def test_a_larger_gain_needs_fewer_documents_and_a_loss_has_no_number():
    rng = np.random.default_rng(1)
    gained, reference = endpoints(rng, 1.2, 800)
    lost, _ = endpoints(rng, 0.7, 800)
    found = needed(gained, reference, 800, OPTIONS)
    documents = list(found.by_gain.values())
    assert documents == sorted(documents, reverse=True) and not found.reason
    assert found.observed["tail_mass_retained"] < 3000
    assert set(needed(lost, reference, 800, OPTIONS).observed.values()) == {None}


def test_a_reference_too_small_to_foresee_from_is_said():
    rng = np.random.default_rng(2)
    gained, _ = endpoints(rng, 1.2, 400)
    found = needed(gained, profiled(drawn(LAW, 250, rng), 0), 400, OPTIONS)
    assert found.by_gain == {} and found.reason
