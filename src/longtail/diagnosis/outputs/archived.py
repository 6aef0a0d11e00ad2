"""The outputs of one version, or why there are none."""

from dataclasses import dataclass, replace
from typing import Any

from longtail.auditing.inputs import stored
from longtail.errors import LongtailError
from longtail.readers import read


@dataclass(frozen=True)
class Archived:
    """The outputs of one version.

    Attributes:
        name: Of the version.
        path: Of its outputs, or of the checkpoint that was asked.
        data: What an audit reads: paths, rows, a profile; None where there is nothing.
        documents: How many.
        is_cached: Whether they were kept from an earlier run.
        unread: Why there are none; empty where there are.
        order: How the order of the versions is known, such as "as given" or "by name".
    """

    name: str
    path: str
    data: Any = None
    documents: int = 0
    is_cached: bool = False
    unread: str = ""
    order: str = "as given"


def looked_at(found: Archived, text_column: str | None = None) -> Archived:
    """Return the outputs with their number, or with the reason why they cannot be read."""
    try:
        kept = stored(found.data)
        if kept is not None:
            return replace(found, documents=kept.documents)
        reading = read(found.data, text_column, rows=True)
        for _ in reading.batches():
            pass
    except (LongtailError, OSError) as error:
        return replace(found, data=None, unread=" ".join(str(error).split()))
    return replace(found, documents=reading.documents)
