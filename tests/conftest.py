"""For every test: no network, property tests without a stopwatch; on demand, the demo's files and the command line."""

import gzip
import io
import json
import os
import socket
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # many small matrices: threads only wait for each other

import pytest
from hypothesis import settings

LONG = frozenset((Path(__file__).parent / "long.txt").read_text(encoding="utf-8").split())
"""Tests, and files of tests, that take some seconds each: continuous integration runs them, `make check` leaves them out."""

settings.register_profile("longtail", deadline=None, derandomize=True)
settings.load_profile("longtail")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        name = item.nodeid.partition("[")[0]
        if name in LONG or name.partition("::")[0] in LONG:
            item.add_marker("long")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(self, address):
        if self.family == socket.AF_UNIX:
            return connect(self, address)
        raise AssertionError(f"a test tried to reach {address!r}; tests use no network")

    connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", refuse)


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def report(self):
        return json.loads(self.out)


@pytest.fixture
def cli(monkeypatch):
    """Run `longtail` in this process, where every warning is an error."""

    def run(*arguments, stdin=b""):
        from longtail.cli import main

        monkeypatch.setattr(sys, "argv", ["longtail", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as stop:
            main()
        return Ran(stop.value.code or 0, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def subprocess_cli():
    """Run `longtail` as a user does, its output in a pipe; keywords are environment variables."""

    def run(*arguments, stdin=b"", **environment):
        command = [sys.executable, "-c", "from longtail.cli import main; main()", *map(str, arguments)]
        done = subprocess.run(command, input=stdin, capture_output=True, env={**os.environ, **environment}, timeout=120)
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture(scope="session")
def five_generations(tmp_path_factory):
    """The demo, written once: do not change its files."""
    from longtail.lab.scenarios.stdlib import write_demo

    return write_demo(tmp_path_factory.mktemp("five") / "demo")


@pytest.fixture(scope="session")
def stdlib_paragraphs():
    from longtail.lab.corpus import stdlib_prose

    return stdlib_prose()


@pytest.fixture(scope="session")
def shared_prose():
    """Paragraphs of old books, where they lie beside the checkout."""
    import pyarrow.parquet as pq

    path = Path(__file__).parents[2] / "shared" / "data" / "human" / "prose.parquet"
    if not path.exists():
        pytest.skip(f"{path} is not here: see shared/data/README.md")
    return pq.read_table(path, columns=["text"]).column("text").to_pylist()


@pytest.fixture(scope="session")
def human_vs_model():
    """Read pairs of human and model texts by the name of their file, such as "pubmed_gpt-4", where they lie beside the checkout."""
    folder = Path(__file__).parents[2] / "shared" / "data" / "human_vs_model"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here: see shared/data/README.md")

    def read(name):
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    return read


@pytest.fixture
def write_rows(tmp_path):
    """Write texts or records as JSON Lines."""

    def put(name, rows):
        path = tmp_path / name
        path.write_text("".join(json.dumps(row if isinstance(row, dict) else {"text": row}) + "\n" for row in rows))
        return path

    return put
