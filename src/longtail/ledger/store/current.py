"""The current view: what is held of each document once all that was said of it is taken together.

Of several statements about one document those of the latest revision count; of these the least human known origin, then the
greatest depth and the strongest evidence. A statement that leaves the origin unknown says nothing against one that knows it.
Whatever the order in which writers commit, the view is the same.
"""

from collections.abc import Iterable

from longtail.ledger.store.reading import quoted
from longtail.ledger.store.tables import ROWS
from longtail.records import Evidence, Origin

_LEAST_HUMAN_LAST = (
    Origin.UNKNOWN, Origin.HUMAN, Origin.HUMAN_EDITED, Origin.MODEL_EDITED, Origin.HUMAN_SELECTED, Origin.SYNTHETIC, Origin.MIXED,
)  # fmt: skip
_STRONGEST_LAST = (Evidence.NONE, Evidence.INHERITED, Evidence.MEASURED, Evidence.ASSERTED, Evidence.WATERMARK, Evidence.SIGNED)
WANTED = "wanted"
COLUMNS = tuple(name for name in ROWS.names if name.startswith("lt_"))


def current(relation: str, ids: Iterable[str] | str | None = None, columns: Iterable[str] = COLUMNS) -> str:
    """Return the query for the current view, a row for each document.

    Args:
        relation: What stands after FROM for the rows.
        ids: The documents wanted, as texts or as the name of a table with a column `lt_id`; None for all.
        columns: Some of `COLUMNS`, `statements` (how many there are) and `origins` (how many unlike known ones).
    """
    where = "" if ids is None else f" WHERE lt_id IN ({_listed(ids)})"
    rank = f"revision * {len(_LEAST_HUMAN_LAST)}::BIGINT + {_place('lt_origin', _LEAST_HUMAN_LAST)}"
    chosen = ", ".join(map(_column, columns))
    return (
        f"WITH stated AS (SELECT *, {rank} AS rank FROM {relation}{where}), "
        "topped AS (SELECT lt_id AS id, max(rank) AS top, count(*) AS statements, "
        f"count(DISTINCT lt_origin) FILTER (lt_origin <> '{Origin.UNKNOWN.value}') AS origins FROM stated GROUP BY lt_id) "
        f"SELECT {chosen} FROM stated JOIN topped ON lt_id = id AND rank = top GROUP BY lt_id"
    )


def _listed(ids: Iterable[str] | str) -> str:
    return f"SELECT lt_id FROM {ids}" if isinstance(ids, str) else ", ".join(map(quoted, ids)) or "NULL"


def _column(name: str) -> str:
    match name:
        case "lt_id":
            return "lt_id"
        case "lt_evidence":
            return f"max_by(lt_evidence, {_place('lt_evidence', _STRONGEST_LAST)}) AS lt_evidence"
        case _:
            return f"max({name}) AS {name}"


def _place(column: str, order: Iterable[str]) -> str:
    return f"coalesce(list_position([{', '.join(quoted(str(each)) for each in order)}], {column}), 0)"
