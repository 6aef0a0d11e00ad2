"""A function of one's own as a recogniser: what it is handed, and which answers are refused."""

import pytest

from longtail.errors import UsageError
from longtail.origin.recognising.called import Called
from longtail.origin.recognising.evidence import Recognised, Text

FOUND = Recognised(recogniser="mine", words="w")


def answering(answer, **more):
    return Called(lambda texts: answer, "mine", "an x", **more)


def test_the_function_is_called_once_a_batch_with_raw_texts_in_order_and_no_ids():
    handed = []
    looking = Called(lambda texts: handed.append(texts) or [None] * len(texts), "mine", "an x")
    looking.recognise([Text(" B\u200b\r\n", "own"), Text("a"), Text("a", "own")])
    assert handed == [[" B\u200b\r\n", "a", "a"]]


def test_it_bears_its_name_and_tests_only_where_that_is_said():
    looking = answering([])
    assert (looking.name, looking.looks_for, looking.tests) == ("mine", "an x", False)
    assert answering([], tests=True).tests is True


@pytest.mark.parametrize("kind", [list, tuple])
def test_findings_come_back_in_order_and_an_empty_batch_has_none(kind):
    assert list(answering(kind([None, FOUND, None])).recognise([Text("a")] * 3)) == [None, FOUND, None]
    assert list(answering(kind()).recognise([])) == []


@pytest.mark.parametrize("count", [0, 1, 3])
def test_fewer_or_more_findings_than_texts_are_counted_in_the_refusal(count):
    with pytest.raises(UsageError, match=rf"^recogniser 'mine' returned {count} findings for 2 texts; return one, or None, for each$"):
        answering([FOUND] * count).recognise([Text("a"), Text("b")])


@pytest.mark.parametrize("wrong", [False, 0, "", {}, "yes", 0.5, Recognised])
def test_anything_but_a_finding_or_none_is_named_by_its_type_even_last_and_even_if_it_is_false(wrong):
    with pytest.raises(UsageError, match=f"^recogniser 'mine' returned a {type(wrong).__name__}; return Recognised, or None"):
        answering([FOUND, None, wrong]).recognise([Text("a")] * 3)


def test_an_error_of_the_function_is_handed_on_as_it_is():
    def broken(texts):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        Called(broken, "mine", "an x").recognise([Text("a")])
