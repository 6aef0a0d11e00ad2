"""Git: commits that changed training sets, as versions in the order of the history.

A training set that is changed in place has a version at each commit that changed it; files that bear a version in their name are
that version, whenever they were committed. A version is named by its tag, else by the one version in the subject of the commit,
else by the commit. Manifests and files of DVC are read as they were at each commit.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from longtail.diagnosis.past.contents import Content, content_of, is_data, training_of
from longtail.diagnosis.past.dvc import is_pointer, outs_in
from longtail.diagnosis.past.dvc import told_of as pointed_at
from longtail.diagnosis.past.git_commands import Commit, GitFailed, commits, files_at, git, is_cut
from longtail.diagnosis.past.labels import label_of
from longtail.diagnosis.past.manifests import manifest_in, told_of
from longtail.diagnosis.past.told import RECORDS, Found, Told

MOST = 1_000
"""Commits that are looked at, the latest."""

_POINTER = b"version https://git-lfs.github.com/spec/"


@dataclass
class _History:
    folder: str
    aside: str
    missing: list[str] = field(default_factory=list)
    last: dict[str, str] = field(default_factory=dict)


@RECORDS.add("git", trust="3", source="https://git-scm.com/docs/git-log")
def read(folder: str) -> Found:
    """Commits that changed training sets."""
    try:
        history = commits(folder, MOST)
        is_shallow = is_cut(folder)
    except GitFailed as error:
        return Found(reason=str(error).replace("fatal: ", ""))
    with tempfile.TemporaryDirectory(prefix="longtail-past-") as aside:
        state = _History(folder, aside)
        told = _once([*_in_place(state, history), *_named(state, history)], {commit.sha: commit for commit in history})
    first = next((each for each in told if each.rank is not None), None)
    if is_shallow and first is not None:
        told.insert(0, Told("git", "git: the history is shallow", name=f"before {first.name}", rank=-1, is_gone=True))
    notes = [
        *(["the history is shallow: what was before its first commit is not there"] if is_shallow else []),
        *([f"only the latest {MOST:,} commits were looked at"] if len(history) == MOST else []),
        *([] if told else ["no commit changed a training set"]),
    ]
    return Found(tuple(told), "; ".join(notes), tuple(state.missing))


def _once(told: Sequence[Told], made: dict[str, Commit]) -> list[Told]:
    """Leave a name to one commit where several bear it, the tagged or else the latest; the others go by their hash."""
    best: dict[str, tuple[bool, int, str]] = {}
    for each in told:
        if each.kind == "git" and each.bond and label_of(each.name):
            rank = (bool(made[each.bond].tags), each.rank or 0, each.bond)
            best[each.key] = max(best.get(each.key, rank), rank)
    kept = {bond for _, _, bond in best.values()}
    return [replace(each, name=_other(each, made)) if each.bond and each.bond not in kept else each for each in told]


def _other(told: Told, made: dict[str, Commit]) -> str:
    """Return the hash of the commit in place of a version in a name."""
    return made[told.bond].short if told.kind == "git" else ""


def _in_place(history: _History, made: Sequence[Commit]) -> Iterator[Told]:
    for rank, commit in enumerate(made):
        changed = [each for each in commit.changes if _is_record(each.path) and label_of(each.path) is None]
        if changed:
            yield from _at(history, commit, rank, [each.path for each in changed if each.status != "D"])


def _is_record(path: str) -> bool:
    return bool(training_of([path])) or is_pointer(path) or path.endswith(".manifest.json")


def _at(history: _History, commit: Commit, rank: int, changed: Sequence[str]) -> Iterator[Told]:
    """Yield what is told of the version at a commit: by the data as they were then, and by records that the commit changed."""
    name = _name(commit)
    told = Told("git", f"git {commit.short}", name=name, rank=rank, time=commit.time, bond=commit.sha)
    try:
        files = files_at(history.folder, commit.sha)
    except GitFailed:
        history.missing.append(f"tree of {commit.short}")
        yield replace(told, is_gone=True)
        return
    said = [each for path in changed for each in _records(history, path, files[path], commit)]
    held = _without_version(files)
    if said or not held or held != history.last:
        yield _held(history, told, held, commit.short, is_told=bool(said) or any(map(is_pointer, files)))
        yield from (replace(each, name=name if label_of(name) else "") for each in said)
    history.last = held


def _without_version(files: dict[str, str]) -> dict[str, str]:
    return {path: files[path] for path in training_of(list(files)) if label_of(path) is None}


def _held(history: _History, told: Told, held: dict[str, str], short: str, *, is_told: bool) -> Told:
    """Return what the data of a training set say; a version whose data are not there, and of which no record tells, is gone."""
    content = _content(history, list(held.items()), short)
    return replace(
        told,
        is_gone=not (is_told or content.sha256),
        sha256=content.sha256,
        rows=content.rows,
        shares=content.shares,
        depths=content.depths,
        files=tuple(f"{short}:{path}" for path in held),
    )


def _name(commit: Commit) -> str:
    tags = [tag for tag in commit.tags if label_of(tag)]
    if tags:
        return str(label.text) if (label := label_of(tags[0])) else commit.short
    label = label_of(commit.subject)
    first = commit.subject.replace(":", " ").split()[:1]
    return label.text if label and (label_of(" ".join(first)) or commit.subject.strip() == label.text) else commit.short


def _content(history: _History, blobs: Sequence[tuple[str, str]], short: str) -> Content:
    paths = [_file(history, path, blob, number) for number, (path, blob) in enumerate(blobs)]
    there = [path for path in paths if path is not None]
    if len(there) < len(blobs):
        history.missing.append(f"{short}: {len(blobs) - len(there)} of {len(blobs)} files")
        return Content()
    pointers = [pointed for pointed in map(_pointed, there) if pointed]
    if len(pointers) == 1 and len(there) == 1:
        return Content(pointers[0])
    return Content() if pointers else content_of(there)


def _file(history: _History, path: str, blob: str, number: int) -> str | None:
    """Return a file with what a blob holds, under the name that it had; what LFS keeps in the repository in place of its pointer."""
    target = os.path.join(history.aside, str(number))
    os.makedirs(target, exist_ok=True)
    target = os.path.join(target, os.path.basename(path))
    try:
        git(history.folder, "cat-file", "blob", blob, into=target)
    except GitFailed:
        return None
    digest = _pointed(target)
    stored = os.path.join(history.folder, ".git", "lfs", "objects", digest[:2], digest[2:4], digest) if digest else ""
    if stored and os.path.isfile(stored):
        os.remove(target)
        os.symlink(os.path.abspath(stored), target)
    return target


def _pointed(path: str) -> str:
    """Return the SHA-256 that a pointer of LFS holds, empty where a file is none. Source: https://github.com/git-lfs/git-lfs."""
    with open(path, "rb") as stream:
        head = stream.read(1024)
    if not head.startswith(_POINTER):
        return ""
    lines = [line.split(b" ", 1) for line in head.splitlines()]
    found = {line[0]: line[1] for line in lines if len(line) == 2}
    return found.get(b"oid", b"").removeprefix(b"sha256:").decode("ascii", "replace")


def _records(history: _History, path: str, blob: str, commit: Commit) -> Iterator[Told]:
    if is_data(path):
        return
    try:
        content = git(history.folder, "cat-file", "blob", blob)
    except GitFailed:
        history.missing.append(f"{commit.short}:{path}")
        return
    source = f"{path} at git {commit.short}"
    manifest = None if is_pointer(path) else manifest_in(content)
    if manifest is not None:
        yield replace(told_of(manifest, f"manifest {source}", path, bond=commit.sha), name="")
    outs = outs_in(content, path) if is_pointer(path) else []
    if isinstance(outs, str):
        history.missing.append(f"{source} ({outs})")
    for out in outs if isinstance(outs, list) else ():
        told = pointed_at(history.folder, out, path, f"dvc {source}", commit.sha)
        yield from [replace(told, name="")] if told else []


def _named(history: _History, made: Sequence[Commit]) -> Iterator[Told]:
    """Yield what the history holds of files that bear a version, by version, as they were when last there."""
    latest: dict[str, dict[str, tuple[str, Commit, int]]] = {}
    for rank, commit in enumerate(made):
        for change in commit.changes:
            label = label_of(change.path)
            if label is not None and change.status != "D" and is_data(change.path):
                latest.setdefault(label.key, {})[change.path] = (change.blob, commit, rank)
    for paths in latest.values():
        yield _version(history, paths)


def _version(history: _History, paths: dict[str, tuple[str, Commit, int]]) -> Told:
    trained = training_of(list(paths))
    _, commit, _ = max((paths[path] for path in trained or paths), key=lambda found: found[2])
    content = _content(history, [(path, paths[path][0]) for path in trained], commit.short)
    label = label_of(next(iter(paths)))
    return Told(
        kind="git",
        source=f"git {commit.short}",
        name=label.text if label else "",
        rank=max(paths[path][2] for path in trained or paths),
        time=commit.time,
        sha256=content.sha256,
        rows=content.rows,
        shares=content.shares,
        depths=content.depths,
        files=tuple(f"{paths[path][1].short}:{path}" for path in sorted(paths)),
    )
