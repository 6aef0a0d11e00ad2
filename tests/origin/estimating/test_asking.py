"""What an estimate is asked for."""

from datetime import date

import pytest

from longtail.errors import ConfigError, UnknownName, UsageError
from longtail.origin.dates.slope import LEAST_REPLICATES
from longtail.origin.estimating.asking import Ask
from longtail.origin.estimating.corpus import How
from longtail.origin.settings import Settings

BOTH = {"human": ["a"], "synthetic": {"one": ["b"]}}
TWO = {"human": ["a"], "synthetic": {"one": ["b"], "two": ["c"]}}


@pytest.mark.parametrize(
    ("given", "referenced"),
    [
        (BOTH, True),
        ({"pairs": []}, True),
        ({"human": ["a"]}, False),
        ({"human": ["a"], "synthetic": {}}, False),
        ({"date_column": "d"}, False),
    ],
)
def test_what_can_be_measured_passes_with_or_without_a_reference(given, referenced):
    ask = Ask(["x"], **given)
    ask.check()
    assert ask.is_referenced == referenced


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"synthetic": {}}, UsageError, "nothing to measure with"),
        ({"pairs": [], "synthetic": {"one": ["b"]}}, UsageError, "pairs hold both sides"),
        ({**TWO, "published": True}, UsageError, "one machine origin"),
        ({"human": ["a"], "published": True}, UsageError, "one machine origin"),
        ({"pairs": [], "synthetic_column": ("a", "b"), "published": True}, UsageError, "one machine origin"),
        ({**TWO, "score_column": "s"}, UsageError, "--score-column goes with one"),
        ({"date_column": "d", "score_column": "s"}, UsageError, "--score-column goes with one"),
        ({"date_column": "d", "weights": "w.jsonl"}, UsageError, "leave --weights out"),
        ({**BOTH, "how": How(documents=0)}, UsageError, "documents is 0"),
        ({**BOTH, "settings": Settings(method="mixtur")}, UnknownName, "did you mean 'mixture'"),
        ({**BOTH, "date_column": "d", "settings": Settings(replicates=LEAST_REPLICATES - 1)}, ConfigError, "shares over dates need"),
        ({**BOTH, "date_column": "d", "date_kind": "guessed"}, ConfigError, "'guessed'"),
        ({**BOTH, "date_column": "d", "period": "week"}, ConfigError, "period is 'week'"),
    ],
)
def test_what_does_not_go_together_is_refused_before_the_data_are_read(given, error, says):
    def unread():
        raise AssertionError("read")
        yield

    with pytest.raises(error, match=says):
        Ask(unread(), **given).check()


@pytest.mark.parametrize("given", [{**BOTH, "weights": "w.jsonl"}, {"date_column": "d"}, {"human": ["a"], "date_column": "d"}])
def test_data_that_can_be_read_once_are_refused_where_they_are_read_again(given):
    with pytest.raises(UsageError, match="read more than once"):
        Ask(iter(["x"]), **given).check()


def test_data_that_can_be_read_once_will_do_where_they_are_read_once():
    Ask(iter(["x"]), **BOTH, date_column="d").check()
    Ask(iter(["x"]), human=["a"]).check()


def test_settings_of_dates_count_only_where_dates_are_named():
    ask = Ask(["x"], **BOTH, period="week", date_kind="guessed", settings=Settings(replicates=20))
    ask.check()
    assert ask.when() is None


def test_dates_are_known_as_they_were_asked_for():
    when = Ask(["x"], date_column="d", date_kind="archived", period="month", cutoff="2021-02-03").when()
    assert (when.column, when.kind, when.unit, when.cutoff) == ("d", "archived", "month", date(2021, 2, 3))


def test_one_column_may_serve_several_ends_and_each_names_its_option():
    found = Ask(["x"], cluster_column="site", date_column="d", by=("site", "lang")).columns()
    assert found == {"cluster": "site", "date": "d", "by site": "site", "by lang": "lang"}
    assert found["cluster"].option == "--cluster-column" and found["by site"].option == "--by"


def test_with_scores_of_ones_own_there_is_no_scorer():
    assert Ask(["x"], **BOTH, score_column="s").fitting() is None
    assert Ask(["x"], **BOTH).fitting() is not None
