"""The commands `longtail lab WORLD`, one for each row of `WORLDS`."""

import shlex
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from longtail.cli.options import check_output, console_of, progress, quietly
from longtail.errors import UsageError
from longtail.lab.experiment import Experiment, load, missing, perform
from longtail.lab.worlds.catalogue import WORLDS
from longtail.report.drawing.png import put_png, require_png
from longtail.report.lab.claims import folded
from longtail.report.lab.world_figure import world_figure
from longtail.report.lab.worlds import Performed, world_json, world_lines
from longtail.report.put import put

SUFFIXES = (".json", ".png", ".svg")


def command_of(name: str) -> click.Command:
    """Return the command of a world."""

    def work(**given: Any) -> None:
        _work(name, given)

    made = click.Command(name, callback=work, help=_page(name), short_help=load(WORLDS[name].experiment).told.title, add_help_option=False)
    for option in (
        click.option("--seeds", type=click.IntRange(min=1), metavar="N", help="Seeds of each run, in place of those of the experiment."),
        click.option("--quick", is_flag=True, help="Fewer seeds: more that is undecided."),
        click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes; no number depends on them."),
        click.option("--keep", metavar="DIR", help="Folder of finished seeds: what was stopped goes on where it was."),
        click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), help="Where the networks are trained.  [default: auto]"),
        click.option("--out", metavar="FILE", multiple=True, help="Write to FILE: .json .svg .png. Repeatable."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout and nothing else."),
        quietly,
    ):
        made = option(made)
    return made


def _work(name: str, given: dict[str, Any]) -> None:
    """Perform a world, show it, and write the files asked for."""
    experiment = _on(load(WORLDS[name].experiment), given["device"])
    for path in given["out"]:
        check_output(path, SUFFIXES, ())
        if path.lower().endswith(".png"):
            require_png()
    lacking = missing(experiment)
    if lacking is not None:
        raise lacking
    keep = Path(given["keep"]) if given["keep"] else None
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        how: dict[str, Any] = {"quick": given["quick"], "seeds": given["seeds"], "workers": given["workers"]}
        performed = Performed(name, WORLDS[name], experiment, perform(experiment, keep=keep, on_progress=on_progress, **how))
    for path in given["out"]:
        _write(Path(path), performed, _command(name, given))
    if given["as_json"]:
        click.echo(world_json(performed), nl=False)
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for line in folded(world_lines(performed)):
            console.print(line, soft_wrap=True)
    sys.exit(int(performed.outcome.failing))


def _on(experiment: Experiment, device: str | None) -> Experiment:
    """Return an experiment whose runs train on a device.

    Raises:
        UsageError: Its runs have no networks.
    """
    if device is None:
        return experiment
    if not all(hasattr(settings, "device") for settings in experiment.made.values()):
        raise UsageError(f"--device {device}: the runs of {experiment.name} train no network; leave it out")
    moved = {name: msgspec.structs.replace(settings, device=device) for name, settings in experiment.made.items()}
    return msgspec.structs.replace(experiment, made=moved)


def _write(path: Path, performed: Performed, command: str) -> None:
    match path.suffix.lower():
        case ".json":
            put(path, world_json(performed))
        case ".svg":
            put(path, world_figure(performed, command=command))
        case _:
            put_png(path, world_figure(performed, command=command), {"Command": command})


def _command(name: str, given: dict[str, Any]) -> str:
    """Return the command that gives the same numbers."""
    seeds = ["--seeds", str(given["seeds"])] if given["seeds"] else []
    device = ["--device", given["device"]] if given["device"] else []
    return shlex.join(["longtail", "lab", name, *(["--quick"] if given["quick"] else []), *seeds, *device])


def _page(name: str) -> str:
    world = WORLDS[name]
    told = load(world.experiment).told
    examples = f"\b\nExamples:\n  longtail lab {name} --seeds 1\n  longtail lab {name} --workers 2 --keep kept --out {name}.svg"
    code = f"The experiment {world.experiment}. Exit code 1: an expectation fails."
    return f"{' '.join(world.says)}\n\nClaim: {told.claim} Source: {'; '.join(told.sources)}.\n\n{code}\n\n{examples}"
