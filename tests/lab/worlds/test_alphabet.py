"""Signs as numbers: texts as rows that a network reads, and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import ConfigError
from longtail.lab.worlds.alphabet import Alphabet


def test_an_alphabet_and_its_rows_are_one_another():
    signs = Alphabet("ab")
    rows = signs.encoded(["ab", "", "b"], 2)
    assert (signs.size, rows.tolist(), signs.decoded(rows)) == (3, [[0, 1], [2, 2], [1, 2]], ["ab", "", "b"])
    assert signs.decoded(np.zeros((0, 2), np.int64)) == []
    with pytest.raises(ConfigError, match="'abc' is no text of up to 2 signs among ab"):
        signs.encoded(["abc"], 2)


@given(st.lists(st.text("ab#", max_size=5), max_size=6), st.integers(5, 8))
def test_every_text_comes_back_and_what_fills_a_row_up_is_the_end(texts, width):
    signs = Alphabet("ab#")
    rows = signs.encoded(texts, width)
    assert rows.shape == (len(texts), width)
    assert signs.decoded(rows) == texts
    assert (rows == signs.end).sum() == sum(width - len(text) for text in texts)


def test_nothing_behind_the_first_end_is_read():
    assert Alphabet("ab").decoded(np.array([[0, 2, 1], [0, 1, 1], [2, 0, 0]])) == ["a", "abb", ""]


def test_a_strange_sign_is_refused():
    with pytest.raises(ConfigError, match="'a!' is no text"):
        Alphabet("ab").encoded(["a!"], 4)
