"""The list of tests that `make check` leaves out names tests that there are."""

from pathlib import Path

import pytest

from tests.conftest import LONG

ROOT = Path(__file__).resolve().parents[2]


def missing(name):
    file, _, test = name.partition("::")
    path = ROOT / file
    return not path.is_file() or f"def {test.rpartition('::')[2]}(" not in path.read_text(encoding="utf-8") if test else not path.is_file()


@pytest.mark.parametrize("name", sorted(LONG))
def test_what_is_left_out_is_there(name):
    assert not missing(name)


@pytest.mark.parametrize("name", ["tests/nowhere.py", "tests/nowhere.py::test_x", "tests/architecture/test_long.py::test_x"])
def test_a_planted_name_of_no_test_is_found(name):
    assert missing(name)
