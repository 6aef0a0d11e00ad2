"""Columns of a table as types, and pairs of them, counted by brute force."""

from collections import Counter
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import ConfigError
from longtail.summaries.labels import Labels
from longtail.views.batch import marks_of, texts_of
from longtail.views.categories import MOST_COLUMNS, category, pairs, pairs_version
from longtail.views.keys import CELLS, TYPE_BITS, cells_of, types_of

VALUES = st.sampled_from([None, "a", "b", "c", ""])
ROWS = st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=20)


def column(values):
    return pa.array(values, pa.string())


def texts(count, seed=0):
    return texts_of(column([f"row {at}" for at in range(count)]), seed)


def marks(table, names="xyz"):
    return {name: marks_of(column([row[at] for row in table])) for at, name in enumerate(names)}


def sizes(types):
    return sorted(Counter(types.tolist()).values())


@given(st.lists(VALUES, max_size=30))
def test_a_value_is_one_token_and_has_its_written_name(values):
    found, names = category(marks_of(column(values)), texts(len(values)), 0), Labels("category:x", 0)
    names.add(marks_of(column(values)))
    counted = Counter(names.names[kind] for kind in types_of(found.first).tolist())
    assert counted == Counter(value for value in values if value is not None)
    assert found.documents.sum() == found.tokens.sum() == len(found.first)


@given(ROWS)
def test_pairs_are_those_of_brute_force(table):
    found = pairs(marks(table), texts(len(table)), 0)
    expected = Counter()
    for row in table:
        expected.update(
            (one, other, row[one], row[other]) for one, other in combinations(range(3), 2) if None not in (row[one], row[other])
        )
    assert sizes(types_of(found.first)) == sorted(expected.values())
    assert len(found.again) == 0
    assert found.tokens.sum() == len(found.first)
    held = np.array([sum(value is not None for value in row) > 1 for row in table], bool)
    assert found.documents.tolist() == np.bincount(texts(len(table)).cells[held].astype(np.int64), minlength=CELLS).tolist()


@given(ROWS)
def test_each_pair_lies_in_the_cell_of_its_document(table):
    found, where = pairs(marks(table), texts(len(table)), 0), texts(len(table)).cells.astype(np.uint16)
    pairs_of = [sum(value is not None for value in row) for row in table]
    expected = Counter(np.repeat(where, [count * (count - 1) // 2 for count in pairs_of]).tolist())
    assert Counter(cells_of(found.first).tolist()) == expected


@given(ROWS)
def test_the_order_in_which_columns_are_named_does_not_matter(table):
    named = marks(table)
    turned = dict(reversed(named.items()))
    assert pairs(named, texts(len(table)), 0).first.tolist() == pairs(turned, texts(len(table)), 0).first.tolist()
    assert pairs_version(named) == pairs_version(turned) != pairs_version(["x", "y"])


def test_a_pair_has_one_type_whatever_its_batch_and_another_where_values_change_columns():
    first = types_of(pairs(marks([("a", "b")], "xy"), texts(1), 0).first).tolist()
    assert types_of(pairs(marks([("q", "q"), ("a", "b")], "xy"), texts(2), 0).first).tolist()[1:] == first
    assert types_of(pairs(marks([("b", "a")], "xy"), texts(1), 0).first).tolist() != first
    assert types_of(pairs(marks([("a", "b")], "xz"), texts(1), 0).first).tolist() != first
    assert types_of(pairs(marks([("a", "b")], "xy"), texts(1, 1), 1).first).tolist() != first


def test_types_of_many_pairs_fill_their_bits_and_do_not_meet():
    table = [(str(one), str(other)) for one in range(300) for other in range(300)]
    types = types_of(pairs(marks(table, "xy"), texts(len(table)), 0).first)
    assert len(np.unique(types)) == len(table)
    assert abs(types.astype(float).mean() / 2**TYPE_BITS - 0.5) < 0.01


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_columns_have_no_pairs(count):
    found = pairs(marks([("a",), ("b",)][: 2 * count], "x"[:count]), texts(2 * count), 0)
    assert len(found.first) == found.tokens.sum() == found.documents.sum() == 0


def test_too_many_columns_are_refused_with_their_number():
    one = marks_of(column(["a"]))
    with pytest.raises(ConfigError, match=rf"pairs of {MOST_COLUMNS + 1} columns .* at most {MOST_COLUMNS}"):
        pairs({f"c{at}": one for at in range(MOST_COLUMNS + 1)}, texts(1), 0)
    assert len(pairs({f"c{at}": one for at in range(MOST_COLUMNS)}, texts(1), 0).first) == MOST_COLUMNS * (MOST_COLUMNS - 1) // 2
