"""The command `longtail review import`."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec

from longtail.cli.ledger.options import echo_json
from longtail.cli.options import quietly
from longtail.gates.review import Imported, Queue, imported
from longtail.records import Quarantined
from longtail.report.words import counted, one_line

_REASONS = 3
_COUNTS = ("read", "new", "quarantined")


@click.command("import", short_help="Bring decisions back from Label Studio, or from JSON Lines.")
@click.argument("folder", metavar="DIR")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print counts as JSON on stdout and nothing else.")
@quietly
def command(folder: str, files: tuple[str, ...], **given: Any) -> None:
    r"""Add what was decided elsewhere to the queue of DIR: a JSON export of Label Studio, or our JSON Lines.

    \b
    Examples:
      longtail review import gated annotations.json
      longtail review import gated tasks.jsonl

    Each decision is added once, however often its file is read. What is not understood is set aside and counted.
    """
    with Queue(folder) as queue:
        found = [imported(queue, name) for name in files]
    if given["as_json"]:
        counts = {name: sum(getattr(part, name) for part in found) for name in _COUNTS}
        echo_json(counts | {"quarantine": [msgspec.to_builtins(each) for each in _aside(found)]})
    elif not given["quiet"]:
        for words in _lines(found):
            click.echo(words, err=True)


def _aside(found: list[Imported]) -> list[Quarantined]:
    return [each for part in found for each in part.quarantine]


def _lines(found: list[Imported]) -> Iterator[str]:
    yield f"{counted(sum(part.read for part in found), 'decision')} read, {sum(part.new for part in found):,} new"
    for each in _aside(found)[:_REASONS]:
        yield f"set aside: {one_line(each.path)}{f':{each.line}' if each.line else ''}: {one_line(each.reason, 300)}"
    more = sum(part.quarantined for part in found) - _REASONS
    if more > 0:
        yield f"and {more:,} more"
