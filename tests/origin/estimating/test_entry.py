"""The call `estimate`."""

import pytest

from longtail.origin.estimating import entry
from longtail.origin.estimating.answering import Estimation


@pytest.fixture
def asked(monkeypatch):
    asks = []

    def answer(ask):
        asks.append(ask)
        return Estimation(longtail_version="1", command="", seed=ask.settings.seed, inputs=())

    monkeypatch.setattr(entry, "measured", answer)
    monkeypatch.setattr(entry, "bounded", answer)
    return asks


def length(texts):
    return [len(text) for text in texts]


def test_columns_are_told_once_and_dates_are_no_slice_of_their_own(asked):
    entry.estimate(["x"], ["a"], ["b"], by=["site", "when", "site", "lang"], date_column="when", replicates=100)
    assert asked[0].by == ("site", "lang") and list(asked[0].synthetic) == ["synthetic"]


def test_one_name_of_a_column_is_one_column(asked):
    entry.estimate(["x"], pairs=[{}], synthetic_column="gpt")
    entry.estimate(["x"], pairs=[{}], synthetic_column=["gpt", "other"])
    assert [each.synthetic_column for each in asked] == [("gpt",), ("gpt", "other")]


def test_a_function_is_known_by_its_name_and_the_command_and_seed_are_kept(asked):
    made = entry.estimate(["x"], ["a"], ["b"], scorer=length, seed=7, command="so asked")
    assert (made.command, made.seed) == ("so asked", 7)
    assert asked[0].settings.scorer == "length" and asked[0].how.seed == 7


def test_a_name_alone_is_one_slice_and_one_named_twice_is_one_column(asked):
    entry.estimate(["x"], ["a"], ["b"], by="site")
    entry.estimate(["x"], pairs=[{}], synthetic_column=["gpt", "gpt"])
    assert asked[0].by == ("site",) and asked[1].synthetic_column == ("gpt",)
