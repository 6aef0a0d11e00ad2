"""The smallest keys, and what is kept of each row."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from longtail.policies.mixing.drawing import smallest
from longtail.policies.mixing.feasible import largest
from longtail.policies.mixing.gathering import NARROW, Sources, canonical, gather
from longtail.policies.mixing.pools import pooled

from .mixing_help import human, key, put, written


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 2)), max_size=40), st.integers(0, 45))
def test_the_smallest_keys_are_those_of_a_sort_by_key_pool_and_place(rows, count):
    keys, ties = (np.array([row[at] for row in rows], kind) for at, kind in ((0, np.uint64), (1, np.int16)))
    wanted = sorted(range(len(rows)), key=lambda at: (rows[at], at))[:count]
    assert sorted(smallest(keys, ties, count).tolist()) == sorted(wanted)


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_largest_size_that_fits_is_found(most, size):
    assert largest(lambda rows: rows, size, lambda rows: rows <= most) == min(most, size - 1)


def test_a_row_takes_at_most_sixteen_bytes_and_its_key_is_the_hash_of_its_id(here):
    put("a.jsonl", human(50) + written(1, 30) + written(None, 20))
    sources = Sources(["a.jsonl"])
    rows = gather(sources, sources.reader(NARROW), 3)
    assert sum(column.nbytes for column in rows[:5]) <= 16 * len(rows.keys)
    assert rows.keys.tolist()[:50] == [key(f"h{n}", 3) for n in range(50)]
    pools = pooled(rows)
    assert (pools.held, pools.newest, pools.undated) == ((50, 0, 50), 1, 20)


def test_equal_sampling_settings_are_one_however_they_are_written():
    assert canonical('{"top_p": 1, "temperature":0.5}') == canonical('{"temperature": 0.5,"top_p":1}') == '{"temperature":0.5,"top_p":1}'
    assert canonical("greedy") == "greedy"
