"""Ways to keep foreign code apart from this machine: what each one stops, what it does not, and which work here."""

import functools
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from longtail.errors import ConfigError

Isolation = Literal["bubblewrap", "namespaces", "plain"]
ORDER: tuple[Isolation, ...] = ("bubblewrap", "namespaces", "plain")
"""From the strongest on."""

SHARED = ("a flaw of the kernel itself", "what the processor's timing tells", "load of the machine for as long as the time limit lasts")
DOES_NOT_STOP: dict[Isolation, tuple[str, ...]] = {
    "bubblewrap": (*SHARED, "reading /usr and the interpreter's own folders, which it needs"),
    "namespaces": (*SHARED, "reading /usr and the interpreter's own folders, which it needs"),
    "plain": (
        *SHARED,
        "the network",
        "reading every file that its user may read",
        "writing where its user may write, and filling the disk with many files",
        "seeing, signalling and (unless the kernel forbids it) reading the memory of other processes of its user, this one among them; "
        "run as root, foreign code gets a user of its own",
        "a process that ends its guard first and outlives the time limit",
    ),
}
"""What foreign code can still do, whatever limits are set."""

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/nix/store", "/gnu/store")
_ASKED = "import json, os, sys; print(json.dumps([os.path.realpath(sys.executable), sys.base_prefix, sys.base_exec_prefix, sys.prefix]))"
_ROLES = {"candidate": ("wire", "cell", "candidate"), "judge": ("wire", "cell", "candidate", "judge")}


class Interpreter(NamedTuple):
    """A Python to run foreign code with.

    Attributes:
        command: What starts it, bare of the environment and of what its user has installed.
        readable: Folders that it needs.
    """

    command: tuple[str, ...]
    readable: tuple[str, ...]


@functools.cache
def interpreter(path: str, packages: bool) -> Interpreter:
    """Return how to start an interpreter, with the packages installed beside it or without.

    Raises:
        ConfigError: There is none at that path.
    """
    try:
        told = subprocess.run([path, "-I", "-S", "-c", _ASKED], capture_output=True, check=True, timeout=30, stdin=subprocess.DEVNULL)
        real, *prefixes = json.loads(told.stdout)
        if packages:
            with_site = subprocess.run([path, "-I", "-c", _ASKED], capture_output=True, check=True, timeout=30, stdin=subprocess.DEVNULL)
            prefixes += json.loads(with_site.stdout)[1:]
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise ConfigError(f"interpreter is {path!r}, which does not run as Python ({error}); name one that does") from None
    folders = [*SYSTEM, *sorted(set(prefixes)), os.path.dirname(real)]
    kept: list[str] = []
    for folder in folders:
        if os.path.isdir(folder) and not any(folder == each or folder.startswith(f"{each}/") for each in kept):
            kept.append(folder)
    return Interpreter((path, "-I") if packages else (real, "-I", "-S"), tuple(kept))


@functools.cache
def source(role: str) -> str:
    """Return the program that a bare interpreter runs in a sandbox: "candidate" or "judge"."""
    texts = [(Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8") for name in _ROLES[role]]
    last = len(texts) - 1
    return "\n".join(_alone(text, whole=at == last) for at, text in enumerate(texts))


def command(isolation: Isolation, python: Interpreter, role: str, disk_bytes: int) -> list[str]:
    """Return the command that starts a sandbox; the rest is done inside, before any foreign code runs."""
    bare = [*python.command, "-c", source(role)]
    return [*_bubble(python.readable, disk_bytes), *bare] if isolation == "bubblewrap" else bare


def bubblewrap() -> str | None:
    """Return where bubblewrap is, or None."""
    return shutil.which("bwrap", path=os.environ.get("PATH", "/usr/bin:/bin"))


def told(isolation: Isolation) -> dict[str, Any]:
    """Return what an isolation does not stop, as a record for a report or a terminal."""
    return {"isolation": isolation, "does_not_stop": list(DOES_NOT_STOP[isolation])}


def _alone(text: str, whole: bool) -> str:
    body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("from longtail."))
    return body if whole else body.partition('\nif __name__ == "__main__":')[0].replace("\ndef main()", "\ndef _main()")


def _bubble(readable: Sequence[str], disk_bytes: int) -> list[str]:
    found = [bubblewrap() or "bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    found += ["--die-with-parent", "--new-session", "--hostname", "cell", "--cap-drop", "ALL"]
    if os.getuid() == 0:
        found += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        found += ["--unshare-user"]
    found += ["--proc", "/proc", "--perms", "1777", "--size", str(disk_bytes), "--tmpfs", "/tmp"]
    for name in ("null", "zero", "random", "urandom"):
        found += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    for path in readable:
        for parent in reversed(Path(path).parents[:-1]):
            found += ["--perms", "0755", "--dir", str(parent)]
        found += ["--symlink", os.readlink(path), path] if os.path.islink(path) else ["--ro-bind", path, path]
    return [*found, "--remount-ro", "/", "--chdir", "/tmp"]
