import math

import numpy
import pytest
from scipy.special import zeta

from longtail.errors import ConfigError
from longtail.lab.theory import memoriser

ROWS = [10**power for power in range(2, 8)]


@pytest.mark.parametrize(("exponent", "slope", "summed"), [(1.5, -0.3333, -0.3358), (2, -0.5, -0.4999), (3, -0.6667, -0.6665)])
def test_the_loss_falls_with_the_slope_of_zipfs_law(exponent, slope, summed):
    assert memoriser.memoriser_slope(exponent=exponent) == pytest.approx(slope, abs=5e-5)
    rows = [1000, 3000, 10_000, 30_000]
    found = numpy.polyfit(numpy.log(rows), numpy.log(memoriser.memoriser_loss(rows, exponent=exponent)), 1)[0]
    assert found == pytest.approx(slope, abs=2e-4)
    assert found == pytest.approx(summed, abs=1e-4 if exponent > 1.5 else 3e-3)  # sums cut at a finite rank fall faster


def test_the_constant_is_the_limit_of_the_exact_loss():
    assert memoriser.memoriser_constant(exponent=2) == pytest.approx(0.69099, abs=5e-6)
    for exponent in (1.5, 2, 3):
        scaled = memoriser.memoriser_loss([10**7], exponent=exponent) * 10 ** (7 * (exponent - 1) / exponent)
        assert scaled == pytest.approx(memoriser.memoriser_constant(exponent=exponent), rel=1e-5)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_tail_by_integral_is_the_tail_by_sum(share):
    law = numpy.arange(1, 4_000_001) ** -2.0 / zeta(2)
    seen = share * law
    seen[:50] += (1 - share) * law[:50] / law[:50].sum()
    for rows in (10, 10_000):
        summed = (law * (1 - seen) ** rows).sum()
        rest = zeta(2, 4_000_001) / zeta(2)
        found = memoriser.memoriser_mixed_loss([rows], exponent=2, rank=50, share=share)[0]
        assert summed <= found + 1e-9
        assert found == pytest.approx(summed + rest, rel=1e-5)


def test_a_cut_tail_leaves_the_printed_plateau():
    assert memoriser.memoriser_plateau(exponent=2, rank=100) == pytest.approx(6.048e-3, abs=1.5e-6)
    assert memoriser.memoriser_plateau(exponent=2, rank=100) == pytest.approx(1 - (numpy.arange(1, 101) ** -2.0).sum() / zeta(2))
    assert memoriser.memoriser_cut_rank(samples=10_000, exponent=2) == pytest.approx(100)
    assert memoriser.memoriser_recovery_rows(exponent=2, rank=100, share=0.01) == pytest.approx(1e6)


@pytest.mark.parametrize(
    ("share", "printed"),
    [
        (0, "6.86e-02 2.19e-02 7.92e-03 6.05e-03 6.05e-03 6.05e-03"),
        (0.01, "6.86e-02 2.19e-02 7.90e-03 5.93e-03 5.03e-03 2.18e-03"),
        (0.1, "6.87e-02 2.19e-02 7.80e-03 5.03e-03 2.18e-03 6.91e-04"),
        (1, "6.88e-02 2.18e-02 6.91e-03 2.19e-03 6.91e-04 2.19e-04"),
    ],
)
def test_a_small_real_share_helps_late_as_printed(share, printed):
    losses = memoriser.memoriser_mixed_loss(ROWS, exponent=2, rank=100, share=share)
    assert " ".join(f"{loss:.2e}" for loss in losses) == printed


@pytest.mark.parametrize(
    "refused",
    [
        lambda: memoriser.memoriser_loss([10], exponent=1.0),
        lambda: memoriser.memoriser_loss([0], exponent=2.0),
        lambda: memoriser.memoriser_slope(exponent=math.inf),
        lambda: memoriser.memoriser_constant(exponent=0.5),
        lambda: memoriser.memoriser_plateau(exponent=2, rank=0),
        lambda: memoriser.memoriser_cut_rank(samples=0, exponent=2),
        lambda: memoriser.memoriser_recovery_rows(exponent=2, rank=10, share=0),
        lambda: memoriser.memoriser_mixed_loss([10], exponent=2, rank=100_001, share=0.1),
        lambda: memoriser.memoriser_mixed_loss([10], exponent=2, rank=10, share=1.1),
    ],
)
def test_settings_out_of_range_are_refused(refused):
    with pytest.raises(ConfigError, match="does not apply outside that range"):
        refused()
