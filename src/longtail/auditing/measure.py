"""From profiles to estimates: which comparisons are made, which of them decide."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from longtail.auditing.families import Outcomes, concentration_family, fidelity_family, plain, relabellings, tail_family
from longtail.auditing.inputs import Inputs
from longtail.auditing.modelside import of_model, of_models
from longtail.auditing.options import Options
from longtail.auditing.readouts import concentration_endpoints, of_benchmark, ratios_of, spread_endpoints, values_of
from longtail.metrics.comparison import Comparison, baseline_pairing, reference_pairing
from longtail.metrics.likelihood import fidelity_endpoints
from longtail.metrics.pairing import Pairing, Settings
from longtail.metrics.richness import hill_0_ratio, sample_coverage_ratio, tail_first_contrast
from longtail.metrics.shift import Shift, shift_estimate, shift_of
from longtail.metrics.slices import length_slices, slice_endpoint
from longtail.metrics.tails import mass_endpoint, novel_mass, types_endpoint
from longtail.records import Baseline, Estimate, NotMeasured, Outcome
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference
from longtail.views.names import LENGTHS


@dataclass(frozen=True)
class Measurements:
    """All estimates of one audit.

    Attributes:
        values: Estimates of the candidate alone.
        tail: Tail family against the deciding baseline, decided: tail types, tail mass, classes.
        concentration: Concentration family against the deciding baseline, decided.
        others: Ratios without a decision.
        deciding: The comparison that speaks for the rest, of words where there are any, or None without a reference.
        fidelity: Likelihood and accuracy on human text, decided where the tail family found a loss.
        exploratory: Ratios of slices that no column names; no part of the verdict.
        shift: Whether candidate and baseline differ at all.
        level: The level in force: alpha, or this audit's part of it.
    """

    values: Outcomes
    tail: Outcomes
    concentration: Outcomes
    others: Outcomes
    deciding: Comparison | None
    fidelity: Outcomes = ()
    exploratory: Outcomes = ()
    shift: Shift | NotMeasured | None = None
    level: float = 0.05

    def estimates(self) -> tuple[Estimate, ...]:
        """Return everything that was measured, deciding ones first; exploratory ones are no part of it."""
        return tuple(outcome for outcome in self.all() if isinstance(outcome, Estimate))

    def absences(self) -> tuple[NotMeasured, ...]:
        """Return what could not be measured, each once."""
        absences = [outcome for outcome in self.all() if isinstance(outcome, NotMeasured)]
        return tuple(dict.fromkeys(absences))

    def all(self) -> Outcomes:
        """Return every outcome, deciding ones first; exploratory ones are no part of it."""
        return self.tail + self.concentration + self.fidelity + self.others + self.values


def measure(inputs: Inputs, options: Options, level: float | None = None) -> Measurements:
    """Return all measurements that the inputs allow.

    Args:
        inputs: Profiles by role.
        options: Settings of the audit.
        level: Error rate of this audit; alpha where it stands alone.
    """
    force = options.alpha if level is None else level
    if inputs.reference is None and inputs.baseline is None and inputs.control is None:
        return uncompared(inputs, options, force)
    values = _values(inputs, options)
    pairing = deciding_pairing(inputs, options, force)
    main = Comparison(pairing, pairing.principal)
    tail = tail_family(main, options, force)
    others: list[Outcome] = [tail_first_contrast(main), hill_0_ratio(main), sample_coverage_ratio(main), novel_mass(main)]
    for extra in _informative(inputs, options):
        others += [plain(mass_endpoint(extra)), plain(types_endpoint(extra))]
    others += map(plain, spread_endpoints(pairing))
    others += ratios_of(inputs, pairing)
    others += of_models(inputs, options, force)
    others += of_benchmark(inputs, options.tau)
    shift = shift_of(main)
    others.append(shift_estimate(main, shift))
    return Measurements(
        values=values,
        tail=tail,
        concentration=concentration_family(main, options, force, tail, tuple(concentration_endpoints(pairing))),
        others=tuple(others),
        deciding=main,
        fidelity=_fidelity(inputs, options, force, tail),
        exploratory=_exploratory(pairing),
        shift=shift,
        level=force,
    )


def uncompared(inputs: Inputs, options: Options, level: float) -> Measurements:
    """Return what can be said of the candidate alone."""
    return Measurements(_values(inputs, options), (), (), (), None, level=level)


def deciding_pairing(inputs: Inputs, options: Options, level: float) -> Pairing:
    """Return who decides: the control where there is one, else generation 1, else the reference's other half."""
    settings = settings_of(inputs.candidate, options, relabellings(level))
    chosen: tuple[Profile | None, Baseline] = (
        (inputs.control, "control") if inputs.control is not None else (inputs.baseline, "generation_1")
    )
    baseline, name = chosen
    if baseline is None:
        assert inputs.reference is not None
        return reference_pairing(inputs.candidate, inputs.reference, settings)
    if inputs.reference is None:
        return reference_pairing(inputs.candidate, Reference(baseline), settings, name)
    return baseline_pairing(inputs.candidate, baseline, inputs.reference, settings, name)


def settings_of(candidate: Profile, options: Options, permutations: int) -> Settings:
    """Return what all comparisons of an audit share."""
    return Settings(tau=options.tau, permutations=permutations, seed=candidate.seed)


def _informative(inputs: Inputs, options: Options) -> list[Comparison]:
    """Return comparisons of words that decide nothing: what else the candidate can be held against."""
    settings = settings_of(inputs.candidate, options, relabellings(options.alpha))
    if inputs.reference is None:
        return []
    others: list[tuple[Profile | None, Baseline]] = [(inputs.against, "previous")]
    if inputs.control is not None:
        others.append((inputs.baseline, "generation_1"))
    found = [baseline_pairing(inputs.candidate, other, inputs.reference, settings, name) for other, name in others if other is not None]
    if inputs.baseline is not None or inputs.control is not None:
        found.append(reference_pairing(inputs.candidate, inputs.reference, settings))
    return [Comparison(pairing, pairing.principal) for pairing in found]


def _values(inputs: Inputs, options: Options) -> Outcomes:
    found = list(values_of(inputs.candidate, redact=options.redact))
    if inputs.scores is not None:
        found += of_model(inputs.scores)
    return tuple(found)


def _fidelity(inputs: Inputs, options: Options, level: float, tail: Outcomes) -> Outcomes:
    """Return the fidelity family, or why there is none."""
    if inputs.scores is None or inputs.baseline_scores is None:
        wanted = "--scores FILE" if inputs.scores is None else "--baseline-scores FILE"
        return (NotMeasured(reason="no log-probabilities of human text were given", enable=wanted, metric="heldout_nll"),)
    endpoints = fidelity_endpoints(inputs.scores, inputs.baseline_scores, relabellings(level), inputs.candidate.seed)
    return fidelity_family(endpoints, options, level, tail)


def _exploratory(pairing: Pairing) -> Outcomes:
    """Return the ratios of slices that are found without a column: the shortest and the longest documents."""
    if LENGTHS not in pairing.candidate.frequencies or pairing.refusal is not None:
        return ()
    comparison = Comparison(pairing, LENGTHS)
    return tuple(plain(slice_endpoint(comparison, each)) for each in length_slices(comparison))


def of_generation(outcomes: Sequence[Outcome], generation: int) -> Outcomes:
    """Return outcomes marked with a generation of a lineage."""
    return tuple(msgspec.structs.replace(outcome, generation=generation) for outcome in outcomes)
