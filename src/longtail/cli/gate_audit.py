"""The command `longtail gate audit`."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import click
import msgspec
from rich.table import Table
from rich.text import Text

from longtail.cli.options import console_of, quietly
from longtail.errors import ConfigError, UsageError
from longtail.gates.audit import GateAudit, Judged, audit
from longtail.gates.lights import LEAST_RIGHT, MARGIN, Light
from longtail.gates.running import judged_in
from longtail.gates.strata import KEPT, RIGHT_SHARE, SHARE, Mix
from longtail.lab.gated import tried
from longtail.readers.judged import VALUE, read_judged
from longtail.records import SCHEMA_VERSION, Estimate, NotMeasured, Quarantined
from longtail.report.words import counted, one_line

_REASONS = 3

NAMES = {
    "keep_rate": "kept",
    "keep_right": "kept of the right ones (phi)",
    "keep_wrong": "kept of the wrong ones (psi)",
    "break_point": "break point p* = phi/(phi+psi)",
    "wrong_share": "wrong, before the gate (p)",
    "wrong_share_kept": "wrong, of what is kept",
    "variance_ratio": "variance kept (rho)",
    "centre_shift": "shift of the centre, sd",
    "true_positive_rate": "kept of real data (TPR)",
    "false_positive_rate": "kept of model output (FPR)",
    "effective_real_rows": "worth in real rows",
    "label_precision": "right, of what is kept (label precision)",
    "effective_rows": "worth in rows of the mix before",
    "stratum_kept": "kept of each stratum",
    "stratum_share_kept": "place in the mix",
    "stratum_share_kept_right": "place among right rows",
}
_HEADS = {KEPT: "kept", SHARE: "its place in the mix", RIGHT_SHARE: "among right rows"}
_MANY = 12
"""Strata beyond which only those that lost most are printed; JSON holds all."""
_COLOURS = {"pass": "green", "warn": "yellow", "fail": "red", "not_measured": "dim"}


@click.command("audit", short_help="phi, psi, p*, rho and worth of a gate, with intervals.")
@click.argument("data", required=False)
@click.option("--value", default=VALUE, show_default=True, metavar="COLUMN", help="Numeric column whose spread and centre are compared.")
@click.option("--by", metavar="COLUMN", help="Column of strata, such as a topic or a format: what is kept of each.")
@click.option("--margin", default=MARGIN, show_default=True, help="Share of its place in the mix that each stratum must keep.")
@click.option("--precision", default=LEAST_RIGHT, show_default=True, help="Share right, of what is kept, that counts as valid.")
@click.option("--level", default=0.95, show_default=True, help="Level of each interval.")
@click.option("--gate", metavar="SPEC", help="A gate of the lab in place of DATA, tried on draws from the truth.")
@click.option("--family", default="gaussian", show_default=True, help="Family of the lab that a gate of positions is tried on.")
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="A setting of the family. Repeatable.")
@click.option("--rows", default=100_000, show_default=True, help="Rows that a gate of the lab is tried on.")
@click.option("--wrong", default=0.5, show_default=True, help="Share of wrong rows that an oracle is tried on.")
@click.option("--real-share", default=0.5, show_default=True, help="Share of real rows that a detector is tried on.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the draws.")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON on stdout and nothing else.")
@quietly
def command(**given: Any) -> None:
    r"""Say what a gate keeps, from rows that it has judged: of what is right, of what is rare, of what varies, of what is real.

    \b
    Examples:
      longtail gate audit judged.jsonl
      longtail gate audit judged.jsonl --by format
      longtail gate audit gated/ --by topic
      longtail gate audit judged.parquet --value reward --json
      longtail gate audit --gate oracle:0.9,0.3 --wrong 0.2
      longtail gate audit --gate top:0.5,0.2 --family gaussian

    DATA is JSON Lines, CSV or Parquet, one row for each document that the gate saw: kept (true or false) and, where known,
    right, human (real data), a number and a stratum; or a folder that longtail gate wrote, whose documents have such columns.
    What a column is lacking for is not measured.

    Valid and diverse are two statements, and one never stands for both.
    """
    if (given["data"] is None) == (given["gate"] is None):
        raise UsageError("name either a file of judged rows or --gate SPEC, such as longtail gate audit judged.jsonl")
    judged, source, set_aside, reasons = _judged(given)
    found = audit(judged, level=given["level"], margin=given["margin"], least_right=given["precision"])
    if given["as_json"]:
        told = {"schema_version": SCHEMA_VERSION, "source": source, "quarantined": set_aside} | msgspec.to_builtins(found)
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for line in lines(found, source, set_aside):
            console.print(line, markup=False, highlight=False)
        if reasons:
            console.print(Text(f"Set aside: {reasons}.", "dim"))


def _judged(given: dict[str, Any]) -> tuple[Judged, str, int, str]:
    """Return the judged rows, what they come from, how many were set aside, and why the first of them were."""
    if given["gate"] is not None:
        if given["by"] is not None:
            raise UsageError("a gate of the lab judges draws without strata; name a file of judged rows with --by")
        settings = {name: given[name] for name in ("family", "rows", "wrong", "real_share", "seed")}
        return tried(given["gate"], options=_options(given["options"]), **settings), given["gate"], 0, ""
    if os.path.isdir(given["data"]):
        return judged_in(given["data"], given["value"], given["by"]), given["data"], 0, ""
    rows = read_judged(given["data"], given["value"], given["by"])
    judged = Judged(rows.kept, right=rows.right, human=rows.human, value=rows.value, stratum=rows.stratum)
    return judged, given["data"], rows.quarantined, _reasons(rows.quarantine)


def _reasons(aside: Sequence[Quarantined]) -> str:
    told = [one_line(f"line {each.line}: {each.reason}" if each.line else each.reason) for each in aside[:_REASONS]]
    return "; ".join([*told, "…"] if len(aside) > _REASONS else told)


def _options(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return settings from NAME=VALUE.

    Raises:
        ConfigError: One is no such pair.
    """
    for pair in pairs:
        if "=" not in pair:
            raise ConfigError(f"option {pair!r}: write NAME=VALUE, such as dim=2")
    return {name.strip().replace("-", "_"): value for name, _, value in (pair.partition("=") for pair in pairs)}


def lines(found: GateAudit, source: str, set_aside: int) -> Iterator[Text | Table]:
    """Yield what is printed: the numbers with their intervals, what follows, and what was not measured."""
    aside = f", {counted(set_aside, 'row')} set aside" if set_aside else ""
    yield Text.assemble(("longtail gate audit", "bold"), f"  {one_line(source)}   {found.kept:,} of {found.rows:,} rows kept{aside}")
    yield Text()
    yield _numbers([each for each in found.estimates if each.slice is None])
    if found.mix is not None:
        yield Text()
        yield from _by_stratum(found.mix, found.estimates)
    yield Text()
    yield from map(_light, found.lights)
    for words in found.says:
        yield Text()
        yield Text(f"{words[0].upper()}{words[1:]}.")
    if found.not_measured:
        yield Text()
    for absent, names in _grouped(found.not_measured):
        yield Text(f"Not measured: {', '.join(names)}: {absent.reason}; {absent.enable}.", "dim")


def _light(light: Light) -> Text:
    status = light.status.replace("_", " ")
    tail = f"; {light.enable}" if light.enable else ""
    return Text.assemble((f"{light.name.capitalize()}: {status}", _COLOURS[light.status]), f": {one_line(light.because)}{tail}.")


def _by_stratum(mix: Mix, estimates: Sequence[Estimate]) -> Iterator[Text | Table]:
    """Yield what was kept of each stratum, of many those whose place shrank most, and the mix before and after."""
    of = {metric: {each.slice: each for each in estimates if each.metric == metric} for metric in _HEADS}
    shown = [metric for metric in _HEADS if of[metric]]
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("stratum")
    for metric in shown:
        table.add_column(_HEADS[metric], justify="right", no_wrap=True)
    order = sorted(of[SHARE].values(), key=lambda each: each.value)
    for each in order[:_MANY]:
        table.add_row(one_line(each.slice or ""), *(_cell(of[metric].get(each.slice)) for metric in shown))
    if order:
        yield table
    if len(order) > _MANY:
        yield Text(f"{len(order) - _MANY} strata more, which kept more of their place; --json holds all.", "dim")
    yield _moved(mix)


def _moved(mix: Mix) -> Text:
    return Text(
        f"Jensen-Shannon of the mix before and after {mix.divergence:.3g} bits; random gates {mix.divergence_random:.3g} on average, "
        f"95 % below {mix.divergence_random_high:.3g} (p {mix.p:.2g}). "
        f"Effective number of strata {mix.effective_before:.3g} before, {mix.effective_kept:.3g} after."
    )


def _cell(each: Estimate | None) -> str:
    return "no right row" if each is None else f"{each.value:.3g} ({each.low:.2g} to {each.high:.2g})"


def _numbers(estimates: Sequence[Estimate]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for place, head in enumerate(("", "value", "interval", "rows")):
        table.add_column(head, justify="right" if place else "left", no_wrap=True)
    for each in estimates:
        table.add_row(NAMES[each.metric], f"{each.value:,.4g}", f"{each.low:,.4g} to {each.high:,.4g}", f"{each.n:,}")
    return table


def _grouped(absences: tuple[NotMeasured, ...]) -> Iterator[tuple[NotMeasured, list[str]]]:
    """Yield absences of one reason together."""
    groups: dict[tuple[str, str], list[NotMeasured]] = {}
    for absent in absences:
        groups.setdefault((absent.reason, absent.enable), []).append(absent)
    for group in groups.values():
        yield group[0], [NAMES[absent.metric] for absent in group]
