"""The command `longtail recover plan`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from longtail.cli.group import ManyValued
from longtail.cli.options import check_output, console_of, progress, quietly, typed, views_of, working
from longtail.errors import UsageError

_MANY = ("--outputs", "--manifest", "--reservoir", "--reference")
_SAME = ("size", "generations", "by", "first", "seed", "replicates", "text_column", "table", "redact", "tau")
_ORDER = ("re-anchor", "roll-back", "re-source")


@click.command("plan", short_help="What can be restored, in what order, and what it takes.", cls=ManyValued, many=_MANY)
@click.option("--reference", metavar="PATH", multiple=True, help="Human text that no model of the lineage was trained on. Repeatable.")
@click.option("--outputs", metavar="PATH …", multiple=True, help="Outputs of all versions in order, the current one last; or a glob.")
@click.option("--current", metavar="FILE", help="Outputs of the current version, where those of earlier ones are not at hand.")
@click.option("--reservoir", metavar="PATH", multiple=True, help="Real rows to train on: a longtail reservoir or files. Repeatable.")
@click.option("--manifest", metavar="FILE …", multiple=True, help="What the training sets were made of: whether real data are replaced.")
@click.option("--diagnosis", metavar="FILE", help="What longtail diagnose --out wrote; else the outputs are audited here.")
@click.option("--size", type=int, metavar="N", help="Rows of a new training set.  [default: the newest manifest's, else the outputs']")
@click.option("--generations", type=int, default=3, show_default=True, metavar="G", help="New training sets to look ahead.")
@click.option(
    "--share", "shares", type=float, multiple=True, metavar="A", help="Real share to consider. Repeatable.  [default: 0.1 0.3 0.5]"
)
@click.option("--by", metavar="COLUMN", help="Column of slices for the list of what to look for.  [default: single items]")
@click.option("--cost", metavar="FILE", help="TOML: [inputs] of numbers, [formulas] by option.")
@click.option("--first", type=click.Choice(_ORDER), help="Option to try first, against the order; needs --because.")
@click.option("--because", "first_reason", default="", metavar="TEXT", help="Why; the plan records it.")
@click.option("--tau", default=0.10, show_default=True, help="Share of the reference's mass called the tail.")
@click.option("--view", "views", metavar="NAMES", help="What to count, by comma.  [default for text: as longtail audit]")
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@click.option("--table", metavar="NAME", help="Table of an SQLite file.")
@click.option("--replicates", default=200, show_default=True, help="Of each course that is drawn.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all hashes and draws.")
@click.option("--redact", is_flag=True, help="Write hashes in place of items.")
@click.option("--out", metavar="FILE", multiple=True, help="Also write the plan, by suffix: .json .html. Repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON on stdout and nothing else.")
@working
@quietly
def command(**given: Any) -> None:
    r"""Plan a recovery: stop replacing, then re-anchor, roll back or re-source, each with the most that it can restore here.

    \b
    Examples:
      longtail recover plan --reference human.jsonl --current gen5.jsonl --reservoir human/
      longtail recover plan --reference human.jsonl --outputs 'gen*.jsonl' --reservoir human/ --out plan.html
      longtail recover plan --reference human.jsonl --outputs gen1.jsonl gen2.jsonl gen3.jsonl --by topic --cost prices.toml

    What is promised is what documents drawn again and again would keep; its interval and what it takes for granted are
    printed. With outputs of all versions the last clean one is found; with those of one, nothing is known of earlier ones.

    A file of costs has a table [inputs], as price_per_hour = 3.5, and may have a table [formulas], as
    re_anchor = "generations * training_hours * price_per_hour". What is not stated stays open.

    Exit code: 0 a plan was made, 2 it cannot be.
    """
    from longtail.diagnosis.recovery import plan

    if not given["reference"]:
        raise UsageError("no --reference: name human text that no model was trained on, such as --reference human.jsonl")
    outputs = expanded(given["outputs"])
    inputs = [*given["reference"], *outputs, *given["reservoir"], *given["manifest"]]
    inputs += [given[name] for name in ("current", "diagnosis", "cost") if given[name]]
    for path in given["out"]:
        check_output(path, (".json", ".html"), inputs)
    chosen = {name: given[name] for name in _SAME} | {"first_reason": given["first_reason"], "views": views_of(given["views"]) or ()}
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        found = plan(
            reference=_one(given["reference"]),
            outputs=outputs,
            current=given["current"],
            reservoir=_one(given["reservoir"]),
            manifests=list(given["manifest"]),
            diagnosis=given["diagnosis"],
            cost=given["cost"],
            workers=given["workers"],
            command=typed("recover", "plan"),
            on_progress=on_progress,
            **chosen,
            **({"shares": given["shares"]} if given["shares"] else {}),
        )
    _show(found, given)


def expanded(outputs: Sequence[str]) -> list[str]:
    """Return the files in order: those named as they are, those of a glob by their numbers, v2 before v10.

    Args:
        outputs: Paths and globs.

    Raises:
        UsageError: A glob matches nothing.
    """
    import glob

    from longtail.diagnosis.recovery.asked import natural

    found: list[str] = []
    for each in outputs:
        matched = sorted(glob.glob(each), key=natural) if glob.has_magic(each) and not Path(each).exists() else [each]
        if not matched:
            raise UsageError(f"no file matches {each!r}; name the outputs of the versions, in quotes where they are a glob")
        found += matched
    return found


def _one(paths: Sequence[str]) -> Any:
    if len(paths) == 1:
        return paths[0]
    return list(paths) or None


def _show(found: Any, given: dict[str, Any]) -> None:
    from longtail.report.page.recover import plan_html
    from longtail.report.put import put
    from longtail.report.screen.recovery import lines

    told = msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"
    for path in given["out"]:
        put(Path(path), plan_html(found, told) if path.lower().endswith(".html") else told)
    if given["as_json"]:
        click.echo(told, nl=False)
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for line in lines(found):
            console.print(line, markup=False, highlight=False, emoji=False)
