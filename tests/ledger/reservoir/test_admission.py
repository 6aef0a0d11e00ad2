"""Who is let into a human reservoir, and what becomes of the others."""

import csv
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ConfigError, ReadError, UsageError
from longtail.ledger.columns import NAMES, SCHEMA, content_of, identity
from longtail.ledger.reservoir import Reservoir
from longtail.ledger.tagging import Tags, tag
from longtail.records import Origin


def held(reservoir, snapshot=None):
    return [row for batch in reservoir.documents(snapshot) for row in batch.to_pylist()]


def told(turned):
    return {one.reason: one.documents for one in turned}


def test_documents_from_the_cut_off_on_need_evidence_and_earlier_ones_do_not(reservoir, human):
    rows = [
        {"text": f"{time} {evidence}", "lt_time": time} | ({"lt_evidence": evidence} if evidence else {})
        for time in ("2019-03-01", "2022-11-29T23:59:59Z", "2022-11-30", "2025-01-01", 1_546_300_800)
        for evidence in (None, "asserted", "inherited", "none", "signed", "watermark")
    ]
    made = reservoir.add([human("a.jsonl", rows)])
    late = {f"{time} {evidence}" for time in ("2022-11-30", "2025-01-01") for evidence in (None, "asserted", "inherited", "none")}
    assert {row["text"] for row in held(reservoir)} == {row["text"] for row in rows} - late
    assert told(made.aside) == {"dated 2022-11-30 or later, without evidence (signed, watermark)": 8}
    assert made.aside[0].first.endswith("a.jsonl:13")
    assert (made.documents, made.refused, made.duplicates, made.total) == (22, (), 0, 22)


def test_the_cut_off_is_the_reservoir_s(here, human):
    early, late = Reservoir.create("early", "2014-01-01"), Reservoir.create("late", "2016-01-01")
    data = [human("a.jsonl", ["a"])]
    assert (early.add(data).documents, late.add(data).documents) == (0, 1)


def test_undated_documents_need_evidence_or_the_word_of_who_adds_them(reservoir, human):
    undated = human("a.jsonl", [{"text": "a", "lt_time": None}, {"text": "b", "lt_time": "", "lt_evidence": "signed"}])
    made = reservoir.add([undated])
    assert (made.documents, told(made.aside)) == (1, {"without a date and without evidence (signed, watermark)": 1})
    assert reservoir.add([undated], published_by="2022-11-30").documents == 0
    assert reservoir.add([undated], published_by="1999-12-31").documents == 1
    assert [row["lt_time"] for row in held(reservoir)] == [None, None]
    with pytest.raises(ConfigError, match="published_by is '1999'; write a day"):
        reservoir.add([undated], published_by="1999")


REFUSED = {
    "lt_origin is synthetic": {"lt_origin": "synthetic"},
    "lt_origin is unknown": {"lt_origin": "unknown"},
    "lt_origin is none that is known": {"lt_origin": "martian"},
    "no lt_origin: say where it comes from with longtail tag": {"lt_origin": None},
    "lt_origin is human, and lt_depth is not 0": {"lt_depth": 2},
    "lt_origin is human, and lt_model names a model": {"lt_model": "m"},
    "lt_evidence is measured: a detector alone makes no document human": {"lt_evidence": "measured"},
    "lt_evidence is none that is known": {"lt_evidence": "hearsay"},
    "its lt_id is not the hash of its content: it was changed after it was tagged": {"lt_id": "0" * 32},
    "lt_time is no date that is read": {"lt_time": "03/04/2015"},
    "lt_parents is no list of ids": {"lt_parents": "x"},
    "lt_weight is no number from 0 up": {"lt_weight": "heavy"},
    "no content: no column that holds text is filled": {"text": None},
    "not valid Unicode": {"text": "\ud800"},
}


def test_all_others_are_refused_and_counted_by_reason(reservoir, human):
    rows = [{"text": reason, **row} for reason, row in REFUSED.items()]
    data = human("a.jsonl", [*rows, "good"])
    with open(data, "a") as stream:
        stream.write('"text alone"\n[broken\n')
    made = reservoir.add([data])
    assert made.documents == 1 and held(reservoir)[0]["text"] == "good"
    others = {"expected an object with columns, found text": 1, "malformed JSON: invalid character (byte 1)": 1}
    assert told(made.refused) == dict.fromkeys(REFUSED, 1) | others
    assert {one.reason: one.first.rpartition(":")[2] for one in made.refused} == {
        **{reason: str(line) for line, reason in enumerate(REFUSED, 1)},
        **dict(zip(others, ("16", "17"), strict=True)),
    }


def test_a_document_is_stored_once(reservoir, human):
    a, b = human("a.jsonl", ["a", "b", "a"]), human("b.jsonl", ["b", "c"])
    assert [(made.documents, made.duplicates) for made in (reservoir.add([a]), reservoir.add([a, b]))] == [(2, 1), (1, 4)]
    assert sorted(row["text"] for row in held(reservoir)) == ["a", "b", "c"]
    assert reservoir.add([a]).files == ()


def test_the_ids_are_those_of_tag_and_all_columns_stay(reservoir, here, write_rows):
    rows = [
        {"text": "caf\u00e9\x00", "n": 1, "deep": {"a": [1, 2]}, "when": "2001"},
        {"prompt": "p", "completion": "c", "when": "2001", "flag": True},
    ]
    tag(write_rows("a.jsonl", rows), "b.jsonl", Tags(origin=Origin.HUMAN, source="s", time_column="when", license="CC0-1.0"))
    reservoir.add(["b.jsonl"])
    found = held(reservoir)
    assert [row["lt_id"] for row in found] == [identity(content_of(row)) for row in rows]
    assert [{name: row[name] for name in own} for row, own in zip(found, rows, strict=True)] == rows
    assert {name: found[0][name] for name in NAMES if name != "lt_id"} == {
        "lt_origin": "human", "lt_evidence": "asserted", "lt_source": "s", "lt_model": None, "lt_depth": 0, "lt_parents": None,
        "lt_time": datetime(2001, 1, 1, tzinfo=UTC), "lt_decoding": None, "lt_license": "CC0-1.0", "lt_weight": None,
    }  # fmt: skip
    schema = pq.read_schema(reservoir.paths()[0])
    assert [schema.field(name).type for name in NAMES] == SCHEMA.types


def parquet(path, rows):
    pq.write_table(pa.Table.from_pylist(rows), path)


def arrow(path, rows):
    table = pa.Table.from_pylist(rows)
    with pa.OSFile(path, "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)


def comma(path, rows):
    with open(path, "w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(("name", "write"), [("a.parquet", parquet), ("a.arrow", arrow), ("a.csv", comma)])
def test_every_format_with_columns_gives_the_same_documents(reservoir, here, human, name, write):
    rows = [
        {"text": f"text {n}", "label": f"l{n}", "lt_origin": "human" if n % 3 else "synthetic", "lt_time": "2015-06-01"} for n in range(30)
    ]
    write(name, rows)
    made = reservoir.add([name])
    assert (made.documents, told(made.refused)) == (20, {"lt_origin is synthetic": 10})
    assert made.refused[0].first == f"{name}:{2 if name.endswith('csv') else 1}"
    assert Reservoir.create("other").add([human("b.jsonl", rows)]).documents == 20
    assert held(Reservoir.open("other")) == held(reservoir)


def test_files_of_unlike_columns_and_types_go_side_by_side(reservoir, human):
    rows = [{"text": f"a{n}", "x": n} for n in range(9000)] + [{"text": f"b{n}", "x": f"{n}"} for n in range(9000)]
    rows += [{"text": f"c{n}", "y": 1.5} for n in range(10)]
    reservoir.add([human("a.jsonl", rows)])
    assert len(reservoir.paths()) > 1
    found = {row["text"]: row for row in held(reservoir)}
    assert len(found) == len(rows)
    assert all(found[row["text"]].get("y") == row.get("y") for row in rows)
    assert {(type(found[f"a{n}"]["x"]), str(found[f"a{n}"]["x"])) for n in (7, 8999)} == {(int, "7"), (str, "8999")}
    assert all(found[f"b{n}"]["x"] == f"{n}" for n in range(9000))
    assert reservoir.verify().count == 0


def test_values_that_no_column_holds_together_are_kept_as_json_text(reservoir, human):
    rows = [{"text": "a", "x": 1, "e": {}}, {"text": "b", "x": ["z"], "e": {}}, {"text": 7}, {"completion": "c"}, {"completion": ["d"]}]
    made = reservoir.add([human("a.jsonl", rows)])
    assert {row["text"]: row["x"] for row in held(reservoir) if row["text"]} == {"a": "1", "b": '["z"]'}
    assert {reason.split(" holds")[0] for reason in told(made.refused)} == {"column 'text'", "column 'completion'"}
    assert made.documents == 3 and reservoir.verify().count == 0


def test_chats_of_every_shape_keep_their_ids(reservoir, human):
    chats = [
        [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a", "name": "n"}],
        [{"role": "user", "content": [{"type": "text", "text": "parts"}]}],
        '[{"role": "user", "content": "as text"}]',
    ]
    reservoir.add([human("a.jsonl", [{"messages": chat} for chat in chats])])
    assert {row["lt_id"] for row in held(reservoir)} == {identity(content_of({"messages": chat})) for chat in chats}
    assert reservoir.verify().count == 0


def test_a_named_text_column_makes_the_ids_and_is_remembered(reservoir, human):
    data = human("a.jsonl", [{"body": {"main": "a"}}, {"body": {"main": None}}])
    made = reservoir.add([data], text_column="body.main")
    assert held(reservoir)[0]["lt_id"] == identity({"body.main": "a"})
    assert (made.documents, reservoir.verify().count) == (1, 0)


def test_formats_without_room_for_provenance_are_refused(reservoir, here):
    (here / "a.txt").write_text("hello")
    with pytest.raises(UsageError, match=r"'a\.txt' is of the format 'text', which has no room for provenance"):
        reservoir.add(["a.txt"])
    with pytest.raises(ReadError, match="no such file"):
        reservoir.add(["b.jsonl"])


def test_what_cannot_be_read_to_its_end_adds_nothing(reservoir, here, human):
    good = human("a.jsonl", ["a"])
    parquet("b.parquet", [{"text": "b" * 1000, "lt_origin": "human"}])
    whole = (here / "b.parquet").read_bytes()
    (here / "b.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReadError, match=r"b\.parquet: cannot be read to its end"):
        reservoir.add([good, "b.parquet"])
    assert (reservoir.count(), reservoir.verify().leftovers) == (0, 0)
    assert not any(path.name.startswith(".") for path in (here / "pool" / "documents").iterdir())
