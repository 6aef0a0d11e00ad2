"""The command `longtail diagnose`."""

import shlex
import sys
from collections.abc import Callable, Collection
from typing import Any

import click

from longtail.cli.group import ManyValued
from longtail.cli.options import check_output, console_of, machine_texts, margins_of, progress, quietly, typed, views_of, working
from longtail.diagnosis.records import Diagnosis
from longtail.errors import UsageError

_CACHE = ".longtail-cache"
_MANY = ("--lineage", "--manifest", "--scores")
_FAILS = {"fail": ("fail",), "warn": ("warn", "fail")}


def _sources(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where the past and the outputs are."""
    for option in (
        click.option("--repo", metavar="DIR", help="Search this folder for records: manifests, git, DVC, Hugging Face, MLflow, files."),
        click.option(
            "--outputs", metavar="GLOB", multiple=True, help="Outputs of all versions, quoted; in natural order. Or a folder of them."
        ),
        click.option("--lineage", metavar="V1 V2 …", multiple=True, help="Outputs of all versions in order, or a lineage.toml."),
        click.option("--checkpoints", metavar="GLOB", help="Archived checkpoints, quoted, to be asked the prompts of --reference."),
        click.option(
            "--command", "asks", metavar="LINE", help="Asks one: {checkpoint} is filled in, prompts and texts are JSON Lines; no shell."
        ),
        click.option("--model-function", metavar="MODULE:FUNCTION", help="Asks one: takes prompts and the path, returns texts."),
        click.option("--reference", metavar="PATH", multiple=True, help="Frozen human text that no version was trained on. Repeatable."),
        click.option("--manifest", metavar="FILE …", multiple=True, help="What training sets were made of, as longtail mix writes it."),
        click.option("--ledger", metavar="DIR", help="What a ledger knows of the training sets; nothing is written to it."),
        click.option("--human", metavar="PATH", multiple=True, help="Human text to estimate untagged shares with.  [default: --reference]"),
        click.option("--synthetic", metavar="[NAME=]PATH", multiple=True, help="Machine text to estimate untagged shares. Repeatable."),
        click.option("--key", "keys", metavar="KEY.json", multiple=True, help="Look for its watermark in training sets. Repeatable."),
        click.option("--tokenizer", "tokenizers", metavar="FOLDER", multiple=True, help="That a key was made for.  [default: words]"),
        click.option("--trust", metavar="CA.pem", help="Signers that are believed: also look for credentials in training sets."),
        click.option("--scores", metavar="FILE …", multiple=True, help="Loss of each model on human text: lt_id, nll, tokens. Or a glob."),
    )[::-1]:
        command = option(command)
    return command


def _settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how outputs are made, read and judged, and what is written."""
    for option in (
        click.option("--prompts", type=click.IntRange(min=1), metavar="N", help="Prompts that a checkpoint is asked.  [default: 1000]"),
        click.option("--timeout", type=float, metavar="S", help="Seconds that --command has for one checkpoint.  [default: 3600]"),
        click.option("--cache", default=_CACHE, show_default=True, metavar="DIR", help="Keeps what checkpoints answered, by content."),
        click.option("--alpha", default=0.05, show_default=True, help="One-sided error rate of the audit, or of a history."),
        click.option("--margin", metavar="PAIRS", help="Smallest ratio that counts as kept.  [default: as longtail audit]"),
        click.option("--view", "views", metavar="NAMES", help="What to count, by comma.  [default: as longtail audit]"),
        click.option("--by", metavar="COLUMN", multiple=True, help="Column whose values are slices: classes, topics. Repeatable."),
        click.option("--history", metavar="FILE", help="Audits and diagnoses that share alpha; made if there is none."),
        click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised."),
        click.option("--seed", default=0, show_default=True, help="Seed of all hashes, relabellings and draws."),
        click.option("--json", "as_json", is_flag=True, help="Print the canonical record on stdout and nothing else."),
        click.option("--out", metavar="FILE", multiple=True, help="Also write it, by suffix: .json .html. Repeatable."),
        click.option(
            "--fail-on",
            type=click.Choice(["warn", "fail"]),
            default="fail",
            show_default=True,
            help="Gravest phase that still exits 0 is below this.",
        ),
        click.option("--exit-zero", is_flag=True, help="Exit 0 whatever was found."),
    )[::-1]:
        command = option(command)
    return command


@click.command("diagnose", short_help="What versions that you inherited have lost, and since when.", cls=ManyValued, many=_MANY)
@_sources
@_settings
@working
@quietly
def command(**given: Any) -> None:
    r"""Say of an inherited pipeline what its records tell, when synthetic data entered, and what its versions have lost.

    \b
    Examples:
      longtail diagnose --outputs 'evals/v*/outputs.jsonl' --reference human.jsonl
      longtail diagnose --repo . --outputs 'evals/v*/outputs.jsonl' --reference human.jsonl
      longtail diagnose --repo . --synthetic rewritten.jsonl --reference human.jsonl
      longtail diagnose --repo . --key key.json
      longtail diagnose --lineage lineage.toml --manifest m1.json m2.json --json
      longtail diagnose --checkpoints 'ckpt/*' --reference human.jsonl --command 'python write.py {checkpoint}'
      longtail diagnose --checkpoints 'ckpt/*' --reference human.jsonl --out diagnosis.html

    Each version is held against the first one whose outputs can be read; the reference says what is rare. Folders of
    Hugging Face are asked without --command (extra hf). A program reads {"id": 0, "prompt": "…"} a line and writes
    {"id": 0, "text": "…"} a line. A reference without a column prompt is asked by the first words of its documents.

    Exit code: 0 the phase of the last version is below --fail-on, 1 it is early, concentrating, narrowing or late
    (with --fail-on warn also watch or drift), 2 the diagnosis could not be made.
    """
    _check(given)
    from longtail.diagnosis.diagnose import diagnose
    from longtail.report.screen.diagnosis import to_json

    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        found = diagnose(**_arguments(given), command=typed("diagnose"), on_progress=on_progress)
    for path in given["out"]:
        _write(found, path)
    if given["as_json"]:
        click.echo(to_json(found), nl=False)
    elif not given["quiet"]:
        _show(found, given)
    sys.exit(0 if given["exit_zero"] else exit_code(found, _FAILS[given["fail_on"]]))


def _show(found: Diagnosis, given: dict[str, Any]) -> None:
    from longtail.report.screen.diagnosis import lines

    console = console_of(given["no_color"])
    for line in lines(found):
        console.print(line, markup=False, highlight=False, emoji=False)
    if given["out"]:
        click.echo(f"diagnosis: {', '.join(given['out'])}", err=True)


def exit_code(found: Diagnosis, fails: Collection[str]) -> int:
    """Return 1 where the phase of the last version is among those that fail, else 0."""
    from longtail.report.words import PHASES

    return int(PHASES[found.phase].status in fails)


def _check(given: dict[str, Any]) -> None:
    """Refuse, before the work, arguments that do not go together and files that could not be written."""
    for options, wanted, message in _NEEDS:
        if _any(given, options) and not _any(given, wanted):
            raise UsageError(message)
    if given["asks"] and given["model_function"]:
        raise UsageError("--command and --model-function both say how a checkpoint is asked; give one of them")
    inputs = _inputs(given)
    for path in given["out"]:
        check_output(path, (".json", ".html"), inputs)


def _inputs(given: dict[str, Any]) -> list[str]:
    """Return the files that are read, and the history."""
    several = [given[name] for name in _INPUTS] + list(machine_texts(given["synthetic"]).values())
    return [path for paths in several for path in paths] + [given["history"]] * bool(given["history"])


def _any(given: dict[str, Any], options: Collection[str]) -> bool:
    """Tell whether any of some options was given."""
    return any(given[name] not in (None, ()) for name in options)


_INPUTS = ("reference", "lineage", "manifest", "scores", "human", "outputs", "keys")
_NEEDS = (
    (("timeout", "prompts"), ("checkpoints",), "--timeout and --prompts are of --checkpoints, and none were given; add --checkpoints GLOB"),
    (
        ("keys", "trust"),
        ("repo", "lineage", "manifest", "ledger"),
        "--key and --trust look for marks in training sets, and nothing says where they are; add --repo DIR",
    ),
    (
        ("history", "by"),
        ("reference", "lineage"),
        "--history and --by are of the comparison with human text, and none was given; add --reference FILE",
    ),
)
"""Options, of which others they need one, and what is said where there is none."""


def _arguments(given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of `diagnose`; what was not given is left to its defaults."""
    several = {name: list(given[name]) or None for name in ("outputs", "lineage", "reference", "human")}
    alone = {name: given[name] for name in ("repo", "checkpoints", "ledger", "cache", "seed", "alpha", "workers")}
    stated = {"prompts": given["prompts"], "timeout_s": given["timeout"], "text_column": given["text_column"]}
    stated |= {"views": views_of(given["views"]), "by": tuple(given["by"]) or None, "history": given["history"]}
    return {
        **several,
        **alone,
        **{name: value for name, value in stated.items() if value is not None},
        "produce": given["model_function"] or _words(given["asks"]),
        "scores": given["scores"][0] if len(given["scores"]) == 1 else list(given["scores"]) or None,
        "manifests": given["manifest"],
        "synthetic": machine_texts(given["synthetic"]) or None,
        "margin": margins_of(given["margin"]),
        "recognisers": _recognisers(given),
    }


def _recognisers(given: dict[str, Any]) -> list[Any]:
    """Return what looks for marks in training sets."""
    from longtail.cli.keys import tokenizers_at
    from longtail.origin.recognising.credentials import C2PAText
    from longtail.origin.recognising.watermark import Watermark
    from longtail.origin.watermarks.key import Key

    found: list[Any] = [C2PAText(given["trust"])] if given["trust"] else []
    if given["keys"]:
        found.append(Watermark([Key.load(path) for path in given["keys"]], tokenizers_at(given["tokenizers"])))
    return found


def _words(line: str | None) -> list[str] | None:
    """Return the program and its arguments, as a shell would divide them; no shell runs.

    Raises:
        UsageError: A quotation has no end.
    """
    try:
        return shlex.split(line) if line else None
    except ValueError as error:
        raise UsageError(f"--command {line!r} cannot be divided into words: {error}; close the quotation") from error


def _write(found: Diagnosis, path: str) -> None:
    from longtail.report.page.diagnosis import write

    write(found, path)
