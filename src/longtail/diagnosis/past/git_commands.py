"""Git, asked without hooks, network, pagers, signatures or filters: a folder of others is read and nothing of it is run."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace

TIMEOUT = 120.0
"""Seconds for one command."""

_SAFE = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-c", "log.showRoot=true")
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "LC_ALL": "C",
}
_COMMIT = re.compile(r"\x01([0-9a-f]{40,64})\x02([^\x02]*)\x02([^\x02]*)\x02([^\x02]*)\x02\x00?")
_CHANGE = re.compile(r":(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*\x00([^\x00]+)\x00")
_FORMAT = "%x01%H%x02%cI%x02%P%x02%s%x02"


class GitFailed(Exception):
    """Why git gave no answer."""


@dataclass(frozen=True)
class Change:
    """A file that a commit added (A), changed (M) or took away (D); `blob` is what it holds after it."""

    status: str
    path: str
    blob: str


@dataclass(frozen=True)
class Commit:
    """A commit: its hash, when, its parents, its subject, the files it changed, and its tags."""

    sha: str
    time: str
    parents: tuple[str, ...]
    subject: str
    changes: tuple[Change, ...]
    tags: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """Return the first digits of its hash."""
        return self.sha[:7]


def git(folder: str, *arguments: str, into: str | None = None) -> bytes:
    """Return what a git command prints, or write it to a file.

    Args:
        folder: Where it runs.
        *arguments: The command.
        into: The file.

    Raises:
        GitFailed: It cannot be run or fails; with its first line.
    """
    program = shutil.which("git")
    if program is None:
        raise GitFailed("git is not installed")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = [program, "-C", folder, "--no-pager", *_SAFE, *arguments]
    try:
        with open(into or os.devnull, "wb") as stream:
            done = subprocess.run(
                command,
                stdout=stream if into else subprocess.PIPE,
                stderr=subprocess.PIPE,
                stdin=subprocess.DEVNULL,
                env=kept | _ENVIRONMENT,
                timeout=TIMEOUT,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitFailed(f"git {arguments[0]} did not end well: {type(error).__name__}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitFailed((said or [f"git {arguments[0]} ended with {done.returncode}"])[0][:200])
    return done.stdout or b""


def commits(folder: str, most: int) -> tuple[Commit, ...]:
    """Return the commits that changed files in a folder, parents first; of more than `most` the latest.

    Args:
        folder: In a repository; paths are from it.
        most: Commits.

    Raises:
        GitFailed: There is no repository, or it cannot be read.
    """
    arguments = ("--topo-order", "--no-renames", "--no-ext-diff", "--no-textconv", "--raw", "-r", "--no-abbrev", "-z", "--relative")
    said = git(folder, "log", f"--max-count={most}", *arguments, f"--format={_FORMAT}", "HEAD", "--", ".").decode("utf-8", "replace")
    heads = list(_COMMIT.finditer(said))
    ends = [head.start() for head in heads[1:]] + [len(said)]
    tags = _tags(folder)
    found = [_commit(head, said[head.end() : end]) for head, end in zip(heads, ends, strict=True)]
    return tuple(replace(commit, tags=tuple(sorted(tags.get(commit.sha, ())))) for commit in reversed(found))


def _commit(head: re.Match[str], body: str) -> Commit:
    sha, time, parents, subject = head.groups()
    changes = tuple(Change(found[5], found[6], found[4]) for found in _CHANGE.finditer(body))
    return Commit(sha, time, tuple(parents.split()), subject, changes)


def _tags(folder: str) -> dict[str, list[str]]:
    """Return the tags by the commit that last changed something in the folder where they are."""
    found: dict[str, list[str]] = {}
    said = git(folder, "for-each-ref", "--count=500", "--format=%(refname:short)", "refs/tags").decode("utf-8", "replace")
    for name in said.splitlines():
        try:
            at = git(folder, "log", "-1", "--format=%H", f"refs/tags/{name}", "--", ".").decode().strip()
        except GitFailed:
            continue
        found.setdefault(at, []).append(name)
    return found


def files_at(folder: str, commit: str) -> dict[str, str]:
    """Return the blobs of all files of a folder at a commit, by path from the folder.

    Raises:
        GitFailed: The tree cannot be read.
    """
    said = git(folder, "ls-tree", "-r", "-z", commit).decode("utf-8", "replace")
    entries = (entry.split("\t", 1) for entry in said.split("\0") if "\t" in entry)
    return {path: about.split()[2] for about, path in entries if about.split()[1] == "blob"}


def is_cut(folder: str) -> bool:
    """Tell whether the history ends before its beginning.

    Raises:
        GitFailed: That cannot be found out.
    """
    return git(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"
