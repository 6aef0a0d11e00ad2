"""Forms beside runs of a law over types, of one type against all others, of Poisson counts and of modes."""

from collections import Counter

import numpy

from longtail.lab.beside.asked import Asked, Line, Lines
from longtail.lab.beside.pools import moments
from longtail.lab.learner import Floats
from longtail.lab.learners.categorical import law_of, tail
from longtail.lab.theory import discrete, pooling, sampling, survival

EARLY = 0.05
CHAIN = 500
"""The most rows, and the most unlike probabilities, for which survival is taken from the exact chain."""


def categorical(asked: Asked) -> Lines:
    """Return the forms for a law over types."""
    law = law_of(asked.options["law"], asked.options["types"])
    if asked.gate != "none" or not asked.at(wrong=0.0, top_k=None):
        return {}
    if not asked.at(sampling_error=True):
        return _noiseless(asked, law)
    if not asked.at(temperature=1.0, top_p=1.0):
        return {}
    by_policy = {"replace": _replace, "accumulate": _accumulate}
    found = by_policy.get(asked.policy, _unbiased)
    return _unbiased(asked, law) | _concentration(asked, law) | found(asked, law)


def bernoulli(asked: Asked) -> Lines:
    """Return the forms for one type against all others."""
    p, n = asked.options["p"], asked.first
    if asked.gate != "none":
        return {}
    law = numpy.array([p, 1 - p])
    lines: Lines = {"share": (discrete.categorical_fixation_chances, p)}
    if "simpson" in (found := _concentration(asked, law)):
        form, values = found["simpson"]
        lines["heterozygosity"] = form, 1 - numpy.asarray(values)
    if asked.policy != "replace" or not asked.even or asked.random:
        return lines
    if n > CHAIN:
        return lines | {"present": (survival.survival_bound, survival.survival_bound(asked.t, samples=n, p=p))}
    yes, no = (survival.survival_exact(asked.t, samples=n, p=each) for each in (p, 1 - p))
    return lines | {"present": (survival.survival_exact, yes), "alive": (survival.survival_exact, yes + no - 1)}


def poisson(asked: Asked) -> Lines:
    """Return the forms for Poisson counts, under replacement."""
    if asked.policy != "replace" or not asked.even or asked.gate != "none" or asked.random:
        return {}
    return {"alive": (survival.poisson_alive, survival.poisson_alive(asked.t, samples=asked.first, rate=asked.options["rate"]))}


def gmm(asked: Asked) -> Lines:
    """Return the forms for well-separated modes, under replacement: a mode survives as a type does."""
    modes = asked.options["components"]
    if asked.policy != "replace" or not asked.even or asked.gate != "none" or asked.random or modes < 2:
        return {}
    form = survival.modes_alive if asked.first <= CHAIN else survival.modes_alive_bound
    return {"modes_alive": (form, form(asked.t, samples=asked.first, modes=modes))}


def _unbiased(asked: Asked, law: Floats) -> Lines:
    """Return what sampling without bias leaves as it was, in the mean: the share of any set of types."""
    rare = float(law[tail(law)].sum())
    return {"tail_mass": (discrete.categorical_fixation_chances, rare)}


def _concentration(asked: Asked, law: Floats) -> Lines:
    """Return the mean chance that two rows agree."""
    same = float(numpy.square(law).sum())
    if asked.random:
        if asked.policy != "fresh" or not asked.even or not asked.newest_alone:
            return {}
        form = discrete.categorical_fresh_simpson
        return {"simpson": (form, form(asked.t, samples=asked.first, law=law, share=asked.arguments["share"]))}
    found = moments(asked)
    return {} if found is None else {"simpson": (found[0], 1 - (1 - same) * found[1].variance)}


def _replace(asked: Asked, law: Floats) -> Lines:
    if not asked.even or asked.random:
        return {}
    lines: Lines = {}
    for name, part in (("support", law), ("tail_types", law[tail(law)])):
        if name in asked.wanted and len(part):
            lines[name] = _survivors(asked, part)
    if "entropy" in asked.wanted:
        lines["entropy"] = discrete.categorical_replace_entropy, _early_entropy(asked, law)
    return lines


def _early_entropy(asked: Asked, law: Floats) -> Floats:
    """Return the mean entropy while its first-order loss is small, a twentieth of the whole; NaN after that."""
    entropy = discrete.categorical_replace_entropy(asked.t, samples=asked.first, law=law)
    whole = -float(numpy.sum(law * numpy.log(law)))
    return numpy.where(entropy >= (1 - EARLY) * whole, entropy, numpy.nan)


def _accumulate(asked: Asked, law: Floats) -> Lines:
    lines: Lines = {}
    for name, part in (("support", law), ("tail_types", law[tail(law)])):
        alive = float((1 - (1 - part) ** asked.first).sum())
        lines[name] = pooling.accumulate_alive, alive
    return lines


def _survivors(asked: Asked, law: Floats) -> Line:
    """Return how many of some types are left: from the exact chain, or from the bound where that is too much work."""
    kinds = Counter(law.tolist())
    if asked.first > CHAIN or len(kinds) > CHAIN:
        alive = [survival.survival_bound(asked.t, samples=asked.first, p=p) * many for p, many in kinds.items()]
        return survival.expected_support_bound, numpy.sum(alive, axis=0)
    alive = [survival.survival_exact(asked.t, samples=asked.first, p=p) * many for p, many in kinds.items()]
    return survival.expected_support, numpy.sum(alive, axis=0)


def _noiseless(asked: Asked, law: Floats) -> Lines:
    """Return the forms for infinite samples: what temperature or truncation alone does, from generation 2 on."""
    if asked.policy != "replace":
        return {}
    written = asked.t[:-1]
    if asked.at(top_p=1.0):
        entropy = -float(numpy.sum(law * numpy.log(law)))
        later = sampling.tempered_entropy(written, law=law, temperature=asked.options["temperature"]) if written else numpy.empty(0)
        return {"entropy": (sampling.tempered_entropy, [entropy, *later])}
    if asked.at(temperature=1.0):
        later = sampling.top_p_support(written, law=law, top_p=asked.options["top_p"]) if written else numpy.empty(0)
        return {"support": (sampling.top_p_support, [float(len(law)), *later])}
    return {}
