"""The command `longtail lab scenario`."""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from longtail.cli.options import console_of, progress, quietly
from longtail.lab.scenarios.catalogue import SCENARIOS, module_of
from longtail.lab.scenarios.run import perform, title_of
from longtail.report.lab.claims import folded, scenario_json, scenario_lines


@click.command("scenario", short_help="A loop from end to end, written as data and audited.")
@click.argument("name", required=False)
@click.option("--write", "folder", metavar="DIR", help="Keep the generations in DIR.  [default: they are removed]")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all chance.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout and nothing else.")
@quietly
def command(name: str | None, folder: str | None, seed: int, as_json: bool, **given: Any) -> None:
    r"""Lay a scenario generation by generation and audit it like any other data.

    Prints the phase and the status of each generation beside the first, then what was expected of the scenario. Exit
    code 1: an expectation fails.

    \b
    Examples:
      longtail lab scenario
      longtail lab scenario lm
      longtail lab scenario images --write images --json
    """
    console = console_of(given["no_color"])
    if name is None:
        for each in SCENARIOS:
            console.print(Text(f"{each:10}{title_of(each)}"))
        return
    module_of(name)
    with ExitStack() as stack:
        place = folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="longtail-"))
        on_progress = stack.enter_context(progress(given["quiet"] or as_json, given["no_color"]))
        told = perform(name, Path(place), seed=seed, on_progress=on_progress)
    if as_json:
        click.echo(scenario_json(told), nl=False)
    elif not given["quiet"]:
        for line in folded(scenario_lines(told)):
            console.print(line, soft_wrap=True)
        if folder:
            console.print(Text(f"The data: {folder}"), soft_wrap=True)
    sys.exit(1 if told.failing else 0)
