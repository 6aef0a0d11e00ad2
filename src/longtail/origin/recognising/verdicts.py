"""Findings as verdicts: does what a document states of its origin agree with what was found?"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from longtail.atomic import replaced
from longtail.ledger.store.tables import TABLES
from longtail.ledger.tagging.sinks import writing
from longtail.origin.recognising.evidence import Recognised, contradicts
from longtail.origin.recognising.scanning import Seen
from longtail.records import Origin, Status

MOMENT = "ingest"
SUFFIXES = (".jsonl", ".parquet")
_SCHEMA = pa.schema([field for field in TABLES["verdicts"] if field.name != "batch"])


def verdicts(seen: Iterable[Seen], at: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Yield a verdict for each finding, in the columns in which a ledger keeps them.

    Its status is `fail` where strong evidence contradicts what the document states, `pass` where it agrees, and `warn` where
    the document states no origin or the finding only invites a look.

    Args:
        seen: Documents in which something was found.
        at: When; now by default.
    """
    moment = at or datetime.now(UTC)
    for one in seen:
        for each in one.found:
            yield {
                "lt_id": one.lt_id,
                "moment": MOMENT,
                "name": each.recogniser,
                "version": _version(each),
                "status": status(one.said, each),
                "score": each.score if each.p_value is None else each.p_value,
                "reason": each.words,
                "matched_id": each.matched_id,
                "time": moment,
            }


def _version(each: Recognised) -> str | None:
    return " ".join(part for part in (each.scheme, each.key_id) if part) or None


def status(said: str | None, found: Recognised) -> Status:
    """Return whether the origin that a document states agrees with a finding."""
    if not found.is_strong or said in (None, Origin.UNKNOWN):
        return "warn"
    return "fail" if contradicts(said, found) else "pass"


def findings(seen: Iterable[Seen]) -> Iterator[dict[str, Any]]:
    """Yield a row for each finding, for JSON: the document, what it states, and what was found."""
    for one in seen:
        for each in one.found:
            told = {name: value for name, value in msgspec.to_builtins(each).items() if value is not None}
            yield {"document": one.document, "lt_id": one.lt_id, "stated": one.said, "status": status(one.said, each)} | told


def write_verdicts(path: str, rows: Sequence[dict[str, Any]]) -> None:
    """Write verdicts as JSON Lines or Parquet, by the suffix.

    Raises:
        UsageError: The file cannot be written.
    """
    with writing(path), replaced(Path(path)) as draft:
        if path.lower().endswith(".parquet"):
            import pyarrow.parquet as pq

            pq.write_table(pa.Table.from_pylist(list(rows), schema=_SCHEMA), draft, compression="zstd")
        else:
            draft.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
