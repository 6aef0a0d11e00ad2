"""LT104 to LT106: whether what documents say of their origin agrees with what else is known."""

from longtail.records import Origin, Verdict
from longtail.rules.absent import no_ledger, untagged
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence, Known
from longtail.rules.measures import HUMAN_PART, NOTICED, Measures
from longtail.rules.mix import MODEL_MADE, UNKNOWN
from longtail.summaries.composition import STATED, UNSTATED

SHOWN = 20


@RULES.add(
    "LT104",
    title="tag lost in a transform",
    metric="documents whose id the ledger knows with an origin, and which state none or another",
    convention="any; fail",
    source="own definition: the ledger's lt_origin beside the document's",
)
def tag_lost(evidence: Evidence) -> Verdict:
    """Documents that the ledger knows have lost their origin on the way, or changed it.

    Why: a map, a join or an export that drops columns turns known model output into text of unknown origin, and soon into
    human text.

    Symptoms: metadata gone after a map or a join; the column lt_origin disappeared; provenance columns dropped on export.

    How measured: each document's id is looked up in the ledger. Counted are those with an origin there and none, or another,
    here. A document that the ledger does not know is not judged; LT101 counts it where it is untagged.

    Formula: lost = documents whose origin in the ledger is known and is not the one that they state; a finding where lost > 0.

    Minimum: one document that the ledger knows.

    False positives: a correction that was made in the file and not in the ledger; add it there.

    Fix: carry the columns that begin with lt_ through every transform; tag again from the ledger by id.

    Silence: where it is the ledger that is wrong, correct the ledger (longtail ledger correct).

    See it: `longtail demo scrape`: pages that lost their tags, and what can then still be told of them, all together and with an interval.
    """
    if evidence.known is None:
        return no_ledger()
    lost, known = _differing(evidence.known), _known(evidence.known)
    if not known:
        return Verdict(status="not_measured", because="the ledger knows none of the documents", enable="longtail ledger add DIR DATA")
    if not lost:
        return Verdict(status="pass", because=f"{known:,} documents state the origin that the ledger has")
    ranked = sorted(lost.items(), key=lambda item: (-item[1], item[0]))
    lines = [f"{count:,} documents: {there} in the ledger, {here} in the data" for (there, here), count in ranked[:SHOWN]]
    return Verdict(
        status="fail",
        because=f"{sum(lost.values()):,} of {known:,} documents that the ledger knows have lost or changed their origin: {lines[0]}",
        where="candidate",
        evidence=(*lines, *(f"id {each}" for each in evidence.known.examples[:SHOWN])),
        remedy="carry the lt_ columns through every transform, and tag these documents again from the ledger",
    )


def _known(known: Known) -> int:
    return sum(count for (there, _), count in known.pairs.items() if there not in UNKNOWN)


def _differing(known: Known) -> dict[tuple[str, str], int]:
    return {pair: count for pair, count in known.pairs.items() if pair[0] not in UNKNOWN and pair[0] != pair[1] and count}


@RULES.add(
    "LT105",
    title="origin contradicts evidence",
    metric="documents whose stated origin cannot be true beside their depth, model, evidence, the ledger, or what is measured",
    convention=f"any; fail. A measured share above {NOTICED:g} among human documents: fail where the estimate is ok, else warn",
    source="own definition: depth is 0 for human documents and at least 1 for all that a model had a hand in",
)
def contradicted(evidence: Evidence) -> Verdict:
    """Documents state an origin that other columns, or the ledger, contradict.

    Why: a tag that is wrong is worse than none: it is believed.

    Symptoms: rows tagged human are AI-written; synthetic data labelled as human; annotators used a chatbot; labels of origin contradict one
    another.

    How measured: counted are human documents with a depth above 0, with a model, or whose evidence is `measured` (a detector
    alone does not make a text human) or `watermark` (a watermark shows a model's hand); documents that a model had a hand in with
    depth 0; and documents called human that the ledger knows as model-made. With --synthetic the share of machine-made text among
    the documents called human is estimated: it speaks of all of them together, and of none of them alone.

    Formula: contradicted = human documents with depth > 0, with a model, with the evidence measured or watermark, or known to the ledger as
    model-made, and model-made documents with depth 0; a finding where any count > 0, or where the lower end of the measured machine share
    of human documents > 0.02.

    Minimum: one tagged document. One document may be counted under several heads.

    False positives: a column lt_model that names the model a text was written *for*.

    Fix: correct the origin, or the column that contradicts it; where it cannot be known, say `unknown`.

    Silence: no threshold of its own: correct the column that is wrong.

    See it: `longtail demo scrape`, then `longtail tag longtail-demo-scrape/scrape.jsonl --origin human -o tagged.jsonl` and `longtail audit
    tagged.jsonl --reference longtail-demo-scrape/human.jsonl --synthetic longtail-demo-scrape/model.jsonl`.
    """
    if not evidence.composition.tagged:
        return untagged()
    found = {text: count for text, count in _contradictions(evidence).items() if count}
    measures = evidence.measures or Measures()
    noticed = measures.noticed(HUMAN_PART)
    if not found and not noticed:
        return Verdict(status="pass", because="no stated origin is contradicted by depth, model or evidence")
    lines = tuple(f"{count:,} {text}" for text, count in found.items())
    if noticed:
        told = measures.lines(HUMAN_PART)
        lines = (*lines, f"of the documents called human, {told[0]}", *told[1:])
    return Verdict(
        status="fail" if found or measures.is_sure(HUMAN_PART) else "warn",
        because="; ".join(lines[: len(found) + noticed]),
        where="candidate",
        evidence=lines,
        remedy="correct the origin or the column that contradicts it; say unknown where it cannot be known",
    )


def _contradictions(evidence: Evidence) -> dict[str, int]:
    axes, human = evidence.composition.axes, Origin.HUMAN.value
    pairs = evidence.known.pairs if evidence.known else {}
    return {
        "human documents have a depth above 0": sum(
            count for (origin, depth), count in axes["depth"].items() if origin == human and depth not in ("0", UNSTATED)
        ),
        "human documents name a model that wrote them": axes["model"][human, STATED],
        "human documents rest on a detector alone": axes["evidence"][human, "measured"],
        "human documents carry a watermark": axes["evidence"][human, "watermark"],
        "documents that a model had a hand in have depth 0": sum(
            count for (origin, depth), count in axes["depth"].items() if origin in MODEL_MADE and depth == "0"
        ),
        "human documents are model-made in the ledger": sum(
            count for (there, here), count in pairs.items() if there in MODEL_MADE and here == human
        ),
    }


@RULES.add(
    "LT106",
    title="upstream model of unknown provenance",
    metric="checkpoints upstream whose training data the ledger does not know",
    convention="any; warn",
    source="own definition: the ledger's graph",
)
def unknown_upstream(evidence: Evidence) -> Verdict:
    """A model upstream was trained on data that nobody has recorded.

    Why: whatever that model had already lost, or learned from other models, is inherited by all that is made with it, and no
    audit of this data set alone shows it.

    Symptoms: the base model was trained on unknown data; distilled from a model whose training data nobody knows; a teacher of unknown
    provenance.

    How measured: the ledger's graph is followed upwards from the candidate; counted are checkpoints without a recorded
    training set.

    Formula: unknown = checkpoints upstream of the candidate that have no recorded training set; a finding where unknown > 0.

    Minimum: a ledger that knows the candidate's models.

    False positives: a public base model whose training data are described elsewhere; record the description.

    Fix: record what is known of the model's training data, and its date; prefer base models from before the cut-off.

    Silence: record what is known of the training set in the ledger; until then the stretch stays unknown.

    See it: `longtail lab experiment inherited-neglect`: a student knows no more rare classes than the teacher whose output it learnt from.
    """
    if evidence.upstream_unknown is None:
        return no_ledger()
    if not evidence.upstream_unknown:
        return Verdict(status="pass", because="every model upstream has a recorded training set")
    names = sorted(evidence.upstream_unknown)
    return Verdict(
        status="warn",
        because=f"the training data of {len(names):,} model{'s' if len(names) > 1 else ''} upstream are not known: {', '.join(names[:3])}",
        where="candidate",
        evidence=tuple(names[:SHOWN]),
        remedy="record in the ledger what is known of these models' training data",
    )
