import math

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import ReadError, UsageError
from longtail.origin.estimating.corpus import How, check_apart, drawn
from longtail.origin.estimating.sides import named_sides, paired_sides, sides
from longtail.origin.estimating.slicing import MOST, measurable
from longtail.readers import Named

WORDS = [f"word{chr(97 + n)}" for n in range(20)]


def text(number):
    return f"{WORDS[number % 20]} {number} {WORDS[(number * 7) % 20]} was here"


ROWS = [
    {"text": text(n), "host": f"https://WWW.site{n % 2}.org/{n}?q=1", "score": n / 7, "when": 2020 + n % 3, "by": "a" if n % 2 else None}
    for n in range(60)
]


def test_columns_come_beside_their_texts_and_pages_count_by_site():
    wanted = {"cluster": Named("host", "--cluster-column"), "score": Named("score", "--score-column"), "date": Named("when")}
    found = drawn(ROWS, "data", wanted, How())
    by_text = {row["text"]: row for row in ROWS}
    assert found.input.documents == len(found) == 60
    assert set(found.columns["cluster"]) == {"https://www.site0.org", "https://www.site1.org"}
    assert found.scores()[:, 0].tolist() == [by_text[each]["score"] for each in found.texts]
    assert found.columns["date"] == tuple(str(by_text[each]["when"]) for each in found.texts)


def test_the_draw_is_the_same_for_any_order_and_any_form_of_the_data(write_rows):
    one = drawn(ROWS, "data", {}, How(documents=20))
    two = drawn(ROWS[::-1], "data", {}, How(documents=20))
    three = drawn(pa.Table.from_pylist(ROWS), "data", {}, How(documents=20))
    path = write_rows("rows.jsonl", ROWS)
    assert one.texts == two.texts == three.texts == drawn(path, "data", {}, How(documents=20)).texts
    assert len(one) == 20 and one.input.documents == 60
    assert drawn(ROWS, "data", {}, How(documents=20, seed=1)).texts != one.texts


def test_a_document_without_a_cluster_or_a_score_is_alone_and_has_none():
    rows = [{"text": "one two", "c": "x", "s": None}, {"text": "three four", "c": None, "s": 2}, {"text": "five six", "s": "0.5"}]
    found = drawn(rows, "data", {"cluster": Named("c"), "score": Named("s")}, How())
    by = dict(zip(found.texts, zip(found.clusters(), found.scores()[:, 0].tolist(), strict=True), strict=True))
    assert by["one two"][0] == "x" and math.isnan(by["one two"][1])
    assert by["three four"][1] == 2 and by["five six"][1] == 0.5
    assert len(set(found.clusters())) == 3


def test_documents_of_one_group_are_drawn_together():
    rows = [{"text": text(n), "pair": f"p{n // 2}"} for n in range(200)]
    found = drawn(rows, "human", {"group": Named("pair")}, How(documents=40), together="group")
    groups = found.columns["group"]
    assert len(found) == 40 and all(groups.count(each) == 2 for each in groups)


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"cluster": Named("hots", "--cluster-column")}, "no column 'hots'.*did you mean 'host'"),
        ({"date": Named("zzz", "--date-column")}, "no column 'zzz'.*--date-column NAME"),
    ],
)
def test_a_column_that_is_not_there_is_named_with_those_that_are(wanted, says):
    with pytest.raises(ReadError, match=says):
        drawn(ROWS, "data", wanted, How())


def test_a_score_that_is_no_number_is_shown():
    found = drawn([{"text": "one two", "s": "high"}], "data", {"score": Named("s")}, How())
    with pytest.raises(UsageError, match="score 'high' is no number; name a column of numbers"):
        found.scores()


def test_data_that_are_their_own_reference_are_refused(write_rows):
    path = write_rows("rows.jsonl", ROWS)
    data, human = drawn(path, "data", {}, How()), drawn(str(path.parent / "." / path.name), "human", {}, How())
    with pytest.raises(UsageError, match="is read as data and as human"):
        check_apart(data, [human])


def test_a_reference_knows_its_origins_groups_and_scores():
    human = [{"text": text(n), "pair": n, "s": -1} for n in range(10)]
    models = {
        "one": [{"text": text(n) + " one", "pair": n, "s": 1} for n in range(10)],
        "two": [{"text": "so it is " + text(99), "pair": 3}],
    }
    found = sides(human, {"one": models["one"]}, How(), group="pair", score="s")
    labels = found.reference.labels
    assert found.reference.origins == ("one",) and len(np.unique(found.reference.groups)) == 10
    assert (found.scores[:, 0] == np.where(labels == 1, 1, -1)).all()
    both = sides(human, models, How(), group="pair")
    assert both.reference.counts().tolist() == [10, 10, 1]
    assert [(each.role, each.origin) for each in both.inputs] == [("human", ""), ("synthetic", "one"), ("synthetic", "two")]


def test_paired_texts_without_groups_are_refused():
    human = [f"the {n} day was long and we went out to see it all" for n in range(40)]
    machine = [f"the {n} day was long and so the model went on" for n in range(40)]
    with pytest.raises(UsageError, match="--group-column NAME"):
        sides(human, named_sides(machine), How())


def test_rows_with_both_sides_are_groups():
    rows = [{"human": f"person {n} said this", "gpt": f"model {n} said this", "other": "x y" if n < 5 else None} for n in range(20)]
    found = paired_sides(rows, How(), synthetic=("gpt", "other"))
    assert found.reference.origins == ("gpt", "other")
    assert found.reference.counts().tolist() == [20, 20, 5]
    groups = found.reference.groups
    by_text = dict(zip(found.reference.texts, groups, strict=True))
    assert by_text["person 7 said this"] == by_text["model 7 said this"] != by_text["model 8 said this"]


def test_a_pair_column_without_texts_is_refused():
    with pytest.raises(UsageError, match="'gpt' holds no text"):
        paired_sides([{"human": "a b", "gpt": None}, {"human": "c d", "gpt": ""}], How(), synthetic=("gpt",))


def test_values_of_few_documents_are_not_measured_alone_and_counted():
    values = ["big"] * 50 + ["small"] * 10 + [None] * 5 + [f"v{n}" for n in range(30)]
    kept, note = measurable("source", values)
    assert kept.count("big") == 50 and kept.count(None) == 45
    assert "31 of 32 values" in note and "40 documents" in note
    assert measurable("source", ["a"] * 30) == (["a"] * 30, "")
    many, _ = measurable("source", [f"v{n % (MOST + 3)}" for n in range(50 * (MOST + 3))])
    assert len({each for each in many if each}) == MOST
