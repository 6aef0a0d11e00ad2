"""The command `longtail lab claims`."""

from pathlib import Path
from typing import Any, Literal

import click

from longtail.cli.options import check_output, console_of, progress, quietly
from longtail.lab.claims import Register, register, run_all, shipped
from longtail.report.lab.claims import folded, register_json, register_lines
from longtail.report.put import put


@click.command("claims", short_help="What is claimed about collapse, and what came out here.")
@click.option("--run", "run", type=click.Choice(["quick", "full"]), help="Run all experiments anew, with few or all replicates.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes.")
@click.option("--keep", metavar="DIR", help="Folder of finished blocks: what was stopped goes on where it was.")
@click.option("--out", metavar="FILE", help="Write the register to FILE.json.")
@click.option("--json", "as_json", is_flag=True, help="Print the register as JSON on stdout and nothing else.")
@quietly
def command(run: Literal["quick", "full"] | None, workers: int, keep: str | None, out: str | None, as_json: bool, **given: Any) -> None:
    r"""Print the register of claims: each with its sources, the experiment that tests it, and its status.

    A status is: holds; holds only if …; does not reproduce; undecided; not yet: needs …; or ungrounded, where nothing
    here can test the claim. Without --run the results are those that were shipped.

    \b
    Examples:
      longtail lab claims
      longtail lab claims --json
      longtail lab claims --run quick
      longtail lab claims --run full --out claims.json
    """
    if out is not None:
        check_output(out, (".json",), ())
    found = _register(run, workers, keep, given["quiet"] or as_json, given["no_color"])
    if out is not None:
        put(Path(out), register_json(found))
    if as_json:
        click.echo(register_json(found), nl=False)
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for line in folded(register_lines(found)):
            console.print(line, soft_wrap=True)


def _register(run: Literal["quick", "full"] | None, workers: int, keep: str | None, quiet: bool, no_color: bool) -> Register:
    if run is None:
        return shipped()
    with progress(quiet, no_color) as on_progress:
        results = run_all(quick=run == "quick", workers=workers, keep=Path(keep) if keep else None, on_progress=on_progress)
    return register(results, run)
