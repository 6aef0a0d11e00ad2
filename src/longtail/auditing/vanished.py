"""What vanished: types of the reference that the candidate no longer has, as they are written, each with a document that has it."""

from typing import Any

from longtail.auditing.inputs import Inputs
from longtail.auditing.options import Options
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.profile import Profile
from longtail.summaries.rows import type_counts
from longtail.views.words import spans

SHOWN_TYPES = 200
REDACTED = "(text hidden: --redact)"

Written = dict[int, tuple[str, str]]


def vanished(inputs: Inputs, view: str, options: Options) -> dict[str, Any]:
    """Return types of the reference (and of the baseline, where there is one) that the candidate no longer has.

    Args:
        inputs: Profiles by role.
        view: The view that decides.
        options: Settings of the audit.
    """
    human = inputs.reference.profile if inputs.reference else inputs.baseline or inputs.candidate
    known = _documents(human.frequencies[view])
    before = _documents(inputs.baseline.frequencies[view]) if inputs.baseline else known
    gone = _gone(known, before, _documents(inputs.candidate.frequencies[view]))
    written = _written(human, view, gone)
    shown = [kind for kind in gone if kind in written][:SHOWN_TYPES]
    return {
        "view": view,
        "total": len(gone),
        "shown": len(shown),
        "rows": [
            {
                "type": REDACTED if options.redact else written[kind][0],
                "reference_documents": known[kind],
                "baseline_documents": before[kind] if inputs.baseline else None,
                "candidate_documents": 0,
                "example": REDACTED if options.redact else written[kind][1],
                "example_id": f"{kind:013x}",
            }
            for kind in shown
        ],
    }


def _gone(known: dict[int, int], before: dict[int, int], present: dict[int, int]) -> list[int]:
    """Return types of two or more reference documents that were there before and are not now, commonest before first."""
    gone = [kind for kind, count in known.items() if count > 1 and kind in before and kind not in present]
    return sorted(gone, key=lambda kind: (-before[kind], -known[kind], kind))


def _documents(frequencies: Frequencies) -> dict[int, int]:
    types, _, documents = type_counts(frequencies, None, frequencies.theta)
    return dict(zip(types.tolist(), documents.tolist(), strict=True))


def _written(reference: Profile, view: str, gone: list[int]) -> Written:
    """Return how types are written, with a document of each: words as they stand in the sampled documents, classes by their names."""
    if view == "words_1":
        return _words(reference, set(gone))
    if view.startswith("regions:"):
        return _regions(reference, view, set(gone))
    names = reference.labels[view].names if view in reference.labels else {}
    return {kind: (names[kind], "") for kind in gone if kind in names}


def _words(reference: Profile, wanted: set[int]) -> Written:
    found: Written = {}
    for text, _ in reference.sample.documents():
        for kind, word in spans(text, reference.seed):
            if kind in wanted and kind not in found:
                found[kind] = (word.lower(), text)
    return found


def _regions(reference: Profile, view: str, wanted: set[int]) -> Written:
    """Return the regions that went, each with the id of a sampled document of the reference that lies in it."""
    column = view.partition(":")[2]
    rows = reference.vectors[column].rows()
    of = reference.frame.codebooks[column].regions(rows.values).tolist()
    found: Written = {}
    for kind, name in zip(of, rows.ids, strict=True):
        if kind in wanted and kind not in found:
            found[kind] = (f"region {kind}", name)
    return found
