"""What a ledger adds to an audit: what it says of the candidate's documents, its manifests, its holes, and a name for its state."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from longtail.auditing.known import known_of
from longtail.auditing.pipeline import Around
from longtail.errors import LedgerError, ReadError, UsageError
from longtail.ledger.graph import Graph
from longtail.ledger.manifest import MANIFEST, Manifest
from longtail.ledger.statements import statements
from longtail.ledger.store import Ledger
from longtail.rules import Known


def manifests_in(graph: Graph) -> tuple[Manifest, ...]:
    """Return the manifests of a lineage graph's data sets, of several for one generation the one of the latest node.

    Raises:
        LedgerError: One is damaged.
    """
    found: dict[int, tuple[str, Manifest]] = {}
    for node in graph:
        if MANIFEST in node.facts:
            made = _manifest(node.facts[MANIFEST], node.name)
            found[made.generation] = max(found.get(made.generation, ("", made)), (node.time or "", made), key=lambda each: each[0])
    return tuple(found[generation][1] for generation in sorted(found))


def _manifest(text: str, node: str) -> Manifest:
    try:
        return msgspec.json.decode(text, type=Manifest)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise LedgerError(f"the manifest of {node!r} in the ledger is damaged: {error}; add it again") from None


def beside(ledger: Ledger | None, data: Any, lineage: Sequence[Any] | None, text_column: str | None, around: Around) -> Around:
    """Return what is known around the data, with what a ledger says.

    Args:
        ledger: The ledger, or None.
        data: The candidate as it was named, None for a lineage.
        lineage: Generations in order; the last one is the candidate.
        text_column: Its content column, where it is none of those recognised.
        around: What is known without it; manifests that were given stand before the ledger's.
    """
    if ledger is None:
        return around
    graph = ledger.graph()
    return replace(
        around,
        known=_known(ledger, data if lineage is None else list(lineage)[-1], text_column),
        upstream_unknown=graph.untraced(),
        manifests=around.manifests or manifests_in(graph),
        graph=graph,
    )


def _known(ledger: Ledger, data: Any, text_column: str | None) -> Known | None:
    """Return what the ledger says of the documents, None where they are no files with columns."""
    names = _files(data)
    if not names:
        return None
    try:
        batches = statements(names, text_column, columns=("lt_id", "lt_origin"))
        return known_of(batches, lambda ids: ledger.current(ids, ("lt_id", "lt_origin")))
    except (ReadError, UsageError):
        return None


def _files(data: Any) -> Sequence[str]:
    named = [data] if isinstance(data, str | os.PathLike) else data
    if not isinstance(named, list | tuple) or not all(isinstance(one, str | os.PathLike) for one in named):
        return ()
    return [os.fspath(one) for one in named if os.fspath(one) != "-" and not os.fspath(one).endswith(".ltp")]


def marked(ledger: Ledger | None, key: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Name the state of the ledger that an audit saw; return the report's panel on it, without a name where none can be written.

    Args:
        ledger: The ledger, or None: then there is no panel.
        key: Of the audit.
        facts: What was found.
    """
    if ledger is None:
        return {}
    versions = ledger.versions()
    name = f"audit-{hashlib.sha256(f'{key}{versions}'.encode()).hexdigest()[:16]}"
    try:
        ledger.mark(name, facts)
    except LedgerError:
        return {"ledger": {"state": None, "commit": versions["rows"]}}
    return {"ledger": {"state": name, "commit": versions["rows"]}}
