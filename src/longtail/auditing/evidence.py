"""What the rules judge, gathered from the measurements of one audit and from what is known around it."""

from dataclasses import replace
from datetime import date, datetime

from longtail.auditing.inputs import Inputs
from longtail.auditing.measure import Measurements
from longtail.auditing.options import Options
from longtail.auditing.pipeline import Around
from longtail.metrics.pairing import WORDS
from longtail.metrics.repetition import exact_duplicate_share, shared_document_share
from longtail.metrics.tails import head_kept, tail_found
from longtail.records import Outcome
from longtail.rules import Evidence, Pipeline, Sample
from longtail.summaries.profile import Profile
from longtail.summaries.units import FEWEST_DOCUMENTS
from longtail.views.names import DOCUMENTS


def evidence_of(
    inputs: Inputs,
    compared: Inputs,
    measured: Measurements,
    options: Options,
    around: Around,
    refused: str = "",
    generation: int | None = None,
) -> Evidence:
    """Return what the rules judge.

    Args:
        inputs: Profiles by role, as they were given.
        compared: Those that were compared.
        measured: What was measured of them.
        options: Settings of the audit.
        around: What is known around the data.
        refused: Why nothing was compared with the reference although there is one.
        generation: The generation that is judged, in a lineage.
    """
    frozen = inputs.reference.profile if inputs.reference else None
    return replace(
        _measured(compared, measured, options),
        composition=inputs.candidate.composition,
        decodings=inputs.candidate.decodings.counts,
        manifests=around.manifests,
        pipeline=around.pipeline,
        known=around.known,
        upstream_unknown=around.upstream_unknown,
        reference_sha256=frozen.as_input("reference").sha256 if frozen else None,
        refused=refused,
        has_against=inputs.against is not None,
        has_history=around.has_history,
        last_audit=last_audit_of(around),
        today=around.now.date() if around.now else None,
        filtered=around.filtered,
        measures=around.measures,
        rollouts=around.rollouts.verdicts if around.rollouts else None,
        generation=generation,
        retrieval=around.retrieval,
    )


def changed(inputs: Inputs, pipeline: Pipeline | None) -> str:
    """Return why nothing may be compared with the reference: it is not the one that the pipeline pins; else nothing."""
    if inputs.reference is None or pipeline is None or pipeline.reference_sha256 is None:
        return ""
    found = inputs.reference.profile.as_input("reference").sha256
    return "" if found is None or found == pipeline.reference_sha256 else "the reference is not the one that was frozen (LT803)"


def last_audit_of(around: Around) -> date | None:
    """Return the day of the last audit that is known of."""
    days = [datetime.fromisoformat(around.last_audit).date()] if around.last_audit else []
    days += [around.pipeline.last_audit] if around.pipeline and around.pipeline.last_audit else []
    return max(days, default=None)


def _measured(inputs: Inputs, measured: Measurements, options: Options) -> Evidence:
    """Return what was compared, and the candidate."""
    documents = inputs.candidate.frequencies[DOCUMENTS]
    held_out = inputs.reference.profile if inputs.reference else None
    return Evidence(
        candidate=_sample(inputs.candidate),
        duplicates=exact_duplicate_share(documents),
        fewest=FEWEST_DOCUMENTS,
        measured=_compared(inputs),
        decided_on=measured.deciding.name if measured.deciding else None,
        tail=_of_family(measured, are_classes=False),
        classes=_of_family(measured, are_classes=True),
        shared=shared_document_share(documents, held_out.frequencies[DOCUMENTS]) if held_out else None,
        leaked=_leaked(inputs),
        required=frozenset(options.require),
        head=_head(inputs, options),
        found=_found(measured),
        outcomes=measured.all(),
    )


def _head(inputs: Inputs, options: Options) -> float | None:
    """Return how much the reference's commonest words are used, or None without a reference or without words."""
    if inputs.reference is None or WORDS not in inputs.candidate.views:
        return None
    return head_kept(inputs.candidate, inputs.reference.whole, WORDS, options.tau)


def _compared(inputs: Inputs) -> dict[str, Sample]:
    """Return what the candidate was compared with, in the order decided; alone, it is split into halves."""
    held_out = inputs.reference.profile if inputs.reference else None
    others: dict[str, Profile | None] = {"control": inputs.control, "baseline": inputs.baseline, "reference": held_out}
    compared = {role: profile for role, profile in others.items() if profile is not None}
    return {role: _sample(profile, halved=len(compared) == 1) for role, profile in compared.items()}


def _of_family(measured: Measurements, *, are_classes: bool) -> tuple[Outcome, ...]:
    return tuple(outcome for outcome in measured.tail if (outcome.metric == "class_share") == are_classes)


def _leaked(inputs: Inputs) -> Outcome | None:
    """Return the share of the reference that stands in a training set, or None where none was named."""
    if inputs.trained_on is None or inputs.reference is None:
        return None
    return shared_document_share(inputs.reference.profile.frequencies[DOCUMENTS], inputs.trained_on.frequencies[DOCUMENTS])


def _found(measured: Measurements) -> float | None:
    """Return the share of the tail's types that the baseline holds, or None where nothing was compared."""
    deciding = measured.deciding
    is_told = deciding is not None and deciding.refusal is None and deciding.view.startswith("words")
    return tail_found(deciding) if deciding is not None and is_told else None


def _sample(profile: Profile, *, halved: bool = False) -> Sample:
    """Return what rules need to know; `distinct` is that of the smaller half where the data set is split."""
    distinct = min(profile.distinct(0), profile.distinct(1)) if halved else profile.distinct()
    return Sample(documents=profile.documents, distinct=distinct, words=profile.words, tagged=profile.composition.tagged, is_half=halved)
