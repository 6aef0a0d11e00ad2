"""What is said of a document that lacks what it is held against."""

from longtail.gates.verdicts import Judgement


def missing(column: str) -> Judgement:
    """Return the judgement of a document that has nothing to be held against: neither right nor wrong, so it is for review."""
    return Judgement("review", f"not judged: nothing in column {column!r}")
