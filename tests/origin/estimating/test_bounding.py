"""Lower bounds without machine text."""

import pytest

from longtail.errors import UsageError
from longtail.origin.estimating.bounding import FEWEST, SOURCES, Bounds, Unlike, _largest, check_again, unlike
from longtail.origin.scorers.given import Given
from longtail.origin.settings import Settings
from longtail.origin.vocabulary.batches import Dated

BY_NUMBER = Given(lambda texts: [float(text.split()[-1]) for text in texts])


def told(at_least):
    return Unlike(status="weak", reasons=(), documents=9, human=9, level=0.95, at_least=at_least)


def test_documents_that_stand_among_the_human_texts_are_not_held_against_them():
    human = [f"text {at}" for at in range(FEWEST)]
    new = [f"other {at}" for at in range(FEWEST - 1)]
    found = unlike([*new, *(f" {text}\n" for text in human)], None, human, BY_NUMBER, Settings())
    assert (found.status, found.documents, found.at_least) == ("refused", FEWEST - 1, None)
    assert f"{FEWEST} human texts and {FEWEST - 1} documents that are not among them" in found.reasons[0]


def test_the_bound_is_below_the_share_of_documents_that_are_apart():
    human = [f"text {at}" for at in range(2000)]
    data = [f"like {at}" for at in range(0, 2000, 2)] + [f"far {at}" for at in range(10_000, 11_000)]
    found = unlike(data, None, human, BY_NUMBER, Settings())
    assert found.status == "weak" and 0.3 < found.at_least <= 0.5
    assert unlike(data[:1000], None, human, BY_NUMBER, Settings()).at_least < 0.05


def test_the_highest_lower_bound_counts():
    assert Bounds().at_least is None and Bounds(unlike=told(None)).at_least is None
    assert Bounds(unlike=told(0.0)).at_least == 0.0


def test_the_largest_sources_are_taken_and_of_equals_the_first_by_name():
    import numpy as np
    import pyarrow as pa

    names = [f"s{at:02d}" for at in range(SOURCES + 3)]
    values = [*reversed(names), names[-1], None, None]
    batch = Dated(pa.array(["x"] * len(values)), np.full(len(values), np.datetime64("2020-01-01", "D")), None, pa.array(values))
    assert _largest(iter([batch])) == [names[-1], *names[: SOURCES - 1]]


@pytest.mark.parametrize("data", ["-", ["-"], iter(["x"])])
def test_what_can_be_read_once_is_refused(data):
    with pytest.raises(UsageError, match="save them to a file"):
        check_again(data)
    check_again(["x"])
