"""The command `longtail gate DATA`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.table import Table
from rich.text import Text

from longtail.cli.options import check_output, console_of, margins_of, progress, quietly
from longtail.errors import ConfigError, UsageError
from longtail.gates import Gate
from longtail.gates.recipe import presets
from longtail.gates.running import Gated, Job, StageCount, Tails, run
from longtail.gates.running.recorded import check_name, known, record
from longtail.ledger.store import Ledger
from longtail.metrics.thinning import Beside, Thinning
from longtail.records import Estimate, Verdict
from longtail.report.put import put
from longtail.report.words import STATUSES, counted, one_line
from longtail.rules.lt4_filters import verdict_on

_NAMED = 3
_GRAVE = {"warn": ("warn", "fail"), "fail": ("fail",)}


@click.command("run", short_help="Judge documents: kept, to be reviewed, rejected, and what became of the tail.")
@click.argument("data", nargs=-1)
@click.option(
    "--gates", metavar="RECIPE", help="A TOML file with one [[gate]] table for each stage, or the name of a recipe that comes along."
)
@click.option("-o", "--output", metavar="DIR", help="Folder to write: kept, review, rejected, verdicts, manifest, checksums.")
@click.option("--dry-run", is_flag=True, help="Judge, show what would come of it and what becomes of the tail; write nothing.")
@click.option(
    "--ledger", metavar="DIR", help="What it knows of a document stands before what that says; verdicts and the run are recorded in it."
)
@click.option(
    "--unsure",
    type=click.Choice(["keep", "hold"]),
    help="Documents to be reviewed: kept and marked, or held back.  [default: as the recipe says]",
)
@click.option("--format", "form", type=click.Choice(["jsonl", "parquet"]), help="Format of documents.  [default: that of the data]")
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@click.option("--margin", metavar="tail=0.90", help="Ratio of rare to common words kept below which the loss fails.")
@click.option("--tau", type=float, default=0.1, show_default=True, help="Share of mass called rare.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the split that measures the tail.")
@click.option(
    "--fail-on",
    type=click.Choice(["warn", "fail"]),
    default="fail",
    show_default=True,
    help="Verdict on the tail that ends with exit code 1.",
)
@click.option("--exit-zero", is_flag=True, help="End with exit code 0 whatever the verdict.")
@click.option("--out", "page", metavar="FILE", help="Also write what came of it as a page, .html.")
@click.option("--json", "as_json", is_flag=True, help="Print what came of it as JSON on stdout and nothing else.")
@quietly
def command(data: tuple[str, ...], **given: Any) -> None:
    r"""Judge the documents of DATA by gates in order; write what is kept, what a person should see, and what is rejected and why.

    \b
    Examples:
      longtail gate generated.jsonl --gates synth -o gated
      longtail gate data/*.jsonl --gates gates.toml -o gated --unsure hold --out gated.html
      longtail gate generated.parquet --gates gates.toml --dry-run
      longtail gate generated.jsonl --gates synth -o gated --ledger ledger

    Nothing is deleted: rejected documents stand in the folder with gate, reason, score and the id of the document they matched.
    Documents of human origin are spared unless the recipe says otherwise. The same command again goes on where it was stopped.

    Exit code: 0 done, 1 done and the gates cut the tail (LT401), 2 it cannot be done.
    """
    _check(data, given)
    gate = Gate.read(given["gates"])
    if given["unsure"]:
        gate = Gate(*gate.stages, unsure=given["unsure"], spare=gate.spare)
    tails = Tails(tau=given["tau"], margin=margins_of(given["margin"]).get("tail", 0.9), seed=given["seed"])
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        job = Job(gate, data, given["text_column"], given["form"], tails, on_progress)
        made = _run(job, None if given["dry_run"] else given["output"], given["ledger"])
    verdict = verdict_on(made.tail.loss())
    if given["page"]:
        from longtail.report.page.gate import to_html

        put(Path(given["page"]), to_html(made, verdict))
    if given["as_json"]:
        told = msgspec.to_builtins(made) | {"verdict": {"code": "LT401"} | msgspec.to_builtins(verdict)}
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    elif not given["quiet"]:
        console = console_of(given["no_color"])
        for line in lines(made, verdict, given["output"], given["gates"]):
            console.print(line, markup=False, highlight=False)
    if verdict.status in _GRAVE[given["fail_on"]] and not given["exit_zero"]:
        sys.exit(1)


def _run(job: Job, output: str | None, folder: str | None) -> Gated:
    if folder is None:
        return run(job, output)
    with Ledger.open(folder) as ledger:
        if output is not None:
            check_name(ledger, output)
        made = run(job._replace(current=known(ledger)), output)
        if output is not None:
            record(ledger, made, output, job.data)
    return made


def _check(data: tuple[str, ...], given: dict[str, Any]) -> None:
    """Refuse arguments that do not go together.

    Raises:
        UsageError: No data, no gates, or neither an output nor a dry run.
        ConfigError: A number is out of range.
    """
    if not data:
        raise UsageError("no data: name a file or folder, such as longtail gate generated.jsonl --gates synth -o gated")
    if not given["gates"]:
        raise UsageError(f"no gates: name a recipe with --gates, a TOML file or one of {', '.join(presets())}")
    if given["output"] is None and not given["dry_run"]:
        raise UsageError("no output: name a folder with -o, or see what would come of it with --dry-run")
    if given["page"]:
        check_output(given["page"], (".html",), data)
    if not 0 < given["tau"] < 1:
        raise ConfigError(f"tau is {given['tau']}; take a share between 0 and 1")


def lines(made: Gated, verdict: Verdict, output: str | None, recipe: str) -> Iterator[Text | Table]:
    """Yield what is printed: the sum, a line for each stage, why documents were rejected, and the two lights."""
    where = "dry run, nothing written" if not made.outputs else one_line(f"{output}/")
    yield Text.assemble(("longtail gate", "bold"), f"  {one_line(recipe)}   {counted(made.documents, 'document')}   {where}")
    yield Text(_sum(made))
    yield Text()
    yield _table(made.stages)
    yield from _reasons(made.stages)
    yield Text()
    yield from _lights(made, verdict)
    yield from _aside(made)


def _sum(made: Gated) -> str:
    marked = f", {made.review:,} {'held for review' if made.holds else 'of them marked for review'}" if made.review else ""
    spared = f"; {made.spared:,} of {'/'.join(made.recipe['spare'])} origin spared" if made.spared else ""
    return f"{made.kept:,} kept{marked}, {made.rejected:,} rejected{spared}"


def _table(stages: tuple[StageCount, ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    measured = any(stage.rare_kept is not None for stage in stages)
    heads = ["stage", "judged", "kept", "review", "rejected", *(["rare words", "common words"] if measured else [])]
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left", no_wrap=True)
    for stage in stages:
        shares = [_share(stage.rare_kept), _share(stage.common_kept)] if measured else []
        numbers = (stage.seen, stage.kept, stage.review, stage.rejected)
        table.add_row(one_line(stage.name), *(f"{number:,}" for number in numbers), *shares)
    return table


def _share(share: Estimate | None) -> str:
    return "-" if share is None else f"{share.value:.1%}"


def _reasons(stages: tuple[StageCount, ...]) -> Iterator[Text]:
    for stage in stages:
        for words in stage.says:
            yield Text(f"  {one_line(stage.name)}: {one_line(words)}")
        for reason, documents in list(stage.reasons.items())[:_NAMED]:
            yield Text(f"  {one_line(stage.name)}: {documents:,} because: {one_line(reason)}", "dim")
        more = len(stage.reasons) - _NAMED
        if more > 0:
            yield Text(f"  {one_line(stage.name)}: {counted(more, 'further reason')} in manifest.json", "dim")


def _lights(made: Gated, verdict: Verdict) -> Iterator[Text]:
    """Yield the two lights: gated is not diverse, and neither says anything of the other."""
    judged = made.documents - made.spared
    yield Text(f"Valid by these gates: {judged - made.rejected:,} of {judged:,} judged. How well they judge: longtail gate audit.")
    yield Text(f"Diverse: LT401 {STATUSES[verdict.status]}: {one_line(verdict.because)}.")
    if verdict.remedy:
        yield Text(f"  Fix: {one_line(verdict.remedy)}.")
    for found, words in _thinned(made.thinning):
        unlike = "as random filters do" if found.low <= found.value <= found.high else "unlike random filters"
        yield Text(f"  {words} {found.value:.4g}, {unlike} ({found.low:.4g} to {found.high:.4g}).")


def _thinned(thinning: Thinning | None) -> Iterator[tuple[Beside, str]]:
    if thinning is not None and thinning.effective is not None and thinning.divergence is not None:
        yield thinning.effective, "Effective number of words, of that before:"
        yield thinning.divergence, "Words moved (Jensen-Shannon, bits):"


def _aside(made: Gated) -> Iterator[Text]:
    for note in made.notes:
        yield Text(one_line(note), "dim")
    if made.quarantined:
        yield Text(f"Quarantined: {made.quarantined:,} that could not be read or have no content, in no file.")
        for one in made.quarantine[:_NAMED]:
            yield Text(f"  {one_line(one.path)}:{one.line}: {one_line(one.reason)}", "dim")
