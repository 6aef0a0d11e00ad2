"""The plan: what is held, what is clean, what each option restores, what is gone, what to look for, what it costs."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version as version_of
from typing import Any

import msgspec
import numpy as np

import longtail.diagnosis.recovery.asked as asked
import longtail.diagnosis.recovery.pooling as pooling
from longtail.auditing.pipeline import gather_manifests
from longtail.auditing.run import audit
from longtail.diagnosis.records import Diagnosis
from longtail.diagnosis.recovery.asked import Asked
from longtail.diagnosis.recovery.clean import Seen, last_clean, seen_by, seen_in
from longtail.diagnosis.recovery.costs import Prices, read_prices
from longtail.diagnosis.recovery.course import Course, Source
from longtail.diagnosis.recovery.drawing import design_effect, times_used
from longtail.diagnosis.recovery.gap import gap_of
from longtail.diagnosis.recovery.holdings import Held, holdings, profiles
from longtail.diagnosis.recovery.judging import MARGIN, Measure
from longtail.diagnosis.recovery.missing import rows_to_source, shopping, unrecoverable
from longtail.diagnosis.recovery.people import people
from longtail.diagnosis.recovery.records import ORDER, Clean, Option, OptionName, Plan
from longtail.diagnosis.recovery.stopping import stop
from longtail.diagnosis.recovery.ways import Ground
from longtail.ledger.manifest import Manifest
from longtail.records import OnProgress

ASSUMES = (
    "documents are drawn, and what a model writes holds a tail type as often as what it was fitted on, times the gap",
    "a tail type that no output at hand shows counts as lost from the model that wrote them",
    "rows of the reservoir are drawn without replacement anew for each training set, and repeated only where there are too few",
    "new training sets have equal sizes, and documents are of about equal length in all sources",
    "no gate or filter acts on the rare between a model and the next training set",
    "the reference is a sample of what the model is to cover; its half A chose the tail, half B and the outputs measure it",
)


def plan(
    *,
    reference: Any,
    outputs: Sequence[Any] = (),
    current: Any = None,
    reservoir: Any = None,
    manifests: Sequence[Any] = (),
    diagnosis: Diagnosis | str | os.PathLike[str] | None = None,
    cost: Prices | str | os.PathLike[str] | None = None,
    workers: int = 1,
    now: datetime | None = None,
    command: str = "longtail.recover.plan",
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Plan:
    """Plan the recovery of a lineage.

    Args:
        reference: Human documents that no model was trained on.
        outputs: Outputs of all versions in order, the current one last.
        current: Outputs of the current version, where those of earlier ones are not at hand, or after them.
        reservoir: Real rows that may be trained on: files, or the folder of a reservoir.
        manifests: Of the training sets: records or files.
        diagnosis: Of the same lineage, or its file; without one the outputs are audited to find the last clean version.
        cost: Inputs and formulas, or their file.
        workers: Threads that count documents.
        now: The moment of the plan; by default the clock's.
        command: What the plan calls the command that made it.
        on_progress: Called as documents are read.
        **options: Fields of `Asked`: size, generations, shares, by, first, first_reason, seed, replicates, text_column, table, views,
            tau, redact.

    Raises:
        ReadError: Something cannot be read.
        ConfigError, UnknownName: An option is out of range or unknown.
        UsageError: The arguments do not go together, or there is nothing to plan from.
    """
    wanted = asked.of(options)
    data = asked.outputs_of(outputs, current)
    told = asked.diagnosis_of(diagnosis)
    training = gather_manifests(manifests)
    prices = cost if isinstance(cost, Prices) else Prices() if cost is None else read_prices(cost)
    found = profiles(reference, data, reservoir, wanted.counting(workers), on_progress)
    names = asked.names_of(data, told)
    held = holdings(found, names, wanted.tau)
    clean = _clean(held, names, told, wanted, now, on_progress)
    ground = _ground(held, clean, wanted, training, prices, asked.paths_of(reference, data, reservoir))
    best = ground.best_held()
    target = MARGIN * min(1.0, best) if best else MARGIN
    made = ground.options(target)
    share = made["re-anchor"].best.share if made["re-anchor"].best else 0.0
    wants, lines = shopping(held, ground.course.size, wanted.by, redact=wanted.redact)
    order, because = _ordered(wanted)
    return Plan(
        longtail_version=version_of("longtail"),
        created_at=(now or datetime.now(UTC)).isoformat(timespec="seconds"),
        command=command,
        seed=wanted.seed,
        stop=stop(training, share),
        options=_numbered(made, order),
        clean=clean,
        pool=pooling.advice(ground, share, target),
        shares=pooling.two_shares(held, ground.course.size, wanted.generations),
        unrecoverable=unrecoverable(held, redact=wanted.redact),
        shopping=wants,
        shopping_total=lines,
        asymmetry=pooling.asymmetry(ground, held, names, clean.place, target),
        baseline=held.baseline.name,
        now=ground.measure.now(held.current),
        gap=ground.course.gap,
        target=target,
        target_because=_because(target, best),
        order=order,
        order_reason=because,
        assumes=ASSUMES,
        notes=tuple(asked.notes(held, ground.refused)),
        settings=msgspec.to_builtins(wanted) | ground.stated(),
    )


def _clean(
    held: Held, names: Sequence[str], told: Diagnosis | None, wanted: Asked, now: datetime | None, on_progress: OnProgress | None
) -> Clean:
    """Return the last clean version, as the diagnosis or an audit of the outputs has it."""
    if told is not None:
        seen, onset, entry = seen_by(told)
        if len(names) > 1:
            missing = [version.name for version in seen if version.name not in names]
            seen = tuple(version for version in seen if version.name not in missing)
        return last_clean(seen, onset, entry)
    if len(names) < 2:
        return last_clean([Seen(names[0], 1, None)], None)
    lineage = list(held.profiles.outputs)
    human = held.profiles.reference
    report = audit(lineage=lineage, reference=human, now=now, on_progress=on_progress, seed=human.seed, tau=wanted.tau)
    seen, onset = seen_in(report, names)
    return last_clean(seen, onset)


def _ground(
    held: Held, clean: Clean, wanted: Asked, training: Sequence[Manifest], prices: Prices, paths: dict[str, tuple[str, ...]]
) -> Ground:
    size = wanted.size or (training[-1].rows if training and training[-1].rows else held.current.documents)
    documents = min(size, held.baseline.documents, held.current.documents)
    rng = np.random.default_rng([wanted.seed, 9])
    profile = held.profiles.reservoir or held.profiles.outputs[-1]
    deff = design_effect(profile.frequencies[held.view], held.tail, rng)
    gap = gap_of(held)
    place = clean.place or 0
    known = place if clean.place is not None and place <= len(held.outputs) else 0
    bad = held.outputs[known:] if len(held.outputs) > 1 else held.outputs
    shares, refused = asked.shares_of(wanted.shares, size, held.reservoir.documents)
    missing = held.tail[held.reservoir.held == 0]
    measure = Measure(held.baseline, documents, deff, wanted.generations, gap.error, wanted.seed, wanted.replicates)
    least, times = min(shares, default=0.0), times_used(profile.frequencies[held.view], held.tail)
    return Ground(
        course=Course(size, least, "drop", held.reservoir, held.current, bad, gap.factor, times),
        measure=measure,
        shares=shares,
        clean=_outputs_of(held, clean),
        human=people(held),
        found=clean,
        paths=paths,
        missing=len(missing),
        to_source=rows_to_source(held.profiles.reference, held.view, missing, size),
        prices=prices,
        refused=refused,
    )


def _outputs_of(held: Held, clean: Clean) -> Source | None:
    """Return the outputs of the clean version, where they are at hand."""
    return next((source for source in held.outputs if source.name == clean.version), None)


def _because(target: float, best: float) -> str:
    told = f"{MARGIN:.0%} of what the baseline shows would be {MARGIN:.2f}"
    if not best:
        return told + "; with what is held no course is possible"
    reached = f"the best course with what is held is expected to reach {best:.2f}, {MARGIN:.0%} of which is {MARGIN * best:.2f}"
    return f"{told}; {reached}; the lower of both is taken" if target < MARGIN else f"{told}; {reached}"


def _ordered(wanted: Asked) -> tuple[tuple[OptionName, ...], str]:
    first = wanted.first
    if first is None or first == ORDER[0]:
        return ORDER, ""
    return (first, *(name for name in ORDER if name != first)), wanted.first_reason


def _numbered(made: dict[OptionName, Option], order: Sequence[OptionName]) -> tuple[Option, ...]:
    return tuple(msgspec.structs.replace(made[name], order=place) for place, name in enumerate(order, 1))
