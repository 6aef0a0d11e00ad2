"""The command `longtail ledger log`."""

from datetime import UTC, datetime
from typing import Any

import click

from longtail.cli.ledger.options import as_json, echo_json, in_ledger
from longtail.cli.options import quietly
from longtail.ledger.store import Ledger
from longtail.ledger.store.marks import marks
from longtail.ledger.store.table import Commit


@click.command("log", short_help="What was committed, and when.")
@in_ledger
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Newest commits to show.")
@as_json
@quietly
def command(folder: str, **given: Any) -> None:
    r"""Show the commits of the ledger in DIR, the newest last, and the states that were given a name.

    \b
    Examples:
      longtail ledger log ledger
    """
    with Ledger.open(folder) as ledger:
        commits = [_row(commit) for commit in ledger.table("rows").commits()]
        named = marks(ledger.place)
    if given["as_json"]:
        echo_json({"commits": commits, "marks": named})
        return
    for row in commits[-given["limit"] :]:
        origins = ", ".join(f"{count:,} {name}" for name, count in row["origins"].items())
        here = "".join(f"  [{mark.name}]" for mark in named if mark.versions["rows"] == row["version"])
        what = (
            f"{row['rows']:,} rows of {', '.join(row['datasets']) or 'no data set'} ({origins})"
            if row["rows"]
            else row["operation"].lower()
        )
        click.echo(f"{row['version']:>6}  {row['time']}  {what}{here}")


def _row(commit: Commit) -> dict[str, Any]:
    note = commit.note
    return {
        "version": commit.version,
        "time": datetime.fromtimestamp(commit.time / 1000, UTC).isoformat(timespec="seconds"),
        "operation": commit.operation,
        "rows": int(note.get("rows", 0)),
        "origins": note.get("origins", {}),
        "datasets": note.get("datasets", {}),
    }
