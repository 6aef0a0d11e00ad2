"""A drill: a collapse is planted in a copy, and audits tell how long it takes until an alarm fires.

Copies without a plant are audited alike. What most of them raise (rows that state no origin, a missing cut-off) is no alarm; an
alarm is a finding beside those.
"""

import os
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from longtail.auditing.history import opened
from longtail.auditing.inputs import as_profile, stored
from longtail.auditing.options import Options
from longtail.auditing.power import LOSSES, calibrated
from longtail.diagnosis.drill_audits import Auditor, pair_of, planted_audits, without_plant
from longtail.diagnosis.drill_files import copied, folder_of
from longtail.diagnosis.drilled import PLANTS, Audited, Drill, Foreseen, PlantName
from longtail.diagnosis.planting import Dropping, Plant, Rare, Refitting
from longtail.errors import ConfigError, LongtailError, UnknownName, UsageError
from longtail.readers import read
from longtail.records import OnProgress
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference

NULLS = 20
MOST_DOCUMENTS = 10_000
FEWEST = 200
GENERATIONS, RATE = 8, 0.1
_NULL, _PLANT, _CHOICE = 1, 2, 3
_LEVEL = 0.95

Codes = frozenset[tuple[str, str]]


def drill(
    data: Any,
    reference: Any,
    *,
    generations: int = GENERATIONS,
    rate: float = RATE,
    plant: PlantName = "drop",
    nulls: int = NULLS,
    documents: int = MOST_DOCUMENTS,
    history: str | os.PathLike[str] | None = None,
    keep: str | os.PathLike[str] | None = None,
    every_days: float | None = None,
    workers: int = 1,
    now: datetime | None = None,
    command: str = "longtail.drill",
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Drill:
    """Plant a collapse in a copy of documents, and audit it generation by generation until an alarm fires.

    One half of the documents stands for generation 1, the other is the copy; `data` and `history` are only read. Where a model
    refits, both are outputs of a model of the documents.

    Args:
        data: Documents, as the audit takes them.
        reference: Human documents that say what is rare, or their profile.
        generations: Planted generations at most.
        rate: Share of the rare types left that goes in each generation.
        plant: "drop" or "refit", see `planting`.
        nulls: Copies without a plant, 20 or more.
        documents: Documents used at most, at random.
        history: Audits so far; those of the drill follow them in a copy of the file.
        keep: Empty or new folder for the copies.
        every_days: Days from audit to audit, for the record.
        workers: Threads that count the documents of the reference.
        now: The moment; by default the clock's.
        command: What the record calls the command that made it.
        on_progress: Called as audits are made.
        **options: Fields of `Options`.

    Raises:
        ReadError: Data cannot be read.
        ConfigError, UnknownName: A setting is out of range or unknown.
        UsageError: There are too few documents, or none of them has rare words.
    """
    chosen = Options(**options)
    _check(generations, rate, plant, nulls)
    folder = folder_of(keep)
    texts = _texts(data, chosen)
    used = _used(texts, documents, chosen.seed)
    known = stored(reference) or as_profile(reference, chosen, on_progress, workers)
    way = _way(plant, used, Rare.of(Reference(known), chosen.tau), rate)
    before = _before(history, chosen)
    with tempfile.TemporaryDirectory() as scratch:
        auditor = Auditor(known, options, chosen, copied(history, Path(scratch)), now)
        false = without_plant(auditor, way, nulls, on_progress)
        first, copy = way.pair(np.random.default_rng([chosen.seed, _PLANT]))
        planted = islice(way.generations(first, copy, np.random.default_rng([chosen.seed, _PLANT, 1])), generations)
        audits = planted_audits(auditor, first, planted, frozenset(map(pair_of, false.standing)), folder, on_progress)
    warned, alarmed = _fired(audits)
    return Drill(
        longtail_version=version("longtail"),
        created_at=(now or datetime.now(UTC)).isoformat(timespec="seconds"),
        command=command,
        seed=chosen.seed,
        plant=plant,
        rate=rate if plant == "drop" else None,
        generations=generations,
        documents=len(copy),
        baseline_documents=len(first),
        left_out=len(texts) - len(used),
        audits=audits,
        warned_at=warned,
        alarmed_at=alarmed,
        every_days=every_days,
        false_alarms=false,
        audits_before=before,
        foreseen=_foreseen(known, chosen, audits[-1], len(copy)) if alarmed is None else None,
        kept=None if folder is None else os.fspath(folder),
        settings=chosen.stated(),
    )


def _way(plant: PlantName, texts: list[str], rare: Rare, rate: float) -> Plant:
    return Dropping(texts, rare, rate) if plant == "drop" else Refitting(texts, rare)


def _fired(audits: Sequence[Audited]) -> tuple[int | None, int | None]:
    """Return the generations until a warning or worse, and until a failure; None where there was none."""
    warned = next((each.generation for each in audits if each.fails or each.warns), None)
    return warned, next((each.generation for each in audits if each.fails), None)


def _check(generations: int, rate: float, plant: str, nulls: int) -> None:
    if plant not in PLANTS:
        raise UnknownName("plant", plant, PLANTS)
    if generations < 1:
        raise ConfigError(f"generations is {generations}; plant 1 or more")
    if not 0 < rate <= 1:
        raise ConfigError(f"rate is {rate:g}; take a share above 0 and at most 1")
    if nulls < NULLS:
        raise ConfigError(f"nulls is {nulls}; audit {NULLS} copies without a plant or more, else a rate of false alarms says nothing")


def _texts(data: Any, options: Options) -> list[str]:
    reading = read(data, options.text_column, options.table, texts_only=True)
    texts = [text for batch in reading.batches() for text in batch.column("text").to_pylist()]
    if len(texts) < FEWEST:
        raise UsageError(f"the data have {len(texts):,} documents, and a drill holds one half against the other; give {FEWEST} or more")
    return texts


def _used(texts: list[str], documents: int, seed: int) -> list[str]:
    if documents < FEWEST:
        raise ConfigError(f"documents is {documents}; use {FEWEST} or more")
    if len(texts) <= documents:
        return texts
    chosen = np.random.default_rng([seed, _CHOICE]).choice(len(texts), documents, replace=False)
    return [texts[at] for at in np.sort(chosen)]


def _before(history: str | os.PathLike[str] | None, options: Options) -> int | None:
    """Return the audits that a history holds, None without one; the file itself is neither locked nor written.

    Raises:
        ReadError: It is damaged.
        ConfigError: It was begun with another alpha or horizon.
    """
    if history is None:
        return None
    with tempfile.TemporaryDirectory() as scratch, opened(copied(history, Path(scratch)), options.alpha, options.horizon) as series:
        return len(series.audits)


def _foreseen(reference: Profile, options: Options, last: Audited, copied: int) -> Foreseen:
    """Return what would make an alarm fire at the loss that was planted last, or at the next smaller one that is asked about."""
    loss = max((each for each in LOSSES if each <= last.lost), default=None)
    if loss is None:
        return Foreseen(reason=f"the loss planted last, {last.lost:.1%}, is below the {min(LOSSES):.0%} that is foreseen; plant more")
    try:
        found = calibrated(reference, options, copied, last.level)
    except LongtailError as error:
        return Foreseen(loss=loss, reason=str(error))
    if not found.deciding:
        return Foreseen(loss=loss, reason="no endpoint of rare words could be calibrated against this reference")
    known = [each.baseline_needed[loss] for each in found.deciding]
    documents = None if None in known else max(filter(None, known))
    return Foreseen(loss=loss, ends_in=found.deciding[0].aim[loss], documents=documents, power=found.power)
