"""Who came of what: items of answers, items of items, questions of answers; recorded where it is, else told by the wording."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.auditing.retrieval.timeline import BY_MODEL, Timeline
from longtail.metrics.rag.restating import THRESHOLD, Restated, restated
from longtail.records import Origin

I64 = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

RECORDED, LOGGED, WORDING = "recorded", "logged", "wording"


class Echo(NamedTuple):
    """An item that came of an earlier one, neither of which people wrote, and what shows it."""

    child: int
    parent: int
    sign: str


class Made(NamedTuple):
    """Who made each item.

    Attributes:
        by_model: Known to be made by a model, shape (items,).
        unknown: Nothing tells, shape (items,).
        answer: Query whose answer it is, -1 where none is known, shape (items,).
    """

    by_model: Mask
    unknown: Mask
    answer: I64


def made(timeline: Timeline) -> Made:
    """Return who made each item: as it states; of those that state nothing the ones that are own answers are made by a model."""
    answer = _stored(timeline)
    untold = timeline.of_origins(frozenset({Origin.UNKNOWN}))
    open_ = np.flatnonzero(untold & (answer < 0))
    found, answers = _restating_answers(timeline, open_)
    for child, place, is_told in zip(open_.tolist(), found.places.tolist(), found.told.tolist(), strict=True):
        if is_told and timeline.items[child].id not in (timeline.queries[answers[place]].retrieved or ()):
            answer[child] = answers[place]
    own = untold & (answer >= 0)
    return Made(timeline.of_origins(BY_MODEL) | own, untold & ~own, answer)


def echoes(timeline: Timeline, who: Made) -> list[Echo]:
    """Return which items echo which, in the order of the children.

    Recorded parents count where there are any. Of the others, an item that is a logged answer came of what that answer was shown,
    where it restates it; else of the earlier item that it restates.
    """
    ours = who.by_model | who.unknown
    places = timeline.places
    found, rest = list[Echo](), list[int]()
    for child in np.flatnonzero(ours).tolist():
        parents = timeline.items[child].parents
        if parents:
            known = (places[each] for each in parents if each in places)
            found += [Echo(child, parent, RECORDED) for parent in known if ours[parent]]
            continue
        shown = _shown(timeline, who, ours, places, child)
        if shown >= 0:
            found.append(Echo(child, shown, LOGGED))
        else:
            rest.append(child)
    return sorted(found + _restating_items(timeline, ours, np.array(rest, np.int64)))


def own_questions(timeline: Timeline) -> Mask:
    """Return which questions restate an earlier answer, shape (queries,)."""
    many, answers = len(timeline.queries), timeline.answers
    children = len(timeline.items) + many + np.arange(many)
    before = np.searchsorted(answers, np.arange(many))
    return restated(timeline.wording, children, len(timeline.items) + answers, before).told


def nearest_earlier(timeline: Timeline, among: Mask) -> tuple[I64, Restated, I64]:
    """Return for each of some items the earlier one among them that shares most of its wording: children, found, parents."""
    parents = np.flatnonzero(among)
    parents = parents[np.argsort(timeline.rank[parents])]
    return parents, restated(timeline.wording, parents, parents, np.arange(len(parents))), parents


def _stored(timeline: Timeline) -> I64:
    """Return the query whose answer was stored as each item, as the log says."""
    answer, places = np.full(len(timeline.items), -1, np.int64), timeline.places
    for at, query in enumerate(timeline.queries):
        if query.answer_id in places:
            answer[places[query.answer_id]] = at
    return answer


def _restating_answers(timeline: Timeline, children: I64) -> tuple[Restated, I64]:
    """Return which answer, given no later than it was stored, each item restates, and the answers; without times nothing is told."""
    answers = timeline.answers if timeline.is_timed[1] else np.zeros(0, np.int64)
    times = timeline.times()[children]
    before = np.where(np.isnan(times), 0, np.searchsorted(timeline.asked()[answers], times, side="right"))
    return restated(timeline.wording, children, len(timeline.items) + answers, before), answers


def _shown(timeline: Timeline, who: Made, ours: Mask, places: dict[str, int], child: int) -> int:
    """Return the item that an answer was shown and restates most, -1 where it restates none."""
    if who.answer[child] < 0:
        return -1
    ids = timeline.queries[int(who.answer[child])].retrieved or ()
    shown = [places[each] for each in ids if each in places and places[each] != child and ours[places[each]]]
    shares = [(timeline.wording.shared(child, each), -at, each) for at, each in enumerate(shown)]
    best = max(shares, default=(0.0, 0, -1))
    return best[2] if best[0] >= THRESHOLD else -1


def _restating_items(timeline: Timeline, ours: Mask, children: I64) -> list[Echo]:
    parents = np.flatnonzero(ours)
    parents = parents[np.argsort(timeline.rank[parents])]
    before = np.searchsorted(timeline.rank[parents], timeline.rank[children])
    found = restated(timeline.wording, children, parents, before)
    pairs = zip(children[found.told].tolist(), parents[found.places[found.told]].tolist(), strict=True)
    return [Echo(child, parent, WORDING) for child, parent in pairs]
