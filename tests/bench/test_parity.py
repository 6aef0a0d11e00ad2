"""The page of parity: numbers that differ are found, packages that are absent are named."""

import math
import sys

import pytest

from bench import venvs
from bench.parity import __main__ as parity
from bench.parity.rows import Defect, Parity


def row(ours=1.0, theirs=1.0, **fields):
    return Parity("Chao1", "ants", ours, theirs, "numpy", "chao1(counts)", **fields)


class Part:
    """A part that yields what it was made with and then lacks a package."""

    def __init__(self, rows, lacks=None):
        self.given, self.lacks = rows, lacks

    def rows(self):
        yield from self.given
        if self.lacks:
            raise ModuleNotFoundError(f"No module named {self.lacks!r}")


@pytest.fixture
def planted(monkeypatch):
    def plant(**made):
        for name, part in made.items():
            monkeypatch.setitem(sys.modules, f"bench.parity.{name}", part)
        return parity.collect(list(made))

    return plant


def test_numbers_agree_within_their_tolerance_and_nothing_agrees_with_what_is_no_number():
    assert parity.agrees(row(1.0, 1.0 + 9e-10))
    assert not parity.agrees(row(1.0, 1.0 + 2e-9))
    assert parity.agrees(row(0.8558, 0.856, tolerance=5e-4))
    assert not parity.agrees(row(math.nan, math.nan))
    assert not parity.agrees(row(math.inf, math.inf))


def test_a_part_that_lacks_a_package_keeps_its_rows_and_says_what_it_lacks(planted):
    found = planted(first=Part([row()], lacks="copia"), second=Part([row(2.0, 2.0)]))
    assert [each.ours for each in found.rows] == [1.0, 2.0]
    assert found.absent == {"first, the rows after 1": "No module named 'copia'"}
    assert "- first, the rows after 1: No module named 'copia'\n" in parity.page(found)


def test_the_page_is_the_same_each_time_and_marks_what_differs(planted):
    found = planted(part=Part([row(note="a | b"), row(1.0, 3.0)]))
    page = parity.page(found)
    assert page == parity.page(found)
    assert "1 of 2 agree." in page
    assert "| **2** | 1e-09 | **no** |" in page
    assert r"| a \| b |" in page
    assert list(parity.wrong(found)) == ["Chao1, ants: ours 1, numpy 3; allowed 1e-09"]


def test_defects_stand_below_with_their_counter_examples():
    defect = Defect("MTLD", "numpy", "mtld()", "no repeats", "0", 18.0, "a factor\nof zero")
    page = parity.page(parity.Found([], [defect], {}))
    assert "| MTLD | numpy " in page
    assert "| no repeats | 0 | 18 | a factor of zero |" in page


def test_a_number_that_differs_ends_with_status_one(planted, monkeypatch, capsys):
    planted(estimators=Part([row(1.0, 2.0)]))
    monkeypatch.setattr(sys, "argv", ["parity", "--only", "estimators"])
    assert parity.main() == 1
    assert "ours 1, numpy 2" in capsys.readouterr().err
    planted(estimators=Part([row()]))
    assert parity.main() == 0


def test_our_estimators_agree_with_print_and_with_packages_that_are_here():
    found = parity.collect(["estimators"])
    assert len(found.rows) >= 22
    assert list(parity.wrong(found)) == []


def test_every_file_of_the_folder_but_two_is_a_part():
    assert "estimators" in parity.parts()
    assert not {"__main__", "rows"} & set(parity.parts())


def test_code_runs_in_the_environment_of_its_name_or_here(monkeypatch):
    monkeypatch.setenv(venvs.VARIABLE, f"other={sys.prefix}")
    assert venvs.environments().keys() == {"other"}
    assert venvs.evaluated("other", "found = sum(given)", [1, 2]) == 3
    assert venvs.evaluated("none such", "found = given * 2", 4) == 8
    with pytest.raises(ImportError, match="No module named 'none_such'"):
        venvs.evaluated("other", "import none_such", None)
    assert venvs.version_of("none-such-package") is None


def test_environments_are_added_behind_those_that_are_known(monkeypatch):
    monkeypatch.setenv(venvs.VARIABLE, "one=/a")
    venvs.add(["two=/b"])
    assert {name: str(path) for name, path in venvs.environments().items()} == {"one": "/a", "two": "/b"}
    assert venvs.last_line("first\nlast\n\n") == "last"


def test_a_document_that_is_shorter_than_all_others_is_held_against_them_and_not_against_itself():
    pytest.importorskip("nltk")
    from bench.parity import brevity

    (row,) = brevity.rows()
    assert row.ours == pytest.approx(math.exp(1 - 12 / 4), rel=1e-12)
    assert parity.agrees(row)
