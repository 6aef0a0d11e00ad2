"""Peers that cannot share our environment: each has one of its own, named in LONGTAIL_PEERS or by `--venv NAME=PATH`."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

VARIABLE = "LONGTAIL_PEERS"
"""Environments, as NAME=PATH with a colon between them."""
ROOT = Path(__file__).resolve().parents[1]
_SECONDS = 120
_CALL = "import json, sys\ngiven = json.load(sys.stdin)\n{code}\nprint(json.dumps(found))"
_VERSION = "import importlib.metadata\nfound = importlib.metadata.version(given)"


def environments() -> dict[str, Path]:
    """Return the folder of each environment by its name."""
    named = (entry.partition("=") for entry in os.environ.get(VARIABLE, "").split(":") if entry)
    return {name: Path(path) for name, _, path in named}


def add(named: Sequence[str]) -> None:
    """Put environments given as NAME=PATH behind those that are known, for this process and its children."""
    os.environ[VARIABLE] = ":".join(filter(None, [os.environ.get(VARIABLE, ""), *named]))


def python_of(name: str) -> str:
    """Return the interpreter of an environment, or the one that is running where there is none of that name."""
    folder = environments().get(name)
    return str(folder / "bin" / "python") if folder else sys.executable


def evaluated(name: str, code: str, given: object) -> Any:
    """Return what code leaves in the variable `found`, run where a package is installed.

    Args:
        name: The package's environment.
        code: Statements that read the variable `given` and set `found`; both are what JSON can hold.
        given: What the code reads.

    Raises:
        ImportError: It could not be run; says the last line that it wrote.
    """
    command = [python_of(name), "-c", _CALL.format(code=code)]
    child = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, timeout=_SECONDS, cwd=ROOT, check=False)
    if child.returncode:
        raise ImportError(last_line(child.stderr))
    return json.loads(child.stdout.splitlines()[-1])


def version_of(package: str) -> str | None:
    """Return the version of a package, in the environment of its name where there is one, else here; None where it is absent."""
    try:
        return str(evaluated(package, _VERSION, package))
    except ImportError:
        return None


def last_line(text: str) -> str:
    """Return the last line of what a process wrote that says anything."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no message")
