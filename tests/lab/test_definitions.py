import numpy
import pytest

from longtail.lab.definitions import definitions
from longtail.lab.result import summed
from longtail.lab.run import run
from longtail.lab.settings import Settings


def told(**columns):
    rng = numpy.random.default_rng(0)
    series = summed({name: [value + 0.001 * rng.standard_normal(50) for value in values] for name, values in columns.items()})
    return {each.name: each.holds for each in definitions(series)}


@pytest.mark.parametrize(
    ("columns", "name", "holds"),
    [
        ({"error": [1.0, 11.0]}, "catastrophic rise of risk", True),
        ({"error": [1.0, 2.0]}, "catastrophic rise of risk", False),
        ({"error": [1.0, 1.1]}, "any rise of risk", True),
        ({"error": [1.0, 0.9]}, "any rise of risk", False),
        ({"variance": [1.0, 0.4]}, "variance collapse", True),
        ({"variance": [1.0, 0.6]}, "variance collapse", False),
        ({"tail_types": [100.0, 80.0]}, "lost tails", True),
        ({"tail_types": [100.0, 95.0]}, "lost tails", False),
        ({"modes_alive": [10.0, 7.0]}, "lost modes", True),
        ({"correct": [1.0, 0.7]}, "invented data", True),
        ({"variance": [1.0, 0.4]}, "lost tails", None),
        ({"error": [1.0, 11.0]}, "risk without bound", None),
        ({"error": [1.0, 11.0]}, "another scaling law", None),
    ],
)
def test_a_definition_holds_where_its_condition_does_and_is_open_where_nothing_tells(columns, name, holds):
    assert told(**columns)[name] is holds


def test_accumulation_meets_fewer_definitions_than_replacement():
    met = {}
    for policy in ("replace", "accumulate"):
        found = run(Settings(family="categorical", policy=policy, generations=20, samples=200, replicates=50))
        met[policy] = {each.name for each in found.definitions if each.holds}
    assert {"lost modes", "lost tails"} <= met["replace"]
    assert not met["accumulate"]
