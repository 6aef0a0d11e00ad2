import pytest

from longtail.lab.cases import CHECKS, verify
from longtail.lab.cases.check import Check, ends
from longtail.lab.cases.pooling import _gaussian

pytestmark = pytest.mark.slow

CASES = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "17", "20", "25", "28", "29", "30", "31", "33")


def of_case(case):
    return [check for check in CHECKS if check.case == case]


@pytest.mark.parametrize("case", CASES)
def test_every_closed_form_of_a_case_agrees_with_simulation(case):
    rows = verify(of_case(case), drawn=1, quick=True)
    assert [f"{row.quantity} {row.settings}: {row.z:.1f}" for row in rows if not row.holds] == []


@pytest.mark.parametrize("case", [*CASES, "14"])
def test_every_case_is_checked_at_its_published_settings(case):
    assert of_case(case)
    assert all(check.stated for check in of_case(case))


def test_the_gaussian_bounds_hold():
    bounds = [check for check in of_case("14") if "standard deviation" in check.quantity]
    assert len(bounds) == 3
    assert all(row.holds and row.z == 0 for row in verify(bounds, drawn=1, quick=True))


@pytest.mark.parametrize("options", [{"ddof": 1}, {"variance_scale": 0.9}])
def test_the_conservation_law_breaks_where_it_must(options):
    def total(chosen, replicates, seed):
        return sum(ends(_gaussian(chosen, "replace", **options), ("mean_square", "variance"), replicates, seed))

    law = next(check for check in of_case("7") if "any policy" in check.quantity)
    broken = Check(**{**law._asdict(), "simulated": total, "stated": ({"samples": 20, "generation": 10},)})
    assert not verify([broken], drawn=0)[0].holds
