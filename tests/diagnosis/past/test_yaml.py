"""The part of YAML that is read, beside a whole reader."""

import random

import pytest

from longtail.diagnosis.past.yaml import NotRead, load

LETTERS = list("abc:#'\"- ,[]{}\\\né&*!|>%@`0.")


def as_texts(value):
    if isinstance(value, dict):
        return {str(key): as_texts(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_texts(each) for each in value]
    return value


def drawn(draw, depth=0):
    kind = draw.random()
    if depth > 2 or kind < 0.5:
        return "".join(draw.choice(LETTERS) for _ in range(draw.choice([0, 1, 3, 8, 120])))
    if kind < 0.75:
        return [drawn(draw, depth + 1) for _ in range(draw.randint(0, 3))]
    return {"".join(draw.choice("ab :'#-") for _ in range(4)): drawn(draw, depth + 1) for _ in range(draw.randint(0, 3))}


def test_what_a_whole_writer_writes_is_read_back():
    yaml = pytest.importorskip("yaml")
    draw = random.Random(3)
    for _ in range(400):
        value = {"one": drawn(draw), "two": drawn(draw)}
        assert load(yaml.safe_dump(value, allow_unicode=True)) == as_texts(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing\n", None),
        ("---\na: 1\n", {"a": "1"}),
        ("a: ~\nb:\nc: ''\n", {"a": None, "b": None, "c": ""}),
        ("md5: 12e45\n", {"md5": "12e45"}),
        ('a: [x, y z, "q"]\nb: []\nc: {}\n', {"a": ["x", "y z", "q"], "b": [], "c": {}}),
        ("cmd: python a.py\n  --long b # no\nnext: x\n", {"cmd": "python a.py --long b", "next": "x"}),
        ("a: |\n  one\n  two\nb: >-\n  one\n  two\n", {"a": "one\ntwo", "b": "one two"}),
        ("a:\n- b: 1\n  c: 2\n- b: 3\n", {"a": [{"b": "1", "c": "2"}, {"b": "3"}]}),
        ("u: http://a.b/c#d\n", {"u": "http://a.b/c#d"}),
    ],
)
def test_the_written_means(text, value):
    assert load(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\n",
        "a: *x\n",
        "a: !!str 1\n",
        "a: {b: 1}\n",
        "a: [[1]]\n",
        "\ta: 1\n",
        "a: 1\na: 2\n",
        "a: b: c\n",
        "a: 'open\n",
        "a: 1\n---\nb: 2\n",
    ],
)
def test_what_is_not_read_is_refused_by_line(text):
    with pytest.raises(NotRead, match="line "):
        load(text)
