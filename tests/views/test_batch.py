"""Every text that is not composed is noticed, so that its batch cannot decide how it is counted."""

import unicodedata

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.views._unicode import composing
from longtail.views.batch import texts_of

POINTS = [*range(0xD800), *range(0xE000, 0x32400), *range(0xE0100, 0xE01F0)]


def texts(found):
    return texts_of(pa.array(found, pa.string()), 0)


def test_every_code_point_that_composition_may_change_is_flagged():
    changed = {point for point in POINTS if unicodedata.normalize("NFC", chr(point)) != chr(point) or unicodedata.combining(chr(point))}
    parts = [unicodedata.decomposition(chr(point)) for point in POINTS]
    seconds = {int(part.split()[1], 16) for part in parts if part and part[0] != "<" and " " in part}
    hangul = {*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)}
    assert [hex(point) for point in changed | seconds | hangul if not composing()[point]] == []


@given(st.lists(st.text(st.characters(max_codepoint=0x1FFFF, exclude_categories=["Cs", "Cn"]), max_size=8), max_size=5))
@settings(max_examples=300)
def test_texts_are_brought_to_nfc(found):
    column = texts(found)
    assert [column.text(index) for index in range(len(found))] == [unicodedata.normalize("NFC", text) for text in found]


def test_the_other_documents_of_a_batch_do_not_change_a_document():
    found = ["plain", "café", "cafe\u0301", "한", "\u1112\u1161\u11ab", "\u212b", "a\u0316\u0301", "a\u0301\u0316", "猫"]
    together = texts(found)
    for index, text in enumerate(found):
        alone = texts([text])
        assert alone.text(0) == together.text(index)
        assert (alone.content[0], alone.cells[0]) == (together.content[index], together.cells[index])
    assert together.content[1] == together.content[2]
    assert len(np.unique(together.content[6:8])) == 1


def test_bytes_are_read_only_and_bounds_are_not_whatever_the_buffers_of_the_column_are():
    column = pa.array(["one", "two"])
    copied = pa.Array.from_buffers(pa.string(), 2, [None, *(pa.py_buffer(bytes(buffer)) for buffer in column.buffers()[1:])])
    for each in (column, copied, column.slice(1), pa.array([], pa.string())):
        texts = texts_of(each, 0)
        assert not texts.data.flags.writeable
        assert texts.offsets.flags.writeable
