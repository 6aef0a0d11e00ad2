"""Keys of any kind, and buffers that hold some."""

import numpy as np
from hypothesis import strategies as st

from longtail.summaries.buffers import Buffer

KEYS = st.lists(st.integers(0, (1 << 64) - 1) | st.integers(0, 9), max_size=60)


def as_keys(values):
    return np.array(values, np.uint64)


def waiting(keys):
    buffer = Buffer()
    buffer.extend(keys)
    return buffer
