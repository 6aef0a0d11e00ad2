"""A kill at any moment loses no acknowledged row, and leaves nothing that stops the next start."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("killing.py")


def run(task, folder, *numbers):
    made = subprocess.run([sys.executable, SCRIPT, task, folder, *map(str, numbers)], capture_output=True, text=True, timeout=3000)
    assert made.returncode == 0, made.stderr[-2000:]
    return json.loads(made.stdout) | {"said": made.stderr[-2000:]}


def held_up(found, points):
    assert found["points"] == points and found["acknowledged"] > 10 * points / 10
    assert {name: found[name] for name in ("lost", "twice", "faults", "spools", "unreadable", "said")} == {
        "lost": [], "twice": [], "faults": [], "spools": [], "unreadable": 0, "said": "",
    }  # fmt: skip


SLOW = pytest.mark.slow


@pytest.mark.parametrize(("points", "seed"), [(10, 3), pytest.param(50, 1, marks=SLOW), pytest.param(1000, 2, marks=SLOW)])
def test_two_writers_killed_at_many_points_lose_nothing(tmp_path, points, seed):
    held_up(run("kill", tmp_path, points, seed), points)


@pytest.mark.parametrize("appends", [20, pytest.param(250, marks=SLOW)])
def test_four_processes_appending_at_once_are_all_there_once(tmp_path, appends):
    found = run("together", tmp_path, 4, appends)
    assert found == {"failed": 0, "acknowledged": 4 * appends, "lost": [], "twice": [], "faults": [], "spools": [], "said": ""}
