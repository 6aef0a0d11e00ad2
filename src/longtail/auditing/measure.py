"""From profiles to estimates: which comparisons are made, which of them decide."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from longtail.auditing.inputs import Inputs
from longtail.auditing.options import Options
from longtail.metrics.comparison import Comparison, Settings, against_baseline, against_reference
from longtail.metrics.endpoint import Endpoint, decide_family, decide_smooth
from longtail.metrics.repetition import distinct_n, exact_duplicate_share, shared_document_share
from longtail.metrics.richness import (
    hill_0,
    hill_0_ratio,
    hill_1,
    hill_2,
    sample_coverage,
    sample_coverage_ratio,
    smooth_endpoint,
    tail_first_contrast,
)
from longtail.metrics.tails import mass_endpoint, novel_mass, types_endpoint
from longtail.records import Baseline, Estimate, NotMeasured, Outcome
from longtail.rules import Evidence, Sample
from longtail.stats.jackknife import NORMAL_95
from longtail.summaries.profile import DOCUMENTS, Profile
from longtail.summaries.reference import Reference
from longtail.summaries.units import FEWEST_DOCUMENTS

TAIL_SHARE_OF_ALPHA = 0.8
FEWEST_RELABELLINGS = 999
MOST_RELABELLINGS = 19_999


@dataclass(frozen=True)
class Measurements:
    """All estimates of one audit.

    Attributes:
        values: Estimates of the candidate alone.
        tail: Tail family against the deciding baseline, decided.
        concentration: Concentration family against the deciding baseline, decided.
        others: Ratios without a decision.
        deciding: The comparison of words that decides, or None without a reference.
    """

    values: tuple[Outcome, ...]
    tail: tuple[Outcome, ...]
    concentration: tuple[Outcome, ...]
    others: tuple[Outcome, ...]
    deciding: Comparison | None

    def estimates(self) -> tuple[Estimate, ...]:
        """Return everything that was measured, deciding ones first."""
        outcomes = self.tail + self.concentration + self.others + self.values
        return tuple(outcome for outcome in outcomes if isinstance(outcome, Estimate))

    def absences(self) -> tuple[NotMeasured, ...]:
        """Return what could not be measured, each once."""
        return _unique(self.tail + self.concentration + self.others + self.values)


def _unique(outcomes: tuple[Outcome, ...]) -> tuple[NotMeasured, ...]:
    absences = [outcome for outcome in outcomes if isinstance(outcome, NotMeasured)]
    return tuple(dict.fromkeys(absences))


def measure(inputs: Inputs, options: Options) -> Measurements:
    """Return all measurements that the inputs allow."""
    values = _values(inputs.candidate)
    if inputs.reference is None and inputs.baseline is None:
        return Measurements(values, (), (), (), None)
    comparisons = _comparisons(inputs, options)
    deciding = comparisons[0]
    tail = _tail_family(deciding, options)
    first = deciding[0]
    others: list[Outcome] = [tail_first_contrast(first), hill_0_ratio(first), sample_coverage_ratio(first), novel_mass(first)]
    for extra in comparisons[1:]:
        others += [_plain(mass_endpoint(extra[0])), _plain(types_endpoint(extra[0]))]
    return Measurements(values, tail, _concentration(first, options), tuple(others), first)


def evidence_of(inputs: Inputs, options: Options, measured: Measurements) -> Evidence:
    """Return what the rules judge."""
    documents = inputs.candidate.frequencies[DOCUMENTS]
    held_out = inputs.reference.profile if inputs.reference else None
    others: dict[str, Profile | None] = {"baseline": inputs.baseline, "reference": held_out}
    halved = "reference" if inputs.baseline is None else "baseline" if held_out is None else ""
    leaked = None
    if inputs.trained_on is not None and held_out is not None:
        leaked = shared_document_share(held_out.frequencies[DOCUMENTS], inputs.trained_on.frequencies[DOCUMENTS])
    return Evidence(
        candidate=_sample(inputs.candidate),
        duplicates=exact_duplicate_share(documents),
        fewest=FEWEST_DOCUMENTS,
        measured={role: _sample(profile, halved=role == halved) for role, profile in others.items() if profile is not None},
        decided_on=measured.deciding.name if measured.deciding else None,
        tail=measured.tail,
        shared=shared_document_share(documents, held_out.frequencies[DOCUMENTS]) if held_out else None,
        leaked=leaked,
        required=frozenset(options.require),
    )


def _sample(profile: Profile, *, halved: bool = False) -> Sample:
    """Return what rules need to know; `distinct` is that of the smaller half where the data set is split."""
    distinct = min(profile.distinct(0), profile.distinct(1)) if halved else profile.distinct()
    return Sample(documents=profile.documents, distinct=distinct, words=profile.words, tagged=profile.origins.tagged, is_half=halved)


def _values(candidate: Profile) -> tuple[Outcome, ...]:
    words = candidate.frequencies["words_1"]
    found: list[Outcome] = [sample_coverage(words), hill_0(words), hill_1(words), hill_2(words)]
    found += [distinct_n(candidate.frequencies[view]) for view in candidate.views]
    return (*found, exact_duplicate_share(candidate.frequencies[DOCUMENTS]))


def _comparisons(inputs: Inputs, options: Options) -> list[list[Comparison]]:
    """Return comparisons by baseline, the deciding baseline first, and by view inside."""
    settings = Settings(tau=options.tau, permutations=relabellings(options.alpha), seed=inputs.candidate.seed)
    views = inputs.candidate.views
    if inputs.baseline is None:
        assert inputs.reference is not None
        return [[against_reference(inputs.candidate, inputs.reference, view, settings) for view in views]]
    if inputs.reference is None:
        stand_in: tuple[Reference, Baseline] = (Reference(inputs.baseline), "generation_1")
        return [[against_reference(inputs.candidate, stand_in[0], view, settings, stand_in[1]) for view in views]]
    return [
        [against_baseline(inputs.candidate, inputs.baseline, inputs.reference, view, settings) for view in views],
        [against_reference(inputs.candidate, inputs.reference, view, settings) for view in views[:1]],
    ]


def relabellings(alpha: float) -> int:
    """Return the number of permutations for a level: at least 20 / alpha, as far as memory allows."""
    return min(MOST_RELABELLINGS, max(FEWEST_RELABELLINGS, math.ceil(20 / (alpha * TAIL_SHARE_OF_ALPHA))))


def _tail_family(comparisons: Sequence[Comparison], options: Options) -> tuple[Outcome, ...]:
    found = [endpoint(comparison) for comparison in comparisons for endpoint in (types_endpoint, mass_endpoint)]
    endpoints = [endpoint for endpoint in found if isinstance(endpoint, Endpoint)]
    absences = [absence for absence in found if isinstance(absence, NotMeasured)]
    alpha = options.alpha * TAIL_SHARE_OF_ALPHA
    if endpoints and alpha < 1 / (relabellings(options.alpha) + 1):
        reason = f"alpha exhausted: a level of {alpha:.2g} is below what {relabellings(options.alpha):,} relabellings can show"
        return (NotMeasured(reason=reason, enable="audit with a larger --alpha"), *absences)
    decided = decide_family(endpoints, alpha, options.margins["tail"]) if endpoints else []
    return (*decided, *absences)


def _concentration(comparison: Comparison, options: Options) -> tuple[Outcome, ...]:
    alpha = options.alpha * (1 - TAIL_SHARE_OF_ALPHA) / 2
    found: list[Outcome] = []
    for order in (1, 2):
        endpoint = smooth_endpoint(comparison, order)
        found.append(endpoint if isinstance(endpoint, NotMeasured) else decide_smooth(*endpoint, alpha, options.margins["tail"]))
    return tuple(found)


def _plain(endpoint: Endpoint | NotMeasured) -> Outcome:
    return endpoint if isinstance(endpoint, NotMeasured) else endpoint.estimate(NORMAL_95, NORMAL_95, 0.95)
