import time

import pytest

from bench import corpora, profile
from bench.workloads import WORKLOADS, version


def row(corpus, cpu):
    return profile.Row("pyarrow_read", "1.0", corpus, cpu, megabytes=6.0, peak=5e6, spilled=0.0)


def test_linear_work_has_slope_one():
    assert profile.slope([row("c6", 100.0), row("c4", 1.0), row("c5", 99.0)], "pyarrow_read") == pytest.approx(1.0)


def test_one_corpus_has_no_slope():
    assert profile.slope([row("c4", 1.0)], "pyarrow_read") is None


def test_rates_are_per_cpu_second_and_per_document():
    assert row("c4", 2.0).rate == 3.0
    assert row("c4", 2.0).per_document == pytest.approx(200.0)


def test_the_page_holds_every_row_and_names_what_was_missing():
    page = profile.page([row("c4", 1.0), row("c6", 100.0)], rounds=3, missing=["polars_words"])
    assert "| `pyarrow_read` | 1.0 | c4 | 1 | 6 | 100 | 5 | 0 |" in page
    assert "| `pyarrow_read` | 1.00 |" in page
    assert "Not installed here, so not measured: polars_words." in page


def test_a_child_is_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(corpora, "HUMAN", tmp_path / "absent")
    measured = profile.run("pyarrow_read", corpora.build("c3", tmp_path))
    assert measured["cpu"] > 0
    assert measured["peak"] > 1e6


def test_a_peer_that_is_absent_has_no_version(monkeypatch):
    monkeypatch.setitem(WORKLOADS, "absent", (lambda path: path, "no-such-package-here", "c4"))
    assert version("absent") is None


def test_every_contender_says_what_it_does_and_how_far_it_goes():
    assert [name for name, (work, _, longest) in WORKLOADS.items() if not work.__doc__ or longest not in corpora.SIZES] == []


def test_the_most_that_a_folder_held_is_remembered_after_the_files_are_gone(tmp_path):
    with profile._largest(tmp_path) as most:
        (tmp_path / "run").write_bytes(b"x" * 1000)
        deadline = time.monotonic() + 10
        while most[0] < 1000 and time.monotonic() < deadline:
            time.sleep(0.01)
        (tmp_path / "run").unlink()
    assert most[0] == 1000


def test_ratios_say_how_many_times_our_seconds_another_takes():
    ours = row("c4", 2.0)._replace(contender="longtail_profile")
    assert profile.ratios([ours, row("c4", 0.5)]) == ["- c4, `longtail_profile` = 1: `pyarrow_read` 0.25"]
    assert profile.ratios([ours, row("c5", 0.5)]) == []


def test_errors_of_estimated_numbers_of_types_are_those_against_exact_ones_of_the_same_words():
    rows = [
        row("c4", 2.0)._replace(contender="longtail_exact_4", types=(100, 200)),
        row("c4", 1.0)._replace(contender="longtail_types_4", types=(101, 196)),
        row("c5", 1.0)._replace(contender="longtail_types_4", types=(7, 7)),
        row("c4", 1.0)._replace(contender="wc_words"),
    ]
    assert profile.errors(rows) == ["- c4, `longtail_types_4`: +1.00%, -2.00%"]
    assert "- c4, `longtail_types_4`: +1.00%, -2.00%" in profile.page(rows, rounds=3, missing=[])


def test_approximate_counts_of_longtail_are_numbers_of_types(tmp_path, monkeypatch):
    monkeypatch.setattr(corpora, "HUMAN", tmp_path / "absent")
    path = corpora.build("c3", tmp_path)
    exact, estimated = (WORKLOADS[name][0](path) for name in ("longtail_exact_4", "longtail_types_4"))
    assert exact[0] == estimated[0] and all(abs(found / true - 1) < 0.04 for found, true in zip(estimated, exact, strict=True))
    assert WORKLOADS["longtail_types_uncompressed_4"][0](path) == estimated
