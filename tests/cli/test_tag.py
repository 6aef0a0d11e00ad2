"""`longtail tag`: one command, one summary, one line where it cannot be done."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest


@pytest.fixture
def data(write_rows, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    rows = [{"text": f"a text of its own, number {n % 118}", "when": f"20{10 + n % 10}-01-01"} for n in range(120)]
    return write_rows("data.jsonl", rows).name


def refused(ran, *words):
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1), ran
    assert ran.err.startswith("longtail: ") and "unexpected" not in ran.err
    assert [word for word in words if word not in ran.err] == []


def test_the_screen_says_documents_origins_ids_duplicates_and_times(cli, data):
    ran = cli("tag", data, "--origin", "human", "--source", "essays", "--time-column", "when", "-o", "tagged.jsonl")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines() == [
        "tagged.jsonl: 120 documents tagged (120 human)",
        "  ids: 118 different, 2 duplicates",
        "  times: 120 dated, 0 without a date",
    ]


def test_quiet_says_nothing_and_json_is_all_that_json_prints(cli, data):
    ran = cli("tag", data, "--origin", "human", "-o", "b.jsonl", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    ran = cli("tag", data, "--origin", "synthetic", "--model", "m@1", "--depth", "1", "-o", "c.jsonl", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.report["schema_version"] == "1.0"
    assert {name: ran.report[name] for name in ("documents", "origins", "ids", "duplicates", "quarantined", "dated")} == {
        "documents": 120,
        "origins": {"synthetic": 120},
        "ids": 118,
        "duplicates": 2,
        "quarantined": 0,
        "dated": None,
    }
    assert ran.report["columns"] == ["lt_id", "lt_origin", "lt_evidence", "lt_model", "lt_depth"]


def test_what_was_set_aside_and_what_contradicts_is_on_the_screen(cli, data, tmp_path):
    with (tmp_path / data).open("a") as stream:
        stream.write('nonsense\n{"text": "mine", "lt_origin": "synthetic", "when": "soon"}\n')
    ran = cli("tag", data, "--origin", "human", "--time-column", "when", "-o", "b.jsonl")
    assert ran.code == 0
    for line in (
        "b.jsonl: 121 documents tagged (120 human, 1 synthetic)",
        "  times: 120 dated, 0 without a date, 1 that are no date ('soon')",
        "  contradiction: 1 document said lt_origin: synthetic (first at data.jsonl:122): kept; --overwrite replaces it",
        "  quarantined: 1 that could not be read or have no content, not in the output",
        "    data.jsonl:121: malformed JSON: invalid character (byte 4)",
    ):
        assert line in ran.err.splitlines()
    again = cli("tag", data, "--origin", "human", "-o", "c.jsonl", "--overwrite", "--json").report
    assert again["origins"] == {"human": 121}
    assert again["contradictions"] == [{"says": "lt_origin: synthetic", "documents": 1, "first": "data.jsonl:122"}]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_an_audit_of_tagged_data_finds_its_provenance(cli, tmp_path, monkeypatch, suffix):
    monkeypatch.chdir(tmp_path)
    texts = [f"a text of its own, number {n}" for n in range(120)]
    if suffix == ".parquet":
        pq.write_table(pa.table({"text": texts}), "a.parquet")
    else:
        (tmp_path / f"a{suffix}").write_text(
            "\n".join(["text", *(f'"{t}"' for t in texts)] if suffix == ".csv" else [json.dumps({"text": t}) for t in texts])
        )
    assert "LT101" in [found["code"] for found in cli("audit", f"a{suffix}", "--json").report["findings"]]
    assert cli("tag", f"a{suffix}", "--origin", "synthetic", "-o", f"b{suffix}", "-q").code == 0
    assert "LT101" in cli("audit", f"b{suffix}", "--require", "LT101", "--json").report["passed"]
    assert cli("tag", f"a{suffix}", "--origin", "unknown", "-o", f"c{suffix}", "-q").code == 0
    assert "LT101" in [found["code"] for found in cli("audit", f"c{suffix}", "--json").report["findings"]]


CALLS = {
    "no origin": (("{data}", "-o", "b.jsonl"), "--origin"),
    "an origin that is none": (("{data}", "--origin", "robot", "-o", "b.jsonl"), "'robot'", "human_edited"),
    "no output": (("{data}", "--origin", "human"), "--output"),
    "the input as output": (("{data}", "--origin", "human", "-o", "{data}"), "is the input"),
    "another format": (("{data}", "--origin", "human", "-o", "b.parquet"), "keeps its format"),
    "no such file": (("nowhere.jsonl", "--origin", "human", "-o", "b.jsonl"), "nowhere.jsonl: no such file"),
    "no such time column": (("{data}", "--origin", "human", "--time-column", "whne", "-o", "b.jsonl"), "did you mean 'when'?"),
    "a depth of human text": (("{data}", "--origin", "human", "--depth", "2", "-o", "b.jsonl"), "human documents have depth 0"),
    "a detector's word": (("{data}", "--origin", "human", "--evidence", "measured", "-o", "b.jsonl"), "a detector alone"),
    "no folder": (("{data}", "--origin", "human", "-o", "nowhere/b.jsonl"), "no folder 'nowhere'"),
}


@pytest.mark.parametrize("case", CALLS)
def test_a_wrong_call_is_refused_in_one_line_and_writes_nothing(cli, data, tmp_path, case):
    arguments, *words = CALLS[case]
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    refused(cli("tag", *(part.replace("{data}", data) for part in arguments)), *words)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
