"""Recovery as data: the next training set, through the mixer, with what was left out of it and why in its manifest."""

import math
import os
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from longtail.atomic import replaced
from longtail.diagnosis.restoring.leaving import Left, again, counted, without
from longtail.errors import ConfigError, UsageError
from longtail.ledger.manifest import Manifest
from longtail.ledger.store import Ledger
from longtail.ledger.tagging.sinks import writing
from longtail.policies.mixing import Asked, Mixed, exact, mixture
from longtail.policies.mixing.asked import Unknown
from longtail.policies.mixing.kept import name_of, record
from longtail.policies.mixing.writing import check_output
from longtail.records import OnProgress, Record

_TAGGED = "tag rows with longtail tag, such as longtail tag essays.jsonl --origin human"


class Places(Record, frozen=True):
    """Where a training set goes, and how rows are read and drawn.

    Args:
        output: Where to write; None for a dry run.
        manifest: Where to write the manifest; by default the output with `.manifest.json` added.
        previous: Manifest of the training set before.
        unknown: Leave rows of unknown origin out, or take them for model output of the newest generation.
        seed: Seed of the draw.
        text_column: The content column, where it is none of those recognised.
        ledger: Folder of a ledger in whose lineage the training set is recorded, as `longtail mix --ledger` does.
    """

    output: str | None = None
    manifest: str | None = None
    previous: str | None = None
    unknown: Unknown = "leave"
    seed: int = 0
    text_column: str | None = None
    ledger: str | None = None


@dataclass(frozen=True)
class Applied:
    """What was written, or would be.

    Attributes:
        kind: "re-anchor" or "roll-back".
        asked: What was asked of the mixer.
        mixed: What came of it.
        left_out: Rows left out, by generation.
        because: Why they were.
        real: Human rows that could be drawn.
        repeated: Rows by which human rows stand in it more than once.
        share: Share of human rows that was asked for; None for a roll-back.
    """

    kind: str
    asked: Asked
    mixed: Mixed
    left_out: dict[str, int]
    because: str
    real: int
    repeated: int = 0
    share: float | None = None


def re_anchor(
    reservoir: Sequence[str],
    outputs: Sequence[str],
    places: Places,
    *,
    share: float | str | Fraction = 0.3,
    size: int | None = None,
    dropped: Collection[int] = (),
    repeat: bool = False,
    because: str = "",
    on_progress: OnProgress | None = None,
) -> Applied:
    """Compose a training set with a share of a reservoir's human rows, the rest model output without the generations dropped.

    Human rows among the outputs are human rows like the reservoir's. Without a size it has the rows of the newest generation
    that is left.

    Args:
        reservoir: A reservoir, or files of human rows.
        outputs: Model output, with its generation in `lt_depth`.
        places: Where it goes, and how rows are read.
        share: Share of human rows, met to the row.
        size: Rows of the training set.
        dropped: Generations left out.
        repeat: Draw human rows more than once where there are too few.
        because: Why generations are left out, for the manifest.
        on_progress: Called now and then.

    Raises:
        ConfigError: The share is not above 0 and at most 1.
        ReadError: Data cannot be read.
        UsageError: There are too few rows, rows of the reservoir are not human, or the output cannot be written.
        LedgerError: The ledger cannot be read or written.
    """
    wanted = exact(str(share))
    if not 0 < wanted <= 1:
        raise ConfigError(f"share is {float(wanted):g}; take a number above 0 and at most 1")
    real = _reservoir(reservoir, places)
    _check_output(places, [*outputs, *reservoir])
    with tempfile.TemporaryDirectory() as scratch:
        left = without(outputs, dropped, Path(scratch), places.text_column)
        rows = _size(size, left, wanted, places)
        need, there = math.ceil(wanted * rows), real.real + left.real
        extra = max(0, need - there)
        if extra and not repeat:
            raise UsageError(_too_few(there, wanted, rows, need))
        files = again(real.files, extra, real.real, Path(scratch), places.seed, places.text_column) if extra else []
        asked = Asked(
            policy=f"fresh:0,{max(1, left.newest)},{float(wanted)!r}", min_real=wanted, size=rows, unknown=places.unknown, seed=places.seed
        )
        mixed = _mixed(asked, [*left.files, *real.files, *files], places, on_progress)
    applied = Applied(
        kind="re-anchor",
        asked=asked,
        mixed=mixed,
        left_out=_named(left.out),
        because=because or "asked for with --drop-generations",
        real=there,
        repeated=extra,
        share=float(wanted),
    )
    return _told(applied, places, {"reservoir": list(reservoir), "share": float(wanted), "repeated": extra}, [*outputs, *reservoir])


def roll_back(pool: Sequence[str], until: int, places: Places, *, because: str = "", on_progress: OnProgress | None = None) -> Applied:
    """Write a pool as it was at a clean generation: all human rows, and model output up to that generation.

    Args:
        pool: Human rows and model output, with its generation in `lt_depth`.
        until: The last clean generation; 0 keeps human rows alone.
        places: Where it goes, and how rows are read.
        because: Why the later ones are left out, for the manifest.
        on_progress: Called now and then.

    Raises:
        ReadError: Data cannot be read.
        UsageError: There is nothing later, there are no human rows, or the output cannot be written.
        LedgerError: The ledger cannot be read or written.
    """
    _check_output(places, pool)
    there = counted(pool, places.text_column)
    if not there.real:
        raise UsageError(f"there are no human rows in {_quoted(pool)}, and rolling back keeps them; add them, or {_TAGGED}")
    late = [each for each in there.rows if each > until]
    if until < 0 or not late:
        newest = max(there.rows, default=0)
        raise UsageError(f"{_quoted(pool)} hold no model output after generation {until}; the newest is {newest}, so name an earlier one")
    with tempfile.TemporaryDirectory() as scratch:
        left = without(pool, late, Path(scratch), places.text_column)
        asked = Asked(policy="accumulate", unknown=places.unknown, seed=places.seed)
        mixed = _mixed(asked, list(left.files), places, on_progress)
    applied = Applied(
        kind="roll-back",
        asked=asked,
        mixed=mixed,
        left_out=_named(left.out),
        because=because or f"later than generation {until}, the last clean one, as asked for with --until",
        real=there.real,
    )
    return _told(applied, places, {"until": until}, pool)


def _reservoir(names: Sequence[str], places: Places) -> Left:
    """Return what a reservoir holds; all of it has to be human.

    Raises:
        UsageError: Some is not, or there is nothing.
    """
    found = counted(names, places.text_column)
    written = sum(found.rows.values())
    if written:
        raise UsageError(f"the reservoir {_quoted(names)} holds {written:,} rows of model output; name human rows alone")
    if not found.real or found.unknown:
        what = f"{found.unknown:,} rows of unknown origin" if found.unknown else "no human rows"
        raise UsageError(f"the reservoir {_quoted(names)} holds {what}; {_TAGGED}")
    return found


def _size(size: int | None, left: Left, share: Fraction, places: Places) -> int:
    """Return the rows of the training set: those asked for, else those of the newest generation that is left."""
    if size is not None:
        return size
    newest = left.rows.get(left.newest, 0) or (left.unknown if places.unknown == "synthetic" else 0)
    if not newest:
        fix = "take them for model output with --unknown synthetic" if left.unknown else _TAGGED.replace("human", "synthetic")
        raise UsageError(f"no row of the outputs is tagged as model output, and {left.unknown:,} are of unknown origin; {fix}")
    return newest


def _too_few(there: int, share: Fraction, rows: int, need: int) -> str:
    """Return how many human rows there are, and what they allow."""
    allowed, size = math.floor(1e4 * there / rows) / 1e4, math.floor(there / share)
    asked = f"a share of {float(share):g} of {rows:,} rows needs {need:,}"
    ways = f"they allow a share of {allowed:g}, or --size {size}; --repeat draws rows more than once"
    return f"there are {there:,} human rows in the reservoir, and {asked}; {ways}"


def _mixed(asked: Asked, files: list[str], places: Places, on_progress: OnProgress | None) -> Mixed:
    where = {name: getattr(places, name) for name in ("output", "manifest", "previous", "text_column")}
    mixed = mixture(asked, files, **where, on_progress=on_progress)
    if mixed.refusal is not None:
        raise UsageError(mixed.refusal)
    return mixed


def _check_output(places: Places, inputs: Sequence[str]) -> None:
    """Refuse an output, or a manifest, that is one of the inputs or lies in one, and a name that the ledger has for another."""
    if places.output is not None:
        if places.ledger is not None:
            with Ledger.open(places.ledger) as ledger:
                name_of(ledger, places.output)
        files = counted(inputs, places.text_column).files
        check_output(places.output, list(inputs), files)
        note = Path(places.manifest or f"{places.output}.manifest.json").resolve()
        if note in {Path(file).resolve() for file in files}:
            raise UsageError(f"the manifest {os.fspath(note)!r} is one of the inputs; name another place with --manifest")


def _told(applied: Applied, places: Places, more: dict[str, Any], inputs: Sequence[str]) -> Applied:
    """Return what was done with it said in the manifest, also in its file, and in the ledger."""
    said = {"kind": applied.kind, **more, "left_out": applied.left_out, "because": applied.because if applied.left_out else ""}
    found = applied.mixed.manifest
    manifest = msgspec.structs.replace(found, settings=found.settings | {"recovery": said})
    if applied.mixed.written and places.output is not None:
        _rewritten(places.manifest or f"{places.output}.manifest.json", manifest)
        if places.ledger is not None:
            with Ledger.open(places.ledger) as ledger:
                record(ledger, name_of(ledger, places.output), manifest, [*inputs, *counted(inputs, places.text_column).files])
    return replace(applied, mixed=msgspec.structs.replace(applied.mixed, manifest=manifest))


def _rewritten(path: str, manifest: Manifest) -> None:
    with writing(path), replaced(Path(path)) as draft:
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")


def _named(out: dict[int, int]) -> dict[str, int]:
    return {str(generation): rows for generation, rows in out.items()}


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names))
