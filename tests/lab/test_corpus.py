import ast
import sysconfig
from collections import Counter

import pytest

from longtail.errors import ReadError, UsageError
from longtail.lab import corpus


@pytest.fixture(scope="module")
def prose():
    return corpus.stdlib_prose()


def test_there_is_enough_prose_on_this_machine(prose):
    assert len(prose) >= 5000
    assert sum(len(document.split()) for document in prose) >= 150_000


def test_each_paragraph_is_distinct_folded_and_has_twelve_words(prose):
    assert len(set(prose)) == len(prose)
    assert all(document == " ".join(document.split()) for document in prose)
    assert min(len(document.split()) for document in prose) >= 12


def test_reading_twice_gives_the_same_documents_in_the_same_order(prose):
    assert corpus.stdlib_prose() == prose


def test_no_document_is_code_and_most_end_as_sentences_do(prose):
    def parses(document):
        try:
            ast.parse(document)
        except SyntaxError:
            return False
        return True

    assert sum(map(parses, prose[::20])) <= 0.005 * len(prose[::20])
    assert not any(">>>" in document[:4] for document in prose)
    assert sum(document.endswith((".", ":", ")", "!", "?", '"')) for document in prose) >= 0.8 * len(prose)


def test_code_tables_and_short_lines_are_left_out_and_prose_around_them_stays():
    kept = "Each of these words belongs to a plain sentence that a person has written by hand."
    text = f"""Short title.

    {kept}

    >>> this line is a doctest and it has many more than twelve words in it all the same

    A listing follows here in an indented block, and it must not be taken for prose, for example::

        call this function with all of these arguments and look at what it then gives back

    name      meaning of the name in this table that is wide enough to count as a paragraph
    other     meaning of the other name in this table, which is likewise long enough to count

    x[1] = y(2) + z{{3}} - 4 * (a[5] / b[6]) == 7; x[1] = y(2) + z{{3}} - 4 * (a[5] / b[6]) == 7
    """
    found = list(corpus.paragraphs(text))
    assert found[0] == kept
    assert len(found) == 2
    assert found[1].startswith("A listing follows")


def test_a_python_without_documentation_is_refused_with_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "broken.py").write_bytes(b'"""never closed')
    (tmp_path / "binary.py").write_bytes(b'"""\xff\xfe\x00"""')
    monkeypatch.setattr(sysconfig, "get_paths", lambda: {"stdlib": str(tmp_path)})
    monkeypatch.setattr(corpus, "_topics", list)
    with pytest.raises(ReadError, match="found 0 paragraphs.*bring documents of your own"):
        corpus.stdlib_prose()


def test_modules_are_parsed_and_never_run_and_foreign_folders_are_not_entered(tmp_path, monkeypatch):
    words = "is a sentence of more than twelve words that stands in a docstring of this module"
    paragraphs = ["\n\n".join(f"Number {chr(97 + k // 26)}{chr(97 + k % 26)} {words}." for k in range(600))]
    (tmp_path / "module.py").write_text(f'"""{paragraphs[0]}"""\nraise SystemExit\n')
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "site-packages" / "foreign.py").write_text(f'"""Foreign {words}."""')
    monkeypatch.setattr(sysconfig, "get_paths", lambda: {"stdlib": str(tmp_path)})
    monkeypatch.setattr(corpus, "_topics", list)
    found = corpus.stdlib_prose()
    assert len(found) == 600
    assert not any("Foreign" in document for document in found)


def test_the_split_is_disjoint_complete_and_of_the_share_asked(prose):
    train, reference = corpus.split(prose, 3, 0.3)
    assert Counter(train) + Counter(reference) == Counter(prose)
    assert not set(train) & set(reference)
    assert abs(len(train) - 0.3 * len(prose)) < 4 * (0.21 * len(prose)) ** 0.5


def test_a_document_stays_on_its_side_whatever_the_others_are(prose):
    train, _ = corpus.split(prose, 1)
    alone = [document for document in prose[:200] if corpus.split([document], 1)[0]]
    assert alone == [document for document in prose[:200] if document in set(train)]


def test_the_split_is_frozen_across_versions_and_depends_on_the_seed():
    documents = [f"document {number}" for number in range(16)]
    sides = "".join("T" if corpus.split([document], 0)[0] else "R" for document in documents)
    assert sides == "TTRRRRRTRRRRTRTT"
    assert corpus.split(documents, 0) != corpus.split(documents, 1)


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, float("nan")])
def test_a_share_that_leaves_one_side_empty_is_refused(share):
    with pytest.raises(UsageError, match="need a number between 0 and 1"):
        corpus.split(["a"], 0, share)
