"""The audit of a store: its documents are the data, and what its log shows of answers that come back stands beside them."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from longtail.auditing.retrieval import retrieval_of, table_of
from longtail.auditing.run import audit
from longtail.errors import ReadError
from longtail.readers.stores import Named, read_log, read_store
from longtail.records import InputRecord, Quarantined, Report

_SAID = (
    ("pool_contamination", "of the documents are known to be made by a model"),
    ("exposure_contamination", "of what is retrieved"),
    ("citation_contamination", "of what is cited"),
    ("echo_share", "of the documents echo an earlier one"),
)
"""Shares that the summary opens with, in words."""
_BESIDE = frozenset({"--reference", "--manifest", "--pipeline", "--history"})
"""Options of `longtail audit` that `longtail rag audit` takes too."""
_AUDIT, _ALONE, _WRITTEN = "longtail audit DATA ", "longtail audit --rollouts", "DOCUMENTS.jsonl"


class StoreAudit(NamedTuple):
    """The report on a store, and why some of its documents would better be set aside.

    Attributes:
        report: As of an audit.
        reasons: Id of a document with its reasons, in the order of the store.
    """

    report: Report
    reasons: tuple[tuple[str, tuple[str, ...]], ...]


def audit_store(path: str | Path, queries: str | Path | None = None, *, named: Named | None = None, **options: Any) -> StoreAudit:
    """Audit what a system has stored and answers from; store and log are opened to be read, and nothing is written to them.

    Args:
        path: A file of SQLite, JSON Lines or Parquet, or a folder of Chroma or LanceDB.
        queries: The log of questions: JSON Lines, Parquet or SQLite.
        named: Table or collection, column of the text and of the time, where they are not recognised.
        **options: As `longtail.audit` takes them, such as `reference`.

    Raises:
        ReadError: Store or log cannot be read, or the store is empty.
    """
    store, log = read_store(path, named), read_log(queries) if queries is not None else None
    if not any(not item.quarantined for item in store.items):
        reason = f"the store serves no document ({len(store.items):,} set aside, {store.unread:,} without text)"
        raise ReadError(str(path), reason, fix="name a store that holds documents")
    found = retrieval_of(store, log)
    report = audit(table_of(store), rag=found, **options)
    source = replace(report.inputs[0], path=store.path, sha256=store.sha256, bytes=store.bytes, quarantined=store.unread)
    told = _told(report, source, store.places)
    absent = tuple(replace(item, enable=_enabling(item.enable, named or Named())) for item in told.not_measured)
    return StoreAudit(replace(told, not_measured=absent), found.reasons)


def _enabling(enable: str, named: Named) -> str:
    """Return what would let a rule be measured, as a command that takes the store, or its documents written to a file.

    Args:
        enable: As the rule says it of a data set, DATA, or of a store beside one, STORE.
        named: Table and columns, which the command names again.
    """
    given = {"--table": named.table, "--text-column": named.text, "--time-column": named.time}
    store = " ".join(["longtail rag audit DATA", *(f"{name} {shlex.quote(value)}" for name, value in given.items() if value)])
    if enable.startswith(_AUDIT) and _BESIDE.issuperset(re.findall(r"--[\w-]+", enable)):
        return enable.replace(_AUDIT.rstrip(), store)
    found = enable.replace(f"{_AUDIT}--rollouts", _ALONE).replace("longtail rag audit STORE", store)
    if "DATA" not in found.replace(store, ""):
        return found
    return f"{found.replace('DATA', _WRITTEN)}; {_WRITTEN}: its documents as JSON Lines, with `text`"


def _told(report: Report, source: InputRecord, places: tuple[Quarantined, ...]) -> Report:
    """Return the report with the store in the place of the table that was made of it."""
    read: Mapping[str, Any] = report.panels.get("read", {})
    told = {"quarantined": source.quarantined, "quarantine": [{"path": q.path, "line": q.line, "reason": q.reason} for q in places]}
    panels = report.panels | {"read": {**read, **told, "bytes": source.bytes}}
    return replace(report, inputs=(source, *report.inputs[1:]), panels=panels, summary=f"{_opening(report)}{report.summary}")


def _opening(report: Report) -> str:
    """Return what was found of the store as a sentence and a space; nothing where nothing was."""
    shares = {estimate.metric: estimate.value for estimate in report.estimates}
    said = [f"{shares[metric]:.0%} {words}" for metric, words in _SAID if metric in shares]
    return f"In the store {', '.join(said)}. " if said else ""
