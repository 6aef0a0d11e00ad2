"""The command `longtail audit`."""

import sys
from typing import Any

import click

from longtail.auditing import audit
from longtail.cli.accepting import accepted_of, accepting, tell_update
from longtail.cli.group import ManyValued
from longtail.cli.options import (
    check_output,
    console_of,
    form_of,
    machine_texts,
    margins_of,
    numbers_of,
    progress,
    reading,
    typed,
    views_of,
)
from longtail.cli.policy import code_of, pipeline_of, policing, with_terms
from longtail.cli.reporting import failing, reporting
from longtail.errors import UsageError
from longtail.records import Report
from longtail.report import render_text, write
from longtail.report.chain import lines
from longtail.report.figures import SUFFIXES as FIGURES
from longtail.report.figures import check_figure, write_figure
from longtail.report.files import FORMATS, SUFFIXES
from longtail.report.formats.register import SUFFIXES as REGISTER_SUFFIXES
from longtail.report.formats.register import write_register
from longtail.summaries.files import SUFFIX

_INPUTS = ("reference", "baseline", "against", "lineage", "control", "trained_on", "scores", "manifest", "before", "benchmark")
_ROLES = ("reference", "baseline", "against", "trained_on", "before", "benchmark")
_SAME = (
    *("baseline_scores", "history", "export", "ledger", "group_column", "closed", "date_column"),
    *("rollouts", "budget", "success", "rag", "queries"),
)
_ALONE = ("lineage", "manifest", "pipeline", "ledger", "rollouts", "rag")
_MANY = ("--lineage", "--control", "--scores", "--manifest")


@click.command("audit", short_help="What a data set has lost of its tail.", cls=ManyValued, many=_MANY)
@click.argument("data", nargs=-1)
@click.option("--reference", metavar="PATH", multiple=True, help="Human data that no model of the lineage was trained on. Repeatable.")
@click.option("--baseline", metavar="PATH", multiple=True, help="Output of generation 1: loss is judged against it. Repeatable.")
@click.option("--against", metavar="PATH", multiple=True, help="Output of the generation before: informs, decides nothing. Repeatable.")
@click.option(
    "--lineage", metavar="GEN1 GEN2 …", multiple=True, help="Outputs of all generations in order, or a lineage.toml, in place of DATA."
)
@click.option(
    "--control", metavar="PATH …", multiple=True, help="Output of a model trained alike on real data only; of a lineage one per generation."
)
@click.option(
    "--trained-on", metavar="PATH", multiple=True, help="A training set of the lineage: checks that the reference is held out. Repeatable."
)
@click.option(
    "--scores",
    metavar="FILE …",
    multiple=True,
    help="Loss of the model on human text: lt_id, nll, tokens; of a lineage one per generation.",
)
@click.option("--baseline-scores", metavar="FILE", help="The same of the baseline's model.")
@click.option("--benchmark", metavar="PATH", multiple=True, help="Items of a benchmark: how many hold none of the reference's rare words.")
@click.option("--manifest", metavar="FILE …", multiple=True, help="What the training sets of the lineage were made of, one file for each.")
@click.option("--pipeline", metavar="FILE", help="What is said of the loop, as TOML: gates, reviews, limits, metrics, pins, overrides.")
@click.option(
    "--ledger", metavar="DIR", help="What it says of the documents, its manifests and its lineage; the state is given a name there."
)
@click.option(
    "--synthetic", metavar="[NAME=]PATH", multiple=True, help="Machine text: estimates its share in DATA beside --reference. Repeatable."
)
@click.option("--group-column", metavar="NAME", help="Column of both that says which documents were made from one another.")
@click.option("--closed", is_flag=True, help="DATA hold no machine text but of the kinds of --synthetic.")
@click.option("--date-column", metavar="NAME", help="Dates: without --synthetic, new words give a lower bound of the machine share.")
@click.option("--before", metavar="PATH", multiple=True, help="What a filter was given: audits the filter that --after came through.")
@click.option("--after", metavar="PATH", multiple=True, help="What it kept, in place of DATA. Repeatable.")
@click.option("--rollouts", metavar="PATH", help="Folder or file that a training run left behind: its end is held against its begin.")
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="NATS",
    help="Of --rollouts: divergence from the reference, a token.",
)
@click.option("--success", type=float, default=0.5, show_default=True, help="Of --rollouts: reward from which one is a success.")
@click.option("--reward-weights", metavar="PAIRS", help="Of --rollouts, from TRL: what each reward counts, such as accuracy=1,length=0.1.")
@click.option("--rag", metavar="STORE", help="Store that answers are written to: which of them come back (longtail rag audit).")
@click.option("--queries", metavar="FILE", help="Log of what was asked of the store and answered from it.")
@click.option("--history", metavar="FILE", help="Audits that share alpha; made if there is none.")
@click.option("--horizon", type=int, metavar="N", help="Audits planned in the history, each with alpha / N.  [default: no end]")
@click.option("--export", metavar="FILE", help="Write what is under-represented as JSON Lines.")
@accepting
@policing
@click.option("--stages", is_flag=True, help="Show the findings by stage, moment and step as well, and the chain of mistakes.")
@click.option("--register", metavar="FILE", multiple=True, help="Write the findings as a risk register, by suffix: .csv .json.")
@click.option("--fig", metavar="[NAME=]FILE", multiple=True, help="Write a picture of the page, .svg or .png; the first if unnamed.")
@reporting
@click.option("--alpha", default=0.05, show_default=True, help="One-sided error rate of the audit, or of a history.")
@click.option(
    "--margin", metavar="PAIRS", help="Smallest ratio that counts as kept.  [default: tail=0.90,late=0.50,nll=0.02,accuracy=0.01]"
)
@click.option("--tau", default=0.10, show_default=True, help="Share of the reference's mass called the tail.")
@failing
@reading
def command(data: tuple[str, ...], **given: Any) -> None:
    r"""Profile DATA, compare it with human text, and say with intervals what happened to its tail.

    \b
    Examples:
      longtail audit train.jsonl
      longtail audit out/*.jsonl --reference human.jsonl
      longtail audit gen5.jsonl --baseline gen1.jsonl --reference human.jsonl --json
      longtail audit --lineage gen1.jsonl gen2.jsonl gen3.jsonl --reference human.jsonl
      longtail audit week7.jsonl --reference human.jsonl --by topic --history audits.json
      longtail audit train3.jsonl --manifest m1.json m2.json m3.json --pipeline pipeline.toml
      longtail audit --manifest 'manifests/*.json' --pipeline pipeline.toml
      longtail audit train3.jsonl --ledger ledger
      longtail audit train3.jsonl --reference human.jsonl --update-baseline accepted.json
      longtail audit train4.jsonl --reference human.jsonl --accepted accepted.json
      longtail audit --before scraped.jsonl --after kept.jsonl
      longtail audit train.jsonl --format github --out report.sarif --out report.md
      longtail audit scraped.jsonl --reference human.jsonl --synthetic rewritten.jsonl
      longtail audit train.jsonl --rollouts runs/grpo-1 --budget 0.05
      longtail audit --rollouts runs/grpo-1
      longtail audit made.parquet --reference real.parquet --view table
      longtail audit made.npy --reference real.npy
      longtail audit made/ --reference photos/ --features embed:clip

    DATA is a file, glob, directory, profile (.ltp) or "-"; several of them are one data set. Read are JSONL, JSON,
    CSV, Parquet, text, Markdown, SQLite and Hugging Face data sets, also .gz and .zst; vectors as .npy or columns of
    lists; folders of pictures or sound. Without DATA, manifests, a pipeline, a ledger, rollouts and a store are judged
    alone; what a run did at each step tells `longtail watch RUN`.

    Exit code: 0 nothing at or above --fail-on, 1 findings, 2 the audit could not be made.
    """
    data = (*data, *given["after"])
    form = form_of(given)
    _check(data, given)
    accepted = accepted_of(given)
    with progress(given["quiet"] or form != "text", given["no_color"]) as on_progress:
        report = audit(
            list(data) or None,
            **_inputs(given),
            **_of_lineage(given),
            accepted=accepted,
            workers=given["workers"],
            command=typed("audit", inputs=data),
            on_progress=on_progress,
            **_options(given),
        )
    report = with_terms(report, given)
    _write(report, given)
    _show(report, form, given)
    if given["stages"] and form == "text" and not given["quiet"]:
        click.echo("\n" + "\n".join(lines(report)))
    sys.exit(code_of(report, given))


def _check(data: tuple[str, ...], given: dict[str, Any]) -> None:
    """Refuse, before the work, arguments that do not go together and files that could not be written."""
    _check_data(data, given)
    inputs = [
        *data,
        *(path for name in _INPUTS for path in given[name]),
        *filter(None, [given["pipeline"], given["rollouts"], given["rag"], given["queries"]]),
    ]
    inputs += [path for paths in machine_texts(given["synthetic"]).values() for path in paths]
    for path in given["out"]:
        check_output(path, SUFFIXES, inputs)
    _check_figures(given, inputs)
    for path in filter(None, [given["export"]]):
        check_output(path, [".jsonl"], inputs)
    for path in given["register"]:
        check_output(path, REGISTER_SUFFIXES, [*inputs, *given["out"]])
    for path in filter(None, [given["update_baseline"]]):
        check_output(path, [".json"], [*inputs, *given["out"], *given["register"], *filter(None, [given["history"]])])


def _check_data(data: tuple[str, ...], given: dict[str, Any]) -> None:
    if not (data or any(given[name] for name in _ALONE)):
        raise UsageError(
            "no data: name a file, a folder or a profile, or the generations of a lineage with --lineage; "
            "--manifest, --pipeline, --ledger, --rollouts and --rag can be judged alone"
        )
    if data and given["lineage"]:
        raise UsageError(f"{data[0]!r} was given beside --lineage; name all generations after --lineage, in order")
    if not given["lineage"] and len(given["scores"]) > 1:
        raise UsageError(f"--scores names {len(given['scores'])} files for one data set; give one, or audit a --lineage")
    _check_features(data, given)


def _check_features(data: tuple[str, ...], given: dict[str, Any]) -> None:
    """Refuse rows of features, which are those of one data set, where several are read; profiles are read already."""
    features = given["features"] or ""
    sets = [data, *(given[name] for name in _ROLES), *((path,) for name in ("lineage", "control") for path in given[name])]
    read = sum(not all(path.endswith(SUFFIX) for path in paths) for paths in sets)
    if features.lower().endswith(".npy") and read > 1:
        fix = (
            "give MODULE:FUNCTION, or profile the others before, each with its own: longtail profile OTHER --features FILE.npy -o OTHER.ltp"
        )
        raise UsageError(f"--features {features!r} has rows for one data set, and {read} are read; {fix}")


def _inputs(given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments that an audit takes as they were given."""
    several = {name: list(given[name]) or None for name in _ROLES}
    weights = numbers_of("reward weight", given["reward_weights"], "accuracy=1")
    alone = {name: given[name] for name in _SAME} | {"pipeline": pipeline_of(given), "reward_weights": weights}
    return several | alone | {"manifests": list(given["manifest"]) or None, "synthetic": machine_texts(given["synthetic"]) or None}


def _of_lineage(given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments that are one data set in a plain audit and one for each generation in a lineage."""
    control, scores = list(given["control"]) or None, list(given["scores"]) or None
    if given["lineage"]:
        return {"lineage": list(given["lineage"]), "control": control, "scores": scores}
    return {"control": control, "scores": scores[0] if scores else None}


def _options(given: dict[str, Any]) -> dict[str, Any]:
    names = ("alpha", "tau", "by", "horizon", "require", "seed", "text_column", "table", "role", "features", "validity", "exact", "redact")
    views = views_of(given["views"])
    chosen = {name: given[name] for name in names} | {"margin": margins_of(given["margin"])}
    return chosen | ({"views": views} if views else {})


def _counted(gaps: dict[str, int]) -> str:
    left_out = f"; {gaps['unwritten']:,} words left out, whose writing only their hash shows" if gaps["unwritten"] else ""
    return f"{gaps['rows']:,} words and classes that are under-represented{left_out}"


def _check_figures(given: dict[str, Any], inputs: list[str]) -> None:
    """Refuse, before the work, pictures that could not be written after it."""
    for asked in given["fig"]:
        _, target = check_figure(asked)
        check_output(str(target), FIGURES, [*inputs, *given["out"]])


def _write(report: Report, given: dict[str, Any]) -> None:
    """Write what was asked for, and say on stderr what became of gaps and of accepted numbers."""
    for path in given["out"]:
        write(report, path)
    for asked in given["fig"]:
        write_figure(report, asked)
    for path in given["register"]:
        write_register(report, path)
    tell_update(report, given)
    if "gaps" in report.panels and not given["quiet"]:
        click.echo(f"{given['export']}: {_counted(report.panels['gaps'])}", err=True)


def _show(report: Report, form: str, given: dict[str, Any]) -> None:
    """Print a report on stdout, and on stderr where it was written to."""
    if form != "text":
        click.echo(FORMATS[form].render(report), nl=False)
    elif not given["quiet"]:
        render_text(report, console_of(given["no_color"]))
    written = given["out"] + given["register"]
    if written and not given["quiet"]:
        click.echo(f"report: {', '.join(written)}", err=True)
