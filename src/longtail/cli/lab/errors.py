"""The command `longtail lab errors`."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec
from rich.table import Table
from rich.text import Text

from longtail.cli.options import check_output, console_of, quietly
from longtail.errors import UsageError
from longtail.lab.decomposition import SOURCES, Decomposition, World, decomposed
from longtail.lab.sources import Approximation, Expressivity, Statistical, approximation, expressivity, statistical
from longtail.records import SCHEMA_VERSION
from longtail.report.drawing.png import require_png
from longtail.report.lab.decomposition import SUFFIXES, to_json, write

Single = Statistical | Expressivity | Approximation
Lines = Iterator[Text | Table]
_TENTH = 0.1


@click.command("errors", short_help="The three sources of error, one by one and together.")
@click.argument("source", required=False, type=click.Choice(SOURCES))
@click.option("--policy", default="replace", show_default=True, metavar="SPEC", help="How training sets are put together.")
@click.option("--generations", default=10, show_default=True, help="Models trained, one from the other.")
@click.option("--samples", default=100, show_default=True, help="Rows of a training set, for the statistical source.")
@click.option("--modes", default=2.0, show_default=True, help="Half the distance of the truth's two modes, for expressivity.")
@click.option("--pull", default=0.9, show_default=True, help="Share of the way that training covers, for approximation.")
@click.option("--mean", default=1.0, show_default=True, help="Mean of the truth, in its standard deviations; training starts at 0.")
@click.option("--replicates", default=2000, show_default=True, help="Independent lineages.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all chance.")
@click.option("--out", metavar="FILE", multiple=True, help="Write the decomposition to FILE: .svg .png .json. Repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON on stdout and nothing else.")
@quietly
def command(**given: Any) -> None:
    r"""Switch finite samples, a family that is too small and training that stops short on and off, and share out the deviation.

    \b
    Examples:
      longtail lab errors --out errors.svg
      longtail lab errors --policy accumulate --generations 30 --json
      longtail lab errors statistical
      longtail lab errors approximation

    Without a source all eight combinations are simulated on a Gaussian loop; with one, that source alone is shown, over
    settings that make it larger.
    """
    for path in given["out"]:
        check_output(path, SUFFIXES, ())
        if path.lower().endswith(".png"):
            require_png()
    world = World(**{name: given[name] for name in World.__struct_fields__})
    if given["source"] is None:
        _together(world, given)
    else:
        _alone(world, given)


def _together(world: World, given: dict[str, Any]) -> None:
    found = decomposed(world)
    for path in given["out"]:
        write(found, path, command=_command(world))
    if given["as_json"]:
        click.echo(to_json(found), nl=False)
    else:
        _show(lines(found), given)


def _alone(world: World, given: dict[str, Any]) -> None:
    if given["out"]:
        raise UsageError(
            f"--out {given['out'][0]} draws the three sources together; leave out {given['source']!r}, or print it with --json"
        )
    found, shown = _single(world, given["source"])
    if given["as_json"]:
        told = {"schema_version": SCHEMA_VERSION, "source": given["source"]} | msgspec.to_builtins(found)
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        _show(shown, given)


def _single(world: World, source: str) -> tuple[Single, Lines]:
    match source:
        case "statistical":
            finite = statistical(world)
            return finite, _statistical(finite)
        case "expressivity":
            small = expressivity(world)
            return small, _expressivity(small)
    biased = approximation(world)
    return biased, _approximation(biased)


def _show(shown: Lines, given: dict[str, Any]) -> None:
    if not given["quiet"]:
        console = console_of(given["no_color"])
        for line in shown:
            console.print(line, markup=False, highlight=False)


def _command(world: World) -> str:
    return " ".join(["longtail lab errors", *(f"--{name} {getattr(world, name)}" for name in World.__struct_fields__)])


def lines(found: Decomposition) -> Lines:
    """Yield what is printed: the deviation over the generations and the part of each source, then what was checked."""
    world = found.world
    yield Text.assemble(("longtail lab errors", "bold"), "  what each source brings to E KL(truth‖model), in nats")
    yield Text(f"Gaussian loop, {world.policy}, N = {world.samples:,}, modes ±{world.modes:g}, pull {world.pull:g}, mean {world.mean:g} sd")
    yield Text()
    table = _table("generation", "all on", "se", *SOURCES, "off/all")
    for at in _shown(len(found.generations)):
        parts = (f"{source.part[at]:.4f}" for source in found.sources)
        table.add_row(str(found.generations[at]), f"{found.total[at]:.4f}", f"{found.se[at]:.4f}", *parts, f"{found.removed_sum[at]:.3f}")
    yield table
    yield Text()
    yield Text("The parts are Shapley values over the eight combinations of sources; they sum to the whole by construction.", "dim")
    far = [at for at, share in zip(found.generations, found.removed_sum, strict=True) if abs(share - 1) > _TENTH]
    apart = f"further than a tenth off in {len(far)} of them, first in generation {far[0]}" if far else "within a tenth in each of them"
    yield Text(
        f"off/all: what goes when each source alone is switched off, summed, over the whole: {apart}. Sources that are on "
        "together bring more or less than one by one; for these settings alone.",
        "dim",
    )


def _statistical(found: Statistical) -> Lines:
    yield Text("longtail lab errors statistical", "bold")
    yield Text(f"An event of probability {found.rare:g} is missed by {found.draws:,} draws with chance {found.missed:.4f}, (1 - p)^n.")
    yield Text()
    table = _table("rows", "tail types held, g1", f"g{found.generations}", "deviation, nats", "times rows")
    for row in found.rows:
        table.add_row(f"{row.samples:,}", f"{row.held_first:.3f}", f"{row.held_last:.3f}", f"{row.deviation:.3g}", f"{row.times_rows:.3g}")
    yield table
    yield Text()
    yield Text(f"Tail types: those of the last tenth of {found.law}. Deviation: a Gaussian loop; about constant times rows.", "dim")


def _expressivity(found: Expressivity) -> Lines:
    yield Text("longtail lab errors expressivity", "bold")
    yield Text("One Gaussian fitted to two modes, from infinite samples: E KL(truth‖model), in nats.")
    yield Text()
    table = _table("modes at", "generation 1", f"generation {found.generations}", "by quadrature")
    for row in found.rows:
        table.add_row(f"±{row.modes:g}", *(f"{each:.6f}" for each in (row.deviation_first, row.deviation_last, row.quadrature)))
    yield table
    yield Text()
    yield Text("It is there from generation 1 and does not grow while samples are infinite and training is perfect.", "dim")


def _approximation(found: Approximation) -> Lines:
    yield Text("longtail lab errors approximation", "bold")
    yield Text(f"{found.law}, each model sampled at temperature {found.temperature:g}: effective types, exp(entropy).")
    yield Text()
    table = _table("generation", "infinite samples", f"{found.samples:,} rows", f"mean, pull {found.pull:g}")
    for at in _shown(len(found.mean)):
        row = (f"{found.effective_types[at]:.3g}", f"{found.sampled[at]:.3g}", f"{found.mean[at]:.4f}")
        table.add_row(str(at + 1), *row)
    yield table
    yield Text()
    told = f"{found.falling:.0%} of {found.seeds} seeds fall from the first to the last generation: a bias, not noise."
    yield Text(f"{told} The mean is in units of the true mean, from infinite samples: pull^t.", "dim")


def _shown(many: int) -> list[int]:
    """Return at most 12 positions, with the first and the last."""
    step = max(1, -(-many // 12))
    return sorted({*range(0, many, step), many - 1})


def _table(*heads: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left", no_wrap=True)
    return table
