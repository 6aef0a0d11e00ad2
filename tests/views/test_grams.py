import numpy as np
import pyarrow as pa

from longtail.views import grams
from longtail.views.batch import texts_of


def letters(part, first, again):
    """Every byte of a text is a token of the order 1; a text of one byte has none of the order 2."""
    lengths = np.array([np.diff(part.offsets), np.maximum(np.diff(part.offsets) - 1, 0)])
    for row in (0, 1):
        first[row, : lengths[row].sum()] = np.repeat(part.cells, lengths[row])
    return np.array([[lengths[0].sum(), 0], [lengths[1].sum(), 0]]), lengths


def made(texts):
    return grams.grams_of(texts_of(pa.array(texts, pa.string()), 0), 2, lambda part: int(np.diff(part.offsets).sum()) + 1, letters)


def test_slices_are_put_together_as_one_pass_would(monkeypatch):
    texts = ["x" * length for length in (3, 1, 0, 9, 200, 2)]
    whole = made(texts)
    for size in (1, 10, 64):
        monkeypatch.setattr(grams, "SLICE_BYTES", size)
        for one, other in zip(whole, made(texts), strict=True):
            assert one.first.tolist() == other.first.tolist() and one.lengths.tolist() == other.lengths.tolist()
    assert [each.lengths.tolist() for each in whole] == [[3, 1, 0, 9, 200, 2], [2, 0, 0, 8, 199, 1]]
    assert [each.tokens.sum() for each in whole] == [215, 210] and [each.documents.sum() for each in whole] == [6, 6]


def test_no_documents_have_no_grams():
    for each in made([]):
        assert len(each.first) == len(each.again) == len(each.lengths) == each.tokens.sum() == 0
