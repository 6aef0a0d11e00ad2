"""Writing a data set again with the origins that strong evidence speaks for; what documents state themselves stays."""

from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import Any

from longtail.ledger.columns import NAMES, content_of, identity
from longtail.ledger.tagging.distinct import Distinct
from longtail.ledger.tagging.rewriting import IN_MEMORY, check_output, kind_of, rewrite
from longtail.ledger.tagging.tagger import Tagger, Tags, stated
from longtail.origin.recognising.evidence import Recognised
from longtail.origin.recognising.scanning import text_key
from longtail.readers.columns import text_in
from longtail.records import Evidence, OnProgress, Origin

_COLUMNS = ("lt_id", "lt_origin", "lt_evidence", "lt_model", "lt_depth")


class _Tags(Tags, frozen=True, kw_only=True):
    """Tags of unknown origin that leave room for what evidence fills in."""

    def columns(self) -> tuple[str, ...]:
        """Return the columns that may be filled."""
        return _COLUMNS


class Told(Tagger):
    """A pass that writes, of each document that states no origin, the one that evidence speaks for, and else `unknown`.

    Args:
        found: Strong evidence by the hash of the text.
        distinct: Takes in the ids.
        text_column: The content column, where it is none of those recognised.
    """

    def __init__(self, found: Mapping[bytes, Recognised], distinct: Distinct, text_column: str | None) -> None:
        super().__init__(_Tags(origin=Origin.UNKNOWN, text_column=text_column), distinct)
        self._evidence = found
        self.written: dict[str, int] = {}

    def changes(self, record: Mapping[str, object], path: str, line: int) -> dict[str, Any]:
        """Return the provenance columns that a document gets, by name. The document is counted.

        Raises:
            Unfit: Its content has no id; it is not counted.
        """
        own = identity(content_of(record, self.tags.text_column))
        said = {name: record[name] for name in NAMES if name in record and stated(record[name])}
        changes = {} if "lt_id" in said else {"lt_id": own}
        if said.get("lt_origin", Origin.UNKNOWN.value) == Origin.UNKNOWN.value:
            changes |= self._origin(record, said)
        self._count(said | changes, own)
        return changes

    def _origin(self, record: Mapping[str, object], said: Mapping[str, object]) -> dict[str, Any]:
        """Return what is set of a document that states no origin."""
        text = text_in(record, self.tags.text_column)
        found = None if text is None else self._evidence.get(text_key(text))
        if found is None or found.origin is None:
            nothing = {"lt_origin": Origin.UNKNOWN.value, "lt_evidence": Evidence.NONE.value}
            return {name: value for name, value in nothing.items() if name not in said}
        self.written[found.origin.value] = self.written.get(found.origin.value, 0) + 1
        fills = {name: value for name, value in (("lt_model", found.model), ("lt_depth", found.depth)) if value is not None}
        claims = {"lt_origin": found.origin.value, "lt_evidence": found.evidence.value}
        return claims | {name: value for name, value in fills.items() if name not in said}


def write(
    path: str, target: str, found: Mapping[bytes, Recognised], text_column: str | None = None, on_progress: OnProgress | None = None
) -> Told:
    """Write a data set with the origins that evidence speaks for, in the format it has, whole or not at all.

    Args:
        path: JSON Lines, CSV, TSV, Parquet, an Arrow file, or a folder that Hugging Face `save_to_disk` wrote.
        target: Where to write.
        found: Strong evidence by the hash of the text (`text_key`).
        text_column: The content column, where it is none of those recognised.
        on_progress: Called now and then.

    Returns:
        The pass, with its counts.

    Raises:
        ReadError: The input cannot be read to its end.
        UsageError: The output cannot be written there, or the data have no room for columns.
    """
    kind = check(path, target)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as ids:
        told = Told(found, Distinct(ids), text_column)
        rewrite(path, target, kind, told, on_progress)
    return told


def check(path: str, target: str) -> str:
    """Return the format of the data; refuse, before the work, what could not be written after it.

    Raises:
        ReadError: There is nothing that can be read.
        UsageError: The data have no room for columns, or the output cannot stand there.
    """
    kind = kind_of(path)
    check_output(path, target, kind)
    return kind
