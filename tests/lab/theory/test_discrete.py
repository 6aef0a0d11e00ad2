import math
from itertools import product

import numpy
import pytest
from scipy.stats import multinomial

from longtail.errors import ConfigError
from longtail.lab.theory import discrete, sampling


def harmonic(categories):
    weights = 1 / numpy.arange(1, categories + 1)
    return weights / weights.sum()


def enumerated(law, samples, share):
    """All counts of `samples` over the categories, and the transition matrix between them."""
    law = numpy.asarray(law)
    states = [counts for counts in product(range(samples + 1), repeat=len(law)) if sum(counts) == samples]
    shares = numpy.array(states) / samples
    rows = [multinomial.pmf(states, samples, share * law + (1 - share) * row) for row in shares]
    return shares, numpy.array(rows), multinomial.pmf(states, samples, law)


def test_absorption_times_are_the_printed_ones():
    assert discrete.absorption_time_diffusion(samples=100, p=0.2) == pytest.approx(100.08, abs=0.005)
    assert discrete.absorption_time_exact(samples=100, p=0.2) == pytest.approx(98.267, abs=0.0005)
    assert discrete.absorption_time_equal(samples=1000, categories=6) == pytest.approx(1823, abs=0.5)
    assert discrete.absorption_time_equal(samples=100, categories=6) == pytest.approx(182.3, abs=0.05)
    assert discrete.absorption_time_equal(samples=100, categories=50) == pytest.approx(198.0, abs=0.05)


def test_the_exact_absorption_time_is_that_of_the_enumerated_chain():
    shares, chain, first = enumerated([0.3, 0.7], 8, 0.0)
    law, expected = first, 1.0
    for _ in range(2000):
        expected += law[(shares > 0).all(axis=1)].sum()
        law = law @ chain
    assert discrete.absorption_time_exact(samples=8, p=0.3) == pytest.approx(expected, rel=1e-9)


def test_the_loop_ends_at_each_category_with_its_true_probability():
    law = [0.2, 0.5, 0.3]
    shares, chain, first = enumerated(law, 5, 0.0)
    ended = first @ numpy.linalg.matrix_power(chain, 400)
    assert discrete.categorical_fixation_chances(law=law) == pytest.approx(law)
    assert ended @ shares == pytest.approx(law)
    assert ended[(shares == 1).any(axis=1)].sum() == pytest.approx(1)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.6, 1.0])
def test_agreement_of_two_draws_is_that_of_the_enumerated_chain(share):
    law = [0.2, 0.5, 0.3]
    shares, chain, now = enumerated(law, 6, share)
    for generation in (1, 2, 3):
        agree = now @ (shares**2).sum(axis=1)
        assert discrete.categorical_fresh_simpson([generation], samples=6, law=law, share=share) == pytest.approx(agree)
        if share == 0:
            assert discrete.categorical_replace_heterozygosity([generation], samples=6, law=law) == pytest.approx(1 - agree)
        now = now @ chain


def test_agreement_of_two_draws_settles_at_the_printed_values():
    settings = {"samples": 200, "law": harmonic(50)}
    assert (harmonic(50) ** 2).sum() == pytest.approx(0.08028, abs=5e-6)
    for share, limit in ((0.05, 0.12536), (0.1, 0.10398), (0.5, 0.08640)):
        assert discrete.categorical_fresh_simpson_limit(**settings, share=share) == pytest.approx(limit, abs=5e-6)
        assert discrete.categorical_fresh_simpson([2000], **settings, share=share) == pytest.approx(limit, abs=5e-6)
    assert discrete.categorical_fresh_simpson([200], **settings, share=0) == pytest.approx(0.6625, abs=5e-5)
    assert discrete.categorical_fresh_simpson_limit(**settings, share=0) == pytest.approx(1)


def test_a_collapsed_loop_recovers_as_printed():
    settings = {"samples": 200, "law": harmonic(50)}
    start = 1 - discrete.categorical_replace_heterozygosity([100], **settings)[0]
    assert start == pytest.approx(0.4429, abs=5e-5)
    recovered = discrete.categorical_recovery_simpson([5, 10, 30], **settings, share=0.1, start=start)
    assert recovered == pytest.approx([0.2192, 0.1432, 0.1045], abs=5e-5)
    assert discrete.categorical_recovery_factor(samples=200, share=0.1) == pytest.approx(0.80595, abs=5e-6)


def test_recovery_from_one_category_is_that_of_the_enumerated_chain():
    law = [0.5, 0.5]
    shares, chain, _ = enumerated(law, 6, 0.2)
    now = (shares[:, 0] == 1) * 0.5 + (shares[:, 0] == 0) * 0.5
    expected = [now @ numpy.linalg.matrix_power(chain, t) @ (shares**2).sum(axis=1) for t in (1, 2, 7)]
    assert discrete.categorical_recovery_simpson([1, 2, 7], samples=6, law=law, share=0.2, start=1.0) == pytest.approx(expected)


def test_entropy_falls_at_first_by_the_bias_of_counting():
    assert discrete.categorical_replace_entropy([10], samples=2000, law=harmonic(20)) == pytest.approx(2.4805, abs=5e-5)
    shares, _, first = enumerated([0.2, 0.5, 0.3], 40, 0.0)
    entropies = -numpy.where(shares > 0, shares * numpy.log(numpy.maximum(shares, 1e-300)), 0).sum(axis=1)
    exact = first @ entropies
    assert discrete.categorical_replace_entropy([1], samples=40, law=[0.2, 0.5, 0.3]) == pytest.approx(exact, abs=1e-3)


def test_temperature_ends_in_a_point_or_in_the_uniform_law():
    law = harmonic(100)
    assert -(law * numpy.log(law)).sum() == pytest.approx(3.6808, abs=5e-5)
    assert sampling.tempered_entropy([5], law=law, temperature=0.8) == pytest.approx(0.6519, abs=5e-5)
    assert sampling.tempered_entropy([5], law=law, temperature=1.25) == pytest.approx(4.5428, abs=5e-5)
    assert sampling.tempered_entropy([200], law=law, temperature=1.25) == pytest.approx(math.log(100))
    now = law
    for generation in range(1, 6):
        now = now ** (1 / 0.8) / (now ** (1 / 0.8)).sum()
        assert sampling.tempered_law(law=law, temperature=0.8, generation=generation) == pytest.approx(now)
    assert sampling.tempered_law(law=[0.5, 0.5, 0.0], temperature=2.0, generation=3) == pytest.approx([0.5, 0.5, 0])


def test_nucleus_sampling_keeps_the_printed_supports():
    law = harmonic(1000)
    assert sampling.top_p_support(range(1, 6), law=law, top_p=0.95).tolist() == [688, 482, 344, 250, 185]
    assert sampling.top_p_mass(range(1, 6), law=law, top_p=0.95) == pytest.approx([0.950, 0.903, 0.858, 0.815, 0.775], abs=5e-4)


def test_nucleus_sampling_repeated_by_hand_keeps_as_many():
    law = harmonic(300)[::-1]
    for kept in sampling.top_p_support(range(1, 5), law=law, top_p=0.8):
        order = numpy.argsort(-law)
        cut = next(size for size in range(1, 301) if law[order[:size]].sum() >= 0.8 - 1e-12)
        law = numpy.where(numpy.isin(numpy.arange(300), order[:cut]), law, 0)
        law = law / law.sum()
        assert (law > 0).sum() == kept
    assert sampling.top_p_support([3], law=[0.5, 0.5, 0.0], top_p=1.0).tolist() == [2]


@pytest.mark.parametrize(
    "refused",
    [
        lambda: discrete.categorical_replace_heterozygosity([0], samples=10, law=[0.5, 0.5]),
        lambda: discrete.categorical_replace_heterozygosity([1], samples=1, law=[0.5, 0.5]),
        lambda: discrete.categorical_replace_heterozygosity([1], samples=10, law=[0.5, 0.6]),
        lambda: discrete.categorical_replace_entropy([1], samples=10, law=[1.5, -0.5]),
        lambda: discrete.categorical_fixation_chances(law=[1.0]),
        lambda: discrete.absorption_time_diffusion(samples=10, p=0.0),
        lambda: discrete.absorption_time_exact(samples=5000, p=0.5),
        lambda: discrete.absorption_time_equal(samples=10, categories=1),
        lambda: discrete.categorical_fresh_simpson([1], samples=10, law=[0.5, 0.5], share=1.1),
        lambda: discrete.categorical_recovery_simpson([1], samples=10, law=[0.5, 0.5], share=0.1, start=0.0),
        lambda: discrete.categorical_recovery_factor(samples=10, share=-0.1),
        lambda: sampling.tempered_law(law=[0.5, 0.5], temperature=0.0, generation=1),
        lambda: sampling.top_p_support([1], law=[0.5, 0.5], top_p=0.0),
    ],
)
def test_settings_out_of_range_are_refused(refused):
    with pytest.raises(ConfigError, match="does not apply outside that range|the first fit is generation 1"):
        refused()
