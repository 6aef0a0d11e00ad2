"""Two audits side by side: what may be held against what, which differences are marked, what vanished where."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from longtail.auditing.comparing import compare, read_report
from longtail.errors import ReadError, UsageError
from longtail.records import Estimate, Finding, InputRecord, Report, Unmeasured

DATA = Path(__file__).parents[1] / "report" / "data"


@pytest.fixture(scope="module")
def full():
    return msgspec.json.decode((DATA / "full.json").read_bytes(), type=Report)


def estimate(value=0.8, half=0.05, **fields):
    told = {"metric": "tail_types_retained", "view": "words_1", "n": 4000, "unit": "ratio", "resampling_unit": "document"}
    told |= {"method": "m", "kind": "ratio", "baseline": "generation_1", "tau": 0.1}
    return Estimate(value=value, low=value - half, high=value + half, **(told | fields))


def with_(report, *estimates, **fields):
    return msgspec.structs.replace(report, estimates=estimates or report.estimates, **fields)


def row(a, b):
    (found,) = compare(a, b).rows
    return found


def hashed(report, role, sha256):
    inputs = tuple(msgspec.structs.replace(each, sha256=sha256) if each.role == role else each for each in report.inputs)
    return msgspec.structs.replace(report, inputs=inputs)


@pytest.mark.parametrize(
    ("b", "difference"),
    [(0.8, "not_shown"), (0.89, "not_shown"), (0.91, "higher"), (0.71, "not_shown"), (0.69, "lower")],
)
def test_a_difference_is_marked_where_the_two_intervals_do_not_meet(full, b, difference):
    assert row(with_(full, estimate(0.8)), with_(full, estimate(b))).difference == difference


@pytest.mark.parametrize("correlation", [-1.0, 0.0, 0.7])
@pytest.mark.parametrize("errors", [(1.0, 1.0), (1.0, 0.05)])
def test_whatever_the_dependence_a_row_without_a_difference_is_marked_in_at_most_one_of_twenty(full, correlation, errors):
    draws = np.random.default_rng(0).multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], 20_000) * errors * [0.01, 0.01]
    halves = [1.959964 * 0.01 * error for error in errors]
    apart = np.abs(draws[:, 0] - draws[:, 1]) > sum(halves)
    assert apart.mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 20_000)
    for first, second in draws[:50] + 0.8:
        found = row(with_(full, estimate(first, halves[0])), with_(full, estimate(second, halves[1]))).difference
        assert (found != "not_shown") == (abs(first - second) > sum(halves))


def test_an_audit_beside_itself_differs_in_nothing(full):
    found = compare(full, full)
    assert not found.hindrances and found.compared == len(full.estimates)
    assert {each.difference for each in found.rows} == {"not_shown"}
    assert {(each.in_a, each.in_b) for each in found.vanished} == {(True, True)}
    assert {each.change for each in found.findings} == {"kept"}
    assert found.by_chance == pytest.approx(sum(1 - each.level for each in full.estimates))


@pytest.mark.parametrize(("role", "sha256"), [("reference", "f" * 64), ("baseline", "f" * 64), ("reference", None)])
def test_measured_by_something_else_or_nobody_knows_no_difference_is_marked(full, role, sha256):
    found = compare(with_(full, estimate(0.9)), hashed(with_(full, estimate(0.2)), role, sha256))
    assert role in found.hindrances[0] and ("not known" in found.hindrances[0]) == (sha256 is None)
    assert [each.difference for each in found.rows] == ["not_comparable"] and found.compared == 0
    assert found.vanished == () and found.vanished_because == found.hindrances[0]


@pytest.mark.parametrize("name", ["tau", "seed", "validity", "features", "role"])
def test_a_setting_that_changes_what_is_measured_hinders(full, name):
    other = {"seed": 3} if name == "seed" else {"settings": full.settings | {name: "x"}}
    assert name in compare(full, with_(full, **other)).hindrances[0]


def test_a_setting_that_changes_what_is_judged_is_said_and_hinders_nothing(full):
    found = compare(full, with_(full, settings=full.settings | {"alpha": 0.01}))
    assert not found.hindrances
    assert [(each.name, each.a, each.b) for each in found.alike if not each.is_same] == [("alpha", "0.05", "0.01")]


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"method": "another"}, "method is m and another"),
        ({"unit": "nats"}, "unit is ratio and nats"),
        ({"n": 900}, "4,000 and 900 documents"),
    ],
)
def test_numbers_that_were_made_differently_are_not_held_against_each_other(full, fields, because):
    found = row(with_(full, estimate(0.9)), with_(full, estimate(0.2, **fields)))
    assert found.difference == "not_comparable" and because in found.because


def test_a_share_of_use_does_not_move_with_the_number_of_documents(full):
    sides = [with_(full, estimate(value, metric="tail_mass_retained", n=n)) for value, n in ((0.9, 4000), (0.2, 900))]
    assert row(*sides).difference == "lower"


def test_what_one_of_them_lacks_is_shown_and_not_compared(full):
    found = compare(with_(full, estimate()), with_(full, estimate(view="words_2")))
    assert [(each.view, each.a is None, each.b is None) for each in found.rows] == [("words_1", False, True), ("words_2", True, False)]
    assert {each.because for each in found.rows} == {"not measured in one of them"}


def listed(report, rows, total):
    panel = {"view": "words_1", "total": total, "rows": rows}
    return msgspec.structs.replace(report, panels=report.panels | {"vanished": panel})


def gone(name, before):
    return {"type": name, "reference_documents": 9, "baseline_documents": before, "candidate_documents": 0, "example_id": name}


def test_a_list_that_is_cut_off_says_nothing_of_what_comes_after_its_end(full):
    a = listed(full, [gone("heron", 8), gone("ostler", 5), gone("skein", 2)], 3)
    b = listed(full, [gone("ostler", 5)], 40)
    found = {each.type: (each.in_a, each.in_b) for each in compare(a, b).vanished}
    assert found == {"heron": (True, False), "ostler": (True, True), "skein": (True, None)}


def test_findings_gained_lost_and_kept_and_what_was_not_measured_is_not_mended(full):
    def report(found, passed=(), absent=()):
        findings = tuple(
            Finding(code=code, status=status, title=f"title {code}", because="b", where="candidate", evidence=(), remedy="")
            for code, status in found
        )
        unmeasured = tuple(Unmeasured(code=code, reason="r", enable="") for code in absent)
        return msgspec.structs.replace(full, findings=findings, passed=passed, not_measured=unmeasured, panels={})

    a = report([("LT301", "fail"), ("LT303", "warn"), ("LT304", "warn"), ("LT402", "warn")], passed=("LT307",))
    b = report([("LT301", "fail"), ("LT303", "fail"), ("LT307", "warn")], passed=("LT304",), absent=("LT402",))
    assert {each.code: each.change for each in compare(a, b).findings} == {
        "LT301": "kept", "LT303": "graver", "LT304": "gone", "LT307": "new", "LT402": "unknown",
    }  # fmt: skip


def test_what_was_accepted_was_found_all_the_same(full):
    held = {"finding": msgspec.to_builtins(full.findings[0]), "overrides": []}
    b = msgspec.structs.replace(full, findings=full.findings[1:], panels=full.panels | {"suppressed": [held]})
    assert {each.change for each in compare(full, b).findings} == {"kept"}


def test_a_data_set_and_a_lineage_are_not_compared(full):
    lineage = msgspec.json.decode((DATA / "lineage.json").read_bytes(), type=Report)
    with pytest.raises(UsageError, match="of a lineage"):
        compare(full, lineage)


def test_inputs_without_a_reference_in_either_hinder_nothing(full):
    alone = msgspec.structs.replace(full, inputs=tuple(each for each in full.inputs if each.role == "candidate"))
    assert not compare(alone, alone).hindrances and compare(full, alone).hindrances
    assert all(isinstance(each, InputRecord) for each in alone.inputs)


@pytest.mark.parametrize(
    ("written", "said"),
    [(None, "cannot be read"), ("{", "no report"), ("[1]", "no report"), ('{"schema_version": "9.0"}', "of schema 9.0")],
)
def test_what_is_no_report_is_refused(tmp_path, written, said):
    path = tmp_path / "a.json"
    if written is not None:
        path.write_text(written)
    with pytest.raises(ReadError, match=said):
        read_report(path)


def test_a_report_that_was_written_is_read_back(full, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(full.to_dict()))
    assert read_report(path) == full
