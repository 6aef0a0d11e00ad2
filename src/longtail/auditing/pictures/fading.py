"""Who disappeared, by generation: documents that hold each vanished item, and how many items chance alone would have missed."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from longtail.auditing.inputs import Inputs
from longtail.auditing.vanished import held_against
from longtail.stats.rarefaction import absence
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.profile import Profile
from longtail.summaries.rows import type_counts


def fading_of(inputs: Sequence[Inputs], vanished: dict[str, Any]) -> dict[str, Any]:
    """Return documents by sample of each item that is shown as vanished, in the order in which it is shown.

    `by_chance` is how many items would be missed in the last sample if nothing had changed: an item that k documents of both samples
    together hold is missed with the chance that all k are in the other one (hypergeometric). None where documents cannot change places.

    Args:
        inputs: What was compared: one, or of a lineage one for each generation after the first.
        vanished: The panel of what vanished.
    """
    last, view = inputs[-1], vanished["view"]
    kinds = [int(row["example_id"], 16) for row in vanished["rows"]]
    named = _samples(inputs)
    held = last.trained_on
    return {
        "view": view,
        "samples": [{"name": name, "documents": profile.documents} for name, profile in named],
        "rows": [list(row) for row in zip(*(_documents(profile, view, kinds) for _, profile in named), strict=True)],
        "held": None if held is None else _documents(held, view, kinds),
        "by_chance": missed_by_chance(last, view),
    }


def _samples(inputs: Sequence[Inputs]) -> list[tuple[str, Profile]]:
    last = inputs[-1]
    named = [("reference", last.reference.profile)] if last.reference else []
    if len(inputs) == 1:
        named += [("generation 1", last.baseline)] if last.baseline else []
        return [*named, ("candidate", last.candidate)]
    every = [last.baseline, *(each.candidate for each in inputs)]
    return [*named, *((f"generation {number}", each) for number, each in enumerate(every, start=1) if each is not None)]


def _documents(profile: Profile, view: str, kinds: list[int]) -> list[int | None]:
    """Return the documents that hold each kind; None where a sample of types cannot tell."""
    frequencies = profile.frequencies[view]
    types, _, documents = type_counts(frequencies, None, frequencies.theta)
    found = dict(zip(types.tolist(), documents.tolist(), strict=True))
    return [int(found.get(kind, 0)) if kind < frequencies.theta else None for kind in kinds]


def missed_by_chance(inputs: Inputs, view: str) -> float | None:
    """Return how many of the items that count as vanished if they are missed would be missed though nothing had changed.

    Args:
        inputs: What was compared.
        view: View of the items.
    """
    human = held_against(inputs)
    other = inputs.baseline or human
    if other is inputs.candidate:
        return None
    counted = [each.frequencies[view] for each in (human, other, inputs.candidate)]
    theta = min(each.theta for each in counted)
    known, before, now = (_by_type(each, theta) for each in counted)
    both = {kind: before.get(kind, 0) + now.get(kind, 0) for kind in before.keys() | now.keys()}
    known = both if other is human else known
    together = np.sort(np.array([count for kind, count in both.items() if known.get(kind, 0) > 1], np.int64))
    documents = [int(each.documents.sum()) for each in counted[1:]]
    return float(absence(together, sum(documents), documents[1]).sum())


def _by_type(frequencies: Frequencies, theta: int) -> dict[int, int]:
    types, _, documents = type_counts(frequencies, None, theta)
    return dict(zip(types.tolist(), documents.tolist(), strict=True))
