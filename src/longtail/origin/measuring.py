"""The share of machine-made text in a corpus that nobody tagged, with an interval or a refusal for each slice of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from longtail.errors import UsageError
from longtail.origin import checks as held
from longtail.origin.instrument import Instrument, Read, unseen_origins
from longtail.origin.parting import rates_of
from longtail.origin.reference import Floats, Ints, Reference
from longtail.origin.result import Check, Contamination, Measured
from longtail.origin.scorers.card import Fitting, Scorer, ScorerCard
from longtail.origin.settings import Settings
from longtail.origin.station import Station, documents_of, grounds
from longtail.origin.target import Controls, Target
from longtail.records import OnProgress, Progress


@dataclass(frozen=True)
class Estimated:
    """An estimate, and what further statistics are made from.

    Attributes:
        told: The record.
        instrument: What measured.
        read: What was measured of the texts kept.
        kept: Places of the texts that were measured, shape (documents,).
        replicates: Share of all machine origins in each bootstrap replicate by (column, value), shape (replicates,).
    """

    told: Contamination
    instrument: Instrument
    read: Read
    kept: Ints
    replicates: dict[tuple[str, str], Floats]


def measure(
    target: Target,
    reference: Reference,
    settings: Settings,
    *,
    scorer: Fitting | Scorer | None = None,
    reference_scores: Floats | None = None,
    controls: Controls | None = None,
    on_progress: OnProgress | None = None,
) -> Estimated:
    """Return the shares of origins in a target and in its slices.

    Args:
        target: Documents of unknown origin.
        reference: Texts of known origin, of the target's own domain.
        settings: How to measure.
        scorer: What learns a scorer, or a scorer; by default that of the settings.
        reference_scores: Scores of the reference made elsewhere, where the target's are; shape (documents, K).
        controls: Texts of the target's domain whose origin is known.
        on_progress: Called at each stage.

    Raises:
        UsageError: There is no document, or scores are given for one side only.
        ConfigError, UnknownName: A setting is out of range or unknown.
    """
    if (target.scores is None) != (reference_scores is None):
        raise UsageError("scores are given for the corpus or for the reference alone; both have to come from the same scorer")
    told = _Progress(on_progress)
    told("fitting", len(reference))
    instrument = Instrument(reference, settings, scorer, reference_scores)
    told("leaving kinds out", len(reference))
    unseen = {} if settings.closed or instrument.fitting is None else unseen_origins(reference, settings, instrument.fitting)
    rates = rates_of(instrument.log_ratios, reference.labels, reference.origins, settings.level)
    shared = (held.reference_size(documents_of(reference)), held.separation(rates), held.generators(settings.closed, unseen))
    station = Station(instrument, shared, rates)
    given = controls or Controls()
    control_checks: list[Check] = []
    measured_controls: list[Measured] = []
    for name, texts, check in (("human", given.human, held.human_control), ("machine", given.machine, held.machine_control)):
        if texts is not None:
            told(f"{name} control", len(texts.texts))
            found = station.run(texts, "control", name)[0]
            measured_controls.append(found)
            control_checks.append(check(found))
    station.shared += tuple(control_checks)
    told("measuring", len(target.texts))
    read, kept, clusters = station.read(target)
    whole, drawn = station.measured(read, clusters, "", "")
    slices, replicates = _sliced(station, target, read, kept, clusters)
    record = Contamination(
        settings=settings,
        scorer=_card(instrument, settings),
        reference=grounds(reference),
        rates=rates,
        whole=whole,
        slices=slices,
        controls=tuple(measured_controls),
        notes=_notes(target, len(kept), measured_controls),
    )
    return Estimated(record, instrument, read, kept, {("", ""): drawn, **replicates})


class _Progress:
    def __init__(self, on_progress: OnProgress | None) -> None:
        self._call = on_progress

    def __call__(self, stage: str, done: int) -> None:
        if self._call is not None:
            self._call(Progress(stage=stage, done=done))


def _sliced(
    station: Station, target: Target, read: Read, kept: Ints, clusters: Ints
) -> tuple[tuple[Measured, ...], dict[tuple[str, str], Floats]]:
    """Return what is measured of each value of each column, in the order of the values."""
    found: list[Measured] = []
    replicates: dict[tuple[str, str], Floats] = {}
    for column, values in target.slices.items():
        here = np.array([values[at] for at in kept], dtype=object)
        for value in sorted({each for each in here if each is not None}):
            rows = np.flatnonzero(here == value)
            record, drawn = station.measured(read.take(rows), clusters[rows], column, value)
            found.append(record)
            replicates[column, value] = drawn
    return tuple(found), replicates


def _card(instrument: Instrument, settings: Settings) -> ScorerCard:
    if instrument.fitted is None:
        return ScorerCard(name="given", version="", source="scores that were made elsewhere")
    return instrument.fitted.scorer.card


def _notes(target: Target, kept: int, controls: Sequence[Measured]) -> tuple[str, ...]:
    notes = []
    if kept < len(target.texts):
        notes.append(f"{len(target.texts) - kept:,} documents were left out: they have no words, or stand in the reference")
    if target.seen > len(target.texts):
        notes.append(f"measured on {len(target.texts):,} of {target.seen:,} documents, drawn by a hash of their text")
    if not controls:
        notes.append("no control was given: text of this domain that is certainly human would show whether the reference fits it")
    notes.append("a share is of documents; it says nothing of any single one, and a person may have edited what a model wrote")
    return tuple(notes)
