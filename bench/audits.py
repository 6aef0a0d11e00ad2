"""Audits of synthetic documents: how many documents, what was lost of their law, and what the audit said.

The only place here that knows how audits are run. Where a self-test needs a part of an audit, only that part is run.
"""

import dataclasses
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from scipy.stats import binom

from bench.scores import scored
from bench.synthetic import Law, concentrated, drawn, profiled, thinned, underrepresented, zipf
from longtail.auditing.families import (
    TAIL_SHARE_OF_ALPHA,
    concentration_family,
    fidelity_family,
    relabellings,
    tail_endpoints,
    tail_family,
)
from longtail.auditing.inputs import Inputs
from longtail.auditing.measure import Measurements, deciding_pairing, measure
from longtail.auditing.options import MARGINS, Options
from longtail.auditing.phase import phase_of
from longtail.metrics.comparison import Comparison, reference_pairing
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.family import detectable, documents_needed
from longtail.metrics.likelihood import fidelity_endpoints
from longtail.metrics.pairing import WORDS, Settings
from longtail.metrics.richness import smooth_endpoint
from longtail.metrics.shift import Shift
from longtail.readers.scores import Scores
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.permutation import max_t
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference

ALPHA = 0.05
CONFIDENCE = 0.99
ALARMS = ("watch", "shrunk")


def share(hits: Iterable[bool]) -> float:
    """Return the share of hits."""
    return float(np.mean(list(hits)))


@dataclass(frozen=True)
class Plan:
    """How often each row of a self-test is repeated, by what, and how far from its rate it may lie by chance.

    Attributes:
        repetitions: Repetitions of each row.
        run: What maps a function over the numbers of the repetitions.
        confidence: Confidence of the bands around a rate.
    """

    repetitions: int
    run: Callable[..., Iterable[Any]] = map
    confidence: float = CONFIDENCE

    def each(self, function: Callable[[int], Any]) -> list[Any]:
        """Return what a function gives for the number of each repetition."""
        return list(self.run(function, range(self.repetitions)))

    def bands(self, rate: float) -> tuple[float, float]:
        """Return the two-sided band of an observed rate, the true rate given."""
        tail = (1 - self.confidence) / 2
        low, high = binom.ppf([tail, 1 - tail], self.repetitions, rate) / self.repetitions
        return float(low), float(high)

    def within(self, found: float, rate: float) -> bool:
        """Tell whether an observed rate lies in the band of a true rate."""
        low, high = self.bands(rate)
        return low <= found <= high

    def at_most(self, found: float, rate: float) -> bool:
        """Tell whether an observed rate can be that of a true rate of at most `rate`."""
        return found <= self.bands(rate)[1]

    def at_least(self, found: float, rate: float) -> bool:
        """Tell whether an observed rate can be that of a true rate of at least `rate`."""
        return found >= self.bands(rate)[0]

    def part(self, of: int) -> "Plan":
        """Return the plan with so many times fewer repetitions, 1 at least."""
        return dataclasses.replace(self, repetitions=max(1, self.repetitions // of))


@dataclass(frozen=True)
class Case:
    """Numbers of documents, and of classes of them; where there is no baseline, half of the reference measures."""

    candidate: int
    reference: int
    baseline: int = 0
    classes: int = 0

    def __str__(self) -> str:
        """Return the numbers in the order candidate, reference, baseline."""
        numbers = " / ".join(str(size) for size in (self.candidate, self.reference, self.baseline) if size)
        return f"{numbers}, {self.classes} classes" if self.classes else numbers

    @property
    def plants(self) -> tuple[str, ...]:
        """Return the ways to lose that such documents have."""
        return tuple(name for name in PLANTS if self.classes or name != CLASS_PLANT)

    @property
    def ratio(self) -> str:
        """Return candidate to measured sample, in words."""
        times = self.candidate / (self.baseline or self.reference / 2)
        return f"{times:.3g}:1" if times >= 1 else f"1:{1 / times:.3g}"

    def grown(self, times: float) -> "Case":
        """Return the case with the candidate times larger, and the others too where that is more than now."""
        others = max(times, 1.0)
        reference, baseline = (math.ceil(size * others) for size in (self.reference, self.baseline))
        return Case(math.ceil(self.candidate * times), reference, baseline, self.classes)


CASES = (Case(1500, 3000), Case(300, 3000), Case(7500, 3000))
"""Candidate to measuring half as 1:1, 1:5 and 5:1; the first cases of every self-test."""

MORE = (
    Case(750, 1500),
    Case(1500, 3000, classes=8),
    Case(1500, 3000, 1500),
    Case(300, 3000, 1500),
    Case(7500, 3000, 1500),
)
"""A small reference, which is cross-fitted; classes; and candidates held against generation 1."""

USUAL = CASES[0]
SCORED = 2000
"""Documents that both models scored, where nothing else is said."""

Pair = tuple[Scores, Scores]
Decided = dict[str, Estimate]


@dataclass(frozen=True)
class Audited:
    """What is kept of an audit: the estimates of the families by metric, the tail-first contrast, the phase and the shift."""

    decided: Decided
    contrast: Estimate
    phase: str
    shift: Shift

    @property
    def alarmed(self) -> bool:
        """Whether a loss of any kind was reported."""
        return any(estimate.decision in ALARMS for estimate in self.decided.values())

    @property
    def answers(self) -> dict[str, str | None]:
        """Return the decisions by metric."""
        return {metric: estimate.decision for metric, estimate in self.decided.items()}

    def stored(self) -> bytes:
        """Return everything as bytes, to compare with another audit."""
        return msgspec.json.encode([self.decided, self.contrast, self.phase, self.shift])


def audited(
    candidate: Profile, reference: Profile, baseline: Profile | None = None, *, scores: Pair | None = None, alpha: float = ALPHA
) -> Audited:
    """Return the outcome of an audit at one level."""
    return audited_at((alpha,), candidate, reference, baseline, scores)[alpha]


def audited_at(
    levels: Sequence[float], candidate: Profile, reference: Profile, baseline: Profile | None = None, scores: Pair | None = None
) -> dict[float, Audited]:
    """Return the outcome of an audit at several levels, all from the relabellings that the strictest of them takes."""
    inputs, options = _asked(candidate, reference, baseline, scores)
    strictest = min(levels)
    measured = measure(inputs, options, strictest)
    return {level: _kept(measured if level == strictest else _again(measured, inputs, options, level, strictest)) for level in levels}


def tail_of(candidate: Profile, reference: Profile, baseline: Profile | None = None, *, alpha: float = ALPHA) -> Decided:
    """Return the estimates of the tail family alone, as an audit has them."""
    inputs, options = _asked(candidate, reference, baseline)
    return _by_name(tail_family(_deciding(inputs, options, alpha), options, alpha))


def families_of(candidate: Profile, reference: Profile, baseline: Profile | None = None, *, alpha: float = ALPHA) -> Decided:
    """Return the estimates of the tail and concentration families, as an audit has them."""
    inputs, options = _asked(candidate, reference, baseline)
    words = _deciding(inputs, options, alpha)
    tail = tail_family(words, options, alpha)
    return _by_name(tail + concentration_family(words, options, alpha, tail))


def asked(candidate: Profile, reference: Profile, baseline: Profile | None = None, *, alpha: float = ALPHA) -> dict[str, int | None]:
    """Return the documents that an audit asks for, to find a loss of three tenths, by metric."""
    inputs, options = _asked(candidate, reference, baseline)
    words = _deciding(inputs, options, alpha)
    tail = tail_endpoints(words, alpha)
    spread = [smooth_endpoint(words, order) for order in (1, 2)]
    return _wanted(tail, TAIL_SHARE_OF_ALPHA * alpha) | _wanted(spread, (1 - TAIL_SHARE_OF_ALPHA) * alpha)


def could_alarm(candidate: Profile, reference: Profile, alpha: float) -> bool:
    """Tell whether an audit at a strict level can end in an alarm, as far as a few of its relabellings show.

    An alarm needs an adjusted p-value of at most `alpha`. Where 10 + 3 B alpha or more of B relabellings lose as much as was
    observed, at most B alpha being expected of an alarm, the rest are not run: an alarm is overlooked about once in 10^9.
    """
    inputs, options = _asked(candidate, reference)
    assert inputs.reference is not None
    for count in (999, 9_999):
        if count >= relabellings(alpha):
            break
        words = Comparison(reference_pairing(candidate, inputs.reference, Settings(options.tau, count, candidate.seed)), WORDS)
        tail = tail_family(words, options, ALPHA)
        found = tail + concentration_family(words, options, ALPHA, tail)
        least = min(estimate.p_adjusted or 0.0 for estimate in _by_name(found).values())
        if least * (count + 1) >= 10 + 3 * alpha * count:
            return False
    return True


def _asked(candidate: Profile, reference: Profile, baseline: Profile | None = None, scores: Pair | None = None) -> tuple[Inputs, Options]:
    here, there = scores or (None, None)
    inputs = Inputs(candidate, Reference(reference), baseline, None, scores=here, baseline_scores=there)
    return inputs, Options(views=(WORDS,), by=candidate.by)


def _deciding(inputs: Inputs, options: Options, level: float) -> Comparison:
    return Comparison(deciding_pairing(inputs, options, level), WORDS)


def _again(measured: Measurements, inputs: Inputs, options: Options, level: float, strictest: float) -> Measurements:
    """Return measurements decided anew at another level, from the same relabellings."""
    words = measured.deciding
    assert words is not None
    tail = tail_family(words, options, level)
    spread = concentration_family(words, options, level, tail)
    fidelity = measured.fidelity
    if inputs.scores is not None and inputs.baseline_scores is not None:
        found = fidelity_endpoints(inputs.scores, inputs.baseline_scores, relabellings(strictest), inputs.candidate.seed)
        fidelity = fidelity_family(found, options, level, tail)
    return dataclasses.replace(measured, tail=tail, concentration=spread, fidelity=fidelity, level=level)


def _kept(measured: Measurements) -> Audited:
    contrasts = [estimate for estimate in measured.estimates() if estimate.metric == "tail_first_contrast"]
    assert isinstance(measured.shift, Shift)
    decided = _by_name(measured.tail + measured.concentration + measured.fidelity)
    return Audited(decided, contrasts[0], phase_of(measured).name, measured.shift)


def _by_name(outcomes: Sequence[Outcome]) -> Decided:
    return {_named(each): each for each in outcomes if isinstance(each, Estimate)}


def _named(found: Estimate | Endpoint) -> str:
    return found.metric if found.slice is None else f"{found.metric} of {found.slice}"


def _wanted(found: Sequence[Endpoint | NotMeasured], level: float) -> dict[str, int | None]:
    family = [each for each in found if isinstance(each, Endpoint)]
    upper = max_t(np.stack([each.studentised for each in family]), level).upper
    return {_named(each): documents_needed(each.n, each.error, upper, each.margin, detectable(each)) for each in family}


# ---------------------------------------------------------------------------------------------------------- simulation

CLASS_PLANT = "class 3 reduced"
PLANTS: dict[str, tuple[tuple[str, ...], Callable[[Law, float, np.random.Generator], Law]]] = {
    "rare types removed": (("tail_types_retained", "tail_mass_retained"), thinned),
    "D1 reduced": (("hill_1",), lambda law, ratio, rng: concentrated(law, 1, ratio)),
    "D2 reduced": (("hill_2",), lambda law, ratio, rng: concentrated(law, 2, ratio)),
    CLASS_PLANT: (("class_share of class 3",), lambda law, ratio, rng: underrepresented(law, 3, ratio)),
}
"""Ways to lose with a known true ratio: the endpoints that have it, and the changed law."""

OF_TAIL = ("rare types removed", CLASS_PLANT)
"""Ways to lose whose endpoints are of the tail family."""


def planted(plant: str, ratio: float, rng: np.random.Generator, classes: int = 0) -> Law:
    """Return the law after a loss by name; a ratio of 1 is no loss."""
    law = zipf(classes=classes)
    return law if ratio == 1 else PLANTS[plant][1](law, ratio, rng)


def stream(*numbers: int) -> np.random.Generator:
    """Return the random numbers that belong to a repetition of a self-test."""
    return np.random.default_rng(numbers)


def triple(case: Case, plant: str, ratio: float, repetition: int) -> list[Profile]:
    """Return a candidate that has lost, a reference, and a baseline if there is one, that have not."""
    rng = stream(repetition, *dataclasses.astuple(case), list(PLANTS).index(plant), round(1000 * ratio))
    laws = [planted(plant, ratio, rng, case.classes), *[zipf(classes=case.classes)] * 2]
    sizes = (case.candidate, case.reference, case.baseline)
    return [profiled(drawn(law, size, rng), repetition) for law, size in zip(laws, sizes, strict=True) if size]


def simulated(case: Case, plant: str, ratio: float, alpha: float, repetition: int) -> Decided:
    """Return what an audit of a loss decided: the tail family alone, where the loss is one of the tail."""
    profiles = triple(case, plant, ratio, repetition)
    return (tail_of if plant in OF_TAIL else families_of)(*profiles, alpha=alpha)


def unchanged(case: Case, levels: Sequence[float], repetition: int) -> dict[float, Audited]:
    """Return audits at several levels of a candidate that has lost nothing, its model included."""
    profiles = triple(case, next(iter(PLANTS)), 1.0, repetition)
    scores = scored(SCORED, 0.0, 0.0, stream(repetition, SCORED))
    candidate, reference, *others = profiles
    return audited_at(levels, candidate, reference, others[0] if others else None, scores)


def foreseen(case: Case, alpha: float, repetition: int) -> dict[str, int | None]:
    """Return the documents asked for by an audit of a candidate that has lost nothing, by metric."""
    return asked(*triple(case, next(iter(PLANTS)), 1.0, repetition), alpha=alpha)


_LOST = Estimate(
    metric="tail_mass_retained", view=WORDS, value=0.5, low=0.5, high=0.5, n=SCORED, unit="ratio", resampling_unit="document",
    method="made up", decision="shrunk",
)  # fmt: skip


def fidelity(documents: int, margins: float, alpha: float, repetition: int) -> tuple[Decided, dict[str, int | None]]:
    """Return what is decided of the loss of a model that is worse by so many margins, the tail being lost, and the documents asked for."""
    rng = stream(repetition, documents, round(1000 * margins))
    pair = scored(documents, margins * MARGINS["nll"], margins * MARGINS["accuracy"], rng)
    found = fidelity_endpoints(*pair, relabellings(alpha), repetition)
    return _by_name(fidelity_family(found, Options(), alpha, (_LOST,))), _wanted(found, alpha)
