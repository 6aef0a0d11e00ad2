"""`longtail detect`: what is found and in which words, and that nothing found is nothing known."""

import json
import re
from importlib.util import find_spec

import pyarrow.parquet as pq
import pytest

from longtail.ledger.store import Ledger
from tests.origin.recognising.conftest import key_of, written

SILENCE = "That there is no watermark and no credential is no evidence of a human author."

NO_TOKENIZER = "cannot be read as a tokenizer" if find_spec("tokenizers") else "longtail[hf]"


def refused(ran, *words):
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1), ran
    assert ran.err.startswith("longtail: ") and "unexpected" not in ran.err
    assert [word for word in words if word not in ran.err] == []


def flat(ran):
    assert (ran.code, ran.err) == (0, ""), ran
    return " ".join(ran.out.split())


@pytest.fixture(scope="module")
def texts():
    return written(key_of(1), 8, seed=3), written(None, 40, seed=4)


@pytest.fixture
def place(tmp_path, monkeypatch, write_rows, texts):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for number in (1, 2):
        key_of(number).save(f"key{number}.json")
    write_rows(
        "data.jsonl", [{"text": text, "lt_origin": "human"} if n == 2 else {"text": text} for n, text in enumerate(texts[0] + texts[1])]
    )
    return tmp_path


def test_the_screen_names_what_was_looked_for_what_was_found_the_share_and_what_silence_means(cli, place):
    shown = flat(cli("detect", "data.jsonl", "--key", "key1.json", "--key", "key2.json"))
    one, two = key_of(1).key_id, key_of(2).key_id
    assert f"the watermarks of 2 keys ({one}, {two}) 8 8" in shown
    assert f"document 1: watermark of key {one}:" in shown and f"document 3: watermark of key {one}:" in shown
    assert "of such findings a share of 0.01 is wrong on average at most" in shown
    assert f"Share under key {one}: not measured: the green rate of marked text is not known" in shown
    assert "hidden characters that no script needs 0 0" in shown
    assert "Contradiction: 1 document said human, and watermark says synthetic (first: document 3). What was said is kept." in shown
    assert shown.endswith(SILENCE)


def test_a_share_is_told_with_its_interval_where_the_rate_of_marked_text_is_known(cli, place, write_rows):
    known = key_of(1, green_rate=0.71)
    known.save("rated.json")
    many = write_rows("many.jsonl", written(known, 20, seed=5) + written(None, 60, seed=6))
    shown = flat(cli("detect", many, "--key", "rated.json"))
    assert re.search(rf"Share under key {known.key_id}: 2\d\.\d% \(\d\d\.\d% to \d\d\.\d%, 95% interval\) of [\d,]+ scored tokens", shown)
    (share,) = cli("detect", many, "--key", "rated.json", "--json").report["marked"]
    assert share["low"] < 0.25 < share["high"] and share["unit"] == "tokens"


def test_the_json_is_the_same_each_time_and_holds_every_finding(cli, place):
    command = ("detect", "data.jsonl", "--key", "key1.json", "--json")
    ran = cli(*command)
    assert ran.out == cli(*command).out
    report = ran.report
    assert report["schema_version"] == "1.0"
    assert [each["document"] for each in report["findings"]] == [*range(1, 9)]
    assert report["findings"][2] | {"words": "", "p_value": 0, "score": 0, "n_scored": 0, "lt_id": ""} == {
        "document": 3, "lt_id": "", "stated": "human", "status": "fail", "recogniser": "watermark", "words": "", "state": "tested",
        "scheme": "greenlist-1", "key_id": key_of(1).key_id, "p_value": 0, "n_scored": 0, "score": 0, "origin": "synthetic",
        "evidence": "watermark",
    }  # fmt: skip
    assert {each["recogniser"]: (each["tested"], each["found"]) for each in report["recognisers"]} == {
        "watermark": (48, 8),
        "c2pa-text": (None, 0),
        "unicode": (None, 0),
    }
    assert report["origins"] == {"synthetic": 8}
    assert "secret" not in ran.out


def test_a_wrong_key_finds_nothing_and_calls_nobody_human(cli, place):
    ran = cli("detect", "data.jsonl", "--key", "key2.json", "--json")
    assert (ran.report["findings"], ran.report["origins"]) == ([], {})
    shown = flat(cli("detect", "data.jsonl", "--key", "key2.json"))
    assert "no p-value is small enough among so many" in shown and shown.endswith(SILENCE)


def test_a_stripped_copy_has_no_watermark_and_that_is_all_that_is_said(cli, place, write_rows, texts):
    stripped = [" ".join(reversed(text.split())) for text in texts[0]]
    path = write_rows("stripped.jsonl", stripped)
    assert cli("detect", path, "--key", "key1.json", "--json").report["findings"] == []
    assert flat(cli("detect", path, "--key", "key1.json")).endswith(SILENCE)


def test_mixed_scripts_and_short_texts_are_looked_at_and_said_to_be_short(cli, place, write_rows):
    rows = ["مرحبا بالعالم", "模型坍塌是指模型在自己的输出上训练时尾部消失", "yes", "👩‍👩‍👧 ok", "Привет, мир — and hello"]
    shown = flat(cli("detect", write_rows("odd.jsonl", rows), "--key", "key1.json"))
    assert "3 documents too short to be tested" in shown
    assert "hidden characters that no script needs 0 0" in shown


def test_a_key_for_another_tokenizer_is_refused_with_the_one_it_needs(cli, place):
    key = key_of(5)
    type(key)(secret=key.secret, tokenizer="ab" * 32).save("strange.json")
    refused(cli("detect", "data.jsonl", "--key", "strange.json"), "abababababababab", "words", "--tokenizer")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("run",), "no data"),
        (("absent.jsonl",), "no such file"),
        (("data.jsonl", "--key", "absent.json"), "cannot be read as a key"),
        (("data.jsonl", "--key", "data.jsonl"), "is no watermark key"),
        (("data.jsonl", "--key", "key1.json", "--key", "key1.json"), "given twice"),
        (("data.jsonl", "--fdr", "2"), "fdr is 2.0"),
        (("data.jsonl", "-o", "v.csv"), "known suffixes: .jsonl, .parquet"),
        (("data.jsonl", "-o", "data.jsonl"), "one of the inputs"),
        (("data.jsonl", "--tag", "data.jsonl"), "is the input"),
        (("data.jsonl", "data.jsonl", "--tag", "t.jsonl"), "2 data sets"),
        (("data.jsonl", "--tokenizer", "absent", "--key", "key1.json"), NO_TOKENIZER),
        (("empty.jsonl",), "empty"),
        (("modle", "data.jsonl", "--key", "key1.json"), "did you mean 'model'"),
    ],
)
def test_what_cannot_be_done_is_one_line(cli, place, command, words):
    (place / "empty.jsonl").write_text('{"text": ""}\n{"text": " "}\n')
    refused(cli("detect", *command), words)


def test_tagging_writes_what_is_proved_and_the_ledger_keeps_the_verdicts(cli, place):
    assert cli("ledger", "init", "ledger").code == 0
    ran = cli("detect", "data.jsonl", "--key", "key1.json", "--ledger", "ledger", "--tag", "tagged.jsonl", "-o", "v.parquet", "--json")
    assert ran.report["tagged"] == {
        "output": "tagged.jsonl",
        "origins": {"human": 1, "synthetic": 7, "unknown": 40},
        "written": {"synthetic": 7},
        "statements": 1,
        "verdicts": 8,
    }
    rows = [json.loads(line) for line in (place / "tagged.jsonl").read_text().splitlines()]
    assert [row["lt_origin"] for row in rows[:9]] == ["synthetic", "synthetic", "human", *["synthetic"] * 5, "unknown"]
    kept = pq.read_table("v.parquet").to_pylist()
    assert {row["lt_id"] for row in kept} == {row["lt_id"] for row in rows[:8]}
    with Ledger.open("ledger") as ledger:
        assert sum(batch.num_rows for batch in ledger.query(lambda tables: f"SELECT * FROM {tables['verdicts']}", "verdicts")) == 8
    shown = cli("ledger", "show", "ledger", rows[2]["lt_id"]).out
    assert "watermark: fail, watermark of key" in shown
    refused(cli("detect", "data.jsonl", "--ledger", "ledger", "--tag", "tagged.jsonl"), "'tagged' is in the ledger already")


def test_copies_of_what_the_ledger_knows_are_found(cli, place, write_rows, texts):
    with Ledger.create("known") as ledger:
        ledger.add([{"text": texts[1][0], "lt_origin": "synthetic", "lt_model": "m@1", "lt_depth": 1}])
    shown = flat(cli("detect", write_rows("scrape.jsonl", texts[1][:3]), "--ledger", "known"))
    assert "copies of 1 documents that models had a hand in 1 1" in shown
    assert "which the ledger has as synthetic by m@1" in shown


def test_hidden_characters_are_told_and_prove_nothing(cli, place, write_rows):
    path = write_rows("hidden.jsonl", ["a text with\u200b some\u2063 hidden signs", "a plain one"])
    ran = cli("detect", path, "--json").report
    assert [(each["document"], each["recogniser"], each["status"]) for each in ran["findings"]] == [(1, "unicode", "warn")]
    assert ran["origins"] == {}


def test_quiet_prints_nothing_and_a_text_file_or_standard_input_is_looked_at_too(cli, place, texts):
    (place / "story.txt").write_text(texts[0][0])
    ran = cli("detect", "story.txt", "--key", "key1.json", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert cli("detect", "story.txt", "--key", "key1.json", "--json").report["documents"] == 1
    assert cli("detect", "-", "--key", "key1.json", "--json", stdin=texts[0][0].encode()).report["origins"] == {"synthetic": 1}
