import numpy as np
import pyarrow as pa
import pytest

from longtail.summaries.counting import Columns, counts_of, valid_of, versions_of
from longtail.summaries.frame import Frame
from longtail.summaries.frequencies import Frequencies
from longtail.views.batch import texts_in
from longtail.views.names import views_of
from longtail.views.validity import lettered

BATCH = pa.record_batch(
    {
        "text": ["one two three", "def f(): return 1", "四 五"],
        "by:kind": ["a", None, "b"],
        "turns": pa.array(["user:3 assistant:2", None, None], pa.string()),
        "vector:emb": pa.array([np.array([1, 2], "<f4").tobytes(), None, np.array([3, 4], "<f4").tobytes()], pa.binary()),
    }
)


def test_each_column_is_decoded_once_and_what_is_missing_is_none():
    columns = Columns(BATCH)
    assert columns.marks("kind") is columns.marks("kind")
    assert columns.marks("kind").given.tolist() == [True, False, True] and not columns.marks("other").given.any()
    assert np.isnan(columns.vectors("emb", 2)[1]).all() and columns.vectors("emb", 2)[2].tolist() == [3, 4]
    assert columns.vectors("none", 5).shape == (3, 5) and np.isnan(columns.vectors("none", 5)).all()
    assert np.isnan(columns.numbers("kind", texts_in(BATCH, 0)).values).all()


def test_what_is_counted_is_what_was_asked_for_each_under_its_version():
    views = views_of(["words_1", "words_3", "code_1", "formats", "turns", "category:kind"])
    versions = versions_of(views, ["kind"], Frame(), lettered(2))
    kept = {name: Frequencies(name, version, 0) for name, version in versions.items()}
    found: dict[str, int] = {}
    for name, types in counts_of(texts_in(BATCH, 0), Columns(BATCH), kept, Frame(), 0):
        found[name] = found.get(name, 0) + int(types.tokens.sum())
    assert found == {
        "documents": 3, "prompts": 0, "words_1": 9, "words_3": 3, "lengths": 3, "formats": 3, "code_1": found["code_1"], "labels:kind": 2,
        "category:kind": 2, "turns": 2,
    }  # fmt: skip
    assert versions["validity"].endswith("letters:2") and "validity" not in found


@pytest.mark.parametrize(("least", "valid"), [(1, 3), (3, 2), (99, 0)])
def test_documents_that_are_not_valid_are_told_apart(least, valid):
    kept, judged = valid_of(BATCH, lettered(least), 0)
    assert kept.num_rows == valid and judged.tokens.sum() == 3
