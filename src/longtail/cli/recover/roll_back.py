"""The command `longtail recover apply roll-back`."""

from typing import Any

import click

from longtail.cli.group import ManyValued
from longtail.cli.options import progress
from longtail.cli.recover.writing import places_of, show, written
from longtail.diagnosis.restoring.applying import roll_back
from longtail.errors import UsageError


@click.command("roll-back", cls=ManyValued, many=("--pool", "--outputs"), short_help="The pool up to the last clean generation.")
@click.option("--pool", "--outputs", "pool", metavar="PATH …", multiple=True, help="Human rows and model output, tagged.")
@click.option("--until", type=int, metavar="G", help="The last clean generation; 0 keeps human rows alone.")
@written
def command(**given: Any) -> None:
    r"""Write the pool as it was at the last clean generation: all human rows, and model output up to it.

    \b
    Examples:
      longtail recover apply roll-back --pool human.jsonl gen*.jsonl --until 2 -o clean.jsonl
      longtail recover apply roll-back --pool data/ --until 2 --reason "onset not later than generation 3" --dry-run

    The model itself is yours to take back: this writes what it is trained on from there. longtail diagnose and longtail
    recover plan say which generation is clean.

    Exit code: 0 written, 2 it cannot be done.
    """
    if not given["pool"]:
        raise UsageError("no pool: name human rows and model output with --pool, such as --pool human.jsonl gen*.jsonl")
    if given["until"] is None:
        raise UsageError("no clean generation: name the last one with --until, such as --until 2; longtail recover plan says which it is")
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        applied = roll_back(list(given["pool"]), given["until"], places_of(given), because=given["reason"], on_progress=on_progress)
    show(applied, given)
