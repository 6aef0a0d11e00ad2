"""Lineages: every generation against the baseline and against the one before, the trend, the onset and what chance explains."""

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from longtail.auditing.families import TAIL_SHARE_OF_ALPHA, decided, relabellings
from longtail.auditing.inputs import Inputs
from longtail.auditing.measure import Measurements, measure, of_generation, settings_of
from longtail.auditing.options import Options
from longtail.auditing.phase import phase_of
from longtail.metrics.comparison import Comparison, baseline_pairing
from longtail.metrics.lineage import Ordered, neutral_loss
from longtail.metrics.pairing import principal_of
from longtail.metrics.shift import Shift
from longtail.metrics.tails import mass_endpoint, types_endpoint
from longtail.records import (
    Baseline,
    Estimate,
    GenerationRecord,
    LeadTime,
    LineageRecord,
    Neutral,
    OnProgress,
    Outcome,
    Progress,
    Trend,
)
from longtail.rules.lt3_tails import BASELINES, NAMES

MOST_THREADS = 8

_NAMES = NAMES | {"hill_2": "variety among the commonest words"}


@dataclass(frozen=True)
class Generations:
    """A lineage measured.

    Attributes:
        inputs: What each generation after the first was compared with, in order.
        measured: Its measurements, in the same order.
        record: What is said over all generations.
    """

    inputs: tuple[Inputs, ...]
    measured: tuple[Measurements, ...]
    record: LineageRecord

    def earlier(self) -> tuple[Estimate, ...]:
        """Return the deciding estimates of the generations between the first and the last."""
        found: list[Outcome] = []
        for generation, measured in enumerate(self.measured[:-1], start=2):
            found += of_generation(measured.tail + measured.concentration + measured.fidelity + measured.others, generation)
        return tuple(outcome for outcome in found if isinstance(outcome, Estimate))


def measure_lineage(inputs: Sequence[Inputs], options: Options, level: float, on_progress: OnProgress | None) -> Generations:
    """Measure every generation after the first, and say what holds over all.

    Args:
        inputs: For each generation after the first: itself, the reference, generation 1 as baseline, its control if any.
        options: Settings of the audit.
        level: Error rate of this audit.
        on_progress: Called after each generation.
    """
    measured: list[Measurements] = []
    with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
        for found in pool.map(lambda each: measure(each, options, level), inputs):
            measured.append(found)
            if on_progress is not None:
                on_progress(Progress(stage="compare generations", done=len(measured), total=len(inputs), unit="generations"))
        compared = pool.map(lambda pair: _step(pair[0], pair[1], options, level), enumerate(_neighbours(inputs), start=2))
        steps = [step for found in compared for step in found]
    return Generations(tuple(inputs), tuple(measured), _record(inputs, measured, steps, options, level))


def _neighbours(inputs: Sequence[Inputs]) -> list[Inputs]:
    """Return each generation with the one before as its baseline."""
    before = [inputs[0].baseline, *(each.candidate for each in inputs[:-1])]
    return [Inputs(each.candidate, each.reference, previous, None) for each, previous in zip(inputs, before, strict=True)]


def _step(generation: int, pair: Inputs, options: Options, level: float) -> tuple[Estimate, ...]:
    """Return tail types and tail mass of one generation against the one before."""
    assert pair.baseline is not None and pair.reference is not None
    settings = settings_of(pair.candidate, options, relabellings(level))
    pairing = baseline_pairing(pair.candidate, pair.baseline, pair.reference, settings, "previous")
    main = Comparison(pairing, pairing.principal)
    found = decided([types_endpoint(main), mass_endpoint(main)], TAIL_SHARE_OF_ALPHA * level, math.log(options.margins["tail"]))
    return tuple(outcome for outcome in of_generation(found, generation) if isinstance(outcome, Estimate))


def _record(
    inputs: Sequence[Inputs], measured: Sequence[Measurements], steps: Sequence[Estimate], options: Options, level: float
) -> LineageRecord:
    name: Baseline = "control" if inputs[0].control is not None else "generation_1"
    trend, told = _trend(inputs, options, level)
    onset = onset_of([_is_lost(found) for found in measured])
    return LineageRecord(
        baseline=name,
        generations=_generations(inputs, measured, options),
        onset=onset,
        onset_statement=_onset_statement(onset, len(measured) + 1, name, level),
        trend=trend,
        trend_statement=told,
        steps=tuple(steps),
        neutral=_neutral(inputs, measured, options),
        lead_times=_lead_times(measured),
    )


def _generations(inputs: Sequence[Inputs], measured: Sequence[Measurements], options: Options) -> tuple[GenerationRecord, ...]:
    first = inputs[0].baseline
    assert first is not None
    made = [GenerationRecord(generation=1, path=first.as_input("baseline").path, documents=first.documents)]
    for generation, (each, found) in enumerate(zip(inputs, measured, strict=True), start=2):
        phase = phase_of(found, options.margins["late"], options.alpha)
        made.append(
            GenerationRecord(
                generation=generation,
                path=each.candidate.as_input("candidate").path,
                documents=each.candidate.documents,
                phase=phase.name,
                labels=phase.labels,
                decided_by=phase.decided_by,
            )
        )
    return tuple(made)


def _trend(inputs: Sequence[Inputs], options: Options, level: float) -> tuple[tuple[Trend, ...], str]:
    """Return the trend of each metric, and what it says in a sentence."""
    first, reference = inputs[0].baseline, inputs[0].reference
    assert first is not None and reference is not None
    controls = tuple(each.control for each in inputs if each.control is not None)
    if len({id(control) for control in controls}) == 1:
        controls = ()  # one control for all is the same at every generation, so it has no trend to be compared with
    # with controls the first generation takes no part: it has none
    generations = (*(() if controls else (first,)), *(each.candidate for each in inputs))
    ordered = Ordered(generations, controls, reference.whole, principal_of(first), settings_of(first, options, relabellings(level)))
    if ordered.refusal is not None:
        return (), f"Trend not measured: {ordered.refusal.reason}."
    trend = ordered.trends(level)
    return trend, _trend_statement([each for each in trend if each.direction == "loss"], level, " beside the control" if controls else "")


def _trend_statement(falling: Sequence[Trend], level: float, beside: str) -> str:
    if not falling:
        return f"No change in the direction of loss over the generations{beside} beyond chance (error rate {level:.3g})."
    names = ", ".join(f"{_NAMES[each.metric]} (adjusted p = {each.p_adjusted:.2g})" for each in falling)
    told = f"Change in the direction of loss over the generations{beside}: {names}."
    return f"{told} A trend alone is not called collapse; that needs the last generation below the margin."


def onset_of(is_lost: Sequence[bool]) -> int | None:
    """Return the earliest generation of the unbroken run of losses that ends with the last one, or None.

    Generations are tested backwards from the last, each at the whole level, until one shows no loss: a fixed sequence, which
    controls the chance that any of them is called a loss without being one (Maurer et al. 1995). So "not later than" holds.

    Args:
        is_lost: Whether each generation from the second on shows a significant loss against the baseline.
    """
    onset = None
    for generation in range(len(is_lost) + 1, 1, -1):
        if not is_lost[generation - 2]:
            break
        onset = generation
    return onset


def _is_lost(measured: Measurements) -> bool:
    """Tell whether the tail family found a significant loss of tail types or mass."""
    return any(
        isinstance(outcome, Estimate) and outcome.metric != "class_share" and outcome.decision in ("watch", "shrunk")
        for outcome in measured.tail
    )


def _onset_statement(onset: int | None, last: int, name: Baseline, level: float) -> str:
    if onset is None:
        return f"Generation {last} shows no significant loss beside {BASELINES[name]}, so no onset is stated."
    shown = f"generation {last} shows" if onset == last else f"from there to generation {last} each shows"
    return (
        f"The loss began not later than generation {onset}: {shown} it beside {BASELINES[name]}, "
        f"tested backwards from the last, so that the statement errs with a chance of at most about {TAIL_SHARE_OF_ALPHA * level:.2g}."
    )


def _neutral(inputs: Sequence[Inputs], measured: Sequence[Measurements], options: Options) -> tuple[Neutral, ...]:
    """Return the loss of tail types beside that which resampling alone would bring; with a control there is no need for it."""
    first, reference = inputs[0].baseline, inputs[0].reference
    assert first is not None and reference is not None
    if inputs[0].control is not None:
        return ()
    rows, view = [], principal_of(first)
    for generation, found in enumerate(measured, start=2):
        types = next((e for e in found.tail if isinstance(e, Estimate) and (e.metric, e.view) == ("tail_types_retained", view)), None)
        expected = neutral_loss(first, reference.whole, view, options.tau, generation - 1)
        if types is not None and expected:
            bounds = {"excess": 1 - types.value, "low": 1 - types.high, "high": 1 - types.low}
            excess = {name: value / expected for name, value in bounds.items()}
            rows.append(Neutral(generation=generation, expected_loss=expected, observed_loss=1 - types.value, **excess))
    return tuple(rows)


def _lead_times(measured: Sequence[Measurements]) -> tuple[LeadTime, ...]:
    """Return when each signal first reported a loss."""
    alarms: dict[str, list[int]] = {}
    for generation, found in enumerate(measured, start=2):
        for outcome in found.tail + found.concentration + found.fidelity:
            if isinstance(outcome, Estimate) and outcome.decision is not None:
                alarm = [generation] if outcome.decision in ("watch", "shrunk") else []
                alarms.setdefault(_signal(outcome), []).extend(alarm)
        if isinstance(found.shift, Shift):
            alarms.setdefault("total_variation", []).extend([generation] if found.shift.p <= found.level else [])
    last = len(measured) + 1
    return tuple(
        LeadTime(signal=signal, first_alarm=min(seen, default=None), generations_before_last=last - min(seen) if seen else None)
        for signal, seen in alarms.items()
    )


def _signal(estimate: Estimate) -> str:
    name = f"{estimate.metric}@{estimate.view}" if estimate.view else estimate.metric
    return f"{name}[{estimate.slice}]" if estimate.slice else name
