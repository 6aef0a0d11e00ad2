"""What an estimate of shares may be told: limits of each setting, and what a file may hold."""

import math

import msgspec
import pytest

from longtail.errors import ConfigError
from longtail.origin.quantifiers import QUANTIFIERS
from longtail.origin.scorers import SCORERS
from longtail.origin.settings import Settings


def test_names_that_are_not_given_stand_in_the_catalogues():
    assert Settings().scorer in SCORERS
    assert Settings().method in QUANTIFIERS


@pytest.mark.parametrize("level", [0.499, 1.0, 1.5, -0.95, 95, math.nan, math.inf])
def test_a_level_that_no_interval_has_is_refused(level):
    with pytest.raises(ConfigError, match=f"level is {level!r}; take a number from 0.5 to below 1"):
        Settings(level=level)


@pytest.mark.parametrize(("name", "least"), [("replicates", 20), ("folds", 2), ("seed", 0)])
def test_a_count_is_taken_from_its_least_value_up(name, least):
    assert getattr(Settings(**{name: least}), name) == least
    with pytest.raises(ConfigError, match=f"{name} is {least - 1}; take a whole number from {least} up"):
        Settings(**{name: least - 1})


@pytest.mark.parametrize("level", [0.5, 0.999])
def test_levels_at_the_limits_are_taken(level):
    assert Settings(level=level).level == level


def test_a_changed_copy_is_checked_as_a_new_one():
    with pytest.raises(ConfigError, match="folds is 1"):
        msgspec.structs.replace(Settings(), folds=1)


@pytest.mark.parametrize(
    ("stored", "complaint"),
    [(b'{"level": 95}', "level is 95"), (b'{"fold": 3}', "unknown field `fold`"), (b'{"folds": 2.5}', "Expected `int`")],
)
def test_a_file_is_held_to_the_same_limits(stored, complaint):
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.json.decode(stored, type=Settings)
