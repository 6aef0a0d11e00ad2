"""The command `longtail ledger show`."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import click

from longtail.cli.ledger.options import as_json, at_state, echo_json, in_ledger
from longtail.cli.options import quietly
from longtail.errors import UsageError
from longtail.ledger.store import Ledger
from longtail.ledger.store.current import COLUMNS
from longtail.ledger.store.reading import quoted

_COLUMNS = (*COLUMNS, "statements", "origins", "revision", "dataset", "note")


@click.command("show", short_help="What is known of documents.")
@in_ledger
@click.argument("ids", metavar="[ID]…", nargs=-1)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Documents to show where none is named.")
@at_state
@as_json
@quietly
def command(folder: str, ids: tuple[str, ...], **given: Any) -> None:
    r"""Show what the ledger in DIR holds of documents: all that was said of each taken together, its parents and its verdicts.

    \b
    Examples:
      longtail ledger show ledger 9d0d2cdcfd6c7097b4dae29b8a64ebd6
      longtail ledger show ledger --at 3
    """
    found = _found(folder, ids, given)
    if given["as_json"]:
        echo_json(found)
    else:
        click.echo("\n".join(line for row in found for line in _lines(row)))


def _found(folder: str, ids: tuple[str, ...], given: dict[str, Any]) -> list[dict[str, Any]]:
    with Ledger.open(folder, given["at"]) as ledger:
        rows = (row for batch in ledger.current(ids or None, _COLUMNS) for row in batch.to_pylist())
        found = [_whole(ledger, row) for row in islice(rows, None if ids else given["limit"])]
    if missing := set(ids) - {row["lt_id"] for row in found}:
        raise UsageError(f"the ledger {folder!r} knows no document {min(missing)!r}; its id is the lt_id that longtail tag writes")
    return found


def _whole(ledger: Ledger, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its parents and verdicts; what is not known is left out."""
    parents = [one["parent"] for one in _beside(ledger, "parents", row["lt_id"])]
    whole = row | {"lt_parents": parents, "verdicts": _beside(ledger, "verdicts", row["lt_id"])}
    return {name: value for name, value in whole.items() if value not in (None, [])}


def _lines(row: dict[str, Any]) -> Iterator[str]:
    yield row["lt_id"]
    for name, value in row.items():
        if name == "verdicts":
            yield from (f"  verdict      {each['name']}: {each['status']}, {each['reason'] or 'no reason given'}" for each in value)
        elif name != "lt_id":
            yield f"  {name:<12} {', '.join(value) if isinstance(value, list) else value}"


def _beside(ledger: Ledger, table: str, one: str) -> list[dict[str, Any]]:
    sql = "SELECT DISTINCT * EXCLUDE (lt_id, batch) FROM {} WHERE lt_id = {} ORDER BY ALL"
    batches = ledger.query(lambda tables: sql.format(tables[table], quoted(one)), table)
    return [row for batch in batches for row in batch.to_pylist()]
