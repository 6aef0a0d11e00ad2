import numpy as np
import pytest

from longtail.origin.watermarks import Words
from longtail.origin.watermarks.radioactivity import radioactivity
from tests.origin.recognising.conftest import key_of, written

from .refusing import refused


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
    key_of(1).save("key1.json")
    write_rows("guilty.jsonl", texts[0])
    return tmp_path


def test_a_model_that_learned_from_marked_text_is_told_from_one_that_did_not(cli, place, write_rows, texts):
    guilty = cli("detect", "model", "guilty.jsonl", "--key", "key1.json", "--json").report
    innocent = cli("detect", "model", write_rows("innocent.jsonl", texts[1]), "--key", "key1.json", "--json").report
    assert guilty["log10_p"] < -20 and innocent["p"] > 0.001
    assert guilty["schema_version"] == "1.0" and guilty["prompts"] is False
    shown = flat(cli("detect", "model", "guilty.jsonl", "--key", "key1.json"))
    assert "a large one says nothing" in shown and "no prompts are known" in shown


def test_contexts_in_the_prompt_are_left_out(cli, place, write_rows, texts):
    echo = write_rows("echo.jsonl", [{"prompt": text, "completion": text} for text in texts[0]])
    told = cli("detect", "model", echo, "--key", "key1.json", "--json").report
    assert (told["scored"], told["p"], told["prompts"]) == (0, 1.0, True)
    write_rows("asked.jsonl", texts[0])
    write_rows("answers.jsonl", texts[0])
    assert cli("detect", "model", "answers.jsonl", "--prompts", "asked.jsonl", "--key", "key1.json", "--json").report["scored"] == 0
    write_rows("few.jsonl", texts[0][:3])
    refused(cli("detect", "model", "answers.jsonl", "--prompts", "few.jsonl", "--key", "key1.json"), "3 prompts for 8 outputs")


def test_the_numbers_are_those_of_the_test_on_the_texts(cli, place, write_rows, texts):
    told = cli("detect", "model", "guilty.jsonl", "--key", "key1.json", "--json").report
    found = radioactivity(key_of(1), texts[0], Words())
    assert {name: told[name] for name in ("texts", "tokens", "scored", "green", "p", "log10_p", "given", "unknown")} == {
        "texts": 8, "tokens": found.tokens, "scored": found.scored, "green": found.green, "p": found.p, "log10_p": found.log10_p,
        "given": 0, "unknown": 0,
    }  # fmt: skip
    pairs = {(text.split()[at], text.split()[at + 1]) for text in texts[0] for at in range(119)} if key_of(1).context == 1 else None
    assert pairs is None or told["scored"] == len(pairs)


def test_only_contexts_of_the_marked_text_are_scored_where_it_is_named(cli, place, write_rows, texts):
    write_rows("marked.jsonl", texts[0][:4])
    write_rows("strange.jsonl", ["nothing of it occurs here"])
    told = cli("detect", "model", "guilty.jsonl", "--key", "key1.json", "--marked", "marked.jsonl", "--json").report
    alone = cli("detect", "model", "guilty.jsonl", "--key", "key1.json", "--json").report
    assert 0 < told["scored"] < alone["scored"] and told["unknown"] > 0
    none = cli("detect", "model", "guilty.jsonl", "--key", "key1.json", "--marked", "strange.jsonl", "--json").report
    assert (none["scored"], none["unknown"], none["p"]) == (0, none["tokens"], 1.0)
    assert "because the marked text does not" in flat(
        cli("detect", "model", "guilty.jsonl", "--key", "key1.json", "--marked", "marked.jsonl")
    )


def test_prompts_that_some_outputs_state_are_used_and_no_warning_stands_there(cli, place, write_rows, texts):
    rows = [{"prompt": text if at < 4 else None, "completion": text} for at, text in enumerate(texts[0])]
    write_rows("half.jsonl", rows)
    told = cli("detect", "model", "half.jsonl", "--key", "key1.json", "--json").report
    assert told["prompts"] is True and told["given"] == told["tokens"] // 2 > 0
    assert "Beware" not in flat(cli("detect", "model", "half.jsonl", "--key", "key1.json"))
    assert "Beware: no prompts are known" in flat(cli("detect", "model", "guilty.jsonl", "--key", "key1.json"))


def test_the_column_may_be_named_and_quiet_prints_nothing(cli, place, write_rows, texts):
    write_rows("odd.jsonl", [{"body": text, "n": 1} for text in texts[0]])
    refused(cli("detect", "model", "odd.jsonl", "--key", "key1.json"), "no column with text", "body")
    assert cli("detect", "model", "odd.jsonl", "--key", "key1.json", "--text-column", "body", "--json").report["texts"] == 8
    ran = cli("detect", "model", "guilty.jsonl", "--key", "key1.json", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("guilty.jsonl",), ("--key",)),
        (("guilty.jsonl", "--key", "absent.json"), ("absent.json",)),
        (("guilty.jsonl", "--key", "guilty.jsonl"), ("guilty.jsonl",)),
        (("absent.jsonl", "--key", "key1.json"), ("absent.jsonl: no such file or folder",)),
        (("guilty.jsonl", "--key", "key1.json", "--prompts", "absent.jsonl"), ("absent.jsonl",)),
        (("guilty.jsonl", "--key", "key1.json", "--marked", "empty.jsonl"), ("empty.jsonl: no documents",)),
        (("vectors.npy", "--key", "key1.json"), ("vectors.npy",)),
    ],
    ids=lambda given: " ".join(given),
)
def test_what_cannot_be_tested_is_refused_in_one_line(cli, place, arguments, words):
    (place / "empty.jsonl").write_text("")
    np.save("vectors.npy", np.zeros((3, 2)))
    refused(cli("detect", "model", *arguments), *words)
