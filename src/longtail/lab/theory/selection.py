"""What a gate does to a loop: verifiers that err, gates around a centre, and the worth of knowing which rows are real."""

import math

import numpy
import numpy.typing as npt
from scipy.special import ndtri
from scipy.stats import chi2, truncnorm

from longtail.lab.theory.chains import check_open, check_samples, law_of
from longtail.lab.theory.forms import FORMS, Floats, Generations, check_share, last_of, pick, require

_VERIFIER = "Feng et al., arXiv:2406.07515"
_GATE = "arXiv:2606.13732"
_CENTRE = "arXiv:2510.16657"
_QUANTILES = 500


@FORMS.add(case="23", kind="asymptotic", unit="share", valid="0 < keep_right <= 1, 0 <= keep_wrong <= 1, unlimited data", source=_VERIFIER)
def verifier_break_point(*, keep_right: float, keep_wrong: float) -> float:
    """Return the share of wrong labels above which training on what a verifier keeps fails: phi / (phi + psi).

    phi and psi are its chances of keeping a right and a wrong label. With unlimited data a linear classifier goes to accuracy 1
    below it and to 0 above: it is where half of what is kept is wrong.

    Raises:
        ConfigError: Settings out of range.
    """
    _check_verifier(keep_right, keep_wrong)
    return keep_right / (keep_right + keep_wrong)


@FORMS.add(case="23", kind="exact", unit="share", valid="0 <= p <= 1, keep rates in [0, 1], something kept", source=_VERIFIER)
def verifier_wrong_share(*, p: float, keep_right: float, keep_wrong: float) -> float:
    """Return the share of wrong labels in what a verifier keeps, p being their share before: p psi / (p psi + (1 - p) phi).

    Raises:
        ConfigError: Settings out of range.
    """
    _check_verifier(keep_right, keep_wrong)
    require(0 <= p <= 1, f"p={p}: from 0 to 1 is needed")
    kept = p * keep_wrong + (1 - p) * keep_right
    require(kept > 0, "nothing is kept")
    return p * keep_wrong / kept


@FORMS.add(
    case="23",
    kind="asymptotic",
    unit="share",
    valid="0 < start < 1, 0 <= flipped < 1/2, unlimited data in each generation",
    source="derived here, in the setting of " + _VERIFIER,
)
def verified_loop_accuracy(generations: Generations, *, start: float, flipped: float, keep_right: float, keep_wrong: float) -> Floats:
    """Return the accuracy of a linear classifier after t generations, each learnt from the labels of the one before that pass.

    Normal inputs; labels are turned with chance e before a verifier keeps right ones with chance phi and wrong ones with psi. The mean
    of label times input is along (phi - psi) w* + (phi + psi)(1 - 2e) w, w* being the truth and w the classifier before. So it goes to
    accuracy 1 where phi > psi, whatever e; where phi = psi it stays where it began, and chance alone moves it.

    Raises:
        ConfigError: Settings out of range.
    """
    _check_verifier(keep_right, keep_wrong)
    _check_labels(start, flipped)
    along, across, series = math.cos(math.pi * (1 - start)), math.sin(math.pi * (1 - start)), []
    for _ in range(last_of(generations)):
        carried = (keep_right + keep_wrong) * (1 - 2 * flipped)
        along, across = keep_right - keep_wrong + carried * along, carried * across
        length = math.hypot(along, across)
        along, across = along / length, across / length
        series.append(1 - math.atan2(across, along) / math.pi)
    return pick(series, generations)


@FORMS.add(
    case="23",
    kind="asymptotic",
    unit="cosine",
    valid="0 < start < 1, 0 <= flipped < 1/2, dim >= 2, samples large",
    source="derived here, in the setting of " + _VERIFIER,
)
def unverified_loop_cosine(generations: Generations, *, start: float, flipped: float, samples: int, dim: int) -> Floats:
    """Return the mean cosine to the truth of a linear classifier after t generations that learn from each other's labels unchecked.

    cos(pi (1 - start)) c^t: each generation deviates from the one before in a direction that is uniform around it, so means of cosines
    multiply. c = E L / root(L^2 + n X), L normal with the mean n r and variance n (1 - r^2), r = (1 - 2e) root(2/pi), and X chi-squared
    with d - 1 degrees of freedom, is taken over quantiles of both.

    Raises:
        ConfigError: Settings out of range.
    """
    _check_labels(start, flipped)
    check_samples(samples, least=1)
    require(dim >= 2, f"dim={dim}: 2 or more is needed")
    told = (1 - 2 * flipped) * math.sqrt(2 / math.pi)
    middles = (numpy.arange(_QUANTILES) + 0.5) / _QUANTILES
    along = samples * told + math.sqrt(samples * (1 - told**2)) * ndtri(middles)[:, None]
    across = samples * chi2.ppf(middles, dim - 1)[None, :]
    factor = float((along / numpy.sqrt(along**2 + across)).mean())
    return pick(math.cos(math.pi * (1 - start)) * numpy.cumprod(numpy.full(last_of(generations), factor)), generations)


@FORMS.add(case="24", kind="exact", unit="standard deviations", valid="radius > 0, unlimited data, unit variance", source=_CENTRE)
def truncated_mean_step(*, mean: float, centre: float, radius: float) -> float:
    """Return the mean of N(mean, 1) among values within `radius` of a verifier's centre.

    mean + [phi(l) - phi(h)] / [Phi(h) - Phi(l)], with l and h the ends centre -+ radius less the mean.

    Raises:
        ConfigError: Settings out of range.
    """
    require(radius > 0 and math.isfinite(mean) and math.isfinite(centre), f"radius={radius}: above 0, with finite means, is needed")
    return mean + float(truncnorm.mean(centre - radius - mean, centre + radius - mean))


@FORMS.add(case="24", kind="exact", unit="standard deviations", valid="radius > 0, unlimited data, unit variance", source=_CENTRE)
def truncated_mean(generations: Generations, *, start: float, centre: float, radius: float) -> Floats:
    """Return the mean after t rounds that keep what lies within `radius` of a verifier's centre: it goes to that centre.

    Raises:
        ConfigError: Settings out of range.
    """
    series, mean = [], start
    for _ in range(last_of(generations)):
        mean = float(truncated_mean_step(mean=mean, centre=centre, radius=radius))
        series.append(mean)
    return pick(series, generations)


@FORMS.add(case="25", kind="exact", unit="ratio of variances", valid="0 < alpha < 1, unlimited data", source=_GATE)
def selection_ratio(*, alpha: float) -> float:
    """Return the variance of the share alpha of a normal law nearest to its mean: rho = 1 - 2 k phi(k) / alpha.

    k = Phi^-1((1 + alpha) / 2).

    Raises:
        ConfigError: Settings out of range.
    """
    check_open("alpha", alpha)
    width = float(ndtri((1 + alpha) / 2))
    return 1 - 2 * width * math.exp(-(width**2) / 2) / math.sqrt(2 * math.pi) / alpha


@FORMS.add(case="25", kind="asymptotic", unit="ratio of variances", valid="0 < alpha < 1, samples large", source=_GATE)
def selection_replace_variance(generations: Generations, *, alpha: float) -> Floats:
    """Return the variance after t rounds of replacement by the share alpha nearest to the true mean: rho^t.

    Raises:
        ConfigError: Settings out of range.
    """
    ratio = float(selection_ratio(alpha=alpha))
    return pick(numpy.cumprod(numpy.full(last_of(generations), ratio)), generations)


@FORMS.add(case="25", kind="asymptotic", unit="ratio of variances", valid="0 < alpha < 1, samples large", source=_GATE)
def selection_accumulate_variance(generations: Generations, *, alpha: float) -> Floats:
    """Return the variance of a pool after t rounds that each add the share alpha nearest to the true mean.

    rho prod_{i=2..t} (1 - (1 - rho) / i): the pool of i batches holds i - 1 parts of its old variance v and one of rho v. It falls
    like t^-(1 - rho), so keeping everything does not stop the collapse.

    Raises:
        ConfigError: Settings out of range.
    """
    ratio = float(selection_ratio(alpha=alpha))
    return pick(numpy.cumprod(1 - (1 - ratio) / numpy.arange(1, last_of(generations) + 1)), generations)


@FORMS.add(case="32", kind="asymptotic", unit="rows", valid="0 < share <= 1, known synthetic source", source="Kanabar and Gastpar, 2026")
def effective_real_samples(*, samples: int, share: float, true_positive: float, false_positive: float) -> float:
    """Return how many real rows a batch is worth with a detector: n a^2 [t^2 / m + (1 - t)^2 / (1 - m)], m = a t + (1 - a) f.

    t and f are its chances of saying real of a real and of a synthetic row. From n a^2 for a useless detector to n a for a
    perfect one.

    Raises:
        ConfigError: Settings out of range.
    """
    require(0 <= true_positive <= 1 and 0 <= false_positive <= 1, f"rates {true_positive}, {false_positive}: from 0 to 1 are needed")
    real, synthetic = [true_positive, 1 - true_positive], [false_positive, 1 - false_positive]
    return float(effective_real_samples_by_law(samples=samples, share=share, real_law=real, synthetic_law=synthetic))


@FORMS.add(case="32", kind="asymptotic", unit="rows", valid="0 < share <= 1, known synthetic source", source="Kanabar and Gastpar, 2026")
def effective_real_samples_by_law(*, samples: int, share: float, real_law: npt.ArrayLike, synthetic_law: npt.ArrayLike) -> float:
    """Return how many real rows a batch is worth with a detector of any output: n a^2 sum_w Q1(w)^2 / (a Q1(w) + (1 - a) Q0(w)).

    Args:
        samples: Rows in the batch.
        share: Share a of them that is real.
        real_law: Law Q1 of the detector's output on real rows, shape (outputs,).
        synthetic_law: Its law Q0 on synthetic rows, shape (outputs,).

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples, least=1)
    check_share(share, zero=False)
    real, synthetic = law_of(real_law), law_of(synthetic_law)
    require(real.shape == synthetic.shape, f"laws of {real.size} and {synthetic.size} outputs: as many are needed")
    mixed = share * real + (1 - share) * synthetic
    said = real > 0
    return samples * share**2 * float((real[said] ** 2 / mixed[said]).sum())


def _check_verifier(keep_right: float, keep_wrong: float) -> None:
    require(0 < keep_right <= 1 and 0 <= keep_wrong <= 1, f"keep rates {keep_right}, {keep_wrong}: in (0, 1] and [0, 1] are needed")


def _check_labels(start: float, flipped: float) -> None:
    require(0 < start < 1 and 0 <= flipped < 0.5, f"accuracy {start}, share turned {flipped}: in (0, 1) and [0, 1/2) are needed")
