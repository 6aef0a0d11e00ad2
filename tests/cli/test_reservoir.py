"""`longtail reservoir …`: the commands, their screens, their exit codes."""

import json
import os

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.ledger.columns import identity


@pytest.fixture
def data(write_rows, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(4)
    rows = [
        {
            "text": f"{' '.join(map(str, rng.zipf(1.4, 12) % 900))} {n}",
            "lt_origin": "human",
            "lt_time": f"{2005 + n % 20}-01-01",
            "lt_source": f"s{n % 2}",
        }
        for n in range(400)
    ]
    rows[3]["lt_origin"] = "synthetic"
    return write_rows("data.jsonl", rows).name


@pytest.fixture
def pool(cli, data):
    assert cli("reservoir", "init", "pool", "-q").code == 0
    assert cli("reservoir", "add", "pool", data, "-q").code == 0
    assert cli("reservoir", "freeze", "pool", "v1", "-q").code == 0
    return "pool"


def refused(ran, *words):
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1), ran
    assert ran.err.startswith("longtail: ") and "unexpected" not in ran.err
    assert [word for word in words if word not in ran.err] == []


def test_init_and_add_say_what_was_done_and_what_was_not(cli, data):
    ran = cli("reservoir", "init", "pool", "--cutoff", "2020-01-01")
    assert (ran.code, ran.out, ran.err) == (0, "", "pool: an empty reservoir; documents dated 2020-01-01 or later need evidence\n")
    ran = cli("reservoir", "add", "pool", data)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines() == [
        "pool: 299 documents added, 0 duplicates; 299 in all",
        "  refused: 1 document, lt_origin is synthetic (first at data.jsonl:4)",
        "  set aside: 100 documents, dated 2020-01-01 or later, without evidence (signed, watermark) (first at data.jsonl:16)",
        "  give dates (longtail tag --time-column), evidence (--evidence signed), or a day they were published by (--published-by)",
    ]
    report = cli("reservoir", "add", "pool", data, "--json").report
    assert {name: report[name] for name in ("schema_version", "documents", "duplicates", "total")} == {
        "schema_version": "1.0",
        "documents": 0,
        "duplicates": 299,
        "total": 299,
    }


def test_freeze_prints_what_to_pin(cli, pool):
    ran = cli("reservoir", "freeze", pool, "v1", "--json")
    assert (ran.code, ran.err, ran.report["name"], ran.report["documents"]) == (0, "", "v1", 359)
    ran = cli("reservoir", "freeze", pool)
    (first, second), sha256 = ran.err.splitlines(), cli("reservoir", "freeze", pool, "v1", "--json").report["sha256"]
    assert (first, second) == (f"pool/__frozen/{sha256[:12]}: 359 documents in 1 file", f"  sha256 {sha256}")
    assert cli("reservoir", "verify", pool, "v1", "--sha256", sha256).code == 0
    refused(cli("reservoir", "verify", pool, "v1", "--sha256", "f" * 64), f"has the sha256 {sha256}", "was expected")
    refused(cli("reservoir", "verify", pool, "--sha256", sha256), "--sha256 pins a snapshot; name it")


def test_an_edited_row_is_named_and_the_exit_code_is_1(cli, pool):
    ran = cli("reservoir", "verify", pool)
    assert (ran.code, ran.err) == (0, "") and ran.out.startswith("pool: 359 documents in 1 file: as they were added\n  sha256 ")
    (path,) = (os.path.join("pool/documents", name) for name in os.listdir("pool/documents"))
    table = pq.read_table(path)
    texts = table.column("text").to_pylist()
    named, texts[7] = identity({"text": texts[7]}), "changed"
    os.unlink(path)
    pq.write_table(table.set_column(table.schema.get_field_index("text"), "text", pa.array(texts)), path)
    for arguments in ((), ("v1",)):
        ran = cli("reservoir", "verify", pool, *arguments)
        assert ran.code == 1
        assert f"  altered: document {named} (documents/{os.path.basename(path)}, row 8): its content was altered" in ran.out
        report = cli("reservoir", "verify", pool, *arguments, "--json")
        assert (report.code, report.report["faults"][0]["lt_id"], report.report["count"]) == (1, named, 1)
    assert cli("reservoir", "verify", pool, "-q").out == ""


def test_more_faults_than_fit_are_counted(cli, pool):
    (path,) = (os.path.join("pool/documents", name) for name in os.listdir("pool/documents"))
    table = pq.read_table(path)
    os.unlink(path)
    pq.write_table(table.slice(30), path)
    ran = cli("reservoir", "verify", pool)
    assert ran.code == 1 and len(ran.out.splitlines()) == 2 + 20 + 1
    assert ran.out.splitlines()[0].endswith(": 30 faults") and ran.out.splitlines()[-1] == "  … and 10 more (--json names the first 1,000)"


def test_value_prints_the_curve_the_sources_and_the_unseen(cli, pool):
    ran = cli("reservoir", "value", pool)
    assert (ran.code, ran.err) == (0, "")
    for words in ("359 documents", "The tail: ", "by the last", "rarest first", "s0", "s1", "Unseen by all 359 documents: "):
        assert words in ran.out
    report = cli("reservoir", "value", pool, "v1", "--json").report
    covered = [point["covered"] for point in report["curve"]]
    assert covered == sorted(covered) and len(report["sources"]) == 2 and report["not_measured"] == []
    assert cli("reservoir", "value", pool, "--json").out == cli("reservoir", "value", pool, "v1", "--json").out


def test_the_folder_is_a_reference_for_an_audit(cli, pool, write_rows):
    candidate = write_rows("candidate.jsonl", [f"{n} {n % 7} {n % 3}" for n in range(200)]).name
    pinned = cli("reservoir", "freeze", pool, "v1", "--json").report["sha256"]
    for place in (pool, f"{pool}/__frozen/v1"):
        ran = cli("audit", candidate, "--reference", place, "--json")
        assert [(one["documents"], one["sha256"]) for one in ran.report["inputs"] if one["role"] == "reference"] == [(359, pinned)]


def test_what_cannot_be_done_is_one_line(cli, pool, data, tmp_path):
    refused(cli("reservoir", "init", pool), "is a reservoir already")
    refused(cli("reservoir", "init", "other", "--cutoff", "soon"), "cutoff is 'soon'", "YYYY-MM-DD")
    refused(cli("reservoir", "add", "nowhere", data), "nowhere: is no reservoir; make one with longtail reservoir init nowhere")
    refused(cli("reservoir", "add", pool, "missing.jsonl"), "missing.jsonl: no such file")
    refused(cli("reservoir", "add", pool), "Missing argument")
    refused(cli("reservoir", "verify", pool, "v9"), "unknown snapshot 'v9'")
    refused(cli("reservoir", "value", pool, "--view", "words_7"), "unknown view 'words_7'")
    refused(cli("reservoir", "vreify", pool), "did you mean 'verify'")
    cli("reservoir", "init", "empty")
    refused(cli("reservoir", "freeze", "empty"), "holds no documents to freeze")
    refused(cli("reservoir", "value", "empty"), "holds no documents; add some")
    (tmp_path / "pool" / "_reservoir.json").unlink()
    (tmp_path / "pool" / "_reservoir.json").write_text(json.dumps({"format": 9}))
    refused(cli("reservoir", "verify", pool), "was written in format 9, and this version reads up to 1; upgrade longtail")


def test_help_lists_the_commands(cli):
    ran = cli("reservoir")
    assert ran.code == 0 and all(name in ran.out for name in ("init", "add", "freeze", "verify", "value"))
