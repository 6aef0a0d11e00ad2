"""The command `longtail mix`."""

import sys
from collections.abc import Iterator
from typing import Any

import click
import msgspec

from longtail.cli.group import ManyValued
from longtail.cli.options import progress, quietly
from longtail.errors import UsageError
from longtail.ledger.manifest import Part
from longtail.policies.mixing import Asked, Mixed, exact, mixture
from longtail.policies.mixing.kept import kept
from longtail.report.words import counted, one_line

_SAME = ("policy", "discount", "size", "allow_replace", "human_for_tails", "reference", "target_gaps", "unknown", "seed")
_PLACES = ("output", "manifest", "previous", "text_column")
_NAMED = 3


@click.command("mix", cls=ManyValued, many=("--fresh",), short_help="Compose the next training set from real rows.")
@click.argument("data", nargs=-1)
@click.option(
    "--ledger", metavar="DIR", help="What it knows of each row stands before what the row says; the training set is recorded in it."
)
@click.option("--fresh", metavar="DATA...", multiple=True, help="Newly collected data: their human rows are the policy's new real data.")
@click.option("--policy", required=True, metavar="SPEC", help="A policy of the lab and its settings, such as accumulate or fresh:0.3.")
@click.option("--min-real", metavar="SHARE", help="Least share of human rows, met to the row.")
@click.option("--discount", type=float, default=1.0, show_default=True, help="Weight of a row that a model had a hand in; human rows: 1.")
@click.option("--size", type=int, metavar="N", help="Rows asked of the policy.  [default: those of the newest model output]")
@click.option("--allow-replace", is_flag=True, help="Let original human rows be left out.")
@click.option("--previous", metavar="MANIFEST", help="Manifest of the training set before: says how many of its human rows stay.")
@click.option("--human-for-tails", is_flag=True, help="Where only some human rows are drawn: first those richest in rare words.")
@click.option("--reference", metavar="REF", help="Data or profile that says which words are rare.  [default: the human rows]")
@click.option("--target-gaps", metavar="GAPS", help="Make up gaps that `longtail audit --export` found.")
@click.option(
    "--unknown",
    type=click.Choice(["leave", "synthetic"]),
    default="leave",
    show_default=True,
    help="Rows of unknown origin: left out, or taken for newest model output.",
)
@click.option("--seed", default=0, show_default=True, help="Seed of the draw.")
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@click.option("-o", "--output", metavar="OUT", help="Where to write: .jsonl (also .gz, .zst) or .parquet.")
@click.option("--manifest", metavar="FILE", help="Where to write what it is made of.  [default: OUT.manifest.json]")
@click.option("--dry-run", is_flag=True, help="Show the plan and what becomes of the tail; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON on stdout and nothing else.")
@quietly
def command(data: tuple[str, ...], **given: Any) -> None:
    r"""Compose the next training set from DATA: tagged rows, drawn by a policy of the lab, with a manifest.

    \b
    Examples:
      longtail mix human.jsonl generated.jsonl --policy accumulate --discount 0.3 -o next.jsonl
      longtail mix data/ --policy fixed_budget --size 100000 --min-real 0.3 -o next.parquet
      longtail mix human.jsonl gen1.jsonl gen2.jsonl --fresh new/*.jsonl --policy expanding:0.2 -o next.jsonl
      longtail mix data/ --policy fixed_budget --min-real 0.3 --human-for-tails --target-gaps gaps.jsonl --dry-run
      longtail mix --ledger ledger --policy accumulate --discount 0.3 -o train2.jsonl

    Human rows are real data; all that a model had a hand in is output of the generation that its depth says; rows of unknown
    origin are left out. Draws depend on the ids of rows and the seed alone, not on files or their order.

    Exit code: 0 written, 1 original human rows would have been left out (LT201), 2 it cannot be done.
    """
    _check(data, given)
    asked = Asked(min_real=None if given["min_real"] is None else exact(given["min_real"]), **{name: given[name] for name in _SAME})
    places = {name: given[name] for name in _PLACES} | ({"output": None} if given["dry_run"] else {})
    with progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        mixed = _mixed(asked, data, given, places | {"on_progress": on_progress})
    if given["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(mixed.manifest), indent=2).decode())
    elif not given["quiet"]:
        for line in lines(mixed, asked, given["output"]):
            click.echo(line, err=not given["dry_run"])
    if mixed.refusal:
        click.echo(f"longtail: {one_line(mixed.refusal)}", err=True)
        sys.exit(1)


def _check(data: tuple[str, ...], given: dict[str, Any]) -> None:
    """Refuse arguments that do not go together.

    Raises:
        UsageError: No data, or neither an output nor a dry run.
    """
    if not data and not given["ledger"]:
        raise UsageError("no data: name tagged files, folders or a --ledger, such as longtail mix data/ --policy accumulate -o next.jsonl")
    if given["output"] is None and not given["dry_run"]:
        raise UsageError("no output: name one with -o, or see the plan with --dry-run")


def _mixed(asked: Asked, data: tuple[str, ...], given: dict[str, Any], places: dict[str, Any]) -> Mixed:
    if given["ledger"]:
        return kept(given["ledger"], asked, data, given["fresh"], **places)
    return mixture(asked, list(data), list(given["fresh"]), **places)


def lines(mixed: Mixed, asked: Asked, output: str | None) -> Iterator[str]:
    """Yield what is said on the screen, one line each."""
    manifest = mixed.manifest
    done = "" if mixed.written else " (dry run, nothing written)" if mixed.refusal is None else " (refused, nothing written)"
    rows = f"{counted(manifest.rows, 'row')} for generation {manifest.generation}"
    yield f"{one_line(output or 'plan')}: {rows} by {one_line(asked.policy)}{done}"
    for part in manifest.parts:
        yield f"  {_part(part)}"
    yield from _shares(mixed, asked)
    yield from _found(mixed, asked)
    yield from _tails(mixed)


def _part(part: Part) -> str:
    names = {"human": "human, new" if part.generation else "human, original", "unknown": "unknown origin"}
    name = names.get(part.kind, f"model output, generation {part.generation}")
    if part.kind == "unknown":
        return f"{name}: {part.available:,} left out; tag them, or take them for model output with --unknown synthetic"
    floor = f" (the policy alone: {part.planned:,})" if part.planned != part.realised else ""
    return f"{name}: {part.realised:,} of {part.available:,}{floor}, weight {part.weight:.4g} each"


def _shares(mixed: Mixed, asked: Asked) -> Iterator[str]:
    manifest = mixed.manifest
    human = manifest.origins.get("human", 0)
    share = human / manifest.rows if manifest.rows else 0.0
    at_par = asked.discount == 1 and human < manifest.rows
    effective = "" if manifest.effective_real_share is None else f"; effective, by weight: {manifest.effective_real_share:.2f}"
    yield f"  real share: {share:.4f} ({human:,} of {manifest.rows:,}){effective}{'; synthetic rows count at par, see --discount' * at_par}"
    if asked.min_real is not None:
        came = f", {mixed.raised:,} human rows came in for it" if mixed.raised else ""
        yield f"  floor: {float(asked.min_real):g} asked for, {share:.4f} met{came}"
    if manifest.original_available:
        yield f"  original human rows kept: {manifest.original:,} of {manifest.original_available:,}"
    if mixed.retained is not None:
        how = "id by id" if mixed.retained_by == "ids" else "by numbers of rows, an upper bound: its file is not there any more"
        yield f"  of the human rows of the training set before, {mixed.retained:.4f} are in this one ({how})"


def _found(mixed: Mixed, asked: Asked) -> Iterator[str]:
    """Yield what the user should know of rows and columns."""
    if mixed.size_unused:
        yield f"  --size {asked.size} decides nothing: there is no model output yet, so all human rows are taken"
    if mixed.unknown and asked.unknown == "synthetic":
        yield f"  unknown origin: {mixed.unknown:,} taken for newest model output, as asked"
    for value, documents in mixed.not_origins.items():
        yield f"  lt_origin {one_line(repr(value))} is no origin: {counted(documents, 'document')} taken as unknown"
    if mixed.undated:
        yield f"  no depth: {counted(mixed.undated, 'row')} of model output taken for the newest generation"
    if mixed.duplicates:
        yield f"  duplicates: {mixed.duplicates:,} rows beyond the first of their id; copies are drawn one by one"
    if mixed.as_text:
        yield f"  columns written as text, because their types differ: {', '.join(map(one_line, mixed.as_text))}"
    yield from (f"  {one_line(note)}" for note in mixed.notes)
    yield from _quarantine(mixed)


def _quarantine(mixed: Mixed) -> Iterator[str]:
    if mixed.quarantined:
        yield f"  quarantined: {mixed.quarantined:,} that could not be read or have no content"
        for one in mixed.quarantine[:_NAMED]:
            yield f"    {one_line(one.path)}:{one.line}: {one_line(one.reason)}"


def _tails(mixed: Mixed) -> Iterator[str]:
    if mixed.tails is not None:
        times = f", {mixed.tails.drawn / mixed.tails.there:.2f} times" if mixed.tails.there else ""
        yield f"  rare words: {mixed.tails.drawn:.4f} of the words of the human rows drawn by them, {mixed.tails.there:.4f} of all"
        yield f"    they were drawn from{times}: these rows are no random sample"
    if mixed.gaps is not None:
        gaps = mixed.gaps
        unused = f"; {gaps.unused:,} of other kinds not used" if gaps.unused else ""
        yield f"  gaps: {gaps.made_up:,} of {gaps.gaps:,} made up, {gaps.before:,} without aiming at them{unused}"
    if mixed.impact is None and mixed.manifest.output is None:
        yield "  tail: not measured, since no words of human rows were found (choose the text with --text-column)"
    if mixed.impact is not None:
        kept, tail = mixed.impact.kept, mixed.impact
        mass = [
            f"{part:.4f} of {name}"
            for part, name in ((tail.mass, "its words"), (tail.all_mass, "the words of all rows"))
            if part is not None
        ]
        yield f"  tail: {kept:,} of the {tail.types:,} rarest words of the human rows are in it ({kept / tail.types:.1%}); they are"
        yield f"    {', '.join([*mass, f'{tail.human_mass:.4f} of those of the human rows'])}"
