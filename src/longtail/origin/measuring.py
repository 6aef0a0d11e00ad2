"""The share of machine-made text in a corpus that nobody tagged, with an interval or a refusal for each slice of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from longtail.errors import UsageError
from longtail.origin import checks as held
from longtail.origin.instrument import Instrument, Read, unseen_origins
from longtail.origin.interval import effective, interval
from longtail.origin.parting import floor_of, rates_of
from longtail.origin.reference import Floats, Ints, Reference
from longtail.origin.result import Check, Contamination, Grounds, Measured, Rates, Share
from longtail.origin.scorers import SCORERS
from longtail.origin.scorers.card import Fitting, Scorer, ScorerCard
from longtail.origin.settings import Settings
from longtail.records import OnProgress, Progress

MACHINE = "machine"
_OTHERS = ("mixture", "acc", "pacc")
"""Quantifiers that are asked beside the one chosen."""


@dataclass(frozen=True)
class Target:
    """Documents of unknown origin.

    Attributes:
        texts: Shape (documents,).
        clusters: What makes documents depend on each other, such as an author or a host; by default each is alone. Copies of
            one text are one cluster in any case. Shape (documents,).
        slices: Columns by name, each with a value or None for every document.
        scores: Scores that were made elsewhere, shape (documents, K).
        seen: Documents that these were drawn from; 0 for these alone.
    """

    texts: tuple[str, ...]
    clusters: Sequence[object] | None = None
    slices: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    scores: Floats | None = None
    seen: int = 0


@dataclass(frozen=True)
class Controls:
    """Texts of the corpus's own domain whose origin is known.

    Attributes:
        human: Certainly human, such as published before there were models.
        machine: Certainly machine-made, such as one's own rewrites of the human ones.
    """

    human: Target | None = None
    machine: Target | None = None


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
    fitting = SCORERS[settings.scorer].member if scorer is None else scorer
    told("leaving kinds out", len(reference))
    unseen = {} if settings.closed or reference_scores is not None else unseen_origins(reference, settings, fitting)
    rates = rates_of(instrument.log_ratios, reference.labels, reference.origins, settings.level)
    shared = (held.reference_size(_documents(reference)), held.separation(rates), held.generators(settings.closed, unseen))
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


class Station:
    """Measures targets and judges what came out."""

    def __init__(self, instrument: Instrument, shared: tuple[Check, ...], rates: tuple[Rates, ...]) -> None:
        self.instrument, self.shared, self.rates = instrument, shared, rates
        self.groups = len(np.unique(instrument.reference.groups))
        self._known = {_key(text) for text in instrument.reference.texts}

    def read(self, target: Target) -> tuple[Read, Ints, Ints]:
        """Return what is measured of a target, the places of the texts that say something, and their clusters."""
        if not target.texts:
            raise UsageError("there are no documents to measure; give some")
        new = np.array([at for at, text in enumerate(target.texts) if _key(text) not in self._known], np.int64)
        scores = None if target.scores is None else target.scores[new]
        read = self.instrument.read([target.texts[at] for at in new], scores)
        said = np.flatnonzero(np.isfinite(read.scores).all(1))
        if not len(said):
            raise UsageError("none of the documents could be scored: they have no words, or all of them stand in the reference")
        return read.take(said), new[said], _clusters(target, new[said])

    def run(self, target: Target, column: str, value: str) -> tuple[Measured, Floats]:
        """Return what is measured of a whole target."""
        read, _, clusters = self.read(target)
        return self.measured(read, clusters, column, value)

    def measured(self, read: Read, clusters: Ints, column: str, value: str) -> tuple[Measured, Floats]:
        """Return what is measured of some texts, and the share of all machine origins in each replicate."""
        instrument, level = self.instrument, self.instrument.settings.level
        drawn = instrument.drawn(read, clusters)
        shares = np.nan_to_num(instrument.shares(read))
        methods = self._methods(read)
        second = float(np.nansum(instrument.second_opinion(read)))
        units = (effective(clusters), self.groups)
        machine = _share(MACHINE, float(shares.sum()), drawn.sum(1), units, level)
        count = len(np.unique(clusters))
        found = (
            *self.shared,
            held.target_size(count),
            held.misfit(instrument.misfit(read, clusters)),
            held.agreement(methods),
            held.second_opinion(float(shares.sum()), second),
            held.precision(machine.low or 0.0, machine.high or 0.0),
        )
        status = held.status_of(found)
        origins = [_share(name, float(shares[at]), drawn[:, at], units, level) for at, name in enumerate(instrument.reference.origins)]
        if status == "refused":
            machine, origins = _untold(machine), [_untold(each) for each in origins]
        floor = floor_of(self.rates, len(read.scores), _documents(instrument.reference), level)
        record = Measured(
            column=column,
            value=value,
            documents=len(read.scores),
            clusters=count,
            status=status,
            reasons=held.reasons_of(found),
            machine=machine,
            origins=tuple(origins),
            floor=floor,
            methods={} if status == "refused" else methods,
            checks=found,
        )
        return record, drawn.sum(1)

    def _methods(self, read: Read) -> dict[str, float]:
        names = dict.fromkeys([self.instrument.settings.method, *_OTHERS])
        found = {name: float(self.instrument.shares(read, name).sum()) for name in names}
        return {name: share for name, share in found.items() if share == share}


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


def _share(origin: str, share: float, drawn: Floats, units: tuple[float, int], level: float) -> Share:
    """Return a share with its interval; `units` are the effective clusters of the target and the groups of the reference."""
    found = interval(share, drawn, clusters=units[0], groups=units[1], level=level)
    if found is None:
        return Share(origin=origin, share=share, low=0.0, high=1.0)
    return Share(origin=origin, share=share, low=found.low, high=found.high)


def _untold(share: Share) -> Share:
    return Share(origin=share.origin, share=None, low=None, high=None)


def _key(text: str) -> str:
    return " ".join(text.split())


def _clusters(target: Target, kept: Ints) -> Ints:
    """Return the cluster of each text kept: what was given, and copies together."""
    copies = _numbered([_key(target.texts[at]) for at in kept])
    if target.clusters is None:
        return copies
    given = target.clusters
    return _joined(copies, _numbered([given[at] for at in kept]))


def _numbered(names: Sequence[object]) -> Ints:
    known: dict[object, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], np.int64)


def _joined(one: Ints, other: Ints) -> Ints:
    """Return numbers that are the same where either of two is the same."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = int(one.max()) + 1
    edges = coo_array((np.ones(len(one)), (one, size + other)), shape=(size + int(other.max()) + 1,) * 2)
    _, parts = connected_components(edges, directed=False)
    return np.asarray(parts[one], np.int64)


def _documents(reference: Reference) -> dict[str, int]:
    return dict(zip(("human", *reference.origins), (int(count) for count in reference.counts()), strict=True))


def grounds(reference: Reference) -> Grounds:
    """Return what an estimate says of its reference."""
    lines = sorted(f"{label}\0{text}" for label, text in zip(reference.labels, reference.texts, strict=True))
    digest = hashlib.sha256("\0\0".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
    return Grounds(documents=_documents(reference), groups=len(np.unique(reference.groups)), sha256=digest)


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
