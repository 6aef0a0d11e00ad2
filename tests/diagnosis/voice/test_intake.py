"""Dates from columns and from front matter."""

import numpy as np
import pytest

from longtail.diagnosis.voice.intake import entries_of, posts_of
from longtail.errors import ConfigError, UsageError
from longtail.origin.estimating.corpus import How


def post(folder, name, head, text="Some words of a post."):
    (folder / name).write_text(f"{head}{text} {name}\n")


def read(folder, column=None, by=()):
    found = posts_of([str(folder)], column, "frontmatter", by, None, How())
    return {text.split()[-1]: str(day) for text, day in zip(found.texts, found.days, strict=True)}, found


def test_front_matter_of_yaml_and_toml_is_read_and_is_no_text(tmp_path):
    post(tmp_path, "a.md", '---\ntitle: "A: b"\ndate: 2022-05-17 10:00:00 +0200\nauthor: Ann # lead\n---\n')
    post(tmp_path, "b.md", "+++\ndate = 2023-01-02T03:04:05Z\n+++\n")
    post(tmp_path, "c.markdown", "---\nPublished: '2021-12-31'\n---\n")
    post(tmp_path, "2020-02-03-d.md", "")
    post(tmp_path, "e.md", "---\ntitle: none\n---\n")
    days, found = read(tmp_path, by=("author",))
    assert days == {"a.md": "2022-05-17", "b.md": "2023-01-02", "c.markdown": "2021-12-31", "2020-02-03-d.md": "2020-02-03", "e.md": "NaT"}
    assert not any("title" in text for text in found.texts) and set(found.columns["author"]) == {"Ann", None}
    assert found.input.path == str(tmp_path)


def test_an_entry_can_be_named(tmp_path):
    post(tmp_path, "a.md", "---\ndate: 2022-05-17\nUpdated: 2024-01-01\n---\n")
    assert read(tmp_path, "updated")[0] == {"a.md": "2024-01-01"}


def test_entries_are_those_of_one_line_without_quotes_and_comments():
    assert entries_of("---\na: 'x # y' # z\nb: [one]\n  c: deep\nd: \"q\n---\n") == {"a": "x # y", "b": "one", "d": "q"}


def test_what_has_no_dates_is_told(tmp_path):
    post(tmp_path, "a.md", "---\ntitle: none\n---\n")
    with pytest.raises(ConfigError, match="front matter"):
        read(tmp_path)
    with pytest.raises(UsageError, match="no such file"):
        read(tmp_path / "gone")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no Markdown"):
        read(tmp_path / "empty")


def test_a_column_holds_years_too(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text('year,text\n1999,"some words here"\n,"other words here"\n')
    found = posts_of([str(path)], "year", None, (), None, How())
    assert sorted(np.isnat(found.days).tolist()) == [False, True] and "1999-01-01" in {str(day) for day in found.days}
