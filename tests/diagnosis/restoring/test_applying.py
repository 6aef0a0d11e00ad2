"""Training sets that put real rows back, and those without bad generations: what is in them, what the manifest says, what is refused."""

import hashlib
import json
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.diagnosis.restoring.applying import Places, re_anchor, roll_back
from longtail.errors import ConfigError, UsageError
from longtail.ledger.manifest import read_manifest


def human(count=100):
    return [{"text": f"human text number {n}", "lt_origin": "human", "shelf": n} for n in range(count)]


def model(*generations, count=100):
    return [
        {"text": f"model {g} wrote {n}", "lt_origin": "synthetic", "lt_depth": g, "shelf": n} for g in generations for n in range(count)
    ]


@pytest.fixture
def pool(write_rows):
    return str(write_rows("reservoir.jsonl", human())), str(write_rows("pool.jsonl", model(1, 2, 3)))


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def drawn(found):
    return Counter(row.get("lt_depth", 0) if row["lt_origin"] == "synthetic" else "human" for row in found)


def test_the_share_is_met_to_the_row_and_columns_stay(pool, tmp_path):
    out = tmp_path / "next.jsonl"
    re_anchor([pool[0]], [pool[1]], Places(output=str(out)), share=0.3, size=90)
    found = rows(out)
    assert drawn(found)["human"] == 27 and len(found) == 90
    assert all({"lt_origin", "lt_id", "lt_weight", "shelf"} <= set(row) for row in found)


@pytest.mark.parametrize("dropped", [(3,), (2,), (1, 3), (2, 3)])
def test_no_row_of_a_dropped_generation_is_drawn_and_the_manifest_says_which_and_why(pool, tmp_path, dropped):
    out = tmp_path / "next.jsonl"
    re_anchor([pool[0]], [pool[1]], Places(output=str(out)), size=100, dropped=dropped, because="they are bad")
    kinds = drawn(rows(out))
    assert kinds.pop("human") == 30 and not set(kinds) & set(dropped) and set(kinds) <= {1, 2, 3}
    manifest = read_manifest(f"{out}.manifest.json")
    assert manifest.settings["recovery"]["left_out"] == {str(each): 100 for each in dropped}
    assert manifest.settings["recovery"]["because"] == "they are bad"
    assert manifest.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()


def test_rows_of_all_kept_generations_are_drawn_alike(pool, tmp_path):
    out = tmp_path / "next.jsonl"
    re_anchor([pool[0]], [pool[1]], Places(output=str(out)), share=0.35, size=200, dropped=(2,))
    kinds = drawn(rows(out))
    assert (kinds["human"], kinds[1] + kinds[3]) == (70, 130)
    assert abs(kinds[1] - kinds[3]) < 40


def test_inputs_are_as_they_were(pool, tmp_path):
    before = [(tmp_path / name).read_bytes() for name in ("reservoir.jsonl", "pool.jsonl")]
    re_anchor([pool[0]], [pool[1]], Places(output=str(tmp_path / "next.jsonl")), dropped=(3,))
    assert [(tmp_path / name).read_bytes() for name in ("reservoir.jsonl", "pool.jsonl")] == before


@pytest.mark.parametrize("target", ["reservoir.jsonl", "pool.jsonl"])
@pytest.mark.parametrize("dropped", [(), (3,)])
def test_an_input_is_never_written_over(pool, tmp_path, target, dropped):
    with pytest.raises(UsageError, match="one of the inputs"):
        re_anchor([pool[0]], [pool[1]], Places(output=str(tmp_path / target)), dropped=dropped)
    with pytest.raises(UsageError, match="one of the inputs"):
        re_anchor([pool[0]], [pool[1]], Places(output=str(tmp_path / "a.jsonl"), manifest=str(tmp_path / target)), dropped=dropped)


def test_a_reservoir_too_small_says_what_it_allows_and_that_size_is_feasible(pool, tmp_path):
    places = Places(output=str(tmp_path / "next.jsonl"))
    with pytest.raises(UsageError, match=r"100 human rows .* 0\.8 of 150 rows needs 120; they allow a share of 0\.6666, or --size 125"):
        re_anchor([pool[0]], [pool[1]], places, share=0.8, size=150)
    assert re_anchor([pool[0]], [pool[1]], places, share=0.8, size=125).mixed.manifest.origins["human"] == 100


@pytest.mark.parametrize(("size", "twice"), [(150, 20), (300, 40), (250, 0)])
def test_rows_are_repeated_only_if_asked_and_then_evenly(pool, tmp_path, size, twice):
    out = tmp_path / "next.jsonl"
    made = re_anchor([pool[0]], [pool[1]], Places(output=str(out)), share=0.8, size=size, repeat=True)
    times = Counter(Counter(row["text"] for row in rows(out) if row["lt_origin"] == "human").values())
    need = round(0.8 * size)
    assert made.repeated == need - 100
    assert times == Counter({need // 100: 100 - need % 100, need // 100 + 1: need % 100} if need % 100 else {need // 100: 100})
    assert need % 100 == twice


def test_a_dry_run_writes_nothing_and_tells_of_the_tail(pool, tmp_path):
    before = sorted(tmp_path.iterdir())
    made = re_anchor([pool[0]], [pool[1]], Places(), dropped=(3,))
    assert sorted(tmp_path.iterdir()) == before and made.mixed.impact is not None and not made.mixed.written


def test_a_mixed_parquet_keeps_its_types(tmp_path, write_rows):
    table = pa.Table.from_pylist(model(1, 2)).append_column("when", pa.array(range(200), pa.timestamp("us")))
    pq.write_table(table, tmp_path / "pool.parquet")
    real = write_rows("reservoir.jsonl", human())
    out = tmp_path / "next.parquet"
    re_anchor([str(real)], [str(tmp_path / "pool.parquet")], Places(output=str(out)), share=0.5, size=100, dropped=(2,))
    found = pq.read_table(out)
    assert found.schema.field("when").type == pa.timestamp("us")
    assert Counter(found.column("lt_depth").to_pylist())[1] == 50


def test_undated_output_is_of_the_newest_generation_and_goes_with_it(tmp_path, write_rows):
    undated = [{"text": f"no depth {n}", "lt_origin": "synthetic"} for n in range(10)]
    path = write_rows("pool.jsonl", [*model(1, 2), *undated])
    out = tmp_path / "next.jsonl"
    made = re_anchor([str(write_rows("r.jsonl", human()))], [str(path)], Places(output=str(out)), size=100, dropped=(2,))
    assert made.left_out == {"2": 110} and not any("no depth" in row["text"] for row in rows(out))


def test_rolling_back_keeps_all_human_rows_and_what_came_before(pool, tmp_path):
    out = tmp_path / "clean.jsonl"
    made = roll_back(list(pool), 1, Places(output=str(out)))
    assert drawn(rows(out)) == {"human": 100, 1: 100} and made.left_out == {"2": 100, "3": 100}
    assert "generation 1, the last clean one" in read_manifest(f"{out}.manifest.json").settings["recovery"]["because"]
    assert roll_back(list(pool), 0, Places()).mixed.manifest.origins == {"human": 100}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda r, p, at: re_anchor([p], [p], at), "holds 300 rows of model output"),
        (lambda r, p, at: re_anchor([r], [p], at, dropped=(7,)), "generation 7 is not in the pool.*there are 1, 2, 3"),
        (lambda r, p, at: re_anchor([r], [p], at, dropped=(1, 2, 3)), "nothing is left"),
        (lambda r, p, at: re_anchor([r], [r], at), "no row of the outputs is tagged as model output"),
        (lambda r, p, at: roll_back([r, p], 3, at), "no model output after generation 3.*newest is 3"),
        (lambda r, p, at: roll_back([p], 1, at), "no human rows"),
    ],
)
def test_what_cannot_be_done_is_said(pool, tmp_path, call, said):
    with pytest.raises(UsageError, match=said):
        call(*pool, Places(output=str(tmp_path / "next.jsonl")))


@pytest.mark.parametrize("share", [0, -0.1, 1.5])
def test_a_share_is_above_0_and_at_most_1(pool, share):
    with pytest.raises(ConfigError, match="share"):
        re_anchor([pool[0]], [pool[1]], Places(), share=share)


def test_untagged_files_are_no_reservoir(write_rows, pool):
    plain = write_rows("plain.jsonl", ["a text", "another text"])
    with pytest.raises(UsageError, match="2 rows of unknown origin; tag rows"):
        re_anchor([str(plain)], [pool[1]], Places())
