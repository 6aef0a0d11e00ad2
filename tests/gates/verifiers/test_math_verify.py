import sys
import threading

import pytest

pytest.importorskip("math_verify")

from longtail.errors import MissingExtra
from longtail.gates.batch import Batch
from longtail.gates.verifiers import MathVerify


@pytest.fixture(scope="module")
def gate():
    return MathVerify(timeout_s=5)


def decision(gate, expected, answer):
    return gate(Batch.of([{"text": answer, "expected": expected}])).at(0).decision


def bare(expected, answer):
    """What math-verify says by itself."""
    from math_verify import parse, verify

    return verify(parse(expected, parsing_timeout=None), parse(answer, parsing_timeout=None), timeout_seconds=None)


STILL_WRONG = [
    (r"$\frac{1}{2004!}$", r"$\frac{1}{2006!}$", "reject"),
    ("1/2004!", "1/2006!", "reject"),
    (r"$\frac{1}{2^{99}}$", r"$\frac{1}{2^{98}}$", "reject"),
    ("$10^{-20}$", "$10^{-21}$", "reject"),
    ("$0.00000001$", "$0.00000002$", "reject"),
    (r"$\frac{2^{2005}+1}{3 \cdot 2^{2006}}$", r"$\frac{1}{3 \cdot 2^{2006}}$", "reject"),
    ("3*x-1*y+13=0", "3x + 4y + 14=0", "reject"),
    ("0", "The line is 3x + 4y + 14=0", "review"),
    (r"$1 - \frac{1}{\mathrm{e}}$", r"$1 + \frac{1}{\mathrm{e}}$", "review"),
    (r"$1, 2, \ldots, n$", r"$1, 3, 5, \ldots, 2n-1$", "review"),
    ("$4$", r"$4\sqrt(2)$", "review"),
    (r"$\{1,2\}$", "$(1,2)$", "review"),
]
MENDED = [
    ("$n=2,3,4$", "$n=1,2,3$"),
    ("$2x+y-5=0$", "$x-2y+3=0$"),
    ("$D = (0, 1)$", "$D = (0, 1.5)$"),
    (r"$\pm 2021$", "$2021$"),
]


@pytest.mark.parametrize(("expected", "answer", "verdict"), STILL_WRONG)
def test_what_math_verify_wrongly_calls_equal_is_not_kept(gate, expected, answer, verdict):
    assert bare(expected, answer)
    assert decision(gate, expected, answer) == verdict


@pytest.mark.parametrize(("expected", "answer"), MENDED)
def test_what_older_versions_wrongly_called_equal_is_rejected_by_now(gate, expected, answer):
    assert not bare(expected, answer)
    assert decision(gate, expected, answer) == "reject"


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ("5", "The answer is 5."),
        ("5", "x = 5"),
        ("42", "some steps\n#### 42"),
        ("1/2", r"so it is \boxed{0.5}"),
        (r"\frac{1}{3}", "$0.333333$"),
        (r"$\sqrt{2}$", r"$\frac{2}{\sqrt{2}}$"),
        ("x^2+2x+1", "$(x+1)^2$"),
        ("$y = 2x+1$", "$2y=4x+2$"),
        (r"$\{1,2\}$", r"$\{2,1\}$"),
        ("$(1,2)$", r"\boxed{(1,2)}"),
        ("$1<x<2$", "$(1,2)$"),
        (r"$50\%$", "$50$"),
        (r"$2^{100}$", "$1267650600228229401496703205376$"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", r"$\begin{pmatrix}1&2\\3&4\end{pmatrix}$"),
    ],
)
def test_right_answers_are_kept(gate, expected, answer):
    assert decision(gate, expected, answer) == "keep"


def test_the_comparison_is_not_symmetric_so_the_expected_answer_goes_first(gate):
    assert bare("$1<x<2$", "$(1,2)$") and not bare("$(1,2)$", "$1<x<2$")
    assert decision(gate, "$1<x<2$", "$(1,2)$") == "keep"
    assert decision(gate, "$(1,2)$", "$1<x<2$") == "reject"


def test_a_comparison_that_never_ends_is_ended_and_the_next_document_is_judged():
    gate = MathVerify(timeout_s=0.5)
    documents = [
        {"text": "$1$", "expected": "$9^{9^{9^9}}$"},
        {"text": "1", "expected": "1"},
        {"text": "1"},
        {"text": "words", "expected": "1"},
    ]
    found = gate(Batch.of(documents))
    assert found.at(0).decision == "reject" and found.at(0).reason.startswith("math-verify came to no verdict")
    assert found.at(1) == ("keep", "", 1.0, None)
    assert found.at(2).decision == "review"
    assert found.at(3).reason == "no mathematical answer is found"


def test_it_works_outside_the_main_thread(gate):
    said = []
    thread = threading.Thread(target=lambda: said.append(decision(gate, "5", "$5$")))
    thread.start()
    thread.join()
    assert said == ["keep"]


def test_a_missing_library_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "math_verify", None)
    with pytest.raises(MissingExtra, match=r"longtail\[verify\]"):
        MathVerify()
