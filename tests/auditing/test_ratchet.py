"""Accepted numbers: what is accepted, what is refused, and that they only tighten."""

import json
from datetime import UTC, date, datetime

import numpy as np
import pytest

import longtail
from bench.audits import stream
from bench.lineages import losing, of_all
from bench.synthetic import zipf
from longtail.auditing.ratchet import Ratchet, read_accepted
from longtail.errors import ConfigError, ReadError, UsageError

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def profiles():
    """A reference; then one alike, two that lack half of the rare types, one that lacks more, and a small one that lacks half."""
    made = of_all(losing(zipf(), [1.0, 1.0, 0.5, 0.5, 0.2], 400, stream(31)), 0)
    return [*made, *of_all(losing(zipf(), [1.0, 0.5], 120, stream(32)), 0)[1:]]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "accepted.json"


def audited(profiles, at, accepted=None, **options):
    return longtail.audit(profiles[at], profiles[0], views=("words_1",), accepted=accepted, now=NOW, **options)


def update(path, **more):
    return Ratchet(path=str(path), is_updated=True, **more)


def numbers(path):
    return {one["metric"]: one["value"] for one in json.loads(path.read_text())["endpoints"]}


def accepted(report):
    return [row["finding"]["code"] for row in report.panels["ratchet"]["accepted"]]


def stands(report):
    return "LT301" in [finding.code for finding in report.findings]


def test_a_loss_is_accepted_once_written_down_and_a_like_one_after_it(profiles, path):
    plain = audited(profiles, 2)
    first = audited(profiles, 2, update(path))
    assert stands(plain) and not stands(first) and accepted(first) == ["LT301"]
    assert (first.phase, first.estimates) == (plain.phase, plain.estimates)
    before = path.read_bytes()
    again = audited(profiles, 3, str(path))
    assert not stands(again) and accepted(again) == ["LT301"] and path.read_bytes() == before


def test_a_greater_loss_stands_and_is_told_beside_what_was_accepted(profiles, path):
    audited(profiles, 2, update(path))
    report = audited(profiles, 4, str(path))
    assert stands(report) and accepted(report) == []
    (row,) = report.panels["ratchet"]["refused"]
    assert row["code"] == "LT301" and any("is worse than" in line for line in row["because"])


def test_an_update_never_loosens_a_number_and_says_so(profiles, path):
    audited(profiles, 2, update(path))
    before = path.read_bytes()
    report = audited(profiles, 4, update(path))
    assert path.read_bytes() == before and stands(report)
    assert any("not loosened" in line and "--reason and --expires" in line for line in report.panels["ratchet"]["updated"])


def test_a_better_number_takes_the_place_of_the_old_one(profiles, path):
    audited(profiles, 4, update(path))
    worse = numbers(path)
    report = audited(profiles, 1, update(path))
    assert numbers(path)["tail_types_retained"] > worse["tail_types_retained"]
    assert any("tightened" in line for line in report.panels["ratchet"]["updated"])
    assert stands(audited(profiles, 4, str(path)))


def test_whatever_comes_in_whatever_order_no_number_ever_falls(profiles, path):
    best = {}
    for at in np.random.default_rng(4).integers(1, 5, 6):
        audited(profiles, int(at), update(path))
        now = numbers(path)
        assert all(now[metric] >= value for metric, value in best.items())
        best = now


def test_a_worse_number_is_taken_for_a_while_with_a_reason_and_then_no_more(profiles, path):
    audited(profiles, 2, update(path))
    tight = numbers(path)
    report = audited(profiles, 4, update(path, reason="a quota", owner="ann", expires=date(2026, 4, 1)))
    assert not stands(report) and numbers(path) == tight
    assert any("accepted until 2026-04-01 (a quota)" in line for line in report.panels["ratchet"]["updated"])
    late = longtail.audit(profiles[4], profiles[0], views=("words_1",), accepted=str(path), now=datetime(2026, 4, 2, tzinfo=UTC))
    assert stands(late) and not stands(audited(profiles, 4, str(path)))


def test_what_is_judged_on_far_fewer_documents_is_not_accepted(profiles, path):
    audited(profiles, 2, update(path))
    report = audited(profiles, 5, str(path))
    assert stands(audited(profiles, 5))
    assert stands(report) and "too few to tell" in report.panels["ratchet"]["refused"][0]["because"][0]


def test_numbers_by_another_reference_are_not_compared(profiles, path):
    audited(profiles, 2, update(path))
    before = path.read_bytes()
    report = longtail.audit(profiles[3], profiles[1], views=("words_1",), accepted=update(path), now=NOW)
    assert path.read_bytes() == before and stands(report)
    assert all("begin a new file" in line for line in report.panels["ratchet"]["updated"])


def test_an_audit_that_decides_nothing_writes_nothing(profiles, path):
    report = longtail.audit(profiles[1], views=("words_1",), accepted=update(path), now=NOW)
    assert not path.exists() and report.panels["ratchet"]["updated"] == ["nothing was decided, so there is no number to accept"]


def test_the_file_is_deterministic_and_holds_each_number_with_its_audit(profiles, tmp_path):
    files = [tmp_path / name for name in ("a.json", "b.json")]
    for file in files:
        audited(profiles, 2, update(file))
    assert files[0].read_bytes() == files[1].read_bytes()
    (entry, _) = json.loads(files[0].read_text())["endpoints"]
    assert entry["metric"] == "tail_mass_retained" and len(entry["key"]) == 64 and entry["time"] == NOW.isoformat(timespec="seconds")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        '{"endpoints": []}',
        '{"format": "longtail-history", "version": 1}',
        '{"format": "longtail-accepted", "version": 9}',
    ],
)
def test_a_file_of_another_kind_is_refused_before_any_work_and_left_as_it_is(path, text):
    path.write_text(text)
    if text == '{"endpoints": []}':
        assert read_accepted(Ratchet(path=str(path))) == ()
        return
    for given in (str(path), update(path)):
        with pytest.raises(ReadError, match="is no file of accepted numbers, or a damaged one"):
            longtail.audit("nowhere.jsonl", accepted=given)
    assert path.read_text() == text


def test_an_entry_that_cannot_be_is_refused(profiles, path):
    audited(profiles, 2, update(path))
    whole = json.loads(path.read_text())
    for change in ({"low": 9.0}, {"n": 0}, {"value": None}):
        path.write_text(json.dumps(whole | {"endpoints": [whole["endpoints"][0] | change]}))
        with pytest.raises(ReadError, match="damaged"):
            read_accepted(Ratchet(path=str(path)))
    path.write_text(json.dumps(whole | {"endpoints": [whole["endpoints"][0]] * 2}))
    with pytest.raises(ReadError, match="tail_mass_retained@words_1 stands in it twice"):
        read_accepted(Ratchet(path=str(path)))


def test_a_file_that_is_not_there_is_read_by_nobody_and_begun_by_an_update(path):
    with pytest.raises(ReadError, match="write it first: longtail audit .*--update-baseline"):
        read_accepted(Ratchet(path=str(path)))
    assert read_accepted(update(path)) == ()
    with pytest.raises(ConfigError, match="there is no such folder"):
        longtail.audit(["a"], accepted=update(path.parent / "no" / "a.json"))


@pytest.mark.parametrize("terms", [{"reason": "r"}, {"expires": date(2026, 4, 1)}, {"owner": "ann"}])
def test_half_of_a_reason_is_refused(path, terms):
    with pytest.raises(UsageError):
        update(path, **terms)
    with pytest.raises(UsageError):
        Ratchet(path=str(path), reason="r", expires=date(2026, 4, 1))
