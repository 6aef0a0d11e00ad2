"""The training set of a version as files that can be read, out of the folder or out of its history."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from longtail.diagnosis.past.contents import training_of
from longtail.diagnosis.past.git_commands import GitFailed, files_at, git
from longtail.diagnosis.records import Version

_IN_HISTORY = re.compile(r"([0-9a-f]{7,64}):(.+)")


@contextmanager
def training_files(version: Version, folder: str | os.PathLike[str] | None) -> Iterator[list[str]]:
    """Yield the files of a version's training set, none where they are not there; those of the history are there meanwhile.

    Args:
        version: Whose.
        folder: That the past was rebuilt from.
    """
    at = os.fspath(folder) if folder is not None else ""
    there = [os.path.join(at, path) for path in training_of([path for path in version.files if not _IN_HISTORY.fullmatch(path)])]
    there = list(filter(os.path.isfile, there))
    if there or folder is None:
        yield there
        return
    with tempfile.TemporaryDirectory(prefix="longtail-past-") as aside:
        files = [_taken(at, commit, path, aside) for commit, path in _in_history(version)]
        yield files if all(files) else []


def _in_history(version: Version) -> list[tuple[str, str]]:
    found = [_IN_HISTORY.fullmatch(path) for path in version.files]
    past = [(each[1], each[2]) for each in found if each]
    wanted = set(training_of([path for _, path in past]))
    return [(commit, path) for commit, path in past if path in wanted]


def _taken(folder: str, commit: str, path: str, aside: str) -> str:
    """Return a file as it was at a commit; empty where it is not there."""
    target = os.path.join(tempfile.mkdtemp(dir=aside), os.path.basename(path))
    try:
        git(folder, "cat-file", "blob", files_at(folder, commit)[path], into=target)
    except (GitFailed, KeyError):
        return ""
    return target
