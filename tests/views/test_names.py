import pytest

from longtail.errors import ConfigError, UnknownName
from longtail.views.names import is_content, is_framed, principal, view_of, views_of


@pytest.mark.parametrize(
    ("name", "kind", "order", "column"),
    [
        ("words_3", "words", 3, ""),
        ("code_2", "code", 2, ""),
        ("turns", "turns", 0, ""),
        ("category:home.state", "category", 0, "home.state"),
        ("number:a:b", "number", 0, "a:b"),
        ("regions:features", "regions", 0, "features"),
    ],
)
def test_a_name_is_read_into_its_parts(name, kind, order, column):
    assert view_of(name) == (name, kind, order, column)


@pytest.mark.parametrize("name", ["words_5", "word_1", "labels:topic", "", "pairs:a"])
def test_an_unknown_name_is_refused(name):
    with pytest.raises(UnknownName, match="unknown view"):
        view_of(name)


@pytest.mark.parametrize("name", ["category", "category:", "regions"])
def test_a_kind_without_its_column_is_refused(name):
    with pytest.raises(ConfigError, match="names no column; write [a-z]+:COLUMN"):
        view_of(name)


def test_views_are_sorted_and_each_once():
    assert [view.name for view in views_of(["words_2", "words_1", "words_2"])] == ["words_1", "words_2"]


def test_pairs_need_two_categories():
    with pytest.raises(ConfigError, match="two category columns"):
        views_of(["pairs", "category:a"])
    assert len(views_of(["pairs", "category:a", "category:b"])) == 3


def test_words_speak_before_cells_and_cells_before_columns():
    assert principal(["number:a", "category:b", "regions:c", "words_2", "words_1"]) == "words_1"
    assert principal(["number:a", "category:b", "regions:c"]) == "regions:c"
    assert principal(["number:b", "number:a"]) == "number:a"
    assert principal([]) is None


def test_numbers_and_cells_need_a_frame_and_what_stands_beside_documents_is_no_content():
    assert is_framed(["words_1", "number:a"]) and not is_framed(["words_1", "category:a"])
    assert is_content("pairs") and not is_content("documents") and not is_content("labels:a")
