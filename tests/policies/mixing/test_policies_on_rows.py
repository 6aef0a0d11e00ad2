"""Every policy on real rows, beside a mix in plain Python; the same rows whatever the files."""

import gzip
import json
import random

import pytest

from longtail.errors import ReadError, UsageError
from longtail.policies import POLICIES
from longtail.policies.mixing import mix
from longtail.records import Origin

from .mixing_help import draw, golden, human, ids, put, take, written

REAL, NEW = [row["lt_id"] for row in human(120)], [row["lt_id"] for row in human(40, start=1000)]
ONE, TWO, THREE = ([row["lt_id"] for row in written(g, n)] for g, n in ((1, 60), (2, 70), (3, 100)))
EVERYTHING = REAL + ONE + TWO + THREE

# policy, size asked for: the ids that a mix holds
EXPECTED = {
    ("replace", 80): draw(80, THREE),
    ("accumulate", 100): EVERYTHING,
    ("fixed_budget", 90): draw(90, REAL, ONE, TWO, THREE),
    ("window:2", 100): TWO + THREE,
    ("window:9", 50): REAL + ONE + TWO + draw(50, THREE),
    ("grown", 25): THREE,
    ("augment", 30): REAL + draw(30, THREE),
    ("fresh:0.3", 100): draw(30, NEW) + draw(70, THREE),
    ("fresh:0.3,2,0.1", 100): draw(30, NEW) + draw(10, REAL) + draw(60, TWO, THREE),
    ("expanding:0.25", 100): REAL + ONE + TWO + draw(25, NEW) + draw(75, THREE),
    ("keep_original:0.4", 100): draw(40, REAL) + draw(60, THREE),
    ("weighted:0.8,0.25", 100): draw(25, NEW) + draw(75, THREE),
    ("weighted:golden,0.2", 100): draw(20, NEW) + draw(80, THREE),
    ("blend:0.5,0.3,0.2", 100): draw(50, THREE) + draw(30, TWO) + draw(20, REAL),
}


@pytest.fixture
def data(here):
    put("a.jsonl", human(120) + written(1, 60))
    put("b.jsonl", written(2, 70) + written(3, 100))
    put("new.jsonl", human(40, start=1000))
    return ["a.jsonl", "b.jsonl"]


def test_every_policy_is_tried_here():
    assert {spec.partition(":")[0] for spec, _ in EXPECTED} | {"edit"} == {entry.name for entry in POLICIES}


@pytest.mark.parametrize(("spec", "size"), EXPECTED)
def test_a_policy_takes_the_rows_that_plain_python_takes(data, spec, size):
    made = mix(data, spec, fresh="new.jsonl", size=size, output="out.jsonl", allow_replace=True)
    wanted = sorted(EXPECTED[spec, size])
    assert ids("out.jsonl") == wanted
    assert made.rows == len(wanted) == sum(part.realised for part in made.parts)
    assert made.generation == 4
    count = {
        name: len([one for one in wanted if one in pool]) for name, pool in (("r", REAL), ("1", ONE), ("2", TWO), ("3", THREE), ("n", NEW))
    }
    parts = {("human", 0): count["r"], ("human", 4): count["n"], **{("synthetic", g): count[str(g)] for g in (1, 2, 3)}}
    assert {(part.kind, part.generation): part.realised for part in made.parts} == parts
    assert made.depths == {name: held for name, held in {"0": count["r"] + count["n"], **{g: count[g] for g in "123"}}.items() if held}
    assert (made.original, made.original_available) == (count["r"], 120)


@pytest.mark.parametrize(("spec", "real", "rows"), [("weighted:0.8,0.25", 0.8, 25), ("weighted:golden,0.2", golden(0.25), 20)])
def test_weights_of_a_policy_are_those_of_its_rows_and_a_discount_multiplies_them(data, spec, real, rows):
    mix(data, spec, fresh="new.jsonl", size=100, output="out.jsonl", allow_replace=True, discount=0.5)
    for row in take("out.jsonl"):
        wanted = real * 100 / rows if row["lt_origin"] == "human" else 0.5 * (1 - real) * 100 / (100 - rows)
        assert row["lt_weight"] == pytest.approx(wanted, rel=1e-12)


def test_another_seed_draws_other_rows_and_a_larger_draw_holds_the_smaller(data):
    for seed in (0, 7):
        mix(data, "replace", size=30, seed=seed, output=f"{seed}.jsonl", allow_replace=True)
        assert ids(f"{seed}.jsonl") == sorted(draw(30, THREE, seed=seed))
    assert ids("0.jsonl") != ids("7.jsonl")
    mix(data, "replace", size=60, output="more.jsonl", allow_replace=True)
    assert set(ids("0.jsonl")) < set(ids("more.jsonl"))


def test_without_model_output_all_real_rows_are_taken_whatever_the_policy(here):
    put("a.jsonl", human(30))
    put("n.jsonl", human(5, start=500))
    made = mix("a.jsonl", "replace", fresh=["n.jsonl"], output="out.jsonl")
    assert (made.generation, made.rows, made.original) == (1, 35, 30)
    assert len(ids("out.jsonl")) == 35


def test_the_size_is_that_of_the_newest_output_where_none_is_given(data):
    assert mix(data, "fixed_budget", output="out.jsonl", allow_replace=True).rows == 100


FORMATS = ["a.jsonl", "a.json", "a.csv", "a.parquet", "a.arrow"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("with_ids", [True, False])
def test_the_same_rows_are_drawn_in_any_format_order_and_sharding(here, name, with_ids):
    rows = human(40) + written(1, 50, lt_decoding='{"temperature":0.7}')
    if not with_ids:
        for row in rows:
            del row["lt_id"]
    put("whole.jsonl", rows)
    wanted = mix("whole.jsonl", "fixed_budget", size=30, min_real=0.5, output="wanted.jsonl")
    random.Random(3).shuffle(rows)
    stem, suffix = name.split(".")
    for shard in range(3):
        put(f"{stem}{shard}.{suffix}", rows[shard::3])
    made = mix(f"{stem}?.{suffix}", "fixed_budget", size=30, min_real=0.5, output="out.jsonl")
    assert ids("out.jsonl") == ids("wanted.jsonl")
    assert len(ids("out.jsonl")) == 30
    assert (made.parts, made.origins, made.depths, made.decoding) == (wanted.parts, wanted.origins, wanted.depths, wanted.decoding)
    assert {row["lt_id"]: row["text"] for row in take("out.jsonl")} == {row["lt_id"]: row["text"] for row in take("wanted.jsonl")}


def test_a_folder_a_glob_and_compressed_files_give_the_same(here):
    rows = human(40) + written(1, 50)
    (here / "d").mkdir()
    put("d/a.jsonl", rows[:45])
    with gzip.open("d/b.jsonl.gz", "wt") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows[45:])
    made = [mix(data, "augment", size=20, output=f"{n}.jsonl").sha256 for n, data in enumerate(["d", "d/*", ["d/b.jsonl.gz", "d/a.jsonl"]])]
    assert len(set(made)) == 1


def test_a_saved_data_set_is_data(here):
    (here / "d").mkdir()
    put("d/data-00000-of-00001.arrow", human(40) + written(1, 50))
    put("whole.jsonl", human(40) + written(1, 50))
    (here / "d" / "state.json").write_text(json.dumps({"_data_files": [{"filename": "data-00000-of-00001.arrow"}]}))
    (here / "d" / "dataset_info.json").write_text("{}")
    for name in ("d", "whole.jsonl"):
        mix(name, "fixed_budget", size=30, min_real=0.5, output=f"out.{name[0]}.jsonl")
    assert ids("out.d.jsonl") == ids("out.w.jsonl")


def test_equal_mixes_are_equal_files(data):
    digests = {mix(data, "fixed_budget", output="out.jsonl", min_real=0.3).sha256 for _ in range(2)}
    assert len(digests) == 1


def test_copies_share_a_key_and_a_cut_between_them_goes_by_pool(here):
    copies = [{"text": "the same", "lt_id": "x", "lt_origin": "synthetic", "lt_depth": 1}] * 10
    copies += [{"text": "the same", "lt_id": "x", "lt_origin": "human"}] * 5
    put("a.jsonl", copies)
    put("b.jsonl", copies[::-1])
    for name in "ab":
        made = mix(f"{name}.jsonl", "fixed_budget", size=8, output="out.jsonl", allow_replace=True)
        assert {(part.kind, part.realised) for part in made.parts} == {("human", 5), ("synthetic", 3)}
        assert made.settings["found"]["duplicates"] == 14


def test_edited_selected_and_mixed_rows_are_model_output_and_rows_without_depth_the_newest(here):
    kinds = ("model_edited", "human_edited", "human_selected", "mixed")
    rows = human(4) + written(2, 3) + [{"text": kind, "lt_id": kind, "lt_origin": kind} for kind in kinds]
    rows += [{"text": "zero", "lt_id": "zero", "lt_origin": "mixed", "lt_depth": 0}]
    made = mix(put("a.jsonl", rows), "replace", output="out.jsonl", allow_replace=True)
    assert ids("out.jsonl") == sorted(["s2-0", "s2-1", "s2-2", "zero", *kinds])
    assert made.origins == {"synthetic": 3, "mixed": 2, "model_edited": 1, "human_edited": 1, "human_selected": 1}
    assert (made.depths, made.settings["found"]["undated"], made.generation) == ({"2": 3, "unknown": 5}, 5, 3)
    assert made.effective_real_share == 0


def test_rows_of_unknown_origin_are_left_out_and_counted_and_never_real(here):
    rows = human(10) + written(1, 10) + [{"text": f"who {n}"} for n in range(5)] + [{"text": "odd", "lt_origin": "alien"}]
    put("a.jsonl", rows)
    left = mix("a.jsonl", "accumulate", output="out.jsonl")
    assert left.origins == {"human": 10, "synthetic": 10}
    assert [(part.kind, part.available, part.realised) for part in left.parts][-1] == ("unknown", 6, 0)
    taken = mix("a.jsonl", "accumulate", unknown="synthetic", output="out.jsonl", discount=0.5)
    assert taken.origins == {"human": 10, "synthetic": 10, "unknown": 6}
    assert (taken.effective_real_share, taken.weights["unknown"]) == (10 / 18, 0.5)
    assert taken.count(Origin.UNKNOWN) == 6


def test_more_than_the_newest_model_wrote_is_refused_with_the_arithmetic(data):
    with pytest.raises(
        UsageError, match=r"asks for 300 rows of model output of generation 3, and 100 are held: 200 are missing; feasible: --size 100"
    ):
        mix(data, "augment", size=300, output="out.jsonl")
    with pytest.raises(UsageError, match=r"asks for 400 rows of model output .* feasible: --size 25"):
        mix(data, "grown", output="out.jsonl", allow_replace=True)
    with pytest.raises(UsageError, match=r"asks for 30 rows of newly collected human rows \(--fresh\), and 0 are held"):
        mix(data, "fresh:0.3", output="out.jsonl", allow_replace=True)


def test_rewriting_needs_a_model_and_what_is_no_policy_is_named(data):
    with pytest.raises(UsageError, match="rewrite 60 rows, and mix has no model"):
        mix(data, "edit:0.5", output="out.jsonl")
    with pytest.raises(LookupError, match="did you mean 'accumulate'"):
        mix(data, "acumulate", output="out.jsonl")


def test_a_policy_that_needs_original_rows_says_that_there_are_none(here):
    put("a.jsonl", written(1, 5))
    with pytest.raises(UsageError, match="original real data, which are not among the pools"):
        mix("a.jsonl", "augment", output="out.jsonl", allow_replace=True)
    with pytest.raises(ReadError, match="is among the data and among --fresh"):
        mix("a.jsonl", "augment", fresh="a.jsonl", output="out.jsonl")


def test_what_is_known_by_now_overrules_what_a_row_says(here):
    import pyarrow as pa

    put("a.jsonl", human(10) + written(1, 10))

    def current(names):
        known = [name for name in names if name in ("h0", "h1")]
        yield pa.RecordBatch.from_pydict(
            {"lt_id": known, "lt_origin": ["synthetic"] * len(known), "lt_depth": pa.array([1] * len(known), pa.int16())}
        )

    made = mix("a.jsonl", "accumulate", output="out.jsonl", current=current)
    assert made.origins == {"human": 8, "synthetic": 12}
    assert {row["lt_id"] for row in take("out.jsonl") if row["lt_origin"] == "human"} == {f"h{n}" for n in range(2, 10)}
    assert [row["lt_depth"] for row in take("out.jsonl") if row["lt_id"] == "h0"] == [1]
