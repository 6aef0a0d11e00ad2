"""What the rules judge, gathered from the measurements of one audit."""

from longtail.auditing.inputs import Inputs
from longtail.auditing.measure import Measurements
from longtail.auditing.options import Options
from longtail.metrics.pairing import WORDS
from longtail.metrics.repetition import exact_duplicate_share, shared_document_share
from longtail.metrics.tails import head_kept, tail_found
from longtail.records import Outcome
from longtail.rules import Evidence, Sample
from longtail.summaries.profile import DOCUMENTS, Profile
from longtail.summaries.units import FEWEST_DOCUMENTS


def evidence_of(inputs: Inputs, measured: Measurements, options: Options) -> Evidence:
    """Return what the rules judge."""
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
        head=head_kept(inputs.candidate, inputs.reference.whole, WORDS, options.tau) if inputs.reference else None,
        found=_found(measured),
    )


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
    return None if deciding is None or deciding.refusal is not None else tail_found(deciding)


def _sample(profile: Profile, *, halved: bool = False) -> Sample:
    """Return what rules need to know; `distinct` is that of the smaller half where the data set is split."""
    distinct = min(profile.distinct(0), profile.distinct(1)) if halved else profile.distinct()
    return Sample(documents=profile.documents, distinct=distinct, words=profile.words, tagged=profile.origins.tagged, is_half=halved)
