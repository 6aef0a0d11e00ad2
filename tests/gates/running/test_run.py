import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ConfigError, ReadError, UsageError
from longtail.gates import REVIEW, Gate, Judgement, Verdicts
from longtail.gates.running import Job, Tails, read_run, run

DOCUMENTS = [
    {"text": f"{word} {number}", "n": number, "lt_origin": "human" if number % 5 == 0 else "synthetic"}
    for number, word in enumerate(["plain words here", "odd words there", "bad", "more plain words"] * 50)
]


def words(batch):
    def judged(text):
        if text.startswith("bad"):
            return Judgement("reject", f"bad word in {text}", 0.25, "kept-one")
        return Judgement("review", "odd", 0.5) if text.startswith("odd") else Judgement()

    return Verdicts.of(judged(text) for text in batch.texts.to_pylist())


def lines(path):
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in DOCUMENTS))
    return str(path)


def test_kept_and_rejected_are_all_documents_once_and_kept_lines_keep_their_bytes(data, tmp_path):
    made = run(Job(Gate(words), (data,)), tmp_path / "out")
    kept, rejected = lines(tmp_path / "out/kept.jsonl"), lines(tmp_path / "out/rejected.jsonl")
    assert sorted(each["n"] for each in kept + rejected) == list(range(200))
    original = Path(data).read_bytes().splitlines()
    plain = [line for line in (tmp_path / "out/kept.jsonl").read_bytes().splitlines() if b"lt_review" not in line]
    assert set(plain) <= set(original)
    assert (made.documents, made.spared, made.kept, made.rejected) == (200, 40, len(kept), len(rejected))


def test_what_was_rejected_says_by_which_gate_why_and_what_it_matched(data, tmp_path):
    run(Job(Gate(words), (data,)), tmp_path / "out")
    one = next(each for each in lines(tmp_path / "out/rejected.jsonl") if each["n"] == 2)
    assert (one["lt_gate"], one["lt_reason"], one["lt_score"], one["lt_matched_id"]) == ("words", "bad word in bad 2", 0.25, "kept-one")


def test_what_is_unsure_is_kept_and_marked_or_waits(data, tmp_path):
    run(Job(Gate(words), (data,)), tmp_path / "kept")
    held = run(Job(Gate(words, unsure="hold"), (data,)), tmp_path / "held")
    marked = [each["n"] for each in lines(tmp_path / "kept/kept.jsonl") if each.get("lt_review") == "words: odd"]
    assert marked == [each["n"] for each in lines(tmp_path / "kept/review.jsonl")] == [n for n in range(200) if n % 4 == 1 and n % 5]
    assert [each["n"] for each in lines(tmp_path / "held/review.jsonl")] == marked
    assert not set(marked) & {each["n"] for each in lines(tmp_path / "held/kept.jsonl")}
    assert held.kept + held.review + held.rejected == held.documents


def test_human_documents_are_spared_unless_the_gate_says_otherwise(data, tmp_path):
    run(Job(Gate(words), (data,)), tmp_path / "out")
    assert all(each["lt_origin"] != "human" for each in lines(tmp_path / "out/rejected.jsonl"))
    run(Job(Gate(words, spare=()), (data,)), tmp_path / "all")
    assert any(each["lt_origin"] == "human" for each in lines(tmp_path / "all/rejected.jsonl"))


def test_the_manifest_counts_each_stage_and_the_flow_adds_up(data, tmp_path):
    made = run(Job(Gate(words, ("random", {"keep": 0.5})), (data,)), tmp_path / "out")
    first, second = made.stages
    assert (first.seen, first.review, first.rejected) == (160, 40, 40)
    assert first.reasons == {"odd": 40, "bad word in bad #": 40}
    assert second.seen == first.seen - first.rejected == second.kept + second.rejected
    into, out = {}, {}
    for link in made.flow:
        into[link.target] = into.get(link.target, 0) + link.documents
        out[link.source] = out.get(link.source, 0) + link.documents
    assert out["documents"] == 200
    assert all(into[stage.name] == out[stage.name] == stage.seen for stage in made.stages)
    assert sum(into[end] for end in ("kept", "review", "rejected", "spared")) == 200


def test_checksums_are_those_of_the_files(data, tmp_path):
    made = run(Job(Gate(words), (data,)), tmp_path / "out")
    sums = dict(reversed(line.split("  ")) for line in (tmp_path / "out/SHA256SUMS").read_text().splitlines())
    for output in made.outputs:
        digest = hashlib.sha256((tmp_path / "out" / output.name).read_bytes()).hexdigest()
        assert digest == output.sha256 == sums[output.name]


def test_verdicts_stand_beside_the_rows_as_a_ledger_keeps_them(data, tmp_path):
    run(Job(Gate(words), (data,)), tmp_path / "out")
    found = pq.read_table(tmp_path / "out/verdicts.parquet").to_pylist()
    assert {each["status"] for each in found} == {"warn", "fail"}
    assert {(each["moment"], each["name"]) for each in found} == {("gate", "words")}
    assert [each["document"] for each in found] == [n for n in range(200) if n % 4 in (1, 2) and n % 5]


def test_a_ledger_takes_the_verdicts(data, tmp_path):
    from longtail.ledger.store import Ledger

    run(Job(Gate(words), (data,)), tmp_path / "out")
    with Ledger.create(tmp_path / "ledger") as ledger:
        rows = pq.read_table(tmp_path / "out/verdicts.parquet").drop_columns(["document"]).to_pylist()
        ledger.judge(rows)
    assert len(rows) == 80


def test_the_same_run_again_changes_nothing_and_another_one_is_refused(data, tmp_path):
    made = run(Job(Gate(words), (data,)), tmp_path / "out")
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    assert run(Job(Gate(words), (data,)), tmp_path / "out") == made == read_run(tmp_path / "out")
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == before
    with pytest.raises(UsageError, match="nothing is overwritten"):
        run(Job(Gate(("random", {"keep": 0.5})), (data,)), tmp_path / "out")


def test_a_file_that_a_gate_compares_with_belongs_to_the_run(data, tmp_path):
    against = tmp_path / "against.jsonl"
    against.write_text(json.dumps({"text": "plain words here 4"}) + "\n")
    job = Job(Gate(("exact_duplicates", {"against": [str(against)]}), spare=()), (data,))
    assert run(job, tmp_path / "out").rejected == 1
    against.write_text(json.dumps({"text": "something else"}) + "\n")
    with pytest.raises(UsageError, match="nothing is overwritten"):
        run(job, tmp_path / "out")


def test_an_output_that_was_altered_is_named(data, tmp_path):
    run(Job(Gate(words), (data,)), tmp_path / "out")
    with open(tmp_path / "out/kept.jsonl", "a") as file:
        file.write("{}\n")
    with pytest.raises(UsageError, match="kept.jsonl.* checksum differs"):
        run(Job(Gate(words), (data,)), tmp_path / "out")


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(data, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="'thesis.txt'"):
        run(Job(Gate(words), (data,)), tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.txt"]


def test_a_dry_run_says_the_same_and_writes_nothing(data, tmp_path):
    dry = run(Job(Gate(words), (data,)), None)
    made = run(Job(Gate(words), (data,)), tmp_path / "out")
    assert msgspec.structs.replace(made, outputs=(), created_at=dry.created_at) == dry
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.jsonl", "out"]


def test_a_damaged_line_is_quarantined_and_stands_in_no_file(data, tmp_path):
    with open(data, "a") as file:
        file.write('{"text": "cut off\n{"topic": "nothing to judge"}\n')
    made = run(Job(Gate(words), (data,)), tmp_path / "out")
    assert (made.quarantined, made.documents) == (2, 200)
    assert [each.line for each in made.quarantine] == [201, 202]


def test_parquet_stays_parquet_with_its_types(tmp_path):
    table = pa.Table.from_pylist(DOCUMENTS).append_column("vector", pa.array([[1.0, 2.0]] * 200, pa.list_(pa.float32(), 2)))
    pq.write_table(table, tmp_path / "data.parquet", row_group_size=37)
    run(Job(Gate(words), (str(tmp_path / "data.parquet"),)), tmp_path / "out")
    kept, rejected = (pq.read_table(tmp_path / f"out/{name}.parquet") for name in ("kept", "rejected"))
    assert kept.schema.names == [*table.schema.names, "lt_review"]
    assert kept.schema.field("vector").type == pa.list_(pa.float32(), 2)
    assert sorted(kept.column("n").to_pylist() + rejected.column("n").to_pylist()) == list(range(200))
    assert rejected.column("lt_reason").to_pylist()[0] == "bad word in bad 2"


def test_lines_and_columns_together_become_lines(data, tmp_path):
    pq.write_table(pa.table({"text": ["bad one", "good one"], "n": [1000, 1001]}), tmp_path / "more.parquet")
    made = run(Job(Gate(words), (data, str(tmp_path / "more.parquet"))), tmp_path / "out")
    assert made.documents == 202
    assert lines(tmp_path / "out/kept.jsonl")[-1] == {"text": "good one", "n": 1001}
    with pytest.raises(ConfigError, match="take jsonl"):
        run(Job(Gate(words), (data,), form="parquet"), tmp_path / "other")


def test_a_gate_may_ask_for_any_column_whatever_passed_before(data, tmp_path):
    def third(batch):
        return Verdicts.where(np.array([value % 3 == 0 for value in batch.values("n")], bool), "a multiple of three", decision=REVIEW)

    made = run(Job(Gate(words, third, spare=()), (data,)), tmp_path / "out")
    assert made.stages[1].review == sum(n % 3 == 0 and n % 4 != 2 for n in range(200))


def test_a_gate_that_fails_on_a_document_rejects_it_and_the_run_goes_on(data, tmp_path):
    def brittle(batch):
        if 7 in batch.values("n"):
            raise RuntimeError("seven")
        return Verdicts.keep(len(batch))

    made = run(Job(Gate(brittle), (data,)), tmp_path / "out")
    assert made.stages[0].reasons == {"the gate failed: RuntimeError: seven": 1}
    assert [each["n"] for each in lines(tmp_path / "out/rejected.jsonl")] == [7]


@pytest.mark.parametrize(("data", "says"), [((), "no data|nothing"), (("nowhere.jsonl",), "nowhere.jsonl")])
def test_data_that_are_not_there_are_refused(data, says, tmp_path):
    with pytest.raises((UsageError, ReadError), match=says):
        run(Job(Gate(words), data), tmp_path / "out")


def test_the_tail_is_measured_on_what_was_judged(tmp_path):
    rng = np.random.default_rng(0)
    usual_words = [" ".join(f"w{number}" for number in rng.zipf(1.6, 40)) for _ in range(1800)]
    rare_matter = [" ".join(f"r{number}" for number in rng.integers(0, 800, 40)) for _ in range(200)]
    path = tmp_path / "mixed.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in usual_words + rare_matter))

    def usual(batch):
        return Verdicts.where(np.array([text[0] == "r" and len(text) % 2 == 0 for text in batch.texts.to_pylist()], bool), "unusual")

    cut = run(Job(Gate(usual), (str(path),)), None)
    even = run(Job(Gate(("random", {"keep": 0.6})), (str(path),), tails=Tails()), None)
    assert cut.tail.ratio.decision == "shrunk"
    assert cut.stages[0].rare_kept.high < cut.stages[0].common_kept.low
    assert even.tail.ratio.low < 1 < even.tail.ratio.high


def test_answers_are_copies_only_where_they_answer_the_same(tmp_path):
    rows = [{"prompt": f"question {number % 7}", "completion": "Yes."} for number in range(20)]
    (tmp_path / "answers.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "answers.parquet")
    for name in ("answers.jsonl", "answers.parquet"):
        assert run(Job(Gate("exact_duplicates"), (str(tmp_path / name),)), None).kept == 7


KILLED = """
import sys, time
import numpy as np
from longtail.gates import Gate, Judgement, Verdicts
from longtail.gates.running import Job, journal, legs, run
journal.PATIENCE = 0.0
legs.FEWEST = legs.MOST = 5

def slow(batch):
    time.sleep(0.05)
    with open(sys.argv[3], "a") as log:
        log.writelines(f"{n}\\n" for n in batch.values("n"))
    return Verdicts.of(Judgement("reject", "odd") if n % 2 else Judgement() for n in batch.values("n"))

run(Job(Gate(slow, spare=()), (sys.argv[1],)), sys.argv[2])
"""


def test_a_run_that_was_killed_goes_on_where_it_was_and_ends_the_same(data, tmp_path):
    log = tmp_path / "log"
    command = [sys.executable, "-c", KILLED, data, str(tmp_path / "out"), str(log)]
    for _ in range(2):
        before = len(log.read_text().splitlines()) if log.exists() else 0
        process = subprocess.Popen(command)
        while (len(log.read_text().splitlines()) if log.exists() else 0) < before + 40:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert not (tmp_path / "out/manifest.json").exists()
    subprocess.run(command, check=True)
    judged = [int(line) for line in log.read_text().splitlines()]
    assert set(judged) == set(range(200))
    assert len(judged) <= 200 + 2 * 10
    made = read_run(tmp_path / "out")
    assert (made.kept, made.rejected) == (100, 100)
    assert not (tmp_path / "out/.work").exists()
