"""The command `longtail rag audit`."""

import sys
from typing import Any

import click

from longtail.cli.group import ManyValued
from longtail.cli.options import check_output, console_of, form_of, progress, quietly, typed
from longtail.cli.policy import exit_code
from longtail.cli.reporting import failing, reporting
from longtail.report.files import FORMATS, SUFFIXES


@click.command(
    "audit", short_help="What of its own comes back to a system that answers from a store.", cls=ManyValued, many=("--manifest",)
)
@click.argument("store")
@click.option("--queries", metavar="FILE", help="Log of questions: JSONL, Parquet, SQLite: retrieved and cited ids, answer, correct, time.")
@click.option("--reference", metavar="PATH", multiple=True, help="Text that people wrote, beside what is stored. Repeatable.")
@click.option("--manifest", metavar="FILE …", multiple=True, help="What training sets were made of, one file for each.")
@click.option("--pipeline", metavar="FILE", help="What is said of the loop, as TOML.")
@click.option("--history", metavar="FILE", help="Audits that share alpha; made if there is none.")
@click.option("--table", metavar="NAME", help="Table of SQLite or LanceDB, collection of Chroma.")
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@click.option("--time-column", metavar="NAME", help="Column that says when it was stored, where it is not recognised.")
@click.option("--export", metavar="FILE", help="Write ids that would better be set aside, with reasons, as JSON Lines.")
@reporting
@click.option("--alpha", default=0.05, show_default=True, help="One-sided error rate of the comparison with the reference.")
@failing
@click.option("--seed", default=0, show_default=True, help="Seed of all hashes and relabellings.")
@quietly
def command(store: str, **given: Any) -> None:
    r"""Tell how much of a STORE a model wrote, how often that is retrieved and cited, and which documents echo earlier ones.

    \b
    Examples:
      longtail rag audit memories.db --text-column content --time-column created_at
      longtail rag audit chroma/ --queries log.jsonl
      longtail rag audit memories.jsonl --queries log.jsonl --out report.html
      longtail rag audit memories.db --export quarantine.jsonl

    STORE is a table of SQLite, a folder of Chroma or LanceDB, JSON Lines or Parquet. It is only read; what --export lists is for you
    to set aside. Origin, parents and time are taken from lt_origin, lt_parents and lt_time where they are there; unknown stays unknown.

    Exit code: 0 nothing at or above --fail-on, 1 findings, 2 the audit could not be made.
    """
    from longtail.auditing.stores import audit_store
    from longtail.readers.stores import Named

    form = form_of(given)
    _check(store, given)
    with progress(given["quiet"] or form != "text", given["no_color"]) as on_progress:
        found = audit_store(
            store,
            given["queries"],
            named=Named(given["table"], given["text_column"], given["time_column"]),
            reference=list(given["reference"]) or None,
            manifests=list(given["manifest"]) or None,
            command=typed("rag", "audit", inputs=[store]),
            on_progress=on_progress,
            **{name: given[name] for name in ("alpha", "require", "redact", "seed", "pipeline", "history")},
        )
    _show(found.report, form, given)
    _export(found.reasons, given)
    sys.exit(0 if given["exit_zero"] else exit_code(found.report, given["fail_on"]))


def _check(store: str, given: dict[str, Any]) -> None:
    """Refuse, before the work, files that could not be written after it."""
    inputs = [store, *given["reference"], *given["manifest"], *filter(None, [given["queries"], given["pipeline"]])]
    for path in given["out"]:
        check_output(path, SUFFIXES, inputs)
    for path in filter(None, [given["export"]]):
        check_output(path, [".jsonl"], [*inputs, *given["out"]])


def _export(reasons: Any, given: dict[str, Any]) -> None:
    """Write the list of what would better be set aside, where it was asked for, and say on stderr how long it is."""
    from longtail.auditing.retrieval import write_quarantine

    if given["export"]:
        many = write_quarantine(given["export"], reasons)
        if not given["quiet"]:
            click.echo(f"{given['export']}: {many:,} documents that would better be set aside; the store is as it was", err=True)


def _show(report: Any, form: str, given: dict[str, Any]) -> None:
    from longtail.report import render_text, write

    for path in given["out"]:
        write(report, path)
    if form != "text":
        click.echo(FORMATS[form].render(report), nl=False)
    elif not given["quiet"]:
        render_text(report, console_of(given["no_color"]))
    if given["out"] and not given["quiet"]:
        click.echo(f"report: {', '.join(given['out'])}", err=True)
