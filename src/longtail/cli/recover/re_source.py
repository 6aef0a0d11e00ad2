"""The command `longtail recover apply re-source`."""

from typing import Any

import click

from longtail.cli.options import quietly
from longtail.diagnosis.restoring.sourcing import read_plan, write_shopping
from longtail.errors import UsageError
from longtail.report.screen.restoring import shopping_lines


@click.command("re-source", short_help="The list of what has to be found elsewhere.")
@click.option("--plan", metavar="FILE", help="What longtail recover plan wrote, as JSON.")
@click.option("-o", "--output", metavar="OUT", help="Where to write, .jsonl.")
@quietly
def command(**given: Any) -> None:
    r"""Write what has to be found elsewhere as JSON Lines: types or slices, and how many rows of each.

    \b
    Examples:
      longtail recover plan --reference human.jsonl --current gen5.jsonl --reservoir human/ --out plan.json
      longtail recover apply re-source --plan plan.json -o wanted.jsonl

    Rows are not made up: they have to be collected, tagged, and added to the reservoir.

    Exit code: 0 written, 2 it cannot be done.
    """
    if given["plan"] is None or given["output"] is None:
        missing = "plan: name one with --plan" if given["plan"] is None else "output: name one with -o, such as -o wanted.jsonl"
        raise UsageError(f"no {missing}")
    plan = read_plan(given["plan"])
    written = write_shopping(plan.shopping, given["output"], [given["plan"]])
    if not given["quiet"]:
        for line in shopping_lines(plan, written, given["output"]):
            click.echo(line, err=True)
