"""The diagnosis: what records tell of the past, what the outputs of archived versions show, and what both together mean."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import msgspec

from longtail.auditing import audit
from longtail.diagnosis.asked import check, has_records, reference_of, stated
from longtail.diagnosis.called import called_of
from longtail.diagnosis.entry import entry_of
from longtail.diagnosis.matching import joined
from longtail.diagnosis.outputs.archived import Archived
from longtail.diagnosis.outputs.given import from_outputs, located
from longtail.diagnosis.outputs.naming import natural
from longtail.diagnosis.outputs.producers import TIMEOUT_S, producer_of
from longtail.diagnosis.outputs.prompts import MOST, prompts_of
from longtail.diagnosis.outputs.running import from_checkpoints
from longtail.diagnosis.past.rebuild import rebuild
from longtail.diagnosis.records import Called, Diagnosis, Past, Reading
from longtail.diagnosis.risk import risks_of
from longtail.diagnosis.signature import named, shape_of, signature_of
from longtail.diagnosis.standing import Known, confidence_of, to_collect
from longtail.errors import UsageError
from longtail.origin.recognising.evidence import Recogniser
from longtail.records import GenerationRecord, OnProgress, Report


def diagnose(
    *,
    repo: str | os.PathLike[str] | None = None,
    lineage: Any = None,
    outputs: Any = None,
    checkpoints: Any = None,
    produce: Any = None,
    reference: Any = None,
    manifests: Sequence[Any] = (),
    ledger: Any = None,
    human: Any = None,
    synthetic: Any = None,
    recognisers: Sequence[Recogniser] = (),
    scores: Any = None,
    prompts: int = MOST,
    timeout_s: float = TIMEOUT_S,
    cache: str | os.PathLike[str] | None = None,
    seed: int = 0,
    now: datetime | None = None,
    command: str = "longtail.diagnose",
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Diagnosis:
    """Say what can be said of an inherited pipeline: its past, when synthetic data entered, what its versions have lost.

    Any part may be missing; what it would have told is then not measured, and `collect` says what to look for.

    Args:
        repo: Folder that is searched for records of the past: manifests, git, DVC, Hugging Face, MLflow, files by name and date.
        lineage: Outputs of all versions in order, or a lineage.toml.
        outputs: Outputs as a glob or folder, in natural order; or data sets by the names of their versions.
        checkpoints: Archived checkpoints as a glob or folder, in natural order; paths in order, or by the names of their versions.
        produce: What asks them: a function of (prompts, path) that returns texts, or its name "module:function"; a program and its
            arguments with {checkpoint} in them; None for folders of Hugging Face, which takes the extra hf.
        reference: Human documents that no version was trained on.
        manifests: Of training sets: files as `longtail mix` writes them.
        ledger: A ledger, or its folder; nothing is written to it.
        human: Human texts to estimate the synthetic share of untagged training sets with; the reference where None.
        synthetic: Machine texts for the same.
        recognisers: Look for marks in untagged training sets, such as the watermarks of `Watermark([Key.load("key.json")])`.
        scores: Losses on human text, one for each of the outputs, in their order; or a glob, taken in natural order.
        prompts: How many prompts a checkpoint is asked at most.
        timeout_s: Seconds that a program has for one checkpoint.
        cache: Folder in which outputs of checkpoints are kept by content; None keeps nothing.
        seed: Of all hashes, relabellings and draws.
        now: The moment of the diagnosis; by default the clock's.
        command: What the diagnosis calls the command that made it.
        on_progress: Called as checkpoints are asked and documents are read.
        **options: Settings of the audit, as `longtail.audit` takes them.

    Raises:
        UsageError: Nothing was given, or arguments that do not go together.
        ReadError: The reference cannot be read.
        ConfigError, UnknownName: A setting is out of range or unknown.
        MissingExtra: A library is missing.
    """
    asked = {
        "repo": repo, "lineage": lineage, "outputs": outputs, "checkpoints": checkpoints, "manifests": manifests or None,
        "ledger": ledger, "reference": reference, "synthetic": synthetic, "produce": produce, "scores": scores,
    }  # fmt: skip
    check(asked)
    moment = now or datetime.now(UTC)
    asked["reference"] = reference = reference_of(reference, lineage)
    found, told = _outputs(asked, prompts, timeout_s, cache, seed, options.get("text_column"), on_progress)
    past = rebuild(repo, lineage=lineage, manifests=manifests, ledger=ledger) if has_records(asked) else Past()
    past, found, scores = _in_order(past, found, sorted(located(scores), key=natural) if isinstance(scores, str) else scores)
    report = _audited(found, reference, scores, {"seed": seed, "now": moment, "command": command, "on_progress": on_progress} | options)
    how: dict[str, Any] = {"folder": repo, "seed": seed, "text_column": options.get("text_column"), "on_progress": on_progress}
    entry = entry_of(past, human=reference if human is None else human, synthetic=synthetic, recognisers=recognisers, **how)
    known = Known(past, entry, _readings(past, found, report), report, asked)
    settings = stated(asked, told, cache, report) | ({"marks": [each.looks_for for each in recognisers]} if recognisers else {})
    return _of(known, longtail_version=version("longtail"), created_at=_told(moment), command=command, seed=seed, settings=settings)


def _of(known: Known, **made: Any) -> Diagnosis:
    report, names = known.report, known.names
    confidence, because = confidence_of(known)
    lineage = report.lineage if report is not None else None
    return Diagnosis(
        past=known.past,
        entry=known.entry,
        readings=known.readings,
        signature=signature_of(report, names, confidence),
        phase=report.phase.name if report is not None else "not_measured",
        shape=shape_of(report),
        onset=known.onset,
        onset_statement=_onset_statement(report, names),
        explanations=report.differential if report is not None else (),
        lead_times=lineage.lead_times if lineage is not None else (),
        risks=risks_of(known.past, known.entry, known.readings),
        confidence=confidence,
        because=because,
        collect=to_collect(known),
        audit=report,
        called=_called(report, names),
        **made,
    )


def _called(report: Report | None, names: Sequence[str]) -> Called:
    called = called_of(report)
    return Called(name=called.name, because=named(called.because, names))


def _told(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _outputs(
    asked: Mapping[str, Any],
    most: int,
    timeout_s: float,
    cache: Any,
    seed: int,
    text_column: str | None,
    on_progress: OnProgress | None,
) -> tuple[tuple[Archived, ...], str]:
    """Return the outputs of each version, and what models were asked, in words."""
    if asked["checkpoints"] is not None:
        producer = producer_of(asked["produce"], seed, timeout_s)
        wanted = prompts_of(asked["reference"], most, text_column)
        found = from_checkpoints(asked["checkpoints"], wanted, producer, cache=cache, seed=seed, on_progress=on_progress)
        kept = "" if producer.is_stated else "; not kept, for the function has no name by which it could be known again"
        return found, f"{wanted.told}; {producer.stated}{kept}"
    given = asked["outputs"] if asked["outputs"] is not None else asked["lineage"]
    return ((), "") if given is None else (from_outputs(given, text_column), "")


def _in_order(
    past: Past, found: tuple[Archived, ...], scores: Sequence[Any] | None
) -> tuple[Past, tuple[Archived, ...], Sequence[Any] | None]:
    """Return past and outputs brought together, and the scores in the order of the outputs."""
    if scores is not None and len(scores) != len(found):
        raise UsageError(f"{len(scores)} files of scores for {len(found)} versions; give one for each, in the same order")
    past, ordered = joined(past, found)
    if scores is None:
        return past, ordered, None
    of_path = {(each.path, id(each.data)): score for each, score in zip(found, scores, strict=True)}
    return past, ordered, [of_path[each.path, id(each.data)] for each in ordered]


def _audited(found: Sequence[Archived], reference: Any, scores: Sequence[Any] | None, common: Mapping[str, Any]) -> Report | None:
    """Return the audit of what was read: a lineage, one version beside the reference, or None where nothing can be compared."""
    read = [each for each in found if not each.unread]
    if reference is None or not read:
        return None
    if scores is not None:
        scores = [score for each, score in zip(found, scores, strict=True) if not each.unread]
    if len(read) == 1:
        report = audit(read[0].data, reference, scores=scores[0] if scores else None, **common)
    else:
        report = audit(lineage=[each.data for each in read], reference=reference, scores=scores, **common)
    return msgspec.structs.replace(report, timing={})


def _readings(past: Past, found: Sequence[Archived], report: Report | None) -> tuple[Reading, ...]:
    places = {each.name: each.place for each in past.versions}
    generations = iter(_generations(report))
    made = []
    for each in found:
        shown = None if each.unread else next(generations, None)
        made.append(
            Reading(
                version=each.name,
                place=places[each.name],
                path=each.path,
                documents=each.documents,
                phase=shown.phase if shown else None,
                labels=shown.labels if shown else (),
                decided_by=shown.decided_by if shown else (),
                is_cached=each.is_cached,
                unread=each.unread,
            )
        )
    return tuple(made)


def _generations(report: Report | None) -> tuple[GenerationRecord, ...]:
    """Return what an audit says of each version that it read, in order."""
    if report is None:
        return ()
    if report.lineage is not None:
        return report.lineage.generations
    phase = report.phase
    alone = GenerationRecord(generation=1, path="", documents=0, phase=phase.name, labels=phase.labels, decided_by=phase.decided_by)
    return (alone,)


def _onset_statement(report: Report | None, names: Sequence[str]) -> str:
    if report is None:
        return "Not measured: nothing was compared."
    if report.lineage is None:
        return "Not measured: one version has no onset; it needs the outputs of at least two."
    return named(report.lineage.onset_statement, names)
