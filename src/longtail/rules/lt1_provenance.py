"""LT101 to LT103: whether documents say where they came from, and what that rests on."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Literal

from longtail.origin.dates.dating import CUTOFF
from longtail.records import Verdict
from longtail.rules.absent import TAG, no_documents, unstated, untagged
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence
from longtail.rules.measures import LATE_PART, NOTICED, UNKNOWN_PART, Measures
from longtail.rules.mix import UNKNOWN
from longtail.summaries.composition import UNSTATED
from longtail.summaries.sources import is_web

SHOWN = 20
DISABLED = ("LT102", "LT103", "LT105", "LT203", "LT204", "LT205", "LT206")
"""Rules that read the origin of documents: LT101 is what keeps them from being measured."""


def graded(evidence: Evidence, code: str) -> Literal["warn", "fail"]:
    """Return `fail` where provenance is asked for, by a ledger, manifests, a pipeline or --require; else `warn`."""
    return "fail" if evidence.is_governed or code in evidence.required else "warn"


@RULES.add(
    "LT101",
    title="no provenance",
    metric="share of documents whose lt_origin is stated and not unknown",
    convention="any untagged document; fail with a ledger, a manifest, a pipeline or --require LT101, else warn",
    source="own definition: the column lt_origin",
)
def no_provenance(evidence: Evidence) -> Verdict:
    """Some documents do not say where they came from.

    Why: the share of synthetic text in a training set cannot be managed where it cannot be counted, and an unknown
    origin is a risk of its own, not a human one. Every rule on the mix waits for this one.

    Symptoms: nobody knows which rows a model wrote; is my training data AI-generated; a data set without provenance; synthetic data not
    labelled.

    How measured: documents without `lt_origin`, or with `unknown` or a name that is no origin, are counted.

    Formula: untagged = documents - documents whose origin is stated and not unknown; a finding where untagged > 0.

    Minimum: one document.

    False positives: none; a data set that is human through and through still has to say so.

    Fix: write the column `lt_origin` (human, synthetic, model_edited, human_edited, human_selected, mixed) where the
    data are made or taken in; `longtail tag` does it for files.

    Silence: leave LT101 out of --require; on a file alone, without ledger, manifest or pipeline, it warns and does not fail.

    See it: `longtail lab experiment web-loop`: where nothing filters by provenance, the human share of what is scraped falls turn by turn.
    """
    sample = evidence.candidate
    if not sample.documents:
        return no_documents()
    missing = sample.documents - sample.tagged
    if missing == 0:
        return Verdict(status="pass", because=f"all {sample.documents:,} documents state their origin")
    whole = sample.tagged == 0
    return Verdict(
        status=graded(evidence, "LT101"),
        because=f"{missing:,} of {sample.documents:,} documents do not state their origin",
        where="candidate",
        evidence=(
            f"tagged {sample.tagged:,}",
            f"untagged or unknown {missing:,}",
            f"{'disabled without it' if whole else 'made on the tagged part alone'}: {', '.join(DISABLED)}",
        ),
        remedy="add a column lt_origin (human, synthetic, …) where the data are made; unknown origin counts as a risk",
    )


@RULES.add(
    "LT102",
    title="web source of unknown origin",
    metric="documents from the web whose lt_origin is unknown or missing, and the share of them that is machine-made",
    convention=f"any; fail with a ledger, a manifest, a pipeline, --require LT102, or where more than {NOTICED:g} is measured; else warn",
    source="own definition: the columns lt_source (or url) and lt_origin, and longtail estimate",
)
def web_of_unknown_origin(evidence: Evidence) -> Verdict:
    """Documents were taken from the web, and nothing says whether people wrote them.

    Why: a growing part of the web is model output. Scraped without a note of its origin, it comes into a training set as if
    it were human.

    Symptoms: scraped data full of AI text; how much of my crawl is machine-written; web text contaminated by chatbots; AI slop in the
    corpus.

    How measured: documents whose `lt_source`, or `url`, begins with http:// or https://, or is `web`, and whose origin is unknown
    or not stated are counted by site. With --synthetic the share of machine-made ones among all of unknown origin is estimated,
    with its interval; without it, where the data have dates, words that came up after the cut-off give a lower bound.

    Formula: web = documents of unknown origin whose source is a web address; a finding where web > 0, or where the lower end of the
    measured machine share of all of unknown origin > 0.02.

    Minimum: one document that states its source. Of more than 16,384 sources not all are listed; the total is exact.

    False positives: pages that a person has checked, and nobody has tagged.

    Fix: tag such pages `human` with the evidence for it, or `synthetic`, or leave them out; date and archive what is taken in.

    Silence: leave LT102 out of --require; on a file alone it warns and does not fail, unless a machine share is measured.

    See it: `longtail lab scenario scrape`: an untagged scrape with a hidden share of model output, and the estimate of that share.
    """
    composition, sources = evidence.composition, evidence.composition.sources
    unknown = _of_unknown(composition.origins)
    if composition.tagged and not unknown:
        return Verdict(status="pass", because="every document states its origin")
    web, measures = _of_unknown(sources.web), evidence.measures or Measures()
    if web or measures.noticed(UNKNOWN_PART):
        return _from_the_web(evidence, measures, web, unknown)
    if not composition.tagged and not sources.stated:
        return untagged()
    if silent := unknown - _of_unknown(sources.stated):
        return unstated(f"{silent:,} documents state neither their origin nor their source", TAG)
    return Verdict(status="pass", because=f"none of the {unknown:,} documents of unknown origin is from the web")


def _of_unknown(counts: Mapping[str, int]) -> int:
    return sum(counts.get(origin, 0) for origin in UNKNOWN)


def _from_the_web(evidence: Evidence, measures: Measures, web: int, unknown: int) -> Verdict:
    counted = {source: _of_unknown(found) for source, found in evidence.composition.sources.counts.items() if is_web(source)}
    ranked = sorted(((count, source) for source, count in counted.items() if count), key=lambda pair: (-pair[0], pair[1]))
    lines = [f"{source}: {count:,} documents" for count, source in ranked[:SHOWN]]
    rest = web - sum(count for count, _ in ranked[:SHOWN])
    found = measures.lines(UNKNOWN_PART)
    where = f"{web:,} of {unknown:,} documents of unknown origin are from the web: {'; '.join(lines[:3])}"
    alone = f"{unknown:,} documents are of unknown origin"
    return Verdict(
        status="fail" if measures.noticed(UNKNOWN_PART) else graded(evidence, "LT102"),
        because="; ".join([where if web else alone, *found[:1]]),
        where="candidate",
        evidence=(*found, *lines, *([f"other sources: {rest:,} documents"] if rest else [])),
        remedy="tag these pages with their origin and the evidence for it, weight them by longtail estimate --weights, or leave them out",
    )


@RULES.add(
    "LT103",
    title="post-cut-off data in a human reservoir",
    metric="human documents dated on or after the cut-off whose evidence is none or asserted",
    convention=f"any, from {CUTOFF} on (cutoff in the pipeline); fail if asked for as in LT102, or if measured; else warn",
    source="own definition: the columns lt_origin, lt_time and lt_evidence",
)
def late_human_text(evidence: Evidence) -> Verdict:
    """Documents are called human, are of a time in which models write, and nothing but a word backs it.

    Why: text from before chat models were public is human by its date. Later text is not; taken for human without evidence it
    brings model output into the very set that is to keep a loop honest.

    Symptoms: the human baseline contains AI text; text from after 2022 in a human data set; the holdout is not human any more.

    How measured: human documents dated (`lt_time`, in UTC) on or after the cut-off whose `lt_evidence` is missing, `none` or
    `asserted`. Earlier ones need no evidence. Those without a date are told beside it and not judged. With --synthetic the share of
    machine-made ones among the late ones is estimated; a small share does not clear them, for no estimate makes a text human.

    Formula: late = human documents with a date >= the cut-off whose evidence is missing, none or asserted; a finding where late > 0.

    Minimum: one human document with a date.

    False positives: late text that its author vouches for, tagged with nothing better than `asserted`.

    Fix: add evidence (a signature, a known author, a watermark check that others can repeat), or move the documents out of the
    reservoir.

    Silence: set `cutoff` in the pipeline, with a reason; the report states it.

    See it: `longtail lab experiment indirect-loop`: how model output comes back through the public web, slower than in a direct loop.
    """
    if not evidence.composition.tagged:
        return untagged()
    cutoff = evidence.pipeline.cutoff if evidence.pipeline else CUTOFF
    days = evidence.composition.unproven
    late = {day: count for day, count in sorted(days.items()) if day != UNSTATED and day >= cutoff.isoformat()}
    human, undated = evidence.composition.origins.get("human", 0), days[UNSTATED]
    if late:
        return _late(evidence, late, human, cutoff)
    if human and undated == human:
        return unstated(f"none of {human:,} human documents is dated (lt_time)", f"{TAG} --time-column COLUMN")
    beside = f"; {undated:,} without a date were not judged" if undated else ""
    return Verdict(status="pass", because=f"no human document from {cutoff} on lacks evidence{beside}")


def _late(evidence: Evidence, late: dict[str, int], human: int, cutoff: date) -> Verdict:
    undated = evidence.composition.unproven[UNSTATED]
    years: Counter[str] = Counter()
    for day, count in late.items():
        years[day[:4]] += count
    measures = evidence.measures or Measures()
    found = measures.lines(LATE_PART) if LATE_PART in measures.parts else ()
    late_ones = f"{years.total():,} of {human:,} human documents are dated {cutoff} or later, and only a word says that people wrote them"
    return Verdict(
        status="fail" if found and measures.noticed(LATE_PART) else graded(evidence, "LT103"),
        because="; ".join([late_ones, *found[:1]]),
        where="candidate",
        evidence=(
            *found,
            *(f"{year}: {count:,} documents" for year, count in years.items()),
            *([f"without a date, not judged: {undated:,}"] if undated else []),
        ),
        remedy="add evidence (lt_evidence: signed, watermark, inherited) or take these documents out of the human reservoir",
    )
