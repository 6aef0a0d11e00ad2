"""Step 0: whether real data are being replaced."""

import pytest

from longtail.diagnosis.recovery.stopping import stop
from longtail.ledger.manifest import Manifest


def manifests(*originals, rows=None):
    return [
        Manifest(generation=at, rows=rows[at - 1] if rows else 100, original=held, original_available=100, origins={"human": held})
        for at, held in enumerate(originals, 1)
    ]


@pytest.mark.parametrize(
    ("given", "status", "regime"),
    [
        (manifests(100, 0, 0), "to do", "replace"),
        (manifests(100, 60, 50), "to do", "mixed"),
        (manifests(100, 100, 100, rows=[100, 200, 300]), "already so", "accumulate"),
        (manifests(100), "not known", "unknown"),
        ([], "not known", "unknown"),
    ],
)
def test_step_0_is_to_do_while_real_rows_are_dropped(given, status, regime):
    found = stop(given)
    assert (found.status, found.regime) == (status, regime)
    assert found.because


def test_the_share_of_the_plan_is_what_to_set():
    assert "min_real = 0.25" in stop([], 0.25).line
    assert "min_real = 0.3" in stop([]).line
