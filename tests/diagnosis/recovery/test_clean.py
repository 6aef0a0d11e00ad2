"""The last clean version, by rule and on planted lineages."""

import pytest

from longtail.auditing import audit
from longtail.diagnosis.recovery.clean import Seen, last_clean, seen_by, seen_in
from tests.diagnosis.recovery.lineages import diagnosis


def versions(*phases):
    return [Seen(f"v{at}", at, phase) for at, phase in enumerate(phases, 1)]


@pytest.mark.parametrize(
    ("phases", "onset", "dirty", "expected"),
    [
        ((None, "healthy", "healthy", "early"), 4, None, "v3"),
        ((None, "healthy", "watch", "early"), 3, None, "v2"),
        ((None, "early", "late"), 2, None, "v1"),
        ((None, "healthy", "healthy"), None, None, "v3"),
        ((None, "healthy", "drift", "early"), 4, None, "v3"),
        ((None, "inconclusive", "early"), 3, None, "v1"),
        ((None, "early", "late"), 2, 1, None),
        (("early", "late"), 1, None, None),
        ((None,), None, None, None),
        ((), None, None, None),
    ],
)
def test_the_last_healthy_version_before_the_onset_is_clean(phases, onset, dirty, expected):
    found = last_clean(versions(*phases), onset, dirty)
    assert found.version == expected
    assert found.because


def test_none_is_clean_is_said_with_its_reason():
    assert "none is clean" in last_clean(versions(None, "early"), 2, 1).because


def test_a_diagnosis_tells_phases_onset_and_entry():
    seen, onset, entry = seen_by(diagnosis([None, "healthy", "early"], "version 3", "version 2"))
    assert [each.phase for each in seen] == [None, "healthy", "early"]
    assert (onset, entry) == (3, 2)


def test_an_audit_of_the_outputs_tells_them_too(lineage):
    report = audit(lineage=lineage.profiles, reference=lineage.reference)
    seen, onset = seen_in(report, ("a", "b", "c"))
    assert [each.name for each in seen] == ["a", "b", "c"]
    assert seen[0].phase is None and onset == report.lineage.onset
