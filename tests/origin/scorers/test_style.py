from math import log1p, sqrt

import numpy as np
import pytest

from longtail.origin.scorers.style import STYLE, style
from longtail.origin.scorers.tokens import tokens


def rates(text):
    return dict(zip(STYLE, style(tokens(text)), strict=True))


def test_rates_of_a_small_text_are_those_counted_by_hand():
    found = rates("The cat sat, the Cat ran.\nNumber 12 remembered everything!")
    assert found["log words"] == pytest.approx(log1p(10))
    assert found["types per word"] == pytest.approx(8 / 10)
    assert found["words used once"] == pytest.approx(6 / 10)
    assert found["types per word pair"] == pytest.approx(8 / 9)
    assert found["types per long word"] == 1
    assert found["capitals"] == pytest.approx(3 / 10)
    assert found["digits"] == pytest.approx(1 / 10)
    assert found["short words"] == pytest.approx(7 / 10)
    assert found["long words"] == pytest.approx(2 / 10)
    assert found["mark ,"] == found["mark !"] == found["line ends"] == pytest.approx(sqrt(1 / 10))
    assert found["log mean sentence"] == pytest.approx(log1p((7 + 4) / 2))  # marks inside a sentence count


def test_an_empty_text_and_one_of_marks_only_have_finite_rates():
    assert np.isfinite(style([])).all()
    assert np.isfinite(style(tokens("... --- !?"))).all()


def test_repeating_a_text_lowers_its_variety():
    once, thrice = rates("a b c d. "), rates("a b c d. " * 3)
    assert thrice["types per word"] == once["types per word"] / 3
    assert thrice["words used once"] == 0 < once["words used once"]
