"""The command `longtail gate audit`."""

from collections.abc import Iterator, Sequence
from typing import Any

import click
import msgspec
from rich.table import Table
from rich.text import Text

from longtail.cli.options import console_of, quietly
from longtail.errors import ConfigError, UsageError
from longtail.gates.audit import GateAudit, Judged, audit
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
}


@click.command("audit", short_help="phi, psi, p*, rho and worth of a gate, with intervals.")
@click.argument("data", required=False)
@click.option("--value", default=VALUE, show_default=True, metavar="COLUMN", help="Numeric column whose spread and centre are compared.")
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
    r"""Say what a gate keeps, from rows that it has judged: of what is right, of what varies, of what is real.

    \b
    Examples:
      longtail gate audit judged.jsonl
      longtail gate audit judged.parquet --value reward --json
      longtail gate audit --gate oracle:0.9,0.3 --wrong 0.2
      longtail gate audit --gate top:0.5,0.2 --family gaussian

    DATA is JSON Lines, CSV or Parquet, one row for each document that the gate saw: kept (true or false) and, where known,
    right, human (real data) and a number. What a column is lacking for is not measured.
    """
    if (given["data"] is None) == (given["gate"] is None):
        raise UsageError("name either a file of judged rows or --gate SPEC, such as longtail gate audit judged.jsonl")
    judged, source, set_aside, reasons = _judged(given)
    found = audit(judged, level=given["level"])
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
        settings = {name: given[name] for name in ("family", "rows", "wrong", "real_share", "seed")}
        return tried(given["gate"], options=_options(given["options"]), **settings), given["gate"], 0, ""
    rows = read_judged(given["data"], given["value"])
    judged = Judged(rows.kept, right=rows.right, human=rows.human, value=rows.value)
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
    yield _numbers(found.estimates)
    for words in found.says:
        yield Text()
        yield Text(f"{words[0].upper()}{words[1:]}.")
    if found.not_measured:
        yield Text()
    for absent, names in _grouped(found.not_measured):
        yield Text(f"Not measured: {', '.join(names)}: {absent.reason}; {absent.enable}.", "dim")


def _numbers(estimates: tuple[Estimate, ...]) -> Table:
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
