"""A store beside an audit: read where it is named, judged by the rules, shown by the report."""

from dataclasses import replace
from typing import Any

import msgspec

from longtail.auditing.pipeline import Around
from longtail.auditing.retrieval.measuring import Found, retrieval_of
from longtail.errors import UsageError
from longtail.readers.stores import read_log, read_store
from longtail.records import Estimate


def stored(store: Any, queries: Any, known: Around) -> Around:
    """Return what is known, with what a store and its log show, where a store was named.

    Args:
        store: A path, or what was measured of one already; None where there is none.
        queries: Path of the log; None where there is none.
        known: What is known around the data.

    Raises:
        UsageError: A log was named and no store.
        ReadError: One of them cannot be read.
    """
    if store is None and queries is not None:
        raise UsageError(f"the log {str(queries)!r} was named and no store; name the store that it was answered from with --rag STORE")
    if store is None:
        return known
    found = store if isinstance(store, Found) else retrieval_of(read_store(store), read_log(queries) if queries else None)
    return replace(known, retrieval=found.record)


def estimates_of(known: Around) -> tuple[Estimate, ...]:
    """Return the numbers of the store, where there is one."""
    outcomes = known.retrieval.outcomes if known.retrieval else ()
    return tuple(each for each in outcomes if isinstance(each, Estimate))


def retrieval_panel(known: Around) -> dict[str, Any]:
    """Return what the section on the store is drawn from, where there is one."""
    return {"retrieval": msgspec.to_builtins(known.retrieval)} if known.retrieval else {}
