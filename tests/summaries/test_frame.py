import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import ConfigError
from longtail.summaries.frame import Frame, Smallest, fit
from longtail.summaries.profiling import Counting
from longtail.views.batch import texts_in
from longtail.views.keys import half_of
from longtail.views.names import views_of

NAMES = ("regions:emb", "number:age")


def rows(n, seed=0):
    rng = np.random.default_rng(seed)
    return pa.table({"age": rng.normal(40, 10, n), "emb": list(rng.normal(size=(n, 4)).astype("f4"))})


def fitted(table, seed=0):
    return fit(Counting(NAMES, seed).reading(table).batches(), views_of(NAMES), seed)


def half_a(table):
    """The rows of half A, by the reader's own batches."""
    kept = []
    for batch in Counting(NAMES).reading(table).batches():
        kept.append(half_of(texts_in(batch, 0).cells.astype(np.uint16)) == 0)
    return np.concatenate(kept)


def test_bins_and_cells_are_those_of_half_a_alone():
    table = rows(2000)
    at, frame = half_a(table), fitted(table)
    age = np.array(table.column("age"))
    assert frame.edges["age"].fitted == at.sum()
    assert frame.edges["age"].deviation == pytest.approx(age[at].std(), rel=1e-6)
    changed = table.set_column(0, "age", pa.array(np.where(at, age, age)))
    assert fitted(changed).hash == frame.hash
    vectors = np.stack(table.column("emb").to_numpy())
    assert frame.standards["emb"].mean == pytest.approx(vectors[at].mean(axis=0), abs=1e-5)


def test_a_frame_does_not_depend_on_order_or_shards():
    table = rows(3000)
    shuffled = table.take(np.random.default_rng(1).permutation(3000))
    assert fitted(shuffled).hash == fitted(table).hash == fitted(pa.concat_tables([table.slice(2000), table.slice(0, 2000)])).hash


def test_a_frame_is_the_same_after_saving_and_other_data_give_another():
    frame = fitted(rows(500))
    again = Frame.from_dict(frame.to_dict())
    assert again.hash == frame.hash != fitted(rows(500, 1)).hash
    assert Frame().hash == ""


def test_a_view_that_was_not_fitted_is_refused():
    with pytest.raises(ConfigError, match="'number:size' was not fitted on the reference; profile the reference with --view number:size"):
        fitted(rows(200)).require(views_of(["number:size"]))
    fitted(rows(200)).require(views_of(NAMES))


def test_a_column_without_a_finite_vector_is_refused():
    table = pa.table({"age": [1.0, 2.0] * 50, "emb": [[float("nan")] * 3] * 100})
    with pytest.raises(ConfigError, match="column 'emb' has no finite vector in half A"):
        fitted(table)


def test_the_rows_of_smallest_hash_are_kept_once_each():
    rng = np.random.default_rng(0)
    ranks = rng.integers(0, 500, 2000).astype(np.uint64)
    values = ranks.astype(float) * 2
    kept = Smallest(40)
    for part in range(0, 2000, 130):
        kept.add(ranks[part : part + 130], values[part : part + 130])
    assert kept.rows().tolist() == (np.unique(ranks)[:40] * 2.0).tolist()
