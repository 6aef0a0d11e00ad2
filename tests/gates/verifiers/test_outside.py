import sys
import time

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.gates import GATES, Gate
from longtail.gates.batch import Batch
from longtail.gates.verdicts import Judgement
from longtail.gates.verifiers import Called, Command, Regex

PROGRAM = """
import json, os, sys, time
for line in sys.stdin:
    told = json.loads(line)
    text = told["text"]
    if text == "die": os._exit(3)
    if text == "hang": time.sleep(100)
    if text == "nonsense": print("nonsense", flush=True); continue
    if text == "twice": print(json.dumps({"decision": "keep"}), flush=True)
    if text == "other": print(json.dumps({"id": "other", "decision": "keep"}), flush=True); continue
    if text == "odd": print(json.dumps({"decision": "maybe"}), flush=True); continue
    if text == "infinite": print('{"decision": "keep", "score": Infinity}', flush=True); continue
    if text == "list": print("[1]", flush=True); continue
    if text == "flood": print("x" * (1 << 22), flush=True); continue
    decision = "review" if text == "no" else "keep"
    print(json.dumps({"decision": decision, "reason": "by hand", "score": told["x"], "matched_id": "m"}), flush=True)
"""


def module(tmp_path, monkeypatch, text):
    (tmp_path / "judges_here.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    sys.modules.pop("judges_here", None)


def texts(gate, *said):
    found = gate(Batch.of([{"text": each, "x": at} for at, each in enumerate(said)]))
    return [found.at(at) for at in range(len(said))]


def test_every_verifier_is_in_the_catalogue_and_composes():
    names = {"exact_match", "json_schema", "regex", "math_verify", "python_tests", "command", "callable"}
    assert all(GATES[name].facts["judges"] == "documents" for name in names)
    gate = Gate(("regex", {"must": ["x"]}), ("callable", {"function": lambda record: len(record["text"]) > 1}))
    assert [each.decision for each in texts(gate, "xx", "x", "y")] == ["keep", "reject", "reject"]


def test_a_command_answers_one_line_for_each_document():
    found = texts(Command(command=[sys.executable, "-c", PROGRAM], columns=["x"]), "yes", "no")
    assert found == [("keep", "", 0.0, "m"), ("review", "by hand", 1.0, "m")]


def test_only_the_document_at_fault_is_rejected_and_the_command_is_started_again():
    faults = {
        "die": "the command ended with exit code 3 before it answered",
        "hang": "the command did not answer in time",
        "nonsense": "the command answered 'nonsense', which is no JSON",
        "other": "the command answered for 'other' instead",
        "odd": "the command answered badly: decision is 'maybe'; say keep, review or reject",
        "infinite": "the command answered badly: score is inf; give a finite number",
        "list": "the command answered '[1]', which is no record",
        "flood": "the command wrote more than 1,048,576 bytes",
    }
    said = [word for fault in faults for word in (fault, "yes")]
    found = texts(Command(command=[sys.executable, "-c", PROGRAM], columns=["x"], timeout_s=1), *said)
    assert [each.reason for each in found[::2]] == list(faults.values())
    assert [each.decision for each in found[1::2]] == ["keep"] * len(faults)


def test_a_second_line_is_never_taken_for_the_answer_to_the_next_document():
    gate = Command(command=[sys.executable, "-c", PROGRAM], columns=["x"])
    texts(gate, "twice")
    time.sleep(0.2)
    assert texts(gate, "no")[0].reason == "by hand"


def test_a_command_that_ends_after_each_answer_is_started_for_each_document():
    once = "import json, sys; told = json.loads(sys.stdin.readline()); print(json.dumps({'decision': 'keep', 'score': told['x']}))"
    found = texts(Command(command=[sys.executable, "-c", once], columns=["x"]), *"abcdef")
    assert [each.score for each in found] == list(range(6))


def test_a_command_that_cannot_be_started_stops_the_run():
    with pytest.raises(ConfigError, match="'/no/such/program' cannot be started"):
        texts(Command(command=["/no/such/program"]), "a")
    with pytest.raises(ConfigError, match="command is"):
        Command(command=[])
    with pytest.raises(ConfigError, match="columns is 'x'; give a list of names"):
        Command(command=["true"], columns="x")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (True, ("keep", "", None, None)),
        (np.bool_(False), ("reject", "the verifier says no", None, None)),
        (0.75, ("keep", "", 0.75, None)),
        (np.float32(0.25), ("reject", "the score is 0.25, below 0.5", 0.25, None)),
        ("review", ("review", "the verifier gave no reason", None, None)),
        (Judgement("reject", "seen", 0.1, "z"), ("reject", "seen", 0.1, "z")),
        ({"decision": "keep", "score": 1}, ("keep", "", 1.0, None)),
    ],
)
def test_what_a_function_may_answer(answer, expected):
    assert texts(Called(function=lambda record: answer), "a") == [expected]


@pytest.mark.parametrize("answer", [None, "perhaps", float("nan"), float("inf"), [1], {"score": 1}, Judgement("keep", "", float("nan"))])
def test_any_other_answer_rejects_the_document(answer):
    (found,) = texts(Called(function=lambda record: answer), "a")
    assert found.decision == "reject" and found.reason.startswith("the function failed: ValueError")


def test_a_function_that_raises_rejects_that_document_and_the_run_goes_on():
    found = texts(Called(function=lambda record: 1 / record["x"], columns=["x"]), "a", "b", "c")
    assert [each.decision for each in found] == ["reject", "keep", "keep"]
    assert found[0].reason == "the function failed: ZeroDivisionError: division by zero"


def test_a_function_by_name_with_a_time_limit_is_killed_where_it_hangs(tmp_path, monkeypatch):
    module(
        tmp_path,
        monkeypatch,
        "import os, re, time\n"
        "def judge(record):\n"
        "    text = record['text']\n"
        "    if text == 'sleeps': time.sleep(100)\n"
        "    if text == 'hides':\n"
        "        while True:\n            try: time.sleep(100)\n            except BaseException: pass\n"
        "    if text == 'dies': os._exit(1)\n"
        "    if text == 'prints': print('{\"value\": false}')\n"
        "    if text == 'raises': raise KeyError('x')\n"
        "    return text != 'bad'\n",
    )
    gate = Called(function="judges_here:judge", timeout_s=0.3)
    said = ("good", "bad", "sleeps", "good", "hides", "good", "dies", "prints", "raises")
    found = texts(gate, *said)
    assert [each.decision for each in found] == ["keep", "reject", "reject", "keep", "reject", "keep", "reject", "keep", "reject"]
    assert found[2].reason == found[4].reason == "the function did not answer in time"
    assert found[6].reason == "the function ended with exit code 1 before it answered"
    assert found[8].reason.startswith("the function failed: KeyError")


def test_a_function_that_is_none_is_refused(tmp_path, monkeypatch):
    module(tmp_path, monkeypatch, "raise RuntimeError('no')\n")
    for function, told in [
        ("nowhere", "write it as 'module:function'"),
        ("no_such_module_x:f", "cannot be imported: ModuleNotFoundError"),
        ("math:no_such", "cannot be imported: AttributeError"),
        ("judges_here:f", "cannot be imported: RuntimeError: no"),
        ("math:pi", "function is 3.14"),
    ]:
        with pytest.raises(ConfigError, match=told):
            Called(function=function)
    with pytest.raises(ConfigError, match="put it in a module or leave timeout_s out"):
        Called(function=lambda record: True, timeout_s=1)


def test_patterns_that_must_and_must_not_occur():
    gate = Regex(must=[r"\d"], must_not=["sorry", r"^x"])
    found = texts(gate, "1", "none", "1 sorry", "x1")
    assert [each.reason for each in found] == ["", r"'\\d' does not occur", "'sorry' occurs", "'^x' occurs"]
    assert [each.decision for each in texts(Regex(must_not=["SORRY"], ignore_case=True), "sorry", "fine")] == ["reject", "keep"]


def test_a_pattern_that_runs_away_rejects_that_document_and_the_run_goes_on():
    found = texts(Regex(must_not=[r"^(a+)+$"], timeout_s=0.3), "b", "a" * 40 + "b", "b")
    assert [each.decision for each in found] == ["keep", "reject", "keep"]
    assert found[1].reason == "no pattern was decided within 0.3 s; write one that does not backtrack"


@pytest.mark.parametrize("settings", [{}, {"must": ["("]}, {"must_not": [3]}, {"must": ["a"], "timeout_s": 0}])
def test_bad_patterns_are_refused(settings):
    with pytest.raises(ConfigError, match=r"regex: (there is no pattern|.* is no regular expression|timeout_s is 0)"):
        Regex(**settings)
