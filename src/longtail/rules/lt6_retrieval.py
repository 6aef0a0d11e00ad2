"""LT6xx: what comes back to a system that answers from a store to which its own answers are written."""

from longtail.metrics.rag.records import MARGIN, Contamination, Retrieval
from longtail.records import Estimate, Outcome, Status, Verdict
from longtail.rules.absent import unmeasured
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence

WARN_SHARE, FAIL_SHARE = 0.20, 0.50
"""Shares of what a model made, in the pool, among what is retrieved and among what is cited."""
WARN_ECHOES, FAIL_ECHOES = 0.01, 0.05
_LOG = "longtail audit DATA --rag STORE --queries LOG.jsonl"
_WHERE = "store"


@RULES.add(
    "LT601",
    title="own outputs in the pool",
    metric="pool_contamination, self_derived_share",
    convention=f"warn where the lower bound is {WARN_SHARE:.2f} or more, fail from {FAIL_SHARE:.2f}; a convention, not a law",
    source="Yu, Kim & Kim 2026, arXiv:2602.16136 (pool contamination); Korn & Graubard 1998",
)
def pool(evidence: Evidence) -> Verdict:
    """A large part of what a store serves was written by a model.

    Why: what a model wrote is read as evidence by the next answer. It need not be wrong to do harm: it takes the place of sources, and
    what it got wrong is from then on documented.

    Symptoms: RAG indexes its own answers; agent memory is full of junk; hallucinated memories; knowledge base
    polluted by generated content.

    How measured: a document counts where it states an origin that a model has (synthetic, human_selected, mixed), and, where it
    states none, if it restates an answer in the log that was given before it was stored. What is neither is unknown, and is told apart.

    Formula: share = documents known to be made by a model / documents; warn where its lower bound >= 0.20, fail where >= 0.50; not
    measured where upper bound + share of unknown origin >= 0.20 and no bound is reached.

    Minimum: one document whose origin is stated, or a log of answers.

    False positives: a person who stores what an answer said, in nearly the same words; 0.65 of the wording, by weight, has to be there.

    Fix: put a gate before the store, tag what passes it, and set aside what restates an answer; nothing has to be deleted.

    Silence: no threshold of its own; name the origin of documents to replace the guess by a fact.

    See it: `longtail lab experiment own-inputs`: known shares of own output in logs, and what is found of them.
    """
    found = evidence.retrieval
    if found is None:
        return _no_store()
    return _share(found.pool, "of the documents are known to be made by a model", "mark and gate what is written back", found)


@RULES.add(
    "LT602",
    title="own outputs among what is retrieved",
    metric="exposure_contamination, exposure_change, accuracy_change",
    convention=f"warn where the lower bound is {WARN_SHARE:.2f} or more; fail from {FAIL_SHARE:.2f}, and where exposure rises over the log"
    f" while accuracy is flat within {MARGIN:.2f} (deceptively healthy); a convention, not a law",
    source="Yu, Kim & Kim 2026, arXiv:2602.16136 (exposure contamination); Schuirmann 1987 (equivalence)",
)
def exposure(evidence: Evidence) -> Verdict:
    """Questions are answered from what a model wrote before.

    Why: retrieval prefers text that is phrased like the question, and answers are. So exposure runs ahead of the pool, and as long as
    the answers stay right no accuracy shows it: the system looks healthy while it comes to rest on itself.

    Symptoms: search results are dominated by generated text; retrieval collapse; accuracy is stable and sources disappear; the assistant
    quotes itself.

    How measured: of the documents that each query retrieved, the share known to be made by a model; the unit is the query, and queries
    that ask the same go together. Both halves of the log are compared, in the order of time: exposure rises where the 95 % interval
    of its change lies above 0; accuracy is flat where that of its change lies inside 0.05 on either side.

    Formula: share = mean over queries of retrieved documents made by a model / retrieved documents; warn where its lower bound >= 0.20,
    fail where >= 0.50, or where exposure rises and accuracy is flat.

    Minimum: a log with the ids of what was retrieved; 60 queries that say what was retrieved and whether the answer was right for the
    comparison of halves.

    False positives: questions that are about generated content.

    Fix: cap the share of own text among what is retrieved, prefer sources over answers, and audit what the answers cite.

    Silence: name a log in which the answers are not judged to leave the halves out; the share itself has no threshold of its own.

    See it: `longtail lab experiment own-inputs`: own output among inputs at a known share, copied and reworded.
    """
    found = evidence.retrieval
    if found is None:
        return _no_store()
    verdict = _share(found.exposure, "of what is retrieved is known to be made by a model", "cap the share of own text in retrieval", found)
    if not deceptively_healthy(found):
        return verdict
    moved, right = _change(found.exposure_change), _change(found.accuracy_change)
    told = f"deceptively healthy: over the log the share retrieved moves by {moved}, that of right answers by {right}"
    return Verdict(
        status="fail",
        because=f"{told}; {verdict.because}",
        where=_WHERE,
        evidence=(told, *_three(found)),
        remedy="do not take accuracy as a sign of health; cap the share of own text in retrieval, and bring sources back",
    )


@RULES.add(
    "LT603",
    title="own outputs among what is cited",
    metric="citation_contamination",
    convention=f"warn where the lower bound is {WARN_SHARE:.2f} or more, fail from {FAIL_SHARE:.2f}; a convention, not a law",
    source="Yu, Kim & Kim 2026, arXiv:2602.16136 (citation contamination)",
)
def citation(evidence: Evidence) -> Verdict:
    """Answers cite what a model wrote as if it were a source.

    Why: a citation is what a reader checks. One that leads to an earlier answer leads in a circle, and looks like support.

    Symptoms: citations lead to generated pages; the bot cites its own answer; sources that nobody wrote.

    How measured: of the documents that each answer cites, the share known to be made by a model; the unit is the query, and queries
    that ask the same go together.

    Formula: share = mean over queries with a citation of cited documents made by a model / cited documents; warn where its lower
    bound >= 0.20, fail where >= 0.50.

    Minimum: a log with the ids of what was cited.

    False positives: answers about the system's own earlier answers.

    Fix: let an answer cite documents of people only, and follow a citation of an answer to what that answer cited.

    Silence: leave the cited ids out of the log; there is no threshold of its own.

    See it: `longtail lab experiment own-inputs`: the same count on questions, where the share is known.
    """
    found = evidence.retrieval
    if found is None:
        return _no_store()
    return _share(found.citation, "of what is cited is known to be made by a model", "cite documents of people only", found)


@RULES.add(
    "LT604",
    title="echo chain",
    metric="echo_share, own_input_share",
    convention=f"fail where the lower bound of the share is {FAIL_ECHOES:.2f} or more and a recorded parent or the log shows an echo; warn"
    f" from {WARN_ECHOES:.2f}; a convention, not a law",
    source="own definition; containment of wording, Broder 1997; Kahn 1962 (order of a chain)",
)
def echo_chain(evidence: Evidence) -> Verdict:
    """Documents that no person wrote came of earlier ones that no person wrote: stored, recalled, said again, stored again.

    Why: each round looks like one more witness. What was made up once is then said by many, and a change of the model does not help.

    Symptoms: recalled memories are extracted as new memories; the same memory in many paraphrases; a made-up persona that stays; the
    agent reinforces its own mistakes.

    How measured: by recorded parents where there are any; else a stored answer came of what it was shown and restates; else of the
    earlier document that holds 0.65 of its wording, by weight. Links that lead in a circle are left out and counted.

    Formula: share = documents with an echo before them / documents; fail where its lower bound >= 0.05 and an echo is recorded or logged,
    warn where >= 0.01.

    Minimum: two documents; six different words in a document whose parents are not recorded.

    False positives: people who say the same twice, where neither parents nor a log tell: reference texts do it. Then the verdict
    stays a warning.

    Fix: set the copies aside with `--export`, keep the first; extract no memories from what was recalled in the same turn.

    Silence: no threshold of its own; record the parents of what is stored.

    See it: `longtail lab experiment own-inputs`: one step of such a chain, an answer that becomes an input, at a known share.
    """
    found = evidence.retrieval
    if found is None:
        return _no_store()
    share = found.echoes
    if not isinstance(share, Estimate):
        return unmeasured((share,), "no document came of another", _LOG)
    because = f"{_told(share)} of {found.items:,} documents echo an earlier one; {found.roots:,} chains{_longest(found)}"
    return _chains(share, because, found)


def deceptively_healthy(found: Retrieval) -> bool:
    """Tell whether exposure rises over the log while accuracy is flat, both by the whole of their intervals."""
    exposed, right = found.exposure_change, found.accuracy_change
    if not isinstance(exposed, Estimate) or not isinstance(right, Estimate):
        return False
    return exposed.low > 0 and right.low > -MARGIN and right.high < MARGIN


def _chains(share: Estimate, because: str, found: Retrieval) -> Verdict:
    """Return what a share of echoes comes to; those that only the wording tells do not fail."""
    if share.low < WARN_ECHOES:
        is_open = share.high >= FAIL_ECHOES
        return Verdict(status="not_measured" if is_open else "pass", because=because, enable="a larger store" if is_open else "")
    is_shown = any(sign != "wording" for sign in found.by_sign)
    alone = "" if is_shown else "; by their wording alone, so that people who say the same twice are not told apart"
    return Verdict(
        status="fail" if share.low >= FAIL_ECHOES and is_shown else "warn",
        because=because + alone,
        where=_WHERE,
        evidence=tuple(" → ".join(chain.ids) for chain in found.chains[:5]),
        remedy="set the copies aside, longtail rag audit STORE --export quarantine.jsonl, and keep recalled text out of what is stored",
    )


def _share(found: Contamination, what: str, remedy: str, all_of: Retrieval) -> Verdict:
    """Return what one contamination comes to; unknown origin keeps a low share from passing."""
    share = found.share
    if not isinstance(share, Estimate):
        return unmeasured((share,), "nothing was told", _LOG)
    untold = f", and {found.unknown:.1%} is of unknown origin" if found.unknown else ""
    because = f"{_told(share)} {what}{untold}"
    if share.low >= WARN_SHARE:
        status: Status = "fail" if share.low >= FAIL_SHARE else "warn"
        return Verdict(status=status, because=because, where=_WHERE, evidence=_three(all_of), remedy=remedy)
    if share.high + found.unknown < WARN_SHARE:
        return Verdict(status="pass", because=because)
    enable = "tag what is stored with lt_origin" if found.unknown else "a longer log"
    return Verdict(status="not_measured", because=f"inconclusive: {because}", enable=enable)


def _three(found: Retrieval) -> tuple[str, ...]:
    """Return pool, exposure and citation beside one another."""
    named = (("in the pool", found.pool), ("retrieved", found.exposure), ("cited", found.citation))
    return tuple(f"{name}: {_told(each.share)}" for name, each in named if isinstance(each.share, Estimate))


def _told(share: Estimate) -> str:
    return f"{share.value:.1%} [{share.low:.1%}, {share.high:.1%}]"


def _change(outcome: Outcome) -> str:
    return f"{outcome.value:+.3f} [{outcome.low:+.3f}, {outcome.high:+.3f}]" if isinstance(outcome, Estimate) else ""


def _longest(found: Retrieval) -> str:
    return f", the longest of {len(found.chains[0].ids)}" if found.chains else ""


def _no_store() -> Verdict:
    return Verdict(status="not_measured", because="no store of answers was named", enable=_LOG)
