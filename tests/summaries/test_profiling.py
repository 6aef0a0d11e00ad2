import numpy as np
import pyarrow as pa
import pytest

import longtail
from longtail.errors import ConfigError, IncompatibleSummaries, UsageError
from longtail.gates.validity import validity_of
from longtail.summaries.files import load, save
from longtail.summaries.profiling import Counting, settled
from longtail.testing.difference import difference
from longtail.views.keys import types_of

WORDS = ("words_1", "words_2", "words_3")


def vectors(n, seed=0, width=4):
    return np.random.default_rng(seed).normal(size=(n, width)).astype("f4")


def table(n, seed=0):
    rng = np.random.default_rng(seed)
    return pa.table(
        {
            "state": rng.choice(list("abcdefgh"), n),
            "job": rng.choice(["x", "y", "z"], n),
            "age": rng.normal(40, 10, n),
            "emb": list(vectors(n, seed)),
        }
    )


def test_one_pass_counts_views_of_every_kind_together():
    n = 600
    rows = table(n).append_column("text", pa.array([f"row number {i} says so" for i in range(n)]))
    views = ["words_1", "category:state", "category:job", "pairs", "number:age", "regions:emb", "code_1", "formats", "near_duplicates"]
    made = longtail.profile(rows, views=views, by=["job"])
    assert made.views == tuple(sorted(views)) and made.by == ("job",)
    assert made.frequencies["words_1"].tokens.sum() == 5 * n
    assert made.frequencies["pairs"].tokens.sum() == n and len(np.unique(types_of(made.frequencies["pairs"].run().keys))) == 24
    for name in ("category:state", "number:age", "regions:emb", "formats", "lengths"):
        assert made.frequencies[name].tokens.sum() == n, name
    assert set(made.labels["category:state"].names.values()) == set("abcdefgh")
    assert len(made.vectors["emb"].rows()) == len(made.values["age"].values().values) == n
    assert made.moments["emb"].rows.sum() == n and made.principal == "words_1"


def test_a_table_stands_for_a_view_of_every_column():
    made = longtail.profile(table(500), views=["table"])
    assert made.views == ("category:job", "category:state", "number:age", "pairs", "regions:emb")
    assert made.content == "rows of a table: state, job, age, emb"


@pytest.mark.parametrize(
    ("data", "features", "views"),
    [(["a text"] * 3, None, WORDS), (["a text"] * 3, vectors(3), (*WORDS, "regions:features")), (vectors(3), None, ("regions:features",))],
)
def test_views_follow_from_the_data_where_none_are_asked_for(data, features, views):
    found = settled(data, Counting((), features=features), is_asked=False).views
    assert tuple(view for view in found if view not in ("formats", "near_duplicates")) == views


def test_shards_counted_in_one_frame_are_the_whole():
    rows = table(900)
    whole = longtail.profile(rows, views=["table"])
    parts = [longtail.profile(rows.slice(at, 300), views=whole.views, like=whole) for at in (600, 0, 300)]
    merged = longtail.merge(parts)
    for each in (whole, merged):
        each.parts, each.content = [], ""
    assert difference(whole.to_dict(), merged.to_dict()) == ""


def test_a_saved_profile_is_the_same_and_its_file_too(tmp_path):
    whole = longtail.profile(table(400), views=["table", "regions:emb"], by=["job"])
    save(whole, tmp_path / "a.ltp")
    again = load(tmp_path / "a.ltp")
    assert again.key == whole.key and difference(whole.to_dict(), again.to_dict()) == ""
    save(again, tmp_path / "b.ltp")
    assert (tmp_path / "a.ltp").read_bytes() == (tmp_path / "b.ltp").read_bytes()


def test_profiles_in_unlike_cells_refuse_with_the_fix():
    left, right = longtail.profile(vectors(300)), longtail.profile(vectors(300, 1))
    with pytest.raises(IncompatibleSummaries, match=r"bins and regions .*--like REFERENCE\.ltp"):
        left.merge(right)
    longtail.profile(vectors(300, 1), like=left).merge(left)


def test_cells_cannot_be_fitted_on_data_that_are_read_once():
    rows = ({"age": float(i), "text": f"row {i}"} for i in range(50))
    with pytest.raises(UsageError, match="read only once; save them to a file"):
        longtail.profile(rows, views=["number:age"])


def test_a_frame_without_the_column_is_refused_before_reading():
    with pytest.raises(ConfigError, match="'regions:emb' was not fitted"):
        longtail.profile(table(50), views=["regions:emb"], like=longtail.profile(vectors(300)))


def test_documents_that_are_not_valid_are_counted_and_left_out():
    texts = [f"a sound sentence about thing {i}" for i in range(40)] + ["#@!%" * 5] * 7
    made = longtail.profile(texts, validity=validity_of("letters:5"))
    plain = longtail.profile(texts[:40], validity=validity_of("letters:5"))
    assert made.documents == 40 and made.words == plain.words == 40 * 6
    assert made.frequencies["validity"].documents.sum() == 47
    assert difference(made.frequencies["words_2"].to_dict(), plain.frequencies["words_2"].to_dict()) == ""
    with pytest.raises(IncompatibleSummaries):
        made.merge(longtail.profile(texts, validity=validity_of("letters:6")))


def test_rows_alike_in_all_but_their_vectors_are_no_copies():
    rows = pa.table({"kind": ["a"] * 50, "emb": list(vectors(50))})
    made = longtail.profile(rows, views=["regions:emb"], by=["kind"])
    assert made.distinct() == made.documents == 50


def test_degenerate_columns_have_defined_counts():
    n = 60
    rows = pa.table({"same": [1.0] * n, "none": pa.nulls(n, pa.float64()), "odd": [float("nan"), float("inf")] * (n // 2), "id": range(n)})
    made = longtail.profile(rows, views=["number:same", "number:id"])
    assert made.frequencies["number:same"].documents.sum() == n
    for column in ("none", "odd"):
        with pytest.raises(ConfigError, match=f"column '{column}' holds no finite number in half A"):
            longtail.profile(rows, views=[f"number:{column}"])


def test_a_hundred_thousand_classes_are_counted():
    n = 100_000
    made = longtail.profile(pa.table({"name": [f"n{i}" for i in range(n)]}), views=["category:name"], by=["name"])
    assert made.frequencies["category:name"].is_exact and made.distinct(view="category:name") == n
    assert not made.frequencies["labels:name"].is_exact
