"""The command `longtail ledger show`."""

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
    with Ledger.open(folder, given["at"]) as ledger:
        rows = (row for batch in ledger.current(ids or None, _COLUMNS) for row in batch.to_pylist())
        found = list(islice(rows, None if ids else given["limit"]))
        missing = [one for one in ids if one not in {row["lt_id"] for row in found}]
        if missing:
            raise UsageError(f"the ledger {folder!r} knows no document {missing[0]!r}; its id is the lt_id that longtail tag writes")
        for row in found:
            row["lt_parents"] = [one["parent"] for one in _beside(ledger, "parents", row["lt_id"])]
            row["verdicts"] = _beside(ledger, "verdicts", row["lt_id"])
    if given["as_json"]:
        echo_json([{name: value for name, value in row.items() if value not in (None, [])} for row in found])
        return
    for row in found:
        click.echo(row.pop("lt_id"))
        verdicts = row.pop("verdicts")
        for name, value in row.items():
            if value not in (None, []):
                click.echo(f"  {name:<12} {', '.join(value) if isinstance(value, list) else value}")
        for verdict in verdicts:
            click.echo(f"  verdict      {verdict['name']}: {verdict['status']}, {verdict['reason'] or 'no reason given'}")


def _beside(ledger: Ledger, table: str, one: str) -> list[dict[str, Any]]:
    sql = "SELECT DISTINCT * EXCLUDE (lt_id, batch) FROM {} WHERE lt_id = {} ORDER BY ALL"
    batches = ledger.query(lambda tables: sql.format(tables[table], quoted(one)), table)
    return [row for batch in batches for row in batch.to_pylist()]
