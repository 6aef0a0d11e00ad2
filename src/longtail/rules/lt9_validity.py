"""LT9xx: whether the audit itself can be believed."""

from longtail.records import Estimate, Outcome, Verdict
from longtail.rules.absent import no_documents
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import WITH_REFERENCE, Evidence, Sample

LENGTH_RATIO = 1.25
WARN_SHARED = 0.001
FAIL_SHARED = 0.01
LEAST_HEAD = 0.35
SATURATED = 0.99

_ASSUMED = "; assumed: the reference was in no training set (check it with --trained-on FILE)"


@RULES.add(
    "LT901",
    title="too few documents",
    metric="number of distinct documents on each side",
    convention="16 groups of at least 6 documents in the smaller sample",
    source="decision 0003",
)
def too_few_documents(evidence: Evidence) -> Verdict:
    """A data set has too few documents for a test over documents.

    Why: the document is the unit; words of one document are not independent, and counting them as if they were makes
    false alarms several times too frequent.

    Symptoms: not enough data for a verdict; how many samples do I need; confidence interval too wide; inconclusive audit.

    How measured: the distinct documents of every data set in the audit are counted; copies of one document count once.

    Formula: fewest = 16 groups * 6 documents = 96; a finding where the distinct documents of a data set, or of the smaller half of a
    reference that is split, < fewest.

    Minimum: this rule is the minimum: 96 distinct documents.

    False positives: a sample that is small on purpose; then no verdict on its tail is to be had from it.

    Fix: collect more documents, or audit several parts as one data set.

    Silence: nothing sets it: below the minimum no verdict is given.

    See it: `longtail lab experiment missed-events`, or for data of your own `longtail calibrate --reference human.jsonl`.
    """
    if not evidence.candidate.documents:
        return no_documents()
    samples = {"candidate": evidence.candidate, **evidence.measured}
    small = {role: sample for role, sample in samples.items() if sample.distinct < evidence.fewest}
    if not small:
        return Verdict(status="pass", because=f"every data set has at least {evidence.fewest} distinct documents")
    found = ", ".join(f"{_named(role, sample)} has {sample.distinct:,} distinct documents" for role, sample in small.items())
    return Verdict(
        status="warn",
        because=f"{found}; {evidence.fewest} are needed",
        where=next(iter(small)),
        remedy=f"audit at least {evidence.fewest} documents, with a reference of at least {5 * evidence.fewest // 2}",
    )


def _named(role: str, sample: Sample) -> str:
    return f"half of the {role}" if sample.is_half else f"the {role}"


@RULES.add(
    "LT902",
    title="unequal length",
    metric="ratio of mean words per document",
    convention=f"warn where one side's documents are more than {LENGTH_RATIO} times as long",
    source="decision 0003",
)
def unequal_length(evidence: Evidence) -> Verdict:
    """Documents of the candidate and the baseline differ in length.

    Why: longer documents hold more types. The comparison is made at equal numbers of words in whole documents, which
    cancels most of it, not that long documents repeat themselves more.

    Symptoms: the model's answers got shorter; longer outputs look more diverse; length bias in diversity metrics; distinct-n depends on
    length.

    How measured: mean words per document on both sides.

    Formula: ratio = greater mean of words per document / smaller mean; warn where ratio > 1.25.

    Minimum: one document with words on each side.

    False positives: a real change of style that is wanted.

    Fix: generate with the same length cap and stop rule, or cut both sides to the same length.

    Silence: nothing sets it; the verdict stands, with this beside it.

    See it: `longtail lab theory expected_support --set samples=50 --set law=zipf:1 --set types=200`, and again with samples=100: more draws
    hold more types of one and the same law.
    """
    if not evidence.measured:
        return evidence.uncompared()
    name, other = next(iter(evidence.measured.items()))
    lengths = (evidence.candidate.words_per_document, other.words_per_document)
    if min(lengths) <= 0:
        return Verdict(status="not_measured", because="a data set without words", enable=WITH_REFERENCE)
    because = f"documents have {lengths[0]:.1f} words on average, the {name}'s {lengths[1]:.1f}"
    if max(lengths) / min(lengths) <= LENGTH_RATIO:
        return Verdict(status="pass", because=because)
    return Verdict(
        status="warn",
        because=f"{because}; compared at equal numbers of words",
        where="candidate",
        remedy="generate with the same length cap and stop rule as the baseline, or cut both to one length",
    )


@RULES.add(
    "LT903",
    title="reference leak",
    metric="shared_document_share",
    convention=f"warn from {WARN_SHARED:.1%} of documents in common, fail from {FAIL_SHARED:.0%}; warn where --baseline cancels it",
    source="own definition; the bias of a leaked reference is measured in docs/log.md",
)
def reference_leak(evidence: Evidence) -> Verdict:
    """The reference is not held out: the candidate contains its documents, or the model was trained on them.

    Why: a model that has seen the reference brings back the reference's own rare words, so a loss looks smaller than
    it is.

    Symptoms: test set leaked into training data; train-test contamination; the model looks better than it is; the holdout was in the
    training set.

    How measured: documents of the candidate that stand word for word in the reference; and, with --trained-on,
    documents of the reference that stand in the training set. Without --trained-on the report states as an
    assumption that the reference was in no training set.

    Formula: shared = documents of the candidate that stand in the reference / documents of the candidate, and likewise documents of the
    reference that stand in a training set; warn where either >= 0.001, fail where either >= 0.01.

    Minimum: one document on each side.

    False positives: short stock documents that any two corpora share.

    Fix: hold the reference out of every training set of the lineage; or audit with --baseline, which cancels the bias.

    Silence: judge against generation 1 with --baseline, which cancels the bias of a leak into training.

    See it: `longtail audit longtail-demo/replace/gen1.jsonl --reference longtail-demo/train.jsonl --trained-on longtail-demo/train.jsonl`
    after `longtail demo`.
    """
    held_out = {
        "candidate documents stand in the reference": evidence.shared,
        "reference documents stand in the training set": evidence.leaked,
    }
    found = {text: share for text, share in held_out.items() if isinstance(share, Estimate)}
    if not found:
        return evidence.uncompared()
    lines = tuple(f"{share.value:.2%} of {text}" for text, share in found.items())
    if all(share.value < WARN_SHARED for share in found.values()):
        return Verdict(status="pass", because="; ".join(lines) + ("" if evidence.leaked else _ASSUMED))
    return _leaked(evidence, lines)


def _leaked(evidence: Evidence, lines: tuple[str, ...]) -> Verdict:
    """Judge each leak by itself: a baseline that learnt from the same cancels the one into training, not copies in the candidate."""
    cancelled = evidence.decided_on not in (None, "reference") and _reaches(evidence.leaked, WARN_SHARED)
    fails = _reaches(evidence.shared, FAIL_SHARED) or (_reaches(evidence.leaked, FAIL_SHARED) and not cancelled)
    return Verdict(
        status="fail" if fails else "warn",
        because="; ".join(lines) + ("; the baseline cancels most of the bias of training on it" if cancelled else ""),
        where="reference",
        evidence=lines,
        remedy="hold the reference out of every training set and of the candidate, or judge against generation 1 with --baseline",
    )


def _reaches(share: Outcome | None, least: float) -> bool:
    return isinstance(share, Estimate) and share.value >= least


@RULES.add(
    "LT904",
    title="language mismatch",
    metric="share of the candidate's words on the reference's commonest words, relative to the reference's own",
    convention=f"fail below {LEAST_HEAD}; another subject keeps most of it, another language does not",
    source="own definition; docs/log.md has what subjects and languages measure",
)
def language_mismatch(evidence: Evidence) -> Verdict:
    """Candidate and reference seem to be in different languages.

    Why: the rare words of one language say nothing about the tail of another; every loss found would be the translation.

    Symptoms: everything is reported as lost; compared with the wrong corpus; reference in another language; code compared with prose.

    How measured: the commonest words of a language carry its grammar and hold half of any text in it, whatever the subject.
    Their share of the candidate is divided by their share of the reference.

    Formula: head = the candidate's share of words on the reference's commonest words / the reference's own share; fail where head < 0.35.

    Minimum: one document with words on each side.

    False positives: lists, code or tables beside prose.

    Fix: compare with a reference in the same language, or audit each language by itself.

    Silence: nothing sets it; a comparison across languages is not meaningful.

    See it: `longtail lab experiment shifted-test`: a shift of the subject is told apart from a loss, which another language could not be.
    """
    if evidence.head is None:
        return evidence.uncompared()
    because = f"the reference's commonest words hold {evidence.head:.0%} of the share of the candidate that they hold of the reference"
    if evidence.head >= LEAST_HEAD:
        return Verdict(status="pass", because=because)
    return Verdict(
        status="fail",
        because=because,
        where="reference",
        remedy="compare with a reference in the candidate's language, or audit each language by itself",
    )


@RULES.add(
    "LT905",
    title="metric saturated",
    metric="share of the reference's rare types that the baseline holds",
    convention=f"warn from {SATURATED:.0%}: a type must vanish altogether before its loss shows",
    source="own definition",
)
def metric_saturated(evidence: Evidence) -> Verdict:
    """So much text was compared that nearly every rare type is found, and only a complete disappearance would show.

    Why: a measure that has reached its ceiling looks stable whatever happens below it.

    Symptoms: the metric stays at 1.0; no difference visible at large sample sizes; rare words are all still there in a huge corpus.

    How measured: the share of the reference's rare types that the baseline holds at the size compared.

    Formula: found = expected tail types of the baseline at the size compared / all tail types; warn where found >= 0.99.

    Minimum: a tail that was measured.

    False positives: a small vocabulary, such as a column with few classes, of which each is found in any sample.

    Fix: rely on tail mass, which has no ceiling; audit with --view words_1,words_2, whose tails are longer; or with --tau
    smaller than it was.

    Silence: nothing sets it; tail mass is judged all the same.

    See it: `longtail lab theory expected_support --set samples=4000 --set law=zipf:1 --set types=50`: a sample in which nearly every type
    is found.
    """
    if evidence.found is None:
        return evidence.uncompared() if evidence.decided_on is None else _no_tail()
    because = f"the baseline holds {evidence.found:.1%} of the reference's rare types at the size compared"
    if evidence.found < SATURATED:
        return Verdict(status="pass", because=because)
    return Verdict(
        status="warn",
        because=because,
        where="candidate",
        remedy="rely on tail mass here, add longer n-grams with --view, or choose a smaller --tau",
    )


def _no_tail() -> Verdict:
    return Verdict(status="not_measured", because="tail types were not measured", enable=WITH_REFERENCE)
