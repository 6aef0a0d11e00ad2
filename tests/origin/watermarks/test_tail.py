from decimal import Decimal, getcontext
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy.stats import binom

from longtail.origin.watermarks.tail import upper


def exact(s, t, rate):
    rate = Fraction(rate)
    return sum(comb(t, k) * rate**k * (1 - rate) ** (t - k) for k in range(s, t + 1))


@pytest.mark.parametrize("rate", [0.25, 0.5])
def test_tails_of_small_samples_are_the_sums_themselves(rate):
    cases = [(s, t) for t in range(0, 12) for s in range(t + 1)]
    p, logs = upper(*zip(*cases, strict=True), rate)
    expected = [float(exact(s, t, rate)) for s, t in cases]
    assert p.tolist() == pytest.approx(expected, rel=1e-12)
    assert logs.tolist() == pytest.approx(np.log10(expected).tolist(), abs=1e-12)


def test_tails_are_those_of_scipy():
    t = np.random.default_rng(0).integers(1, 5000, 2000)
    s = np.random.default_rng(1).binomial(t, 0.3)
    assert upper(s, t, 0.25)[0] == pytest.approx(binom.sf(s - 1, t, 0.25), rel=1e-9)


@pytest.mark.parametrize(("s", "t"), [(600, 700), (900, 1000), (1000, 1000), (1400, 2000)])
def test_tails_too_small_for_a_number_keep_their_logarithm(s, t):
    getcontext().prec = 60
    value = exact(s, t, 0.25)
    expected = float((Decimal(value.numerator) / Decimal(value.denominator)).log10())
    p, logs = upper([s], [t], 0.25)
    assert expected < -200
    assert logs[0] == pytest.approx(expected, rel=1e-9)
    assert p[0] == pytest.approx(float(value), rel=1e-6)


def test_logarithms_go_on_smoothly_where_numbers_end():
    s = np.arange(1000, 1500)
    logs = upper(s, np.full(500, 2000), 0.25)[1]
    assert logs[0] > -290 > -300 > logs[-1]
    assert (np.diff(logs) < 0).all()
    assert (np.diff(logs, 2) < 1e-9).all()
