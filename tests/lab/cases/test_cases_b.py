import pytest

from longtail.lab.cases import CHECKS, verify

pytestmark = pytest.mark.slow

CASES = ("11", "12", "13", "14", "15", "16", "18", "19", "21", "22", "23", "24", "26", "27", "32", "34", "38")
SLOW = ("15", "16", "34")
MOST = 1000


@pytest.mark.parametrize("case", CASES)
def test_every_row_of_the_case_holds_at_its_published_settings_and_at_others(case):
    checks = [check for check in CHECKS if check.case == case]
    drawn = 0 if case in SLOW else 1
    rows = verify(checks, seed=1, drawn=drawn, most=MOST, quick=True)
    assert len(rows) == sum(len(check.stated) + drawn for check in checks) > 0
    assert [(row.quantity, row.settings, row.predicted, row.simulated, row.z) for row in rows if not row.holds] == []
    assert all(row.order for row in rows if row.tolerance)
    assert all(0 <= row.replicates <= MOST for row in rows)
