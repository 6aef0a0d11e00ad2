import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from longtail.report import words
from longtail.report.drawing import charts, svg


def test_a_scale_maps_and_holds_what_lies_outside():
    scale = svg.Scale(0, 2, 10, 110)
    assert [scale(value) for value in (-1, 0, 1, 2, 5)] == [10, 10, 60, 110, 110]
    assert svg.Scale(1, 10_000, 0, 4, log=True)(100) == pytest.approx(2)
    assert svg.Scale(3, 3, 5, 9)(3) == 5


def test_an_element_escapes_text_and_keeps_markup():
    drawn = svg.tag("g", svg.tag("a"), "<b>", text_anchor='"', class_=None, x=1.25, y=3.0)
    assert drawn == '<g text-anchor="&#34;" x="1.2" y="3"><a></a>&lt;b&gt;</g>'
    assert isinstance(drawn, Markup)


def test_a_bar_without_a_value_says_so():
    drawn = charts.kept_bars("n", "t", [charts.Bar("Rare", None, None, None)], 0.9)
    assert "not measured" in drawn
    assert "<rect" not in drawn


def test_a_bar_beyond_the_scale_says_that_it_goes_on():
    assert "910.0% →" in charts.kept_bars("n", "t", [charts.Bar("Rare", 9.1, 8.0, 10.0)], 0.9)


def test_one_point_makes_a_picture():
    assert "<polyline" in charts.ranks("n", "t", "d", [charts.Line("a", [(1.0, 0.5)], 0)])


@given(st.integers(1, 500), st.integers(2, 50))
def test_spread_keeps_both_ends(length, most):
    picked = charts.spread(length, most)
    assert (picked[0], picked[-1]) == (0, length - 1)
    assert picked == sorted(set(picked))
    assert len(picked) <= max(most, 1)


def test_decades_and_their_names():
    assert charts.decades(1, 1500) == [1, 10, 100, 1000]
    assert [charts.short(value) for value in (1, 100, 1000, 2e6)] == ["1", "100", "1k", "2M"]
    assert [charts.often(value) for value in (0.01, 0.0001, 12)] == ["1 in 100", "1 in 10k", "12"]


@given(st.text())
def test_one_line_is_one_line(text):
    assert len(words.one_line(text, 10).splitlines()) <= 1
    assert len(words.one_line(text, 10)) <= 10


@pytest.mark.parametrize(
    ("share", "shown"), [(None, "–"), (0, "0.0%"), (0.897, "89.7%"), (0.0004, "0.04%"), (-0.2, "-20.0%"), (12.5, "1,250.0%")]
)
def test_percentages(share, shown):
    assert words.percent(share) == shown


@pytest.mark.parametrize(
    ("advice", "split"),
    [
        ("Tag it: longtail tag a.jsonl -o b", ("Tag it:", "longtail tag a.jsonl -o b")),
        ("longtail tag a.jsonl", ("", "longtail tag a.jsonl")),
        ("What longtail mix does helps", ("What longtail mix does helps", "")),
        ("", ("", "")),
    ],
)
def test_a_command_at_the_end_is_told_apart(advice, split):
    assert words.command_last(advice) == split
