"""Formats told from texts written for this test, and from prose and programs that were not."""

import ast
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from longtail.views import formats as view
from longtail.views.batch import texts_of
from longtail.views.formats import FORMATS, formats, formats_of
from longtail.views.keys import cells_of, types_of

from .labelled import HELD_OUT, LABELLED


def names(texts):
    return [FORMATS[at] for at in formats_of(texts_of(pa.array(texts, pa.string()), 0))]


def share(texts, name):
    return names(texts).count(name) / len(texts)


def share_of_docstrings(program):
    holding = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = [ast.get_docstring(node, clean=False) or "" for node in ast.walk(ast.parse(program)) if isinstance(node, holding)]
    return sum(map(len, docstrings)) / len(program)


@pytest.mark.parametrize("name", [*LABELLED])
def test_texts_are_called_what_a_person_calls_them(name):
    assert names(LABELLED[name]) == [name] * len(LABELLED[name])


def test_so_are_nine_in_ten_of_those_the_rules_were_not_made_with():
    told = [(name, found) for name, texts in HELD_OUT.items() for found in names(texts)]
    assert len(told) >= 40
    assert np.mean([name == found for name, found in told]) >= 0.9


def test_every_format_has_texts():
    assert sum(map(len, LABELLED.values())) >= 60
    assert set(LABELLED) == set(FORMATS)


def test_old_books_are_prose(shared_prose):
    assert share(shared_prose, "prose") > 0.999


def test_programs_are_code_and_their_pages_are_not(stdlib_paragraphs):
    programs = [path.read_text() for path in sorted(Path(view.__file__).parents[1].rglob("*.py")) if path.stat().st_size > 1000]
    programs = [text for text in programs if share_of_docstrings(text) < 0.3]
    assert len(programs) > 500
    assert share(programs, "code") > 0.9
    assert share(stdlib_paragraphs, "prose") > 0.97


@pytest.mark.parametrize("value", [{"a": 1}, [1, "b", None], [], {"q": 'a "quoted" {bracket', "n": [True, False, 1e-9]}, {"猫": "x\ny"}])
@pytest.mark.parametrize("indent", [None, 2])
def test_whatever_json_writes_is_json(value, indent):
    assert names([json.dumps(value, indent=indent), json.dumps(value, ensure_ascii=False)]) == ["json", "json"]


@pytest.mark.parametrize("text", ['{"a": 1', "[citation needed]", "{curly} words", '["open]', "{'a': one}", "]1, 2["])
def test_what_json_cannot_read_is_not_json(text):
    with pytest.raises(ValueError, match="."):
        json.loads(text)
    assert names([text]) != ["json"]


def test_only_the_beginning_decides_and_a_cut_object_is_json():
    assert names(["A word here. " * 6000 + "\n" + "x = f(1);\n" * 50_000]) == ["prose"]
    assert names([json.dumps(["word"] * 20_000)]) == ["json"]


def test_white_space_around_a_text_and_line_ends_of_windows_change_nothing():
    texts = [text for name, texts in LABELLED.items() if name != "empty" for text in texts]
    assert names([f"\n  {text}\t\n" for text in texts]) == names(texts)
    assert names([text.replace("\n", "\r\n") for text in texts]) == names(texts)


def test_each_document_is_one_token_of_its_format_in_its_cell():
    texts = texts_of(pa.array(["a b c", "x = f(1);", "42"] * 5 + ["d e f"]), 0)
    batch = formats(texts)
    assert types_of(batch.first).tolist() == formats_of(texts).tolist()
    assert cells_of(batch.first).tolist() == texts.cells.tolist()
    assert len(batch.again) == 0
    assert batch.documents.sum() == batch.tokens.sum() == 16


def test_no_documents_have_no_formats():
    assert len(formats(texts_of(pa.array([], pa.string()), 0)).first) == 0
