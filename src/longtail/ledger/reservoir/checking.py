"""What a verification looks at: files, commits, snapshots, and what lies there besides."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from longtail.errors import ReadError
from longtail.ledger.reservoir.adding import leftovers
from longtail.ledger.reservoir.known import ids_in, read_index
from longtail.ledger.reservoir.places import (
    ADDITIONS,
    DOCUMENTS,
    FROZEN,
    INDEX,
    SNAPSHOT,
    Places,
    addition_of,
    decoded,
    digest,
    pin,
    places_of,
)
from longtail.ledger.reservoir.records import Addition, Fault, Frozen, Stored, Verified
from longtail.ledger.reservoir.verifying import faults_of

_KEPT = 1000


def verified(root: Path, name: str | None, frozen: Frozen | None) -> Verified:
    """Return what a verification finds.

    Args:
        root: The reservoir.
        name: Of the snapshot to verify; None for the whole.
        frozen: That snapshot.
    """
    kept: list[Fault] = []
    count = 0
    found, broken = _commits(root)
    held = places_of(root, found)
    wanted = (
        held
        if frozen is None
        else {file.file: (file, held.get(file.file, (file, root / DOCUMENTS / file.file))[1]) for file in frozen.files}
    )
    for fault in _all(root, name, wanted, held, broken):
        count += 1
        if len(kept) < _KEPT:
            kept.append(fault)
    return Verified(
        path=str(root),
        snapshot=name,
        sha256=_pin_now(wanted, is_intact=not count),
        files=len(wanted),
        documents=sum(file.rows for file, path in wanted.values() if path.exists()),
        faults=tuple(kept),
        count=count,
        repeated=_repeated(root, wanted),
        leftovers=leftovers(root),
    )


def _all(root: Path, name: str | None, wanted: Places, held: Places, broken: list[Fault]) -> Iterator[Fault]:
    yield from broken
    for file, path in wanted.values():
        yield from faults_of(root, file, path)
    if name is None:
        yield from _surplus(root, held)
    for folder in sorted((root / FROZEN).glob("[!.]*")):
        if name in (None, folder.name):
            yield from _of_snapshot(root, folder, held)


def _commits(root: Path) -> tuple[list[Addition], list[Fault]]:
    """Return the commits that can be trusted, and what is wrong with the others."""
    found, broken = [], []
    for path in sorted((root / ADDITIONS).glob("*.json")):
        try:
            found.append(addition_of(path))
        except ReadError as error:
            broken.append(Fault(kind="altered", file=f"{ADDITIONS}/{path.name}", because=str(error)))
    return found, broken


def _surplus(root: Path, held: Places) -> Iterator[Fault]:
    for path in sorted((root / DOCUMENTS).glob("[!.]*")):
        if path.name not in held:
            yield Fault(kind="surplus", file=f"{DOCUMENTS}/{path.name}", because="no addition names this file")


def _of_snapshot(root: Path, folder: Path, held: Places) -> Iterator[Fault]:
    name = f"{FROZEN}/{folder.name}"
    try:
        frozen = decoded(folder / SNAPSHOT, Frozen)
    except ReadError as error:
        yield Fault(kind="unreadable", file=f"{name}/{SNAPSHOT}", because=str(error))
        return
    if pin(file.sha256 for file in frozen.files) != frozen.sha256:
        yield Fault(kind="altered", file=f"{name}/{SNAPSHOT}", because="its sha256 is not that of the files it names")
    there = {path.name: path for path in folder.glob("[!._]*")}
    for extra in sorted(there.keys() - {file.file for file in frozen.files}):
        yield Fault(kind="surplus", file=f"{name}/{extra}", because="the snapshot does not name this file")
    for file in frozen.files:
        if file.file not in held:
            yield Fault(kind="missing", file=f"{DOCUMENTS}/{file.file}", because=f"snapshot {folder.name} names it, and no addition does")
        yield from _of_frozen_file(f"{name}/{file.file}", file, there.get(file.file), held)


def _of_frozen_file(name: str, file: Stored, path: Path | None, held: Places) -> Iterator[Fault]:
    if path is None or not path.exists():
        yield Fault(kind="missing", file=name, because="the file is gone from the snapshot")
    elif not _is_held(path, held.get(file.file)) and digest(path) != file.sha256:
        yield Fault(kind="altered", file=name, because="its SHA-256 is another")


def _is_held(path: Path, held: tuple[Stored, Path] | None) -> bool:
    """Tell whether a name stands for a file of the reservoir, which is looked at there."""
    return held is not None and held[1].exists() and path.samefile(held[1])


def _pin_now(wanted: Places, *, is_intact: bool) -> str | None:
    """Return the hash of the files as they are; None where one cannot be read or there is none."""
    if not wanted:
        return None
    if is_intact:
        return pin(file.sha256 for file, _ in wanted.values())
    try:
        return pin([digest(path) for _, path in wanted.values()])
    except ReadError:
        return None


def _repeated(root: Path, wanted: Places) -> int:
    """Return how many ids stand in more than one list that can be trusted."""
    ids = []
    for file, _ in wanted.values():
        with suppress(ReadError):
            ids.append(ids_in(read_index(root / INDEX / f"{file.index}.index")))
    return sum(map(len, ids)) - len(np.unique(np.concatenate(ids))) if ids else 0
