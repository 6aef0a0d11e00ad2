"""Writers that are killed: run as a script, which forks before it touches a ledger, and prints what it found as JSON."""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

from longtail.ledger.store import Ledger, verify
from longtail.ledger.store.place import Place

FRESH_EVERY = 10


def forked(work):
    """Run a function in a child of its own; return its process id."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
    return pid


def start(folder):
    """Start a ledger."""
    Ledger.create(folder).close()


def keys(ledger, table):
    """How often each id stands in a table."""
    return Counter(
        one for batch in ledger.query(lambda tables: f"SELECT lt_id FROM {tables[table]}", table) for one in batch.column(0).to_pylist()
    )


def write(folder, acknowledged, name, appends, seed):
    """Add rows, one to five at a time, committing now and then; note each row once it is acknowledged."""
    rng = random.Random(seed)
    log = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with Ledger.open(folder, buffered=rng.choice([2, 7, 1000])) as ledger:
        for number in range(appends):
            ids = [f"{name}-{number}-{each}" for each in range(rng.randint(1, 5))]
            ledger.add([{"lt_id": one, "lt_origin": "synthetic", "lt_depth": 1, "lt_parents": ["p"]} for one in ids], "d")
            os.write(log, "".join(f"{one}\n" for one in ids).encode())
            if rng.random() < 0.4:
                ledger.flush()


def counted(ledger, table):
    """How often each document stands in a table."""
    return Counter(one for batch in ledger.query(lambda t: f"SELECT lt_id FROM {t[table]}", table) for one in batch.column(0).to_pylist())


def size(path):
    return os.path.getsize(path) if os.path.exists(path) else 0


def check(folder, acknowledged, out):
    """Start a writer, which takes over what was left; then count what is there."""
    started = time.perf_counter()
    with Ledger.open(folder) as ledger:
        ledger.add([{"lt_id": f"start-{started}", "lt_origin": "human"}])
        ledger.flush()
        held, parents = counted(ledger, "rows"), counted(ledger, "parents")
    wanted = Path(acknowledged).read_text().split() if os.path.exists(acknowledged) else []
    found = {
        "acknowledged": len(wanted),
        "lost": [one for one in wanted if not held[one]],
        "twice": [one for one, times in (held + parents).items() if held[one] > 1 or parents[one] > 1],
        "faults": [fault.because for fault in verify(Place(folder)).faults],
        "spools": [name for name in os.listdir(f"{folder}/spool") if name.endswith(".arrow")],
    }
    Path(out).write_text(json.dumps(found))


def kill(base, points, seed):
    """Kill two writers at each point, at moments of their own; return what was found at all points together."""
    rng = random.Random(seed)
    total = {"points": 0, "acknowledged": 0, "lost": [], "twice": [], "faults": [], "spools": [], "unreadable": 0}
    for point in range(points):
        folder, acknowledged, out = (f"{base}/{point // FRESH_EVERY}{suffix}" for suffix in ("", ".acknowledged", ".json"))
        if point % FRESH_EVERY == 0:
            os.waitpid(forked(partial(start, folder)), 0)
        before = size(acknowledged)
        writers = [forked(partial(write, folder, acknowledged, f"{point}{one}", 10_000, f"{seed}-{point}-{one}")) for one in "ab"]
        until = time.monotonic() + 5
        while point % 5 and size(acknowledged) == before and time.monotonic() < until:  # else perhaps as they start
            time.sleep(0.002)
        for writer in writers:
            time.sleep(rng.random() * 0.08)
            os.kill(writer, signal.SIGKILL)
            os.waitpid(writer, 0)
        status = os.waitpid(forked(partial(check, folder, acknowledged, out)), 0)[1]
        total["points"] += 1
        total["unreadable"] += status != 0
        if status == 0:
            found = json.loads(Path(out).read_text())
            total["acknowledged"] = total["acknowledged"] + found["acknowledged"] * (point % FRESH_EVERY == FRESH_EVERY - 1)
            for name in ("lost", "twice", "faults", "spools"):
                total[name] += found[name]
        if point % FRESH_EVERY == FRESH_EVERY - 1:
            shutil.rmtree(folder)
    return total


def together(base, processes, appends):
    """Let several processes append and commit at once; return what is there."""

    def work(one):
        with Ledger.open(folder) as ledger:
            for number in range(appends):
                ledger.add([{"lt_id": f"{one}-{number}", "lt_origin": "synthetic"}], f"d{one}")
                ledger.flush()

    folder, out = f"{base}/together", f"{base}/together.json"
    os.waitpid(forked(partial(start, folder)), 0)
    pids = [forked(lambda one=one: work(one)) for one in range(processes)]
    failed = sum(os.waitpid(pid, 0)[1] != 0 for pid in pids)
    Path(f"{base}/wanted").write_text("\n".join(f"{one}-{number}" for one in range(processes) for number in range(appends)))
    os.waitpid(forked(lambda: check(folder, f"{base}/wanted", out)), 0)
    return {"failed": failed} | json.loads(Path(out).read_text())


if __name__ == "__main__":
    task, base, *numbers = sys.argv[1:]
    work = {"kill": kill, "together": together}[task]
    sys.stdout.write(json.dumps(work(base, *map(int, numbers))))
