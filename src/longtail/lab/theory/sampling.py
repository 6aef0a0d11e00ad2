"""Categories rewritten without sampling error: temperature and nucleus (top-p) sampling, each generation on the last one's law."""

import numpy
import numpy.typing as npt
from scipy.special import logsumexp, xlogy

from longtail.lab.theory.chains import law_of
from longtail.lab.theory.forms import FORMS, Floats, Generations, last_of, pick, require, steps

_NUCLEUS = "derived here"
_BIAS = "arXiv:2404.02325; Alemohammad et al., arXiv:2307.01850"


@FORMS.add(case="29", kind="exact", unit="probability", valid="temperature > 0, no sampling error", source=_BIAS)
def tempered_law(*, law: npt.ArrayLike, temperature: float, generation: int) -> Floats:
    """Return the law of what generation t writes when each samples at temperature tau: p^(1 / tau^t), normalised.

    Below 1 it ends at the most probable category, above 1 at the uniform law on the support.

    Raises:
        ConfigError: Settings out of range.
    """
    shares = law_of(law)
    require(temperature > 0, f"temperature={temperature}: above 0 is needed")
    with numpy.errstate(divide="ignore"):
        logs = numpy.log(shares) / temperature ** int(steps([generation])[0])
    return numpy.asarray(numpy.exp(logs - logsumexp(logs)), dtype=numpy.float64)


@FORMS.add(case="29", kind="exact", unit="nats", valid="temperature > 0, no sampling error", source=_BIAS)
def tempered_entropy(generations: Generations, *, law: npt.ArrayLike, temperature: float) -> Floats:
    """Return the entropy of what generation t writes when each samples at temperature tau; see `tempered_law`.

    Raises:
        ConfigError: Settings out of range.
    """
    written = [tempered_law(law=law, temperature=temperature, generation=int(t)) for t in steps(generations)]
    return numpy.asarray([-float(xlogy(shares, shares).sum()) for shares in written])


@FORMS.add(case="29", kind="exact", unit="categories", valid="0 < top_p <= 1, no sampling error", source=_NUCLEUS)
def top_p_support(generations: Generations, *, law: npt.ArrayLike, top_p: float) -> Floats:
    """Return the number of categories left in what generation t writes when each keeps the fewest that hold mass `top_p`.

    Raises:
        ConfigError: Settings out of range.
    """
    return pick(_cuts(law, top_p, last_of(generations)), generations)


@FORMS.add(case="29", kind="exact", unit="probability", valid="0 < top_p <= 1, no sampling error", source=_NUCLEUS)
def top_p_mass(generations: Generations, *, law: npt.ArrayLike, top_p: float) -> Floats:
    """Return the mass under the first law of the categories left in what generation t writes; see `top_p_support`.

    Raises:
        ConfigError: Settings out of range.
    """
    mass = numpy.cumsum(numpy.sort(law_of(law))[::-1])
    return pick([mass[cut - 1] for cut in _cuts(law, top_p, last_of(generations))], generations)


def _cuts(law: npt.ArrayLike, top_p: float, last: int) -> list[int]:
    """Return the number of categories kept by generations 1 … last: a cut by rank leaves the order as it was."""
    require(0 < top_p <= 1, f"top_p={top_p}: above 0 and at most 1 is needed")
    shares = law_of(law)
    mass = numpy.cumsum(numpy.sort(shares)[::-1])
    cuts = [int((shares > 0).sum())]
    for _ in range(last):
        aim = top_p * mass[cuts[-1] - 1]
        cuts.append(min(cuts[-1], int(numpy.searchsorted(mass, aim * (1 - 1e-12))) + 1))
    return cuts[1:]
