"""The command `longtail recover check`."""

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from longtail.atomic import replaced
from longtail.cli.options import check_output, console_of, margins_of, progress, reading, typed, views_of
from longtail.diagnosis.restoring.checking import check
from longtail.diagnosis.restoring.records import Check
from longtail.errors import UsageError
from longtail.ledger.tagging.sinks import writing
from longtail.report.screen.restoring import check_blocks

_ROLES = ("before", "after", "reference", "baseline")
_EXITS = {"pass": 0, "not_shown": 1, "worse": 1, "not_measured": 1}
_OPTIONS = ("alpha", "tau", "by", "seed", "text_column", "table", "role", "features", "validity", "exact")


@click.command("check", short_help="Whether the tail came back.")
@click.option("--before", metavar="PATH", multiple=True, help="Outputs of the model before recovery. Repeatable.")
@click.option("--after", metavar="PATH", multiple=True, help="Outputs of the model after it. Repeatable.")
@click.option("--reference", metavar="PATH", multiple=True, help="Human text that no model was trained on: says what is rare. Repeatable.")
@click.option("--baseline", metavar="PATH", multiple=True, help="Outputs of generation 1: says how far back the tail is. Repeatable.")
@click.option("--before-scores", metavar="FILE", help="Loss of the model before on human text: lt_id, nll, tokens.")
@click.option("--after-scores", metavar="FILE", help="The same of the model after.")
@click.option("--alpha", default=0.05, show_default=True, help="One-sided error rate of all improvements together.")
@click.option("--margin", metavar="PAIRS", help="What counts as kept of the rest.  [default: tail=0.90,nll=0.02,accuracy=0.01]")
@click.option("--tau", default=0.10, show_default=True, help="Share of the reference's mass called the tail.")
@click.option("--out", metavar="FILE", multiple=True, help="Also write the record, by suffix: .json .html. Repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON on stdout and nothing else.")
@reading
def command(**given: Any) -> None:
    r"""Say whether the tail came back: outputs after recovery against outputs before it, on a frozen reference.

    \b
    Examples:
      longtail recover check --before gen5.jsonl --after gen6.jsonl --reference human.jsonl
      longtail recover check --before gen5.jsonl --after gen6.jsonl --reference human.jsonl --baseline gen1.jsonl
      longtail recover check --before old.ltp --after new.ltp --reference human.ltp --json

    It passes where the interval of after / before of rare items, or of their use, lies above 1, and that of neither lies
    below 1. Not shown is no proof that nothing came back: the documents that would show it are printed.

    Exit code: 0 shown, 1 not shown, or more was lost, 2 it cannot be checked.
    """
    _check(given)
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        found = check(
            list(given["before"]),
            list(given["after"]),
            list(given["reference"]),
            list(given["baseline"]) or None,
            before_scores=given["before_scores"],
            after_scores=given["after_scores"],
            workers=given["workers"],
            command=typed("recover", "check", inputs=_inputs(given)),
            on_progress=on_progress,
            **_options(given),
        )
    _show(found, given)
    sys.exit(_EXITS[found.status])


def _check(given: dict[str, Any]) -> None:
    """Refuse, before the work, what is missing and what could not be written."""
    for name in _ROLES[:3]:
        if not given[name]:
            raise UsageError(f"no --{name}: name what is compared, such as --before gen5.jsonl --after gen6.jsonl --reference human.jsonl")
    if (given["before_scores"] is None) != (given["after_scores"] is None):
        raise UsageError("scores of one model alone were given; give both --before-scores FILE and --after-scores FILE")
    for path in given["out"]:
        check_output(path, [".json", ".html"], _inputs(given))


def _inputs(given: dict[str, Any]) -> list[str]:
    return [path for name in _ROLES for path in given[name]]


def _show(found: Check, given: dict[str, Any]) -> None:
    from longtail.report.page.recover import check_html

    record = msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"
    for path in given["out"]:
        with writing(path), replaced(Path(path)) as draft:
            draft.write_bytes(check_html(found, record.decode()).encode() if path.lower().endswith(".html") else record)
    if given["as_json"]:
        click.echo(record.decode(), nl=False)
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for block in check_blocks(found):
            console.print(block, markup=False, highlight=False, emoji=False)


def _options(given: dict[str, Any]) -> dict[str, Any]:
    views = views_of(given["views"])
    chosen = {name: given[name] for name in _OPTIONS} | {"margin": margins_of(given["margin"])}
    return chosen | ({"views": views} if views else {})
