"""From a store and its log to everything that is measured of them."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.auditing.retrieval.contradicting import Contradicting, contradicting
from longtail.auditing.retrieval.linking import Echo, Made, echoes, made, own_questions
from longtail.auditing.retrieval.timeline import Timeline, timeline_of
from longtail.metrics.rag.chains import Chains, chains_of, longest
from longtail.metrics.rag.records import Chain, Contamination, Contradiction, Retrieval, Stretch
from longtail.metrics.rag.shares import change, mean_share, numbered
from longtail.readers.stores import Log, Query, Store
from longtail.records import NotMeasured, Outcome

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

SHOWN = 20
MOST_STRETCHES, FEWEST_OF_A_STRETCH = 8, 20
WITH_LOG = "longtail rag audit STORE --queries LOG.jsonl"
TAGGED = "tag what is stored: lt_origin in its metadata"
_RETRIEVED, _CITED = "retrieved documents made by a model", "cited documents made by a model"


class Found(NamedTuple):
    """What was measured of a store, and why some of its items would better be set aside, by id.

    Attributes:
        record: What rules read and reports show.
        reasons: Id of an item with its reasons, in the order of the store.
    """

    record: Retrieval
    reasons: tuple[tuple[str, tuple[str, ...]], ...]


def retrieval_of(store: Store, log: Log | None = None) -> Found:
    """Return what is measured of a store and its log.

    Args:
        store: As it was read.
        log: What was asked of it and answered from it; None where there is no log.
    """
    timeline = timeline_of(store.items, log.queries if log else ())
    who, served = made(timeline), timeline.served
    links = [echo for echo in echoes(timeline, who) if served[echo.child]]
    chains = chains_of(len(timeline.items), ((echo.child, echo.parent) for echo in links))
    against = contradicting(timeline, served)
    record = Retrieval(
        path=store.path,
        kind=store.kind,
        items=int(served.sum()),
        aside=int((~served).sum()),
        queries=len(timeline.queries),
        **_of_store(timeline, who, chains, served),
        **_of_log(timeline, who),
        **_of_chains(timeline, links, chains),
        contradictions=tuple(Contradiction(first=_id(timeline, a), second=_id(timeline, b)) for a, b in against.pairs[:SHOWN]),
        contradicting=len(against.pairs),
        compared=against.compared,
        notes=tuple(_notes(timeline, who)),
    )
    return Found(record, _reasons(timeline, who, links, chains, against))


def _of_store(timeline: Timeline, who: Made, chains: Chains, served: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Return the shares of the documents; a chain of echoes goes together."""
    clusters = numbered(chains.root[served].tolist())
    told = bool((~who.unknown[served]).any()) or bool(len(timeline.answers))
    own = who.by_model & ((who.answer >= 0) | (chains.depth > 0) | _has_parents_here(timeline))
    nothing = "no document states its origin, and no log of answers was given"

    def share(metric: str, values: npt.NDArray[np.bool_], what: str) -> Outcome:
        if not told and metric != "echo_share":
            return NotMeasured(reason=nothing, enable=f"{WITH_LOG}; or {TAGGED}", metric=metric, view="document")
        return mean_share(metric, values[served].astype(np.float64), clusters, "document", what, "a store that holds something")

    is_told = served.sum() > 1
    few = NotMeasured(reason="fewer than two documents", enable="a store that holds more", metric="echo_share", view="document")
    return {
        "pool": Contamination(
            share=share("pool_contamination", who.by_model, "documents made by a model"), unknown=_mean(who.unknown[served])
        ),
        "self_derived": share("self_derived_share", own, "documents that are own answers or made from others here"),
        "echoes": share("echo_share", chains.depth > 0, "documents that echo an earlier one") if is_told else few,
    }


def _of_log(timeline: Timeline, who: Made) -> dict[str, Any]:
    """Return what the log tells; the unit is the query, and those that ask the same go together."""
    clusters = numbered([" ".join(query.question.casefold().split()) for query in timeline.queries])
    exposure, exposed = _listed(timeline, who, clusters, lambda query: query.retrieved, "exposure_contamination", _RETRIEVED)
    citation, _ = _listed(timeline, who, clusters, lambda query: query.cited, "citation_contamination", _CITED)
    judged = np.array([at for at, query in enumerate(timeline.queries) if query.correct is not None], np.int64)
    right = np.array([timeline.queries[at].correct for at in judged.tolist()], np.float64)
    own = own_questions(timeline).astype(np.float64) if len(timeline.answers) else np.zeros(0)
    what = "questions that restate an earlier answer"
    return {
        "exposure": exposure,
        "citation": citation,
        "exposure_change": change("exposure_change", exposed[0], clusters[exposed[1]], _RETRIEVED),
        "accuracy": mean_share("accuracy", right, numbered(clusters[judged].tolist()), "query", "answers judged right", _judge()),
        "course": _course(len(timeline.queries), exposed, (right, judged)),
        "accuracy_change": change("accuracy_change", right, clusters[judged], "answers judged right"),
        "own_inputs": mean_share("own_input_share", own, clusters if len(own) else clusters[:0], "query", what, f"{WITH_LOG} with answers"),
    }


def _course(queries: int, exposed: tuple[F64, I64], right: tuple[F64, I64]) -> tuple[Stretch, ...]:
    """Return the means over equal stretches of the log, as many as leave each its queries."""
    many = min(MOST_STRETCHES, queries // FEWEST_OF_A_STRETCH)
    bounds = np.linspace(0, queries, many + 1)

    def means(values: F64, rows: I64) -> list[float | None]:
        inside = [values[(rows >= low) & (rows < high)] for low, high in pairwise(bounds.tolist())]
        return [float(each.mean()) if len(each) else None for each in inside]

    pairs = zip(means(*exposed), means(*right), strict=True) if many > 1 else ()
    return tuple(Stretch(exposure=exposure, accuracy=accuracy) for exposure, accuracy in pairs)


def _judge() -> str:
    return "a log whose lines say `correct`, true, false or a share"


def _listed(
    timeline: Timeline, who: Made, clusters: I64, of: Callable[[Query], tuple[str, ...] | None], metric: str, what: str
) -> tuple[Contamination, tuple[F64, I64]]:
    """Return the share of listed documents that a model made, query by query, and those shares with the queries that have one."""
    places = timeline.places
    listed = [(at, ids) for at, query in enumerate(timeline.queries) if (ids := of(query))]
    shares, unknown = np.zeros(len(listed)), np.zeros(len(listed))
    for row, (_, ids) in enumerate(listed):
        known = [places[each] for each in ids if each in places]
        shares[row] = sum(bool(who.by_model[each]) for each in known) / len(ids)
        unknown[row] = (len(ids) - len(known) + sum(bool(who.unknown[each]) for each in known)) / len(ids)
    rows = np.array([at for at, _ in listed], np.int64)
    if len(rows) and unknown.min() == 1.0:
        reason = f"nothing tells the origin of any of the {what.split()[0]} documents"
        absent = NotMeasured(reason=reason, enable=f"{WITH_LOG} with times and answers; or {TAGGED}", metric=metric, view="query")
        return Contamination(share=absent, unknown=1.0), (shares, rows)
    share = mean_share(
        metric, shares, numbered(clusters[rows].tolist()), "query", what, f"{WITH_LOG} with ids of what was {what.split()[0]}"
    )
    return Contamination(share=share, unknown=_mean(unknown)), (shares, rows)


def _of_chains(timeline: Timeline, links: list[Echo], chains: Chains) -> dict[str, Any]:
    signs = {(echo.child, echo.parent): echo.sign for echo in links}
    paths, places = longest(chains), timeline.places
    shown = [
        Chain(
            ids=tuple(_id(timeline, at) for at in path), told_by=tuple(signs[child, of] for of, child in zip(path, path[1:], strict=False))
        )
        for path in paths[:SHOWN]
    ]
    echoing = np.flatnonzero(chains.depth).tolist()
    counted = [signs[child, int(chains.parent[child])] for child in echoing]
    return {
        "chains": tuple(shown),
        "roots": len(paths),
        "by_sign": {sign: counted.count(sign) for sign in sorted(set(counted))},
        "cyclic": chains.cyclic,
        "lost_parents": sum(parent not in places for item in timeline.items for parent in item.parents),
    }


def _reasons(
    timeline: Timeline, who: Made, links: list[Echo], chains: Chains, against: Contradicting
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return why items would better be set aside; never one that people wrote, and none that is set aside already."""
    signs = {(echo.child, echo.parent): echo.sign for echo in links}
    found: dict[int, list[str]] = {}
    for child in np.flatnonzero(chains.depth).tolist():
        parent, root = int(chains.parent[child]), int(chains.root[child])
        told = f"echoes {_id(timeline, parent)} ({signs[child, parent]}), {chains.depth[child]} steps from {_id(timeline, root)}"
        found.setdefault(child, []).append(told.replace("1 steps", "1 step"))
    for child in np.flatnonzero((who.answer >= 0) & who.by_model).tolist():
        found.setdefault(child, []).append(f"is the answer to question {who.answer[child] + 1} of the log")
    for child, item in enumerate(timeline.items):
        if item.depth is not None and item.depth > 1:
            found.setdefault(child, []).append(f"depth {item.depth}: more than one model between people and it")
    for first, second in against.pairs:
        found.setdefault(second, []).append(f"contradicts {_id(timeline, first)}")
    ours = (who.by_model | who.unknown) & timeline.served
    return tuple((_id(timeline, at), tuple(found[at])) for at in sorted(found) if ours[at])


def _has_parents_here(timeline: Timeline) -> npt.NDArray[np.bool_]:
    places = timeline.places
    return np.array([any(parent in places for parent in item.parents) for item in timeline.items], np.bool_)


def _notes(timeline: Timeline, who: Made) -> list[str]:
    """Return what could not be told and why."""
    untimed = sum(item.time is None for item in timeline.items)
    notes = []
    if untimed:
        notes.append(f"{untimed:,} documents have no time: the order of the store stands for it")
    if len(timeline.answers) and who.unknown.any() and not (timeline.is_timed[1] and untimed < len(timeline.items)):
        notes.append("without times in store and log, an untagged document that an answer repeats may be its source or its copy")
    twice = len(timeline.items) - len(timeline.places)
    return notes + ([f"{twice:,} documents have an id that another one has; links go to the first"] if twice else [])


def _id(timeline: Timeline, at: int) -> str:
    return timeline.items[at].id


def _mean(values: npt.NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else 0.0
