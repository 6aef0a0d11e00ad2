"""Taking documents in: origins that are proved are written, everything else stays."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import UsageError
from longtail.ledger.columns import identity
from longtail.ledger.store import Ledger
from longtail.origin.recognising.called import Called
from longtail.origin.recognising.evidence import Recognised
from longtail.origin.recognising.ingesting import ingest
from longtail.origin.recognising.ledgers import InLedger
from longtail.origin.recognising.verdicts import status, verdicts, write_verdicts
from longtail.origin.recognising.watermark import Watermark
from longtail.records import Evidence, Origin


def found(words, origin=None, evidence=Evidence.NONE, **more):
    return Recognised(recogniser="by word", words=words, origin=origin, evidence=evidence, **more)


ANSWERS = {
    "marked": found("marked", Origin.SYNTHETIC, Evidence.WATERMARK, scheme="s", key_id="k"),
    "copied": found("copied", Origin.SYNTHETIC, Evidence.INHERITED, model="m@1", depth=2, matched_id="x"),
    "signed": found("signed", Origin.HUMAN, Evidence.SIGNED, depth=0),
    "declared": found("declared", Origin.SYNTHETIC, Evidence.ASSERTED),
    "hidden": found("hidden"),
}
BY_WORD = Called(lambda texts: [ANSWERS.get(text.split()[0]) for text in texts], "by word", "words")
TEXTS = [f"{word} text" for word in (*ANSWERS, "plain")]
EXPECTED = [
    ("synthetic", "watermark", None, None),
    ("synthetic", "inherited", "m@1", 2),
    ("human", "signed", None, 0),
    ("unknown", "none", None, None),
    ("unknown", "none", None, None),
    ("unknown", "none", None, None),
]


def told(rows):
    return [tuple(row.get(name) or None for name in ("lt_origin", "lt_evidence", "lt_model")) for row in rows]


def held(batches):
    return [row for batch in batches for row in batch.to_pylist()]


def depths(rows):
    return [None if row.get("lt_depth") in (None, "") else int(row["lt_depth"]) for row in rows]


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_only_strong_evidence_is_written_and_every_other_field_stays(tmp_path, suffix):
    source, target = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    if suffix == "parquet":
        pq.write_table(pa.table({"text": TEXTS, "n": range(6)}), source)
    elif suffix == "csv":
        source.write_text("text,n\n" + "".join(f'"{text}",{n}\n' for n, text in enumerate(TEXTS)))
    else:
        source.write_text("".join(json.dumps({"text": text, "n": n, "x": 1.50}) + "\n" for n, text in enumerate(TEXTS)))
    made = ingest(str(source), [BY_WORD], output=target)
    if suffix == "parquet":
        rows = pq.read_table(target).to_pylist()
    elif suffix == "csv":
        rows = list(csv.DictReader(target.read_text().splitlines()))
    else:
        lines = target.read_text().splitlines()
        rows = [json.loads(line) for line in lines]
        assert all(line.startswith(before[:-1]) for line, before in zip(lines, source.read_text().splitlines(), strict=True))
    assert told(rows) == [row[:3] for row in EXPECTED]
    assert depths(rows) == [row[3] for row in EXPECTED]
    assert [row["lt_id"] for row in rows] == [identity({"text": text}) for text in TEXTS]
    assert [int(row["n"]) for row in rows] == list(range(6))
    assert made.origins == {"human": 1, "synthetic": 2, "unknown": 3} and made.written == {"human": 1, "synthetic": 2}


def test_what_documents_state_is_kept_and_what_contradicts_it_is_counted_and_named(write_rows, tmp_path, ledger):
    said = ("human", "synthetic", "synthetic", "human", None, "unknown")
    rows = [{"text": text, "lt_origin": origin, "lt_evidence": "asserted"} for text, origin in zip(TEXTS, said, strict=True)]
    made = ingest(str(write_rows("a.jsonl", rows)), [BY_WORD], ledger, tmp_path / "b.jsonl")
    kept = [json.loads(line) for line in (tmp_path / "b.jsonl").read_text().splitlines()]
    assert [row["lt_origin"] for row in kept] == [origin or "unknown" for origin in said]
    assert {(each.says, each.found, each.documents, each.first) for each in made.detected.contradictions} == {
        ("human", "synthetic", 1, 1),
        ("synthetic", "human", 1, 3),
    }
    assert [each["status"] for each in made.detected.findings] == ["fail", "pass", "fail", "warn", "warn"]


def test_the_ledger_gets_the_data_set_a_statement_and_a_verdict_for_each_finding(write_rows, tmp_path, ledger):
    rows = [{"text": text} | ({"lt_origin": "human"} if n == 0 else {}) for n, text in enumerate(TEXTS)]
    made = ingest(str(write_rows("a.jsonl", rows)), [BY_WORD], ledger, tmp_path / "b.jsonl")
    assert (made.statements, made.verdicts) == (1, 5)
    known = {row["lt_id"]: row for row in held(ledger.current(None, ("lt_id", "lt_origin", "lt_evidence", "origins")))}
    first = known[identity({"text": TEXTS[0]})]
    assert (first["lt_origin"], first["lt_evidence"], first["origins"]) == ("synthetic", "watermark", 2)
    assert len(known) == 6 and ledger.graph()["b"].rows == 6
    stored = held(ledger.query(lambda tables: f"SELECT * FROM {tables['verdicts']} ORDER BY reason", "verdicts"))
    columns = ("lt_id", "moment", "name", "version", "status", "score", "reason", "matched_id", "time")
    assert [row["reason"] for row in stored] == sorted(ANSWERS)
    assert {**dict.fromkeys(columns)}.keys() == stored[0].keys() - {"batch"}
    assert [row["status"] for row in stored] == ["warn", "warn", "warn", "fail", "warn"]
    assert {row["moment"] for row in stored} == {"ingest"}
    with pytest.raises(UsageError, match="'b' is in the ledger already"):
        ingest(str(tmp_path / "a.jsonl"), [BY_WORD], ledger, tmp_path / "b.jsonl")


def test_without_an_output_the_ledger_alone_is_told(ledger):
    made = ingest([{"text": text} for text in TEXTS], [BY_WORD], ledger)
    assert (made.output, made.statements, made.verdicts) == (None, 3, 5)
    (signed,) = held(ledger.current([identity({"text": TEXTS[2]})], ("lt_origin",)))
    assert signed["lt_origin"] == "human"


def test_what_was_generated_is_known_again_after_it_came_back_from_outside(write_rows, tmp_path, key, marked, plain):
    with Ledger.create(tmp_path / "mine") as ledger:
        ledger.add([{"text": plain[0], "lt_origin": "synthetic", "lt_model": "m", "lt_depth": 1}])
        ledger.flush()
        scrape = write_rows("scrape.jsonl", [plain[0].upper(), *marked[:5], *plain[1:20]])
        made = ingest(str(scrape), [InLedger(ledger), Watermark([key])], ledger, tmp_path / "tagged.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "tagged.jsonl").read_text().splitlines()]
    assert told(rows)[:6] == [("synthetic", "inherited", "m"), *[("synthetic", "watermark", None)] * 5]
    assert made.origins["unknown"] >= 18


def test_the_same_text_twice_is_tagged_twice(write_rows, tmp_path):
    ingest(str(write_rows("a.jsonl", [TEXTS[0]] * 3)), [BY_WORD], output=tmp_path / "b.jsonl")
    assert told(map(json.loads, (tmp_path / "b.jsonl").read_text().splitlines())) == [EXPECTED[0][:3]] * 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (["a.jsonl", "c.jsonl"], "one by one"),
        ([{"text": "x y"}], "one by one"),
        ("a.txt", "no room for provenance"),
        ("-", "standard input cannot be tagged"),
    ],
)
def test_data_that_cannot_be_written_again_are_refused_before_the_work(write_rows, tmp_path, monkeypatch, data, words):
    monkeypatch.chdir(tmp_path)
    for name in ("a.jsonl", "c.jsonl"):
        write_rows(name, TEXTS)
    (tmp_path / "a.txt").write_text("text")
    with pytest.raises(UsageError, match=words):
        ingest(data, [BY_WORD], output=tmp_path / "b.jsonl")
    assert not (tmp_path / "b.jsonl").exists()


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_verdicts_are_written_in_the_columns_of_a_ledger(tmp_path, suffix):
    from longtail.origin.recognising.scanning import Seen

    rows = list(verdicts([Seen(1, "a", "human", b"", (ANSWERS["marked"],)), Seen(2, "b", None, b"", (ANSWERS["copied"],))]))
    path = tmp_path / f"v.{suffix}"
    write_verdicts(str(path), rows)
    back = pq.read_table(path).to_pylist() if suffix == "parquet" else list(map(json.loads, path.read_text().splitlines()))
    assert [(row["lt_id"], row["status"], row["version"], row["matched_id"]) for row in back] == [
        ("a", "fail", "s k", None),
        ("b", "warn", None, "x"),
    ]


def test_agreement_passes():
    assert status("synthetic", ANSWERS["marked"]) == "pass"
    assert status("human", ANSWERS["hidden"]) == "warn"
