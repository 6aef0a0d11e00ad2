"""How source code is cut into tokens."""

import io
import tokenize
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import longtail
from longtail.views.batch import texts_of
from longtail.views.code import code, spans
from longtail.views.keys import cells_of, types_of
from longtail.views.words import ALL_TYPES

SIGNS = st.sampled_from("ab1_.'\"`\\#/*-<!>=&|+(){}[]:; \n\tλ猫’")


def tokens(text):
    return [token for _, token in spans(text, 0)]


def types(text, seed=0):
    return [kind for kind, _ in spans(text, seed)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = foo(a, b1)", ["x", "=", "foo", "(", "a", ",", "b1", ")"]),
        ("größe $x @y", ["größe", "$x", "@y"]),
        ("0x1F + 1_000 - 1.5e-3 10ms 3..5 0xe+1", ["0x1F", "+", "1_000", "-", "1.5e-3", "10ms", "3", "..", "5", "0xe", "+", "1"]),
        ("a === b != c <<= d ->x", ["a", "===", "b", "!=", "c", "<<=", "d", "->", "x"]),
        ("s = 'it\\'s' + \"a#b\"", ["s", "=", "'it\\'s'", "+", '"a#b"']),
        ("'''a\n'b''' c", ["'''a\n'b'''", "c"]),
        ("`a\nb` 'open\nx", ["`a\nb`", "'", "open", "x"]),
        ("don't b'x' &'a <'b>", ["don", "'", "t", "b", "'x'", "&", "'", "a", "<", "'", "b", ">"]),
        ("x; // a b\ny", ["x", ";", "// a b", "y"]),
        ("http://a.b", ["http", ":", "/", "/", "a", ".", "b"]),
        ("# a\n#include <b>", ["# a", "#", "include", "<", "b", ">"]),
        ("x /* a\nb */ y /* open", ["x", "/* a\nb */", "y", "/* open"]),
        ("<!-- a -- b --> c", ["<!-- a -- b -->", "c"]),
        ("i-- -- sql", ["i", "--", "-- sql"]),
        ("if x:\n    y\n\n    z\nw", ["if", "x", ":", "", "y", "z", "", "w"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_code_is_cut_as_documented(text, expected):
    assert tokens(text) == expected


@given(st.text(SIGNS, max_size=40))
def test_nothing_but_white_space_stands_between_tokens(text):
    joined = "".join(tokens(text))
    assert [c for c in text if c > " "] == [c for c in joined if c > " "]


@pytest.mark.parametrize(("one", "other"), [("'a'", "'b c'"), ("# a", "# b"), ("/* a */", "/* b */"), ('"""a"""', '"""b"""')])
def test_strings_and_comments_are_told_by_what_opens_them(one, other):
    assert types(one) == types(other)
    assert types(one) != types(one.replace("'", '"').replace("#", "//").replace("/*", "<!--").replace('"""', "'"))


@pytest.mark.parametrize(("one", "other"), [("Name", "name"), ("1.0", "1.00"), ("'", "'a'"), ("a b", "ab"), ("x\n y", "x\ny")])
def test_these_are_not_the_same(one, other):
    assert types(one) != types(other)


def test_deeper_and_shallower_lines_are_two_types_and_tabs_are_eight():
    deeper, shallower = types("a\n b\nc")[1], types("a\n b\nc")[3]
    assert deeper != shallower
    assert types("a\n\tb\n        c\n\t d") == [types("a")[0], deeper, types("b")[0], types("c")[0], deeper, types("d")[0]]


def pythons():
    texts = [path.read_text() for path in sorted(Path(longtail.__file__).parent.rglob("*.py"))]
    return [text for text in texts if text and " // " not in text and "://" not in text]


def test_names_and_numbers_of_our_own_programs_are_those_of_pythons_tokenizer():
    wanted, found = Counter(), Counter()
    for text in pythons():
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.NAME, tokenize.NUMBER):
                wanted[token.string] += 1
            if token.type == tokenize.STRING:
                found[token.string[: token.string.index(token.string[-1])]] -= 1
        found.update(token.lstrip("@") for token in tokens(text) if token and (token.lstrip("@")[:1].isalnum() or token[0] == "_"))
    found = +found
    assert wanted.total() > 20_000
    assert (wanted - found).total() + (found - wanted).total() < 0.002 * wanted.total()


def test_strings_comments_and_indentation_of_our_own_programs_too():
    wanted, found = Counter(), Counter()
    for text in pythons():
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.STRING, tokenize.COMMENT):
                wanted[token.type == tokenize.STRING] += 1
        for token in tokens(text):
            if token[:1] in ("'", '"') and len(token) > 1:
                found[True] += 1
            elif token[:1] == "#" and len(token) > 1:
                found[False] += 1
    assert found[True] == pytest.approx(wanted[True], rel=0.002)
    assert found[False] == pytest.approx(wanted[False], rel=0.01)


def counted(texts, orders, thetas=None):
    return code(texts_of(pa.array(texts, pa.string()), 0), orders, thetas or [ALL_TYPES] * len(orders), 0)


@given(st.lists(st.text(SIGNS, max_size=30), max_size=6))
def test_keys_are_those_of_the_tokens_new_and_repeated_in_each_document(texts):
    batch = counted(texts, [1])[0]
    first, again = Counter(), Counter()
    for text in texts:
        for kind, count in Counter(types(text)).items():
            first[kind] += 1
            again[kind] += count - 1
    assert Counter(types_of(batch.first).tolist()) == first
    assert Counter(types_of(batch.again).tolist()) == +again
    assert batch.lengths.tolist() == [len(tokens(text)) for text in texts]
    assert batch.tokens.sum() == batch.lengths.sum()
    assert batch.documents.sum() == len(texts)


@given(st.lists(st.text(SIGNS, max_size=30), max_size=6), st.floats(0.1, 0.9))
def test_longer_grams_are_one_type_for_one_sequence_and_a_threshold_keeps_those_below(texts, share):
    whole = counted(texts, [2, 3])
    for order, batch in zip((2, 3), whole, strict=True):
        sequences = {tuple(types(text)[at : at + order]) for text in texts for at in range(len(tokens(text)) - order + 1)}
        assert len(set(types_of(batch.first).tolist())) == len(sequences)
        assert batch.lengths.tolist() == [max(0, len(tokens(text)) - order + 1) for text in texts]
    theta = int(share * ALL_TYPES)
    part = counted(texts, [2], [theta])[0]
    assert sorted(part.first) == sorted(whole[0].first[types_of(whole[0].first) < theta])


def test_every_key_carries_the_cell_of_its_document():
    texts = texts_of(pa.array(["a = b", "c(d)"]), 0)
    batch = code(texts, [1], [ALL_TYPES], 0)[0]
    assert Counter(cells_of(batch.first).tolist()) == Counter(np.repeat(texts.cells, [3, 4]).tolist())


def test_many_slices_count_as_one():
    texts = ["def f(x):\n    return x\n" * 4000, "y = 1\n" * 90_000] * 3
    batch = counted(texts, [1, 2])[0]
    assert batch.lengths.tolist() == [len(tokens(text)) for text in texts]


def test_an_open_quote_on_a_long_line_takes_linear_time():
    assert len(tokens("('" * 100_000)) == 100_000
    assert len(tokens("`" * 100_001)) == 50_001
