"""The page of parity: each number of this part is within its tolerance, and the defect is one."""

import pytest

from bench.parity import likelihood


def test_every_number_agrees_with_the_package():
    for package in ("nltk", "datasketch", "rensa"):
        pytest.importorskip(package)
    rows = list(likelihood.rows())
    assert [row for row in rows if abs(row.ours - row.theirs) > row.tolerance] == []
    assert {row.package for row in rows} == {"iNEXT", "numpy", "nltk", "datasketch", "rensa"}


def test_our_counts_of_planted_copies_are_those_of_the_theory():
    found = {given: likelihood.ours_near(likelihood.planted(*how)) for given, how in likelihood.NEAR.items()}
    assert found["similarity .95"] == likelihood.COPIES
    assert 0.95 * likelihood.COPIES <= found["similarity .84"] <= likelihood.COPIES


def test_a_new_word_is_impossible_for_the_package_and_not_for_us():
    pytest.importorskip("nltk")
    (defect,) = likelihood.defects()
    assert defect.theirs == "inf"
    assert 1 < defect.ours < 100
