"""What vanished: types of the reference that the candidate no longer has, as they are written, each with a document that has it."""

import re
import unicodedata
from typing import Any

from longtail.auditing.inputs import Inputs
from longtail.auditing.options import Options
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.profile import Profile
from longtail.summaries.rows import type_counts
from longtail.views.words import spans

SHOWN_TYPES = 200
AROUND = 120
"""Characters of a document that are kept on either side of a type; a page shows fewer."""
REDACTED = "(text hidden: --redact)"

Written = dict[int, tuple[str, str]]


def vanished(inputs: Inputs, view: str, options: Options) -> dict[str, Any]:
    """Return types of the reference (and of the baseline, where there is one) that the candidate no longer has.

    Without a reference its place is taken by the baseline, else by the control. Of views that are carried by a sample of types, types
    are held against each other below the smallest of the samples' bounds: above it, absence says nothing. An example is a document
    around the type, with "…" where more of it was left out.

    Args:
        inputs: Profiles by role.
        view: The view that decides.
        options: Settings of the audit.
    """
    human = held_against(inputs)
    known, before, present = _documents([each.frequencies[view] for each in (human, inputs.baseline or human, inputs.candidate)])
    gone = _gone(known, before, present)
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
                "example": REDACTED if options.redact else excerpt(written[kind][1], written[kind][0]),
                "example_id": f"{kind:013x}",
            }
            for kind in shown
        ],
    }


def excerpt(text: str, kind: str) -> str:
    """Return a text on one line around the first place of a type, with "…" where more was left out."""
    flat = " ".join(unicodedata.normalize("NFC", text).split())
    whole = re.search(rf"(?<!\w){re.escape(kind)}(?!\w)", flat, re.IGNORECASE) or re.search(re.escape(kind), flat, re.IGNORECASE)
    begin, end = whole.span() if whole else (0, 0)
    low, high = max(0, begin - AROUND), min(len(flat), end + AROUND)
    return "…" * (low > 0) + flat[low:high] + "…" * (high < len(flat))


def held_against(inputs: Inputs) -> Profile:
    """Return the profile whose types may have vanished."""
    return inputs.reference.profile if inputs.reference else inputs.baseline or inputs.control or inputs.candidate


def _gone(known: dict[int, int], before: dict[int, int], present: dict[int, int]) -> list[int]:
    """Return types of two or more reference documents that were there before and are not now, commonest before first."""
    gone = [kind for kind, count in known.items() if count > 1 and kind in before and kind not in present]
    return sorted(gone, key=lambda kind: (-before[kind], -known[kind], kind))


def _documents(counted: list[Frequencies]) -> list[dict[int, int]]:
    """Return for each of the counted samples the documents of each type, of the types that every one of them can tell."""
    theta = min(frequencies.theta for frequencies in counted)
    kinds = [type_counts(frequencies, None, theta) for frequencies in counted]
    return [dict(zip(types.tolist(), documents.tolist(), strict=True)) for types, _, documents in kinds]


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
