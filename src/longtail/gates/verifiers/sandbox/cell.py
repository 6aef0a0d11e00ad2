"""What runs inside a sandbox before and around foreign code. Stands alone: its text is handed to a bare interpreter.

The first line on standard input says how to confine the process, each further line asks one thing, and each is answered with
one line on standard output. Whatever is answered here may be forged by the foreign code, which lives in the same process.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
import time
from typing import Any

NEW_MOUNTS, NEW_IPC, NEW_NAMES, NEW_USER, NEW_PROCESSES, NEW_NETWORK = 0x20000, 0x8000000, 0x4000000, 0x10000000, 0x20000000, 0x40000000
READ_ONLY, NO_SET_UID, NO_DEVICES, REMOUNT, BIND, RECURSIVE, PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
DEATH_SIGNAL, SUBREAPER, NO_NEW_PRIVILEGES = 1, 36, 38
NOBODY = 65534
DEVICES = ("null", "zero", "random", "urandom")


def confine(plan: dict[str, Any]) -> None:
    """Give up what foreign code must not have: time, memory, files, processes, and the rights of root."""
    limits = plan["limits"]
    _limit(resource.RLIMIT_CPU, limits["cpu_s"])
    _limit(resource.RLIMIT_FSIZE, limits["file_bytes"])
    _limit(resource.RLIMIT_NOFILE, limits["files"])
    _limit(resource.RLIMIT_CORE, 0)
    root = os.getuid() == 0
    _limit(resource.RLIMIT_NPROC, limits["processes"] + (0 if root else _tasks(os.getuid())))
    if root:
        _become(plan["user"])
    _bare()
    _control(DEATH_SIGNAL, signal.SIGKILL)
    _limit(resource.RLIMIT_AS, limits["memory_bytes"])


def separate(plan: dict[str, Any]) -> None:
    """Leave the network, the processes, the names and the mounts of the host."""
    user, group = os.getuid(), os.getgid()
    kinds = NEW_MOUNTS | NEW_IPC | NEW_NAMES | NEW_PROCESSES | NEW_NETWORK
    _done(_libc().unshare(kinds | (NEW_USER if user else 0)), "unshare")
    if user:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{name}", "w") as stream:
                stream.write(text)


def wall(plan: dict[str, Any]) -> None:
    """Put a root directory in place that holds the interpreter, read only, and one writable place of limited size."""
    root = plan["root"]
    _mount(None, "/", None, RECURSIVE | PRIVATE)
    _mount("tmpfs", root, "tmpfs", NO_SET_UID | NO_DEVICES, "size=1m,mode=755")
    os.makedirs(f"{root}/tmp")
    _mount("tmpfs", f"{root}/tmp", "tmpfs", NO_SET_UID | NO_DEVICES, f"size={plan['limits']['disk_bytes']},mode=1777")
    for path in plan["readable"]:
        _show(path, root)
    os.makedirs(f"{root}/proc")
    os.makedirs(f"{root}/dev")
    for name in DEVICES:
        os.close(os.open(f"{root}/dev/{name}", os.O_CREAT | os.O_WRONLY, 0o666))
        _mount(f"/dev/{name}", f"{root}/dev/{name}", None, BIND)
    _libc().mount(b"proc", f"{root}/proc".encode(), b"proc", NO_SET_UID | NO_DEVICES, None)
    _mount(None, root, None, REMOUNT | BIND | READ_ONLY | NO_SET_UID | NO_DEVICES)
    os.chroot(root)
    os.chdir("/tmp")


def guard(plan: dict[str, Any]) -> bool:
    """Fork; return True in the process that is to run foreign code. The other one stays until that one ends, and kills what it left."""
    _control(SUBREAPER, 1)
    _control(DEATH_SIGNAL, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM,))
    child = os.fork()
    if child:
        signal.signal(signal.SIGTERM, lambda number, frame: _sweep(plan, child))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM,))
    if not child:
        return True
    os.closerange(0, 64)
    while True:
        ended, _ = os.wait()
        if ended == child:
            _sweep(plan, child)


def enter() -> tuple[dict[str, Any], Any, Any]:
    """Confine this process as the first line says; return the plan and the two ends that only this file is to use."""
    plan: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    asks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    try:
        if plan["isolation"] == "namespaces":
            separate(plan)
        if plan["isolation"] == "bubblewrap" or guard(plan):
            if plan["isolation"] == "namespaces":
                wall(plan)
            _silence()
            confine(plan)
    except (OSError, ValueError) as error:
        tell(answers, {"fault": f"{type(error).__name__}: {error}"})
        os._exit(1)
    tell(answers, {"ready": True})
    return plan, asks, answers


def tell(answers: Any, message: dict[str, Any]) -> None:
    """Write one line."""
    answers.write(json.dumps(message).encode() + b"\n")
    answers.flush()


def _sweep(plan: dict[str, Any], child: int) -> None:
    """Kill the child and all that descends from it, wait until none is left, and end."""
    if plan["isolation"] == "plain" and os.getuid() == 0 and not os.fork():
        _become(plan["user"])
        if os.getuid() == plan["user"]:
            os.kill(-1, signal.SIGKILL)
        os._exit(0)
    until = time.monotonic() + 5
    while time.monotonic() < until:
        for task in (child, *_below(os.getpid())):
            with contextlib.suppress(OSError):
                os.kill(task, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            break
        time.sleep(0.001)
    os._exit(0)


def _below(top: int) -> list[int]:
    """Return the processes that descend from one."""
    parents: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as stream:
                    parents.setdefault(int(stream.read().rpartition(b")")[2].split()[1]), []).append(int(name))
            except OSError:
                continue
    found = list(parents.get(top, []))
    for each in found:
        found.extend(parents.get(each, []))
    return found


def _tasks(user: int) -> int:
    """Return how many threads of a user run already, for the limit counts them too."""
    found = 0
    try:
        for name in os.listdir("/proc"):
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == user:
                found += len(os.listdir(f"/proc/{name}/task"))
    except OSError:
        return max(found, 1)
    return found


def _become(user: int) -> None:
    os.setgroups([])
    try:
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError:
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def _bare() -> None:
    _control(NO_NEW_PRIVILEGES, 1)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _done(_libc().capset(header, (ctypes.c_uint32 * 6)()), "capset")


def _silence() -> None:
    nothing = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _show(path: str, root: str) -> None:
    inside = root + path
    os.makedirs(os.path.dirname(inside), exist_ok=True)
    if os.path.islink(path):
        os.symlink(os.readlink(path), inside)
        return
    os.makedirs(inside, exist_ok=True)
    _mount(path, inside, None, BIND | RECURSIVE)
    _mount(None, inside, None, REMOUNT | BIND | READ_ONLY | NO_SET_UID | NO_DEVICES)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (allowed, allowed))


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    texts = [None if each is None else each.encode() for each in (source, target, kind, data)]
    _done(_libc().mount(*texts[:3], flags, texts[3]), f"mount {target}")


def _control(what: int, value: int) -> None:
    _done(_libc().prctl(what, value, 0, 0, 0), "prctl")


def _done(code: int, what: str) -> None:
    if code:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def _libc() -> Any:
    library = ctypes.CDLL(None, use_errno=True)
    library.mount.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p)
    library.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
    return library
