"""`tag`: a data set is written again with its provenance columns, in the format it was in, whole or not at all."""

import os
from collections.abc import Callable, Generator
from contextlib import closing
from io import BufferedWriter
from pathlib import Path
from tempfile import SpooledTemporaryFile

from longtail.atomic import replaced
from longtail.errors import ReadError, UsageError
from longtail.ledger.tagging.arrow_files import rewrite_arrow, rewrite_parquet, rewrite_saved
from longtail.ledger.tagging.csv_rows import rewrite_csv
from longtail.ledger.tagging.distinct import Distinct
from longtail.ledger.tagging.json_rows import rewrite_json
from longtail.ledger.tagging.sinks import open_sink, replaced_folder, writing
from longtail.ledger.tagging.tagger import Contradiction, Tagger, Tags
from longtail.readers.columns import no_column
from longtail.readers.compression import bare
from longtail.readers.files import guarded
from longtail.readers.formats import by_content, by_suffix
from longtail.readers.huggingface import is_saved
from longtail.readers.quarantine import Quarantine
from longtail.records import SCHEMA_VERSION, OnProgress, Progress, Quarantined, Record

_WORKS = "tagged are JSON Lines, CSV, TSV, Parquet, Arrow files, and folders that Hugging Face `save_to_disk` wrote"
_SHOWN = 20
IN_MEMORY = 2**24
"""Bytes of ids that are held in memory; more go to a file."""

_TEXTS: dict[str, Callable[[str, BufferedWriter, Tagger, Quarantine], Generator[int, None, None]]] = {
    "json": rewrite_json,
    "csv": rewrite_csv,
}
_TABLES: dict[str, Callable[[str, Path, Tagger, Quarantine], Generator[int, None, None]]] = {
    "parquet": rewrite_parquet,
    "arrow": rewrite_arrow,
    "saved": rewrite_saved,
}


class Tagged(Record, frozen=True):
    """What came of tagging a data set.

    `ids` counts different values of `lt_id`, `duplicates` the documents beyond the first of each; `foreign_ids` are those
    kept that are not the hash of the content. `contradictions` were kept, or replaced where `overwrite` was asked for.
    """

    path: str
    output: str
    format: str
    documents: int
    quarantined: int
    quarantine: tuple[Quarantined, ...]
    origins: dict[str, int]
    ids: int
    duplicates: int
    foreign_ids: int
    contradictions: tuple[Contradiction, ...]
    overwrite: bool
    columns: tuple[str, ...]
    dated: int | None = None
    undated: int | None = None
    not_times: dict[str, int] | None = None
    schema_version: str = SCHEMA_VERSION


def tag(data: str | os.PathLike[str], output: str | os.PathLike[str], tags: Tags, on_progress: OnProgress | None = None) -> Tagged:
    """Write a data set with provenance columns; all other columns stay as they are.

    A document without content, or that cannot be read, is set aside and counted; the input is left as it is.

    Args:
        data: A file, or a folder that Hugging Face `save_to_disk` wrote.
        output: Where to write, in the same format; text formats may add or drop `.gz` or `.zst`.
        tags: What to say of the documents.
        on_progress: Called now and then.

    Raises:
        ReadError: The input cannot be read to its end, lacks a column, or no document of it has content.
        UsageError: The output is the input, of another format, or cannot be written; or data of that kind cannot be tagged.
    """
    path, target = os.fspath(data), os.fspath(output)
    kind = kind_of(path)
    check_output(path, target, kind)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as ids:
        distinct = Distinct(ids)
        tagger = Tagger(tags, distinct)
        quarantine = rewrite(path, target, kind, tagger, on_progress)
        return _summary(path, target, kind, tagger, quarantine, distinct.count())


def rewrite(path: str, target: str, kind: str, tagger: Tagger, on_progress: OnProgress | None = None) -> Quarantine:
    """Write a data set again with what a tagger says of each document, whole or not at all; return what was set aside.

    Raises:
        ReadError: The input cannot be read to its end, changes meanwhile, or no document of it has content.
        UsageError: The output cannot be written.
    """
    quarantine = Quarantine()
    with writing(target), (replaced_folder if kind == "saved" else replaced)(Path(target)) as draft:
        before = _state(path)
        with closing(_passing(kind, path, target, draft, tagger, quarantine)) as passing:
            for number, done in enumerate(passing):
                if on_progress is not None and number % 1024 == 0:
                    on_progress(Progress(stage="tagging", done=done))
        if _state(path) != before:
            raise ReadError(path, "changed while it was read", fix="tag it again once nothing writes to it")
        _check(path, tagger, quarantine)
    return quarantine


def _passing(kind: str, path: str, target: str, draft: Path, tagger: Tagger, quarantine: Quarantine) -> Generator[int, None, None]:
    """Write the draft; yield, now and then, how many documents there are."""
    if kind in _TEXTS:
        with open_sink(draft, target) as sink:
            yield from _TEXTS[kind](path, sink, tagger, quarantine)
    else:
        yield from _TABLES[kind](path, draft, tagger, quarantine)


def kind_of(path: str) -> str:
    """Return the format of the data, `saved` for a folder of Hugging Face.

    Raises:
        ReadError: There is nothing that can be read.
        UsageError: What is there cannot be tagged.
    """
    if not path or "\0" in path:
        raise UsageError(f"{path!r} is not a path; give a file")
    if path == "-":
        raise UsageError("standard input cannot be tagged; save it to a file")
    if os.path.isdir(path):
        if is_saved(path):
            return "saved"
        raise UsageError(f"{path!r} is a folder of files; tag them one by one ({_WORKS})")
    if not os.path.exists(path):
        raise ReadError(path, "no such file or folder", fix=f"check the path; it is sought from {os.getcwd()}")
    kind = by_suffix(path) or by_content(path)
    if kind not in (*_TEXTS, *_TABLES):
        raise UsageError(f"{path!r} is of the format {kind!r}, which has no room for provenance columns; {_WORKS}")
    return kind


def check_output(path: str, target: str, kind: str) -> None:
    """Refuse, before the work, an output that could not be written after it.

    Raises:
        UsageError: It is the input or lies in it, has another format, or there is no folder for it.
    """
    place = Path(target)
    inside = place.resolve().is_relative_to(Path(path).resolve())
    if inside or (place.exists() and os.path.samefile(path, place)):
        raise UsageError(f"{target!r} is the input, or lies in it; name another place with -o")
    if not place.parent.is_dir():
        raise UsageError(f"cannot write {target!r}: there is no folder {str(place.parent)!r}; name a place in a folder that exists")
    if kind == "saved":
        if place.exists():
            raise UsageError(f"{target!r} exists, and a folder is not replaced; remove it, or name another with -o")
    else:
        _check_form(path, target, kind)


def _check_form(path: str, target: str, kind: str) -> None:
    if os.path.isdir(target):
        raise UsageError(f"cannot write {target!r}: it is a folder; name a file")
    if _form(target) != (kind, _is_tsv(path)):
        raise UsageError(f"cannot tag {path!r} as {target!r}: what is tagged keeps its format; choose a name with the same suffix")
    if kind in _TABLES and bare(target) != target:
        raise UsageError(f"cannot write {target!r}: only text formats are compressed as a whole; leave the last suffix out")


def _form(path: str) -> tuple[str | None, bool]:
    return by_suffix(path), _is_tsv(path)


def _is_tsv(path: str) -> bool:
    return bare(path).lower().endswith(".tsv")


def _state(path: str) -> list[tuple[int, int]]:
    """Return sizes and times of the files, to tell whether any changed."""
    names = sorted(os.path.join(where, name) for where, _, files in os.walk(path) for name in files) or [path]
    with guarded(path):
        return [(state.st_size, state.st_mtime_ns) for state in map(os.stat, names)]


def _check(path: str, tagger: Tagger, quarantine: Quarantine) -> None:
    """Refuse, after the pass, a data set of which nothing was tagged, or a time column that no document has."""
    if not tagger.documents:
        said = f": all {quarantine.count} were set aside ({quarantine.reasons()})" if quarantine.count else ""
        raise ReadError(path, f"no documents{said}", fix="check that the right file was named, or choose the text with --text-column NAME")
    column = tagger.tags.time_column
    if column is not None and not tagger.time_seen:
        raise no_column(path, column, tagger.seen_columns, "--time-column")


def _summary(path: str, target: str, kind: str, tagger: Tagger, quarantine: Quarantine, ids: int) -> Tagged:
    timed = tagger.tags.time_column is not None
    return Tagged(
        path=path,
        output=target,
        format=kind,
        documents=tagger.documents,
        quarantined=quarantine.count,
        quarantine=quarantine.kept[:_SHOWN],
        origins=dict(sorted(tagger.origins.items())),
        ids=ids,
        duplicates=tagger.documents - ids,
        foreign_ids=tagger.foreign_ids,
        contradictions=tagger.contradictions,
        overwrite=tagger.tags.overwrite,
        columns=tagger.tags.columns(),
        dated=tagger.dated if timed else None,
        undated=tagger.undated if timed else None,
        not_times=dict(tagger.not_times) if timed else None,
    )
