"""Linear regression that labels its own data: replacement, accumulation, chains of teachers, mixed labels, edits, distillation.

x is standard normal in d dimensions, y = x w + noise of variance s2, T rows per round; errors are E |w_hat - w|^2. One fit on
real labels has error b = s2 d / (T - d - 1). A round's own noise adds to the error of the model that labelled it.
"""

import math
from collections.abc import Sequence

import numpy
from scipy.special import polygamma

from longtail.lab.theory.forms import FORMS, Floats, Generations, last_of, pick, require, steps

_LOOP = "Gerstgrasser et al., arXiv:2404.01413; arXiv:2402.07712"
_CHAIN = "arXiv:2402.07712"
_RANGE = "samples > dim + 1, noise >= 0"
_SQUARED = "squared distance"


@FORMS.add(case="18", kind="exact", unit=_SQUARED, valid=_RANGE, source=_LOOP)
def regression_first_error(*, samples: int, dim: int, noise: float) -> float:
    """Return the mean error of one least-squares fit on real labels: b = s2 d / (T - d - 1), from E (X'X)^-1 = I / (T - d - 1).

    Raises:
        ConfigError: Settings out of range.
    """
    require(dim >= 1 and samples > dim + 1, f"samples={samples}, dim={dim}: more than dim + 1 rows are needed")
    require(noise >= 0, f"noise={noise}: a variance is not below 0")
    return noise * dim / (samples - dim - 1)


@FORMS.add(case="18", kind="exact", unit=_SQUARED, valid=_RANGE, source=_LOOP)
def regression_replace_error(generations: Generations, *, samples: int, dim: int, noise: float) -> Floats:
    """Return the mean error after n rounds of replacement, on the same inputs or on fresh ones: n b.

    Raises:
        ConfigError: Settings out of range.
    """
    return numpy.asarray(_base(samples, dim, noise) * steps(generations), dtype=numpy.float64)


@FORMS.add(case="18", kind="exact", unit=_SQUARED, valid=_RANGE + ", the same inputs labelled again", source=_LOOP)
def regression_accumulate_error(generations: Generations, *, samples: int, dim: int, noise: float) -> Floats:
    """Return the mean error after n rounds that keep all labels of the same inputs: b (1 + 1/4 + … + 1/n^2).

    With e_i the error that round i alone adds, i w_i = (i - 1) w_{i-1} + (w_{i-1} + e_i), so w_i = w_{i-1} + e_i / i.

    Raises:
        ConfigError: Settings out of range.
    """
    series = numpy.cumsum(1 / numpy.arange(1, last_of(generations) + 1) ** 2.0)
    return _base(samples, dim, noise) * pick(series, generations)


@FORMS.add(case="18", kind="bound_upper", unit=_SQUARED, valid=_RANGE + ", the same inputs labelled again", source=_LOOP)
def regression_accumulate_bound(*, samples: int, dim: int, noise: float) -> float:
    """Return the bound on the mean error after any number of rounds that keep all labels: b pi^2 / 6.

    Raises:
        ConfigError: Settings out of range.
    """
    return _base(samples, dim, noise) * math.pi**2 / 6


@FORMS.add(case="18", kind="exact", unit=_SQUARED, valid=_RANGE + ", the same inputs i times in round i", source=_LOOP)
def regression_grown_error(generations: Generations, *, samples: int, dim: int, noise: float) -> Floats:
    """Return the mean error when round i replaces the data by i labels of each of the same inputs: b (1 + 1/2 + … + 1/n).

    Raises:
        ConfigError: Settings out of range.
    """
    series = numpy.cumsum(1 / numpy.arange(1, last_of(generations) + 1))
    return _base(samples, dim, noise) * pick(series, generations)


@FORMS.add(case="18", kind="exact", unit=_SQUARED, valid=_RANGE + ", fresh inputs each round", source="derived here")
def regression_grown_fresh_error(generations: Generations, *, samples: int, dim: int, noise: float) -> Floats:
    """Return the mean error when round i replaces the data by i T rows with fresh inputs: sum of s2 d / (i T - d - 1).

    Raises:
        ConfigError: Settings out of range.
    """
    rounds = range(1, last_of(generations) + 1)
    return pick(numpy.cumsum([_base(i * samples, dim, noise) for i in rounds]), generations)


@FORMS.add(case="19", kind="exact", unit=_SQUARED, valid="samples and teacher_samples > dim + 1, teachers >= 0", source=_CHAIN)
def regression_chain_error(*, teachers: int, teacher_samples: int, teacher_noise: float, samples: int, dim: int, noise: float) -> float:
    """Return the mean error of a student behind a chain of n teachers, each on fresh inputs.

    s2 d / (T - d - 1) + n s2_0 d / (T_0 - d - 1); `noise` and `teacher_noise` are variances.

    Raises:
        ConfigError: Settings out of range.
    """
    require(teachers >= 0, f"teachers={teachers}: at least 0 are needed")
    return _base(samples, dim, noise) + teachers * _base(teacher_samples, dim, teacher_noise)


@FORMS.add(case="19", kind="exact", unit=_SQUARED, valid=_RANGE + ", fresh inputs or rows that are equally many", source=_CHAIN)
def regression_chain_errors(generations: Generations, *, samples: Sequence[int], dim: int, noise: Sequence[float]) -> Floats:
    """Return the mean error of each model of a chain that differ in rows and noise: sum of s2_i d / (T_i - d - 1).

    Args:
        generations: Generations asked for, 1 is the first fit.
        samples: Rows of each model, from the first on.
        dim: Dimensions.
        noise: Variance of the noise in the labels of each model.

    Raises:
        ConfigError: Settings out of range.
    """
    require(len(samples) == len(noise), f"{len(samples)} sizes and {len(noise)} noises: equally many are needed")
    return pick(numpy.cumsum([_base(rows, dim, each) for rows, each in zip(samples, noise, strict=True)]), generations)


@FORMS.add(case="19", kind="exact", unit="share of |w|^2", valid="1 <= samples < dim, no label noise, fresh inputs", source=_CHAIN)
def regression_interpolating_chain_error(generations: Generations, *, samples: int, dim: int) -> Floats:
    """Return the mean error, over |w|^2, of a chain of least-norm fits on fewer rows than dimensions: 1 - (T / d)^g.

    Each fit projects the last model on a random subspace of T of the d dimensions, so E |w_g|^2 = (T / d)^g |w|^2; the part lost
    is orthogonal to what is kept and, by symmetry, E w'w_g = (T / d)^g |w|^2 too.

    Raises:
        ConfigError: Settings out of range.
    """
    require(1 <= samples < dim, f"samples={samples}, dim={dim}: at least 1 row and fewer than dim are needed")
    return numpy.asarray(1 - (samples / dim) ** steps(generations))


@FORMS.add(case="21", kind="asymptotic", unit=_SQUARED, valid=_RANGE + ", 0 <= share <= 1", source="arXiv:2410.04840")
def regression_mixture_floor(*, samples: int, dim: int, noise: float, share: float, shift: float) -> float:
    """Return the mean error when a share of rows is labelled by another model: s2 d / (n - d - 1) + p2^2 c2.

    p2 = 1 - share is the share of labels from the other model, c2 = `shift` its squared distance from the true one. The second
    term is a floor that no number of rows removes.

    Raises:
        ConfigError: Settings out of range.
    """
    _check_mixture(share, shift)
    return _base(samples, dim, noise) + (1 - share) ** 2 * shift


@FORMS.add(case="21", kind="asymptotic", unit=_SQUARED, valid=_RANGE + ", 0 <= share <= 1", source="derived here")
def regression_mixture_error(*, samples: int, dim: int, noise: float, share: float, shift: float) -> float:
    """Return the mean error when a share of rows is labelled by another model, the mixing counted as noise.

    [s2 + p2 (1 - p2) c2] d / (n - d - 1) + p2^2 c2: a row's label strays from the mean model by x'(w2 - w1) times its choice less
    p2, of variance p2 (1 - p2) c2 over the rows, taken as if it did not depend on x.

    Raises:
        ConfigError: Settings out of range.
    """
    _check_mixture(share, shift)
    return _base(samples, dim, noise + share * (1 - share) * shift) + (1 - share) ** 2 * shift


@FORMS.add(case="38", kind="asymptotic", unit=_SQUARED, valid=_RANGE + ", dim much below samples", source="derived here; arXiv:2412.14689")
def regression_edit_error(*, samples: int, dim: int, noise: float, edited: float) -> float:
    """Return the mean error when a share m of the labels is replaced once by the model's, with noise, and refitted.

    b (1 + 2m - m^2). With u and v the errors carried by the rows left and by the rows edited (variances b / (1 - m) and b / m),
    the first fit is (1 - m) u + m v and the second (1 - m) u + m [(1 - m) u + m v + e], e fresh with the variance of v.

    Raises:
        ConfigError: Settings out of range.
    """
    require(0 <= edited <= 1, f"edited={edited}: from 0 to 1 is needed")
    return _base(samples, dim, noise) * (1 + 2 * edited - edited**2)


@FORMS.add(case="18", kind="exact", unit="factor", valid="generations >= 1", source="derived here")
def regression_accumulate_factor(generations: Generations) -> Floats:
    """Return the error of round n over that of round 1 where all labels are kept: 1 + 1/4 + … + 1/n^2 = pi^2/6 - trigamma(n + 1).

    Raises:
        ConfigError: Settings out of range.
    """
    return numpy.asarray(math.pi**2 / 6 - polygamma(1, steps(generations) + 1), dtype=numpy.float64)


def _base(samples: int, dim: int, noise: float) -> float:
    return float(regression_first_error(samples=samples, dim=dim, noise=noise))


def _check_mixture(share: float, shift: float) -> None:
    require(0 <= share <= 1, f"share={share}: from 0 to 1 is needed")
    require(shift >= 0, f"shift={shift}: a squared distance is not below 0")
