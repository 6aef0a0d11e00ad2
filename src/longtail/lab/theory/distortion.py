"""Errors that remain with any amount of data: a kernel that blurs, a cut tail, too small a family, an optimiser stopped early."""

import math

import numpy
from scipy.integrate import quad
from scipy.special import erf

from longtail.lab.theory.forms import FORMS, Floats, Generations, check_share, require, steps
from longtail.lab.theory.moments import check_ddof

_KERNEL = "Kazdan et al., arXiv:2410.16713; arXiv:2410.12954"
_SHUMAILOV = "Shumailov et al., arXiv:2305.17493"
_FAR = 40.0


def _check_kernel(samples: int, bandwidth: float) -> None:
    require(samples >= 2, f"{samples} samples, fewer than two")
    require(bandwidth >= 0, f"bandwidth {bandwidth!r}, below 0")


@FORMS.add(case="28", kind="exact", unit="true variance", valid="samples >= 2, bandwidth >= 0", source=_KERNEL)
def kernel_data_variance(generations: Generations, *, samples: int, bandwidth: float) -> Floats:
    """Return the mean variance (divisor n) of the rows to which each kernel density is fitted; its model then resamples them.

    Generation 1 has real rows, v_1 = 1 - 1/n; then v' = (1 - 1/n)(v + h^2), so
    v_t = (n - 1) h^2 + (1 - 1/n)^(t - 1) (v_1 - (n - 1) h^2): collapse by blur, up to (n - 1) h^2, not by shrinking.

    Args:
        generations: Generations asked for, 1 is the first fit.
        samples: Rows of every generation.
        bandwidth: Standard deviation h of the kernel, any shape of it.

    Raises:
        ConfigError: A setting is out of range.
    """
    _check_kernel(samples, bandwidth)
    limit, kept = (samples - 1) * bandwidth**2, 1 - 1 / samples
    return limit + kept ** (steps(generations).astype(numpy.float64) - 1) * (kept - limit)


@FORMS.add(case="28", kind="exact", unit="true variance", valid="samples >= 2, bandwidth >= 0", source=_KERNEL)
def kernel_model_variance(generations: Generations, *, samples: int, bandwidth: float) -> Floats:
    """Return the mean variance of the fitted kernel density itself: that of its rows plus bandwidth squared.

    Raises:
        ConfigError: A setting is out of range.
    """
    rows: Floats = kernel_data_variance(generations, samples=samples, bandwidth=bandwidth)
    return rows + bandwidth**2


@FORMS.add(case="28", kind="exact", unit="true variance", valid="samples >= 2, bandwidth >= 0", source="derived here")
def kernel_mean_square(generations: Generations, *, samples: int, bandwidth: float) -> Floats:
    """Return the mean square of the density's mean about the truth.

    The mean of n draws from a density of variance v adds v/n, so E = (1 + sum over earlier generations of the model's variance) / n.

    Raises:
        ConfigError: A setting is out of range.
    """
    _check_kernel(samples, bandwidth)
    asked = steps(generations)
    every = numpy.arange(1, asked.max(initial=1))
    earlier = kernel_model_variance(every, samples=samples, bandwidth=bandwidth)
    return numpy.cumsum(numpy.concatenate(([1.0], earlier)))[asked - 1] / samples


@FORMS.add(case="28", kind="exact", unit="factor per generation", valid="samples >= 2, multiple >= 0, ddof 0 or 1", source=_KERNEL)
def kernel_rule_growth(*, samples: int, multiple: float = 1.06, ddof: int = 0) -> float:
    """Return the growth of the mean variance per generation with bandwidth `multiple` * s * n^(-1/5).

    (1 - 1/n)(1 + multiple^2 n^(-2/5)) where s has divisor n; with divisor n - 1 the kernel's part lacks the factor 1 - 1/n.

    Raises:
        ConfigError: A setting is out of range.
    """
    _check_kernel(samples, multiple)
    check_ddof(ddof)
    kernel: float = multiple**2 * samples**-0.4
    return (1 - 1 / samples) * (1 + kernel * samples / (samples - ddof))


@FORMS.add(
    case="28", kind="asymptotic", unit="true variance", valid="samples large, 0 <= share <= 1", source="arXiv:2602.16601; arXiv:2606.13796"
)
def kernel_mixing_variance(generations: Generations, *, share: float, bandwidth: float, real_variance: float = 1.0) -> Floats:
    """Return the variance of the fitted density when a share of each generation's rows is fresh and real, for large samples.

    V' = a v_0 + (1 - a) V + h^2 from V_1 = v_0 + h^2, so V_t = v_0 + h^2 (1 - (1 - a)^t) / a, or v_0 + t h^2 at a = 0.

    Raises:
        ConfigError: A setting is out of range.
    """
    check_share(share)
    require(bandwidth >= 0 and real_variance >= 0, "a bandwidth or variance below 0")
    asked = steps(generations).astype(numpy.float64)
    doses = (1 - (1 - share) ** asked) / share if share else asked
    return real_variance + bandwidth**2 * doses


@FORMS.add(
    case="29", kind="exact", unit="share of the variance", valid="threshold > 0", source="derived here (variance of a truncated normal law)"
)
def gaussian_cut_factor(*, threshold: float) -> float:
    """Return the variance left of a Gaussian cut at |z| < k: 1 - 2 k phi(k) / (2 Phi(k) - 1).

    As `scale` of the replace forms it gives the exact mean variance and mean square with finite samples too. Below
    k = 0.05, where the formula cancels, the series k^2/3 - 2 k^4/45 takes its place.

    Raises:
        ConfigError: The threshold is not above 0.
    """
    require(threshold > 0, f"threshold {threshold!r}, not above 0")
    if threshold < 0.05:
        return threshold**2 / 3 - 2 * threshold**4 / 45
    density = math.exp(-(threshold**2) / 2) / math.sqrt(2 * math.pi)
    return 1 - 2 * threshold * density / float(erf(threshold / math.sqrt(2)))


@FORMS.add(case="29", kind="exact", unit="true variance", valid="infinite samples, threshold > 0", source="derived here")
def gaussian_cut_variance(generations: Generations, *, threshold: float, biased_first: bool = False) -> Floats:
    """Return the variance with infinite samples when each generation's draws are cut at that many standard deviations.

    `gaussian_cut_factor` to the power t - 1, as generation 1 is fitted to uncut real data; to the power t with `biased_first`.

    Raises:
        ConfigError: The threshold is not above 0.
    """
    cuts = steps(generations).astype(numpy.float64) - (0 if biased_first else 1)
    factor: float = gaussian_cut_factor(threshold=threshold)
    return factor**cuts


@FORMS.add(case="30", kind="exact", unit="variance of one mode", valid="infinite samples, 0 <= weight <= 1", source=_SHUMAILOV)
def single_gaussian_variance(generations: Generations, *, separation: float, weight: float = 0.5) -> Floats:
    """Return the variance of the one Gaussian fitted to two modes of variance 1: 1 + w (1 - w) separation^2, in every generation.

    Raises:
        ConfigError: The weight is out of range.
    """
    check_share(weight)
    return numpy.full(len(steps(generations)), 1 + weight * (1 - weight) * separation**2)


@FORMS.add(
    case="30",
    kind="exact",
    unit="nats",
    valid="infinite samples, 0 <= weight <= 1, |separation| <= 40",
    source=f"{_SHUMAILOV} (kind of error); derived here",
)
def single_gaussian_divergence(generations: Generations, *, separation: float, weight: float = 0.5) -> Floats:
    """Return KL(truth || fit) for the truth (1 - w) N(0, 1) + w N(separation, 1) and the best single Gaussian.

    A family that is too small costs this at generation 1 and nothing more later, since every later generation is fitted
    to a Gaussian. With the fit's variance v it is ln(v)/2 + ln(2 pi e)/2 - entropy of the truth, the latter by quadrature.

    Raises:
        ConfigError: The weight or the separation is out of range.
    """
    check_share(weight)
    require(abs(separation) <= _FAR, f"separation {separation!r}, above {_FAR:g}")
    variance = single_gaussian_variance([1], separation=separation, weight=weight)[0]
    excess = math.log(variance) / 2 + 0.5 * math.log(2 * math.pi * math.e) - _mixture_entropy(abs(separation), weight)
    return numpy.full(len(steps(generations)), excess)


def _mixture_entropy(separation: float, weight: float) -> float:
    """Return the entropy in nats of (1 - weight) N(0, 1) + weight N(separation, 1)."""

    def integrand(x: float) -> float:
        terms = (1 - weight) * math.exp(-(x**2) / 2) + weight * math.exp(-((x - separation) ** 2) / 2)
        density = terms / math.sqrt(2 * math.pi)
        return -density * math.log(density) if density else 0.0

    value, _ = quad(integrand, -12, separation + 12, points=(0, separation / 2, separation), epsabs=1e-12, epsrel=1e-12, limit=200)
    return float(value)


@FORMS.add(
    case="30",
    kind="exact",
    unit="units of start_mean",
    valid="infinite samples, 0 < rate < 2, steps_taken >= 1",
    source=f"{_SHUMAILOV} (kind of error); derived here",
)
def gradient_fit_mean(generations: Generations, *, start_mean: float, rate: float, steps_taken: int) -> Floats:
    """Return the mean fitted by a few gradient steps from 0 on half the squared error: a geometric drift to the start point.

    One step takes m to m + rate (target - m), so k of them reach (1 - (1 - rate)^k) target, and mu_t is that to the power t.

    Args:
        generations: Generations asked for, 1 is the first fit.
        start_mean: The true mean.
        rate: Step size; the curvature is 1.
        steps_taken: Steps per generation, each generation starting again from 0.

    Raises:
        ConfigError: A setting is out of range.
    """
    require(0 < rate < 2, f"rate {rate!r}, not between 0 and 2")
    require(steps_taken >= 1, f"{steps_taken} steps")
    return start_mean * (1 - (1 - rate) ** steps_taken) ** steps(generations).astype(numpy.float64)


@FORMS.add(
    case="30", kind="exact", unit="share of the first component", valid="no noise, eigenvalue > 0, penalty >= 0", source="derived here"
)
def ridge_component(generations: Generations, *, eigenvalue: float, penalty: float) -> Floats:
    """Return what ridge or kernel self-distillation leaves of a component: (eigenvalue / (eigenvalue + penalty))^t.

    Each fit multiplies the component of its labels along an eigenvector of the Gram matrix by that ratio, and its
    predictions are the labels of the next fit.

    Raises:
        ConfigError: A setting is out of range.
    """
    require(eigenvalue > 0 and penalty >= 0, "an eigenvalue that is not above 0, or a penalty below 0")
    return (eigenvalue / (eigenvalue + penalty)) ** steps(generations).astype(numpy.float64)
