"""What asks archived models."""

import os
import sys
import time
from pathlib import Path

import pytest

from longtail.diagnosis.outputs.producers import Failed, producer_of
from longtail.errors import ConfigError, MissingExtra

ECHO = """
import json, sys
rows = [json.loads(line) for line in sys.stdin]
for row in reversed(rows):
    print(json.dumps({"id": row["id"], "text": f"{sys.argv[1]} {sys.argv[2]} {row['prompt']}"}))
"""


def program(source, *more):
    return producer_of([sys.executable, "-c", source, "{checkpoint}", *more], seed=7, timeout_s=20)


def test_a_program_gets_checkpoint_seed_and_prompts_and_may_answer_in_any_order():
    assert program(ECHO, "{seed}").texts(["ä?", "b?"], "ckpt 1;ls") == ["ckpt 1;ls 7 ä?", "ckpt 1;ls 7 b?"]


def test_texts_without_ids_are_taken_in_the_order_they_come():
    source = "import sys, json; [print(json.dumps(line.strip()[-3])) for line in sys.stdin]; print()"
    assert program(source).texts(["a", "b"], "c") == ["a", "b"]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import sys; sys.stderr.write('no\\nout of memory\\n'); sys.exit(3)", "ended with 3: out of memory"),
        ("print('hello')", "is no JSON: hello"),
        ("print('\"one\"')", "1 outputs for 2 prompts"),
        ("print('{\"x\": 1}')\nprint('3')", "is no text"),
        ("pass", "0 outputs for 2 prompts"),
    ],
)
def test_a_program_that_fails_says_why(source, why):
    with pytest.raises(Failed, match=why):
        program(source).texts(["a", "b"], "c")


def test_a_program_that_hangs_is_killed_with_what_it_started(tmp_path):
    source = "import subprocess as s\nopen(sys.argv[2], 'w').write(str(s.Popen(['sleep', '60']).pid))\ntime.sleep(60)"
    words = [sys.executable, "-c", f"import sys, time\n{source}", "{checkpoint}", str(tmp_path / "pid")]
    with pytest.raises(Failed, match="not done after 1 seconds"):
        producer_of(words, timeout_s=1).texts(["a"], "c")
    child = int((tmp_path / "pid").read_text())
    for _ in range(50):
        if not os.path.exists(f"/proc/{child}") or Path(f"/proc/{child}/stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("what the program started is still there")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["no-such-program-here", "{checkpoint}"], "there is no program"),
        ([sys.executable, "write.py"], "does not say {checkpoint}"),
        ([], "give a program"),
    ],
)
def test_a_program_that_cannot_be_is_refused_before_the_work(words, why):
    with pytest.raises(ConfigError, match=why):
        producer_of(words)


def test_a_function_may_return_texts_records_or_nothing():
    def answers(prompts, checkpoint):
        return [f"{checkpoint} {prompts[0]}", {"text": "record"}, None]

    assert producer_of(answers).texts(["a", "b", "c"], "ckpt") == ["ckpt a", "record", ""]


def test_a_function_that_raises_is_a_failure_of_the_checkpoint_and_a_missing_library_is_not():
    def raises(prompts, checkpoint):
        raise RuntimeError("corrupt\nweights")

    def lacks(prompts, checkpoint):
        raise MissingExtra("a model", "hf")

    with pytest.raises(Failed, match="RuntimeError: corrupt weights"):
        producer_of(raises).texts(["a"], "c")
    with pytest.raises(MissingExtra):
        producer_of(lacks).texts(["a"], "c")


def test_a_function_is_named_and_its_source_is_part_of_the_key(tmp_path, monkeypatch):
    (tmp_path / "writing_models.py").write_text("def write(prompts, path):\n    return ['x' for _ in prompts]\n")
    monkeypatch.syspath_prepend(tmp_path)
    found = producer_of("writing_models:write")
    assert found.texts(["a", "b"], "c") == ["x", "x"]
    assert found.stated.startswith("function writing_models:write ")
    assert found.is_stated
    (tmp_path / "writing_others.py").write_text("def write(prompts, path):\n    return ['y' for _ in prompts]\n")
    assert producer_of("writing_others:write").stated.split()[-1] != found.stated.split()[-1]
    assert not producer_of(lambda prompts, path: ["a"]).is_stated
    with pytest.raises(ConfigError, match="cannot be imported"):
        producer_of("writing_models:nothing")
    with pytest.raises(ConfigError, match="produce is 3"):
        producer_of(3)
