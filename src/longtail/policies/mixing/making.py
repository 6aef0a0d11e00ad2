"""`mix`: the next training set, composed of real rows by a policy of the lab."""

import os
from fractions import Fraction

import msgspec
import numpy as np

from longtail.errors import ReadError, UsageError
from longtail.ledger.manifest import Manifest, read_manifest
from longtail.ledger.statements import Current
from longtail.policies.mixing.asked import Asked, Mixed, Names, Unknown
from longtail.policies.mixing.choosing import Choice, allotted, chosen, in_pools
from longtail.policies.mixing.drawing import taken_by
from longtail.policies.mixing.feasible import exact
from longtail.policies.mixing.gathering import NARROW, Sources, gather
from longtail.policies.mixing.previous import Before, retained
from longtail.policies.mixing.refusing import refused
from longtail.policies.mixing.tails import TailImpact, impact
from longtail.policies.mixing.telling import Told, weights_of
from longtail.policies.mixing.writing import check_manifest, check_output, write
from longtail.records import OnProgress


def mix(
    data: Names,
    policy: str,
    *,
    output: str | os.PathLike[str],
    fresh: Names = (),
    manifest: str | os.PathLike[str] | None = None,
    min_real: float | str | Fraction | None = None,
    discount: float = 1.0,
    size: int | None = None,
    allow_replace: bool = False,
    previous: str | os.PathLike[str] | None = None,
    human_for_tails: bool = False,
    reference: str | os.PathLike[str] | None = None,
    target_gaps: str | os.PathLike[str] | None = None,
    unknown: Unknown = "leave",
    seed: int = 0,
    text_column: str | None = None,
    current: Current | None = None,
    on_progress: OnProgress | None = None,
) -> Manifest:
    """Compose the next training set from tagged rows, write it and its manifest, and return the manifest.

    Args:
        data: Files, folders and globs with provenance columns: JSON, CSV, Parquet, Arrow, saved Hugging Face folders.
        policy: A policy of `longtail.policies` with its settings, such as "fresh:0.3".
        output: Where to write: JSON Lines or Parquet, by suffix.
        fresh: Data newly collected for this generation; their human rows are the policies' new real data.
        manifest: Where to write the manifest; by default the output with `.manifest.json` added.
        min_real: Least share of human rows, met to the row.
        discount: Weight of a row that a model had a hand in beside a human one.
        size: Rows asked of the policy; by default those of the newest output, without one those of the real data.
        allow_replace: Let original human rows be dropped.
        previous: Manifest of the training set before.
        human_for_tails: Where only some human rows are drawn, draw those richest in rare words first.
        reference: Data set or profile that says which words are rare; by default the human rows themselves.
        target_gaps: Gaps to be made up, as `longtail audit --export` writes them.
        unknown: "leave" rows of unknown origin out, or take them for "synthetic" of the newest generation.
        seed: Seed of the draw.
        text_column: The content column, where it is none of those recognised.
        current: What is known by now of documents, by id, such as `Ledger.current`.
        on_progress: Called now and then.

    Raises:
        ConfigError: A setting is out of range.
        ReadError: Data cannot be read.
        UsageError: The pools cannot give what is asked, original human rows would be dropped, or the output cannot be written.
    """
    asked = Asked(
        policy=policy,
        min_real=None if min_real is None else exact(min_real),
        discount=discount,
        size=size,
        allow_replace=allow_replace,
        human_for_tails=human_for_tails,
        reference=None if reference is None else os.fspath(reference),
        target_gaps=None if target_gaps is None else os.fspath(target_gaps),
        unknown=unknown,
        seed=seed,
    )
    mixed = mixture(
        asked,
        data,
        fresh,
        output=os.fspath(output),
        manifest=None if manifest is None else os.fspath(manifest),
        previous=None if previous is None else os.fspath(previous),
        text_column=text_column,
        current=current,
        on_progress=on_progress,
    )
    if mixed.refusal is not None:
        raise UsageError(mixed.refusal)
    return mixed.manifest


def mixture(
    asked: Asked,
    data: Names,
    fresh: Names = (),
    *,
    output: str | None = None,
    manifest: str | None = None,
    previous: str | None = None,
    text_column: str | None = None,
    current: Current | None = None,
    on_progress: OnProgress | None = None,
) -> Mixed:
    """Return what comes of a mix; without an output nothing is written, and what becomes of the tail is counted.

    Args:
        asked: The settings.
        data: Files, folders and globs.
        fresh: The same, of newly collected documents.
        output: Where to write; None for a dry run.
        manifest: Where to write the manifest; by default the output with `.manifest.json` added.
        previous: Manifest of the training set before.
        text_column: The content column, where it is none of those recognised.
        current: What is known by now of documents, by id.
        on_progress: Called now and then.

    Raises:
        ConfigError: A setting of the policy is out of range.
        ReadError: Data cannot be read.
        UsageError: The pools cannot give what is asked, or the output cannot be written.
    """
    before = None if previous is None else Before(previous, read_manifest(previous))
    named = _names(data), _names(fresh)
    sources = Sources(*named, text_column=text_column, current=current, on_progress=on_progress)
    note = manifest or f"{output}.manifest.json"
    if output is not None:
        check_output(output, [*named[0], *named[1]], sources.paths)
        check_manifest(note, output, [*sources.paths, *filter(None, [previous])])
    reader = sources.reader(NARROW)
    rows = gather(sources, reader, asked.seed)
    pools, found = allotted(asked, rows)
    refusal = refused(asked, rows, pools, found, sources)
    plain = Choice(pools, found, taken_by(found.taken, pools, rows.keys))
    choice = plain if refusal else chosen(asked, rows, pools, found, sources)
    told = Told(
        asked=asked,
        rows=rows,
        choice=choice,
        reader=reader,
        notes=sources.notes,
        refusal=refusal,
        kept=before and retained(before, rows, choice.taken, asked.seed),
        impact=_impact(sources, choice) if output is None else None,
        output=output,
        previous=before and before.manifest.sha256,
    )
    if output is None or refusal:
        return told.mixed(told.manifest())
    return _written(output, note, sources, told)


def _written(output: str, note: str, sources: Sources, told: Told) -> Mixed:
    made: list[Mixed] = []

    def described(digest: str, as_text: tuple[str, ...]) -> bytes:
        made.append(told.mixed(told.manifest(digest), written=True, as_text=as_text))
        return msgspec.json.format(msgspec.json.encode(made[0].manifest), indent=2) + b"\n"

    write(output, note, sources, told.choice.taken, weights_of(told.asked, told.choice), described)
    return made[0]


def _names(data: Names) -> list[str]:
    names = [data] if isinstance(data, str | os.PathLike) else data
    if not isinstance(names, list | tuple) or not all(isinstance(name, str | os.PathLike) for name in names):
        raise UsageError(f"cannot mix a {type(data).__name__}: rows are read more than once, so name files, folders or globs")
    return [os.fspath(name) for name in names]


def _impact(sources: Sources, choice: Choice) -> TailImpact | None:
    """Return what becomes of the tail, None where no text is recognised: a plan can be shown all the same."""
    pools = choice.pools
    human = np.isin(pools.place, pools.of("human"))
    try:
        return impact(sources, human, in_pools(pools), choice.taken)
    except ReadError:
        return None
