"""What is kept of a run is found again for the code that made it, and for no other."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from longtail.lab import kept as module
from longtail.lab.kept import ABOVE, code_of, folder_for, kept

ROOT = Path(__file__).resolve().parents[2]


def package(folder, **sources):
    for name, text in sources.items():
        path = folder / name / "x.py"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return folder


def test_a_digest_of_code_changes_with_what_the_lab_may_take_and_not_with_what_stands_above_it(tmp_path):
    first = package(tmp_path / "a", lab="1", guards="2", report="3")
    assert code_of(package(tmp_path / "b", lab="1", guards="2", report="other")) == code_of(first)
    assert code_of(package(tmp_path / "c", lab="1", guards="other", report="3")) != code_of(first)
    assert code_of(package(tmp_path / "d", lab="1", gates="2", report="3")) != code_of(first)


def test_what_stands_above_the_lab_is_what_the_layers_say():
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
    above = [name.strip(" ()") for layer in layers[: layers.index("(lab)")] for name in layer.split("|")]
    assert sorted(above) == list(ABOVE)


@pytest.mark.parametrize(("change", "times"), [("", 1), ("x = 1", 2)])
def test_what_older_code_left_is_computed_anew(tmp_path, monkeypatch, change, times):
    calls = []

    def compute():
        calls.append(1)
        return {"a": [np.array(1.0)]}

    for name, text in (("before", ""), ("after", change)):
        monkeypatch.setattr(module, "_PACKAGE", package(tmp_path / name, lab=text))
        kept(folder_for(tmp_path / "keep"), ["told"], compute)
    assert len(calls) == times
