import json

import pytest

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.judging import guarded
from longtail.gates.verifiers import PythonTests
from longtail.gates.verifiers.sandbox import Score, Unusable, judge, problem_of, wire
from longtail.gates.verifiers.sandbox.problems import same

GOOD = "def f(xs): return sum(xs)"
CALLS = [{"call": "f", "args": [[1, 2]], "expected": 3}, {"call": "f", "args": [[]], "expected": 0}]
STACK = """
class Stack:
    def __init__(self, start=()): self.items = list(start)
    def push(self, x): self.items.append(x); return self
    def pop(self): return self.items.pop()
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)
"""
ON_OBJECTS = """
import unittest

s = Stack(start=[0])
s.push(1).push(2)
assert len(s) == 3 and s.pop() == 2 and s.items == [0, 1] and [x for x in s] == [0, 1]

class Cases(unittest.TestCase):
    def test_empty(self):
        with self.assertRaises(IndexError):
            Stack().pop()
"""


def judged(gate, *documents):
    found = gate(Batch.of(list(documents)))
    return [found.at(at) for at in range(len(documents))]


def document(text, tests, **more):
    return {"text": text, "tests": tests, **more}


def test_right_code_is_kept_whatever_the_shape_of_the_tests(sandboxed):
    check = "def check(candidate):\n    assert candidate([1, 2]) == 3\n"
    program = "a, b = map(int, input().split())\nprint(a + b)"
    texts = ["assert f([1, 2]) == 3", "def test_floats():\n    assert math.isclose(f([.1, .2]), .3)"]
    found = judged(
        sandboxed(),
        document(GOOD, CALLS, reference=GOOD),
        document(f"Here you are:\n```python\n{GOOD}\n```\nIt adds.", json.dumps(CALLS)),
        document(GOOD, texts, reference=GOOD),
        document(GOOD, check, entry_point="f"),
        document(program, [{"stdin": "1 2\n", "stdout": "3"}], reference=program),
        document(STACK, ON_OBJECTS, reference=STACK),
    )
    assert found == [("keep", "", 1.0, None)] * 6


def test_wrong_code_is_rejected_with_the_share_of_tests_that_it_passes(sandboxed):
    half = "def f(xs): return 3"
    found = judged(
        sandboxed(),
        document(half, CALLS),
        document("raise ValueError('x')", CALLS),
        document("def f(", CALLS),
        {"tests": CALLS, "text": ""},
    )
    assert found[0] == ("reject", "passes 1 of 2 tests; test 2 of 2: the answer differs", 0.5, None)
    assert found[1] == ("reject", "passes 0 of 2 tests; the code raised ValueError", 0.0, None)
    assert found[2].reason == "passes 0 of 2 tests; the code raised SyntaxError"
    assert sandboxed(needed=0.5)(Batch.of([document(half, CALLS)])).at(0) == ("keep", "", 0.5, None)


@pytest.mark.parametrize(
    ("tests", "reference", "reason"),
    [
        ("x = 1", None, "not judged: the empty program passes 1 of 1 tests"),
        ("def (", None, "not judged: a test cannot be read: SyntaxError"),
        (None, None, "not judged: nothing in column 'tests'"),
        ([], None, "not judged: there are no tests"),
        ("[1, 2", None, "not judged: the tests begin like JSON and are none"),
        ([{"call": "f"}], None, "not judged: each test must be a text, have call and expected, or have stdin and stdout"),
        ([{"stdin": "", "stdout": ""}], None, "not judged: the empty program passes 1 of 1 tests"),
        (CALLS, "def f(x): return 1", "not judged: the reference passes 0 of 2 tests; test 1 of 2: the answer differs"),
    ],
)
def test_tests_that_tell_nothing_send_the_document_to_review(anywhere, tests, reference, reason):
    (found,) = judged(anywhere(), document(GOOD, tests, reference=reference))
    assert found.decision == "review" and found.reason.startswith(reason)


def test_it_is_a_gate_like_any_other(sandboxed):
    assert guarded(sandboxed(), Batch.of([document(GOOD, CALLS)])).at(0).decision == "keep"
    assert set(sandboxed().does_not_stop) and sandboxed().isolation in ("bubblewrap", "namespaces", "plain")


def test_packages_are_there_only_where_that_is_asked_for(isolation):
    import sys

    from longtail.gates.verifiers.sandbox import fault, interpreter

    if fault(isolation, interpreter(sys.executable, True)) is not None:
        pytest.skip("this Python cannot run here")
    code = document("import numpy\ndef f(xs): return int(numpy.sum(xs))", CALLS)
    for packages, decision in ((True, "keep"), (False, "reject")):
        gate = PythonTests(isolation=isolation, packages=packages, memory_mb=2048, timeout_s=30)
        assert judged(gate, code)[0].decision == decision


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"needed": 0}, "needed is 0"),
        ({"needed": 1.5}, "needed is 1.5; take a number above 0 and at most 1"),
        ({"timeout_s": 0}, "timeout_s is 0"),
        ({"memory_mb": 1}, "memory_mb is 1; take a whole number from 64 on"),
        ({"isolation": "jail"}, "isolation is 'jail'"),
        ({"interpreter": "/no/python"}, "interpreter is '/no/python'"),
    ],
)
def test_settings_out_of_range_are_refused(settings, told):
    with pytest.raises(ConfigError, match=told):
        PythonTests(**settings)


@pytest.mark.parametrize(("passed", "of", "reward"), [(0, 0, 0), (3, 2, 0), (-1, 2, 0), (1, 2, 0.5), (2, 2, 1)])
def test_a_reward_lies_between_0_and_1(passed, of, reward):
    assert Score(passed, of).reward == reward


@pytest.mark.parametrize(
    ("found", "expected", "alike"),
    [
        ((1, 2), [1, 2], True),
        ([1, [2.0]], [1, [2]], True),
        (0.1 + 0.2, 0.3, True),
        (0.3001, 0.3, False),
        (True, 1, False),
        (1, True, False),
        ("1", 1, False),
        (float("nan"), 0.0, False),
        (float("nan"), float("nan"), True),
        (float("inf"), 1e308, False),
        ({1: 2}, {"1": 2}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ({1, 2}, [1, 2], False),
        (None, None, True),
        (None, 0, False),
        (10**30, 10**30 + 1, False),
        (b"x", "x", False),
        (1 + 2j, 1 + 2j, True),
    ],
)
def test_when_an_answer_is_the_expected_one(found, expected, alike):
    assert same(found, expected) is alike


def refuse(value):
    raise TypeError


@pytest.mark.parametrize(
    "value",
    [None, True, 3, 2**80, -(10**5000), 1.5, float("inf"), "ü\ud800", b"\0", 1j, [1, (2, {3})], {(1, 2): {"a": frozenset("b")}}],
    ids=lambda value: type(value).__name__,
)
def test_plain_values_come_through_as_they_are(value):
    back = wire.unpacked(json.loads(json.dumps(wire.packed(value, refuse))), refuse)
    assert type(back) is type(value) and back == value


def test_of_a_subclass_only_its_plain_part_comes_through():
    class Sly(str):
        def __eq__(self, other):
            return True

        __hash__ = str.__hash__

    back = wire.unpacked(wire.packed([Sly("x")], refuse), refuse)
    assert type(back[0]) is str and back != ["y"]
    with pytest.raises(TypeError):
        wire.packed(object(), refuse)


@pytest.mark.parametrize("data", [{"a": 1, "b": 2}, {"dict": [[[], 1]]}, {"int": "x"}, {"set": [[1]]}, {"complex": []}, {"evil": 1}])
def test_made_up_data_is_refused(data):
    with pytest.raises((TypeError, ValueError, IndexError)):
        wire.unpacked(data, refuse)


def test_tested_code_gives_no_meaning_to_the_names_of_python():
    asked = []

    def asking(ask):
        asked.append(ask.get("name"))
        return {"value": True}

    names = ["__builtins__", "__name__", "len", "abs", "AssertionError", "math", "f"]
    text = "import json\nassert len([1]) == 1 and abs(-2) == 2 and math.floor(1.5) == 1\nassert f() is True\nassert __name__ == 'tests'"
    assert judge.judged(judge.tests_of(text, names, None, asking)) == [""]
    assert asked == ["f"]


@pytest.mark.parametrize(
    "text", ["assert f() == 1", "assert f() != 1", "assert f()", "assert 1 in f()", "assert f() in [1]", "assert not f()", "{f()}"]
)
def test_an_object_of_the_tested_code_decides_no_comparison(text):
    results = judge.judged(judge.tests_of(text, ["f"], None, lambda ask: {"value": {"object": [0, "A"]}}))
    assert results == ["TypeError"]


def test_what_the_tested_code_raises_is_raised_in_the_test():
    for kind, raised in (("IndexError", "IndexError"), ("SystemExit", "Raised"), ("Odd", "Raised"), ("UnicodeDecodeError", "Raised")):
        results = judge.judged(judge.tests_of("f()", ["f"], None, lambda ask, kind=kind: {"error": kind, "says": "x"}))
        assert results == [raised]


def test_shapes_of_tests():
    assert problem_of("assert 1").shape == "texts" and problem_of(json.dumps(CALLS)).shape == "calls"
    assert problem_of({"stdin": "", "stdout": "x"}).shape == "programs"
    with pytest.raises(Unusable):
        problem_of([{"call": "f", "expected": 1}, "assert f()"])
