"""A run of gates over files: judged stage by stage, written whole, and taken up again where it was killed."""

import hashlib
import os
import shutil
import tempfile
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from longtail.atomic import replaced
from longtail.errors import UsageError
from longtail.gates.gate import Gate
from longtail.gates.running.documents import Documents
from longtail.gates.running.funnel import counted, flow, passing, with_told
from longtail.gates.running.journal import decisive
from longtail.gates.running.legs import through
from longtail.gates.running.result import Gated, Output
from longtail.gates.running.tails import Flags, Tails, audited
from longtail.gates.running.told import key_of, recipe_of, verdicts_of
from longtail.gates.running.writing import FILES, Format, Said, format_of, output_of, write
from longtail.gates.verdicts import REJECT, REVIEW
from longtail.ledger.statements import Current
from longtail.ledger.tagging.sinks import writing
from longtail.readers import read
from longtail.records import OnProgress

MANIFEST, SUMS, VERDICTS, WORK = "manifest.json", "SHA256SUMS", "verdicts.parquet", ".work"


class Job(NamedTuple):
    """What a run was asked for.

    Attributes:
        gate: The gates.
        data: Files, folders and globs, which are one data set.
        text_column: The content column, where it is none of those recognised.
        form: Format of documents; None for that of the input.
        tails: How the tail is measured.
        on_progress: Called as work goes on.
        current: What a ledger knows by now of documents, by id; it stands before what they say themselves.
    """

    gate: Gate
    data: tuple[str, ...]
    text_column: str | None = None
    form: Format | None = None
    tails: Tails = Tails()
    on_progress: OnProgress | None = None
    current: Current | None = None


def run(job: Job, output: str | os.PathLike[str] | None) -> Gated:
    """Judge a data set and write what came of it into a folder: kept, review and rejected documents, verdicts, manifest, checksums.

    The same call again, after a kill, goes on from what was written down; after the end it changes nothing.

    Args:
        job: What is asked for.
        output: A folder that does not exist, is empty, or holds this very run; None judges and writes nothing.

    Raises:
        ReadError: A file cannot be read, or there is no document.
        UsageError: The folder holds something else, or cannot be written.
        ConfigError: A gate cannot judge any document as it is set.
    """
    if not job.data:
        raise UsageError("no data to judge; name a file, a folder or a glob")
    recipe = recipe_of(job.gate)
    further = (job.text_column, job.form, msgspec.json.encode(job.tails).decode())
    key = key_of(recipe, read(list(job.data), texts_only=True).sha256, further)
    if output is None:
        with tempfile.TemporaryDirectory(prefix="longtail-gate-") as place:
            return _run(job, None, Path(place), key, recipe)
    folder = Path(output)
    done = _settled(folder, key)
    if done is None:
        with writing(str(folder)):
            work = folder / WORK / key[:16]
            work.mkdir(parents=True, exist_ok=True)
            done = _run(job, folder, work, key, recipe)
            shutil.rmtree(folder / WORK)
    return done


def read_run(folder: str | os.PathLike[str]) -> Gated:
    """Return what came of a run, from its folder.

    Raises:
        UsageError: The folder holds no run that came to its end.
    """
    path = Path(folder) / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=Gated)
    except (OSError, msgspec.MsgspecError) as error:
        said = str(error).splitlines()[0]
        raise UsageError(f"{str(folder)!r} holds no run of gates that came to its end: {said}; make one with longtail gate DATA") from None


def _settled(folder: Path, key: str) -> Gated | None:
    """Return the run that a folder holds already, None where it is to be made.

    Raises:
        UsageError: The folder is in the way, or its files are not those of the manifest.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{str(folder)!r} is a file; name a folder for the output")
    if not (folder / MANIFEST).is_file():
        _refuse_strange(folder)
        return None
    found = read_run(folder)
    if found.key != key:
        raise UsageError(f"{str(folder)!r} holds a run of other data, gates or settings; nothing is overwritten, name another folder")
    for output in found.outputs:
        path = folder / output.name
        if not path.is_file() or _sha256(path) != output.sha256:
            raise UsageError(f"{str(path)!r} is not what the run wrote: its checksum differs; move the folder away and run again")
    return found


def _refuse_strange(folder: Path) -> None:
    """Refuse a folder that holds what no run of gates wrote."""
    if folder.is_dir():
        strange = sorted({entry.name for entry in folder.iterdir()} - _OURS)
        if strange:
            raise UsageError(f"{str(folder)!r} holds {strange[0]!r}, which no run of gates wrote; name a folder that is new or empty")


_OURS = {*(f"{name}.{form}" for name in FILES for form in ("jsonl", "parquet")), VERDICTS, SUMS, WORK}


def _run(job: Job, folder: Path | None, work: Path, key: str, recipe: dict[str, Any]) -> Gated:
    documents = Documents(job.data, job.text_column, work / "documents.arrow", job.on_progress, job.current)
    form = format_of(documents, job.form)
    origins = documents.origins()
    present = np.array([origin is not None for origin in origins], np.bool_)
    judged = present & ~np.isin(origins, np.array(job.gate.spare, dtype=object))
    rows, told_by = through(job.gate, documents, judged, work, job.on_progress)
    said = _said(job.gate, rows, present)
    reached = passing(job.gate.stages, rows, judged)
    told = audited(documents, reached, judged & said.where("kept"), job.tails)
    counts = with_told(counted(job.gate.stages, rows, reached, told.stages), told_by)
    review = int((said.decisions == REVIEW).sum())
    made = Gated(
        key=key,
        recipe=recipe,
        inputs=documents.stored.paths,
        text_column=job.text_column,
        documents=int(present.sum()),
        spared=int((present & ~judged).sum()),
        kept=int(said.where("kept").sum()),
        review=review,
        rejected=int((said.decisions == REJECT).sum()),
        origins=dict(sorted(Counter(origins[said.where("kept")].tolist()).items())),
        holds=said.holds,
        quarantined=documents.quarantined,
        quarantine=documents.quarantine,
        notes=_notes(documents),
        stages=counts,
        flow=flow(counts, int((present & ~judged).sum()), int(reached[-1].sum()) - review, review),
        outputs=(),
        tail=told.tail,
        retention=told.retention,
        thinning=told.thinning,
        longtail_version=version("longtail"),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return made if folder is None else _written(folder, made, documents, said, (rows, form))


def _said(gate: Gate, rows: pa.Table, present: Flags) -> Said:
    """Return what decides about each document."""
    decided = decisive(rows)
    decisions = np.zeros(len(present), np.uint8)
    decisions[decided.column("document").to_numpy()] = decided.column("decision").to_numpy()
    names = [stage.name for stage in gate.stages]
    told = {
        row["document"]: (names[row["stage"]], row["reason"], row["score"], row["matched_id"]) for row in decided.to_pylist()
    }  # by number of the document
    return Said(decisions, present, told, gate.unsure == "hold")


def _notes(documents: Documents) -> tuple[str, ...]:
    return tuple(documents.stored.notes) + tuple(
        f"lt_origin {value!r} is no origin: {many:,} documents taken as unknown" for value, many in documents.not_origins.items()
    )


def _written(folder: Path, made: Gated, documents: Documents, said: Said, told: tuple[pa.Table, Format]) -> Gated:
    """Write the files, then their checksums, and last the manifest, which says that all is there."""
    rows, form = told
    outputs = [*write(folder, documents, said, form), _verdicts(folder, made, documents, rows)]
    with replaced(folder / SUMS) as draft:
        draft.write_text("".join(f"{each.sha256}  {each.name}\n" for each in outputs))
    made = msgspec.structs.replace(made, outputs=tuple(outputs))
    with replaced(folder / MANIFEST) as draft:
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=2))
    return made


def _verdicts(folder: Path, made: Gated, documents: Documents, rows: pa.Table) -> Output:
    table = verdicts_of(rows, documents, [each.name for each in made.stages], datetime.fromisoformat(made.created_at))
    with replaced(folder / VERDICTS) as draft:
        pq.write_table(table, draft, compression="zstd")
        return output_of(draft, VERDICTS, table.num_rows)


def _sha256(path: Path) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
