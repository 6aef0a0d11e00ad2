"""A tagged data set keeps every column through every format, in any order, and its ids are the same in all of them."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.ledger import Tags, tag
from longtail.ledger.adding import add_data
from longtail.ledger.columns import NAMES, content_of, identity
from longtail.ledger.store import Ledger
from longtail.records import Origin

from .roundtrip_help import OTHERS, SCHEMA, TEXTS, provenance, read, rows, stated, write

FORMATS = [".jsonl", ".csv", ".parquet", ".arrow", ".saved"]
ORDERS = [
    FORMATS[:4],
    FORMATS,
    FORMATS[::-1],
    [".saved", ".jsonl", ".arrow", ".csv", ".parquet"],
    [".parquet", ".csv", ".saved", ".csv", ".jsonl"],
]
DOUBTFUL = Tags(origin=Origin.UNKNOWN, source="elsewhere", license="other")


def needed(formats):
    if ".saved" in formats:
        pytest.importorskip("datasets").disable_progress_bars()


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: " ".join(each[1:] for each in order))
def test_every_column_is_the_same_after_every_format_and_after_tagging_in_it(order):
    needed(order)
    wanted = held = rows()
    assert all(any(row[name] is not None for row in wanted) for name in NAMES)
    for step, form in enumerate(order):
        write(f"{step}{form}", held)
        made = tag(f"{step}{form}", f"{step}.tagged{form}", DOUBTFUL)
        assert (made.documents, made.quarantined, made.foreign_ids, made.duplicates) == (len(wanted), 0, 0, 0)
        found, odd = stated(f"{step}.tagged{form}")
        assert found == stated(f"{step}{form}")[0]
        held = read(f"{step}.tagged{form}")
        for before, after, said in zip(wanted, held, found, strict=True):
            assert {name: after[name] for name in ("text", *OTHERS.names)} == {name: before[name] for name in ("text", *OTHERS.names)}
            kept = {name: value for name, value in provenance(before).items() if value is not None}
            assert {name: value for name, value in said.items() if value is not None} == kept
            assert after["lt_id"] == said["lt_id"] == identity(content_of({"text": after["text"]}))
        assert odd == {}


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_of_unknown_origin_stays_so(form):
    needed([form])
    told = [{"text": f"t{n}", "lt_origin": value} for n, value in enumerate(["unknown", "", None, "  "])]
    write("a" + form, told)
    assert {row["lt_origin"] for row in stated("a" + form)[0]} == {"unknown"}
    tag("a" + form, "b" + form, Tags(origin=Origin.UNKNOWN))
    assert {row["lt_origin"] for row in stated("b" + form)[0]} == {"unknown"}
    assert {row["lt_depth"] for row in stated("b" + form)[0]} == {None}
    made = tag("b" + form, "c" + form, Tags(origin=Origin.HUMAN))
    assert made.origins == {"unknown": 4} and [row["lt_origin"] for row in stated("c" + form)[0]] == ["unknown"] * 4


def test_a_csv_cannot_tell_an_empty_field_from_none_and_has_no_types():
    told = [{"text": "a", "note": "", "lt_source": None}, {"text": "b", "note": None, "lt_source": ""}]
    write("a.csv", told)
    assert [(row["note"], row["lt_source"]) for row in read("a.csv")] == [(None, None)] * 2
    assert [row["lt_source"] for row in stated("a.csv")[0]] == [None, None]
    write("b.csv", [{"text": ""}])
    write("b.jsonl", [{"text": ""}])
    assert stated("b.csv") == stated("b.jsonl")
    assert stated("b.jsonl")[0][0]["lt_id"] == identity({"text": ""})


LISTS = {
    '["a1", "b2"]': ["a1", "b2"],  # JSON
    "['a1', 'b2']": ["a1", "b2"],  # Python
    "['a1' 'b2'\n \"c'3\"]": ["a1", "b2", "c'3"],  # numpy
    "[a1, 'b 2']": ["a1", "b 2"],  # DuckDB
    "[7, 8]": ["7", "8"],
    "[]": [],
    "['a1' ... 'b2']": None,  # numpy, shortened
    "['a1' None]": None,
    "['a\\'1']": None,
    "a1": None,
}


@pytest.mark.parametrize("field", LISTS)
def test_parents_that_another_program_wrote_into_a_field_of_text_are_read_or_counted(field):
    with open("a.csv", "w", newline="") as stream:
        csv.writer(stream).writerows([["text", "lt_parents"], ["x", field]])
    found, odd = stated("a.csv")
    assert found[0]["lt_parents"] == LISTS[field]
    assert odd == ({} if LISTS[field] is not None else {"lt_parents": 1})


def test_columns_that_became_text_on_the_way_through_a_csv_get_their_types_back():
    made = rows()
    texts = {
        name: [None if row[name] is None else json.dumps(row[name]) for row in made] for name in ("lt_depth", "lt_parents", "lt_weight")
    }
    times = {"lt_time": [row["lt_time"].isoformat() for row in made]}
    same = {name: [row[name] for row in made] for name in ("text", "lt_id", "lt_origin", "lt_evidence")}
    pq.write_table(pa.table(same | texts | times), "a.parquet")
    tag("a.parquet", "b.parquet", Tags(origin=Origin.UNKNOWN))
    after = pq.read_table("b.parquet")
    for name in (*texts, *times):
        assert after.column(name).to_pylist() == [row[name] for row in made], name
        assert after.schema.field(name).type == SCHEMA.field(name).type
    assert stated("a.parquet") == stated("b.parquet")


def test_numbers_that_are_none_become_null_and_settings_in_columns_become_json():
    told = {
        "text": ["a", "b"],
        "lt_depth": [2.0, float("nan")],
        "lt_weight": [float("nan"), 0.5],
        "lt_decoding": [{"top_p": 0.9, "seed": None}, None],
    }
    pq.write_table(pa.table(told), "a.parquet")
    tag("a.parquet", "b.parquet", Tags(origin=Origin.SYNTHETIC))
    after = pq.read_table("b.parquet")
    assert after.column("lt_depth").to_pylist() == [2, None]
    assert after.column("lt_weight").to_pylist() == [None, 0.5]
    assert after.column("lt_decoding").to_pylist() == ['{"top_p":0.9}', None]
    assert stated("a.parquet")[1] == stated("b.parquet")[1] == {}


@pytest.mark.parametrize("form", FORMATS)
def test_untagged_data_get_the_same_ids_in_every_format_however_they_come_in(form, cli):
    needed([form])
    wanted = [identity({"text": text}) for text in TEXTS]
    write("a" + form, [{"text": text} for text in TEXTS])
    assert [row["lt_id"] for row in stated("a" + form)[0]] == wanted
    tag("a" + form, "b" + form, Tags(origin=Origin.HUMAN))
    assert [row["lt_id"] for row in read("b" + form)] == wanted
    with Ledger.create("ledger") as ledger:
        add_data(ledger, ["a" + form])
        held = [each for batch in ledger.current(None, ("lt_id",)) for each in batch.column("lt_id").to_pylist()]
    assert sorted(held) == sorted(wanted)
    for out in ("next.jsonl", "next.parquet"):
        done = cli("mix", "b" + form, "--policy", "accumulate", "-o", out)
        assert done.code == 0, done.err
        assert [row["lt_id"] for row in read(out)] == wanted


def test_a_training_set_keeps_all_columns_but_the_weight_that_it_is_given(cli):
    made = [row for row in rows() if row["lt_origin"] != "unknown"]
    write("a.jsonl", made[:4])
    write("b.parquet", made[4:])
    for out in ("next.jsonl", "next.parquet"):
        done = cli("mix", "a.jsonl", "b.parquet", "--policy", "accumulate", "--discount", "0.5", "-o", out)
        assert done.code == 0, done.err
        mixed = {row["lt_id"]: row for row in read(out)}
        assert len(mixed) == len(made)
        for row in made:
            weight = {"lt_weight": 1.0 if row["lt_origin"] == "human" else 0.5}
            assert {name: mixed[row["lt_id"]].get(name) for name in row} == row | weight
