"""Slices of a corpus: the values of columns, and those that too few documents share to be measured alone."""

from collections import Counter
from collections.abc import Sequence

from longtail.origin.checks import FEWEST_CLUSTERS

MOST = 40
"""Values of a column that are measured, those of the most documents."""


def measurable(column: str, values: Sequence[str | None]) -> tuple[list[str | None], str]:
    """Return the values with None in place of those that are not measured alone, and a note on them, empty where there are none.

    Args:
        column: Its name, for the note.
        values: Of each document.
    """
    counts = Counter(value for value in values if value is not None)
    ranked = sorted(counts, key=lambda value: (-counts[value], value))
    kept = {value for value in ranked[:MOST] if counts[value] >= FEWEST_CLUSTERS}
    left = [value for value in ranked if value not in kept]
    if not left:
        return list(values), ""
    documents = sum(counts[value] for value in left)
    note = (
        f"{column}: {len(left):,} of {len(counts):,} values are not measured alone ({documents:,} documents in all): a slice needs "
        f"{FEWEST_CLUSTERS} documents, and at most {MOST} are shown"
    )
    return [value if value in kept else None for value in values], note
