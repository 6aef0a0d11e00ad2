import math

import pytest

from longtail.errors import ConfigError
from longtail.lab.makers.rag import Asked, values

SMALL = {"entities": 60, "questions": 30, "generations": 8}


def test_the_same_seed_gives_the_same_series_and_another_one_others():
    first, again, other = (values(Asked(**SMALL, arm="open"), replicate) for replicate in (0, 0, 1))
    assert repr(first) == repr(again)
    assert first["added"] != other["added"]


def test_coverage_is_never_without_correctness_nor_gain_without_corruption():
    found = values(Asked(**SMALL, arm="open"), 0)
    assert {"covered", "covered_right", "gain", "corruption"} <= set(found)
    assert all(right <= share for right, share in zip(found["covered_right"], found["covered"], strict=True))
    assert {len(column) for column in found.values()} == {8}


def test_an_open_store_covers_more_and_is_more_wrong_than_a_gated_one():
    opened, gated = (values(Asked(**SMALL, arm=arm), 0) for arm in ("open", "gated"))
    assert opened["covered"][-1] > gated["covered"][-1]
    assert opened["wrong_share"][-1] > 0.4 > 0.05 > gated["wrong_share"][-1]


def test_what_was_never_added_has_no_share_that_is_wrong():
    assert all(math.isnan(each) for each in values(Asked(**SMALL, arm="static"), 0)["wrong_of_added"])


@pytest.mark.parametrize(
    "given",
    [{"slips": 1.5}, {"share": -0.1}, {"questions": 0}, {"entities": 0}, {"world": "text", "arm": "novel"}],
    ids=lambda each: str(each),
)
def test_settings_that_cannot_be_are_refused(given):
    with pytest.raises(ConfigError, match=r"take"):
        Asked(**given)
