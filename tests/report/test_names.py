import pytest

from longtail.metrics import RATIOS, VALUES
from longtail.report.names import METRICS, view


def test_every_metric_has_a_plain_name():
    assert {entry.name for entry in (*VALUES, *RATIOS)} - METRICS.keys() == set()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("words_2", "word pairs"),
        ("category:home.state", "values of home.state"),
        ("regions:features", "regions of features"),
        ("number:a_b", "numbers in a_b"),
        ("heard_of_never", "heard of never"),
    ],
)
def test_a_view_is_told_in_words(name, plain):
    assert view(name) == plain
