"""What counts as valid."""

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import ConfigError
from longtail.views.batch import texts_of
from longtail.views.keys import types_of
from longtail.views.validity import INVALID, VALID, judged_by, lettered, matching, validity


def test_a_pattern_is_found_anywhere_or_where_it_is_anchored():
    assert matching("a.c").of(["xabcx", "ac", "", "abc\n"]).tolist() == [True, False, False, True]
    assert matching("^a.c$").of(["xabcx", "abc"]).tolist() == [False, True]


def test_letters_of_any_script_count():
    assert lettered(3).of(["a1b", "abc", "猫と犬", "🙂🙂🙂", "عرب", ""]).tolist() == [False, True, True, False, True, False]


def test_a_function_says_true_or_a_number_above_nought():
    assert judged_by("m:f", lambda texts: [len(text) > 1 for text in texts]).of(["a", "ab"]).tolist() == [False, True]
    assert judged_by("m:f", lambda texts: np.array([-0.5, 0.0, 0.5])).of(["a", "b", "c"]).tolist() == [False, False, True]


def test_names_hold_the_settings():
    assert [matching("a+").name, lettered(5).name, judged_by("m:f", len).name] == ["regex:a+", "letters:5", "m:f"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: matching("a("), r"'a\(' is no pattern"),
        (lambda: lettered(0), "0 letters"),
        (lambda: judged_by("m:f", lambda texts: [True]).of(["a", "b"]), "returned bool of shape \\(1,\\) for 2 texts"),
        (lambda: judged_by("m:f", lambda texts: ["x"] * len(texts)).of(["a"]), "one truth for each"),
        (lambda: judged_by("m:f", lambda texts: 1 / 0).of(["a"]), "'m:f' failed: ZeroDivisionError"),
    ],
)
def test_what_is_wrong_is_said(make, said):
    with pytest.raises(ConfigError, match=said):
        make()


def test_each_document_is_one_token_valid_or_not():
    texts = texts_of(pa.array(["abc", "12", "def", ""]), 0)
    batch = validity(texts, lettered(1).of(["abc", "12", "def", ""]))
    assert types_of(batch.first).tolist() == [VALID, INVALID, VALID, INVALID]
    assert batch.documents.sum() == 4
