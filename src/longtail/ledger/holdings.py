"""What a ledger holds of one data set, or of all: counts of the current view, from which exports and screens are made."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from longtail.ledger.facts import BY_MODELS, Facts, File, Source
from longtail.ledger.node import Node
from longtail.ledger.store.current import current
from longtail.ledger.store.ledger import Ledger
from longtail.ledger.store.reading import quoted
from longtail.ledger.store.seal import Chain

_COUNTED = {"origins": "lt_origin", "models": "lt_model", "licenses": "lt_license", "evidence": "lt_evidence"}
_COLUMNS = ("lt_id", "lt_origin", "lt_evidence", "lt_source", "lt_model", "lt_depth", "lt_time", "lt_decoding", "lt_license")


def facts_of(ledger: Ledger, dataset: str | None = None, created_at: str | None = None) -> Facts:
    """Count what a ledger holds.

    Args:
        ledger: The ledger, of now or of a past state.
        dataset: Name of a data set; None for everything.
        created_at: When the facts were taken, ISO 8601; by default now.

    Raises:
        UnknownName: There is no such data set.
        LedgerError: A file cannot be read.
    """
    node = None if dataset is None else ledger.graph()[dataset]
    groups = _grouped(ledger, dataset)
    link = Chain(ledger.place, "rows").at(ledger.table("rows").version)
    counted: dict[str, Any] = {name: _counts(groups[column]) for name, column in _COUNTED.items()}
    return Facts(
        name=dataset or ledger.head.name,
        node=dataset,
        documents=sum(int(row["documents"]) for row in groups["lt_origin"]),
        depths={str(row["value"] or "unknown"): int(row["documents"]) for row in groups["lt_depth"]},
        sources=_sources(groups["source_origin"]),
        files=_files(node),
        head=None if link is None else link.link,
        created_at=created_at or datetime.now(UTC).isoformat(timespec="seconds"),
        **counted,
        **_ranges(groups["range"][0]),
    )


def _files(node: Node | None) -> tuple[File, ...]:
    return () if node is None or "path" not in node.facts else (File(path=node.facts["path"], sha256=node.sha256, rows=node.rows),)


def _grouped(ledger: Ledger, dataset: str | None) -> dict[str, list[dict[str, Any]]]:
    """Return all counts from one pass over the current view."""
    grouped = {
        column: f"SELECT {column}::VARCHAR AS value, count(*) AS documents FROM held GROUP BY ALL ORDER BY ALL"
        for column in (*_COUNTED.values(), "lt_depth")
    }
    grouped["source_origin"] = "SELECT lt_source AS value, lt_origin AS origin, count(*) AS documents FROM held GROUP BY ALL ORDER BY ALL"
    made = ", ".join(quoted(origin.value) for origin in BY_MODELS)
    grouped["range"] = (
        "SELECT strftime(min(lt_time), '%Y-%m-%dT%H:%M:%SZ') AS earliest, strftime(max(lt_time), '%Y-%m-%dT%H:%M:%SZ') AS latest, "
        "count(*) FILTER (lt_time IS NULL) AS undated, count(DISTINCT lt_decoding) AS decodings, "
        f"count(*) FILTER (lt_decoding IS NULL AND lt_origin IN ({made})) AS undecoded FROM held"
    )

    def asked(tables: Mapping[str, str]) -> str:
        rows = tables["rows"]
        part = rows if dataset is None else f"{rows} WHERE lt_id IN (SELECT lt_id FROM {rows} WHERE dataset = {quoted(dataset)})"
        union = " UNION ALL BY NAME ".join(f"SELECT {quoted(name)} AS part, * FROM ({sql})" for name, sql in grouped.items())
        return f"WITH held AS MATERIALIZED ({current(f'(SELECT * FROM {part})', None, _COLUMNS)}) {union}"

    found: dict[str, list[dict[str, Any]]] = {name: [] for name in grouped}
    for batch in ledger.query(asked, "rows"):
        for row in batch.to_pylist():
            found[row["part"]].append(row)
    return found


def _counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {str(row["value"]): int(row["documents"]) for row in rows if row["value"] is not None}


def _sources(rows: list[dict[str, Any]]) -> dict[str, Source]:
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        if row["value"] is not None:
            found.setdefault(str(row["value"]), {})[str(row["origin"])] = int(row["documents"])
    return {name: Source(documents=sum(origins.values()), origins=origins) for name, origins in found.items()}


def _ranges(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("earliest", "latest", "undated", "decodings", "undecoded")}
