"""Audits of a series through their history: who gets which level, what is spent, and what the report says of it."""

import json

import pytest

import longtail
from bench.audits import stream
from bench.lineages import losing, of_all
from bench.synthetic import zipf
from longtail.auditing import run
from longtail.auditing.families import FEWEST_RELABELLINGS, MOST_RELABELLINGS, relabellings
from longtail.stats.spending import level

ALPHA = 0.05


@pytest.fixture(scope="module")
def profiles():
    """A reference, then candidates of the same law; the last one keeps half of the rare types."""
    return of_all(losing(zipf(), [1.0, 1.0, 1.0, 1.0, 0.5], 200, stream(21)), 0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.json"


def audited(path, profiles, number, **options):
    return longtail.audit(profiles[number], profiles[0], views=("words_1",), history=path, **options)


def entries(path):
    return [(entry["number"], entry["level"]) for entry in json.loads(path.read_text())["audits"]]


def test_audits_are_numbered_and_each_says_its_level_what_is_spent_and_what_is_left(path, profiles):
    for number in (1, 2):
        found = audited(path, profiles, number).guarantee
        part = level(ALPHA, number)
        assert (found.audit_number, found.alpha) == (number, ALPHA)
        assert found.alpha_here == pytest.approx(part)
        assert found.alpha_spent == pytest.approx(ALPHA * number / (number + 1))
        assert found.alpha_spent + found.alpha_left == pytest.approx(ALPHA)
        assert f"This is audit {number}" in found.text
        assert f"is at most about {100 * part:.3g}%" in found.text
        assert "err with a chance of at most 5%" in found.text
    assert entries(path) == [(1, pytest.approx(0.025)), (2, pytest.approx(0.05 / 6))]


def test_an_audit_done_again_keeps_its_number_and_spends_nothing(path, profiles):
    first = audited(path, profiles, 1)
    audited(path, profiles, 2)
    before = path.read_bytes()
    again = audited(path, profiles, 1)
    assert path.read_bytes() == before
    assert (again.guarantee.audit_number, again.guarantee.alpha_here) == (1, first.guarantee.alpha_here)
    assert again.guarantee.alpha_spent == pytest.approx(ALPHA * 2 / 3)
    assert again.estimates == first.estimates


def test_another_setting_is_another_audit(path, profiles):
    assert [audited(path, profiles, 1, tau=tau).guarantee.audit_number for tau in (0.1, 0.2, 0.1)] == [1, 2, 1]


def test_a_lineage_is_one_audit_and_in_another_order_another(path, profiles):
    def numbered(*order):
        lineage = [profiles[at] for at in order]
        report = longtail.audit(lineage=lineage, reference=profiles[0], views=("words_1",), history=path)
        return report.guarantee.audit_number

    assert [numbered(1, 2), numbered(2, 1), numbered(1, 2)] == [1, 2, 1]
    assert len(entries(path)) == 2


def test_an_audit_without_a_test_spends_nothing(path, profiles):
    found = longtail.audit(profiles[1], views=("words_1",), history=path).guarantee
    assert not path.exists()
    assert found.alpha_spent == 0
    assert found.text == "No test was made, so no error rate applies."
    audited(path, profiles, 1)
    assert longtail.audit(profiles[2], views=("words_1",), history=path).guarantee.alpha_spent == pytest.approx(0.025)
    assert len(entries(path)) == 1


def test_an_audit_that_is_interrupted_spends_nothing(path, profiles, monkeypatch):
    audited(path, profiles, 1)
    before = path.read_bytes()

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(run, "measure", interrupted)
        with pytest.raises(KeyboardInterrupt):
            audited(path, profiles, 2)
    assert path.read_bytes() == before
    assert audited(path, profiles, 3).guarantee.audit_number == 2


def test_after_the_horizon_nothing_is_tested_and_nothing_is_spent(path, profiles):
    first = audited(path, profiles, 1, horizon=1)
    assert first.guarantee.alpha_here == pytest.approx(ALPHA)
    assert "This is audit 1 of 1 planned" in first.guarantee.text
    before = path.read_bytes()
    late = audited(path, profiles, 4, horizon=1)
    assert not any(estimate.decision for estimate in late.estimates)
    tail = next(absence for absence in late.not_measured if absence.code == "LT301")
    assert "alpha exhausted" in tail.reason and "begin a new history" in tail.enable
    assert late.worst() != "fail" and late.phase.name == "inconclusive"
    assert path.read_bytes() == before


def test_a_late_audit_still_finds_a_large_loss_with_as_many_relabellings_as_its_level_needs(path, profiles):
    series = {"alpha": ALPHA, "horizon": 20, "format": "longtail-history", "version": 1}
    made = [
        {"key": f"{number:x}", "number": number, "time": "2024-01-01T00:00:00+00:00", "phase": "healthy", "level": ALPHA / 20}
        for number in range(1, 20)
    ]
    path.write_text(json.dumps(series | {"audits": made}))
    report = audited(path, profiles, 4, horizon=20)
    assert report.guarantee.audit_number == 20
    assert report.guarantee.alpha_here == pytest.approx(ALPHA / 20)
    types = next(each for each in report.estimates if each.metric == "tail_types_retained" and each.decision)
    assert types.decision == "shrunk"
    assert types.p == pytest.approx(1 / 8001)


@pytest.mark.parametrize(
    ("here", "runs"),
    [(0.05, 999), (0.02, 1000), (0.01, 2000), (ALPHA / 420, 168_000), (1e-9, MOST_RELABELLINGS), (0.0, FEWEST_RELABELLINGS)],
)
def test_relabellings_grow_with_the_level_in_force_up_to_what_memory_allows(here, runs):
    assert relabellings(here) == runs


def test_without_a_history_the_guarantee_is_for_one_audit(profiles):
    found = longtail.audit(profiles[1], profiles[0], views=("words_1",)).guarantee
    assert found.text.startswith("This audit alone: ")
    assert "Repeated audits are not accounted for" in found.text
    assert (found.audit_number, found.alpha_here, found.alpha_spent, found.alpha_left) == (1, ALPHA, ALPHA, None)
