"""Whatever a text tries to be, every format shows it as text."""

import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest

from longtail.report import to_html
from longtail.report.files import FORMATS
from tests.report.formats.hostile import HOSTILE, NEVER_RAW, SHOWN, planted

LOSSLESS = {"json", "jsonl"}


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.handlers = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


@pytest.fixture
def hostile(report):
    return planted(report)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in LOSSLESS | {"html"}])
def test_no_control_character_direction_mark_or_broken_half_is_left(hostile, name):
    written = FORMATS[name].render(hostile)
    assert written.encode("utf-8")
    assert NEVER_RAW.search(written.replace("\r\n", "\n")) is None


def test_the_screen_and_the_fragment_show_none_either(hostile, text):
    for shown in (text(hostile), hostile._repr_html_()):
        assert NEVER_RAW.search(shown) is None


def test_json_gives_back_every_letter(hostile):
    written = FORMATS["json"].render(hostile)
    written.encode("utf-8")
    assert json.loads(written)["command"] == HOSTILE


def test_json_lines_give_back_every_letter_and_the_lines_that_were_promised(hostile):
    head, *rows = [json.loads(line) for line in FORMATS["jsonl"].render(hostile).split("\n")[:-1]]
    assert head["record"]["summary"] == HOSTILE
    assert len(rows) == sum(head["lines"].values())


def test_pages_run_and_fetch_nothing(hostile):
    for page in (to_html(hostile), hostile._repr_html_()):
        found = Tags(page)
        assert found.handlers == []
        assert "img" not in found.tags
        assert found.tags.count("script") == page.count('<script type="application/json"') <= 1


def test_a_table_has_its_columns_and_no_formula(hostile):
    head, *rows = csv.reader(io.StringIO(FORMATS["csv"].render(hostile), newline=""))
    assert all(len(row) == len(head) for row in rows)
    texts = [cell for row in rows for cell in row if not re.fullmatch(r"-?[\d.e-]*", cell)]
    assert all(cell[0] not in "=+-@\t" for cell in texts)
    assert not rows or f"'{SHOWN}" in texts


def test_no_line_is_forged_where_lines_mean_something(hostile):
    assert FORMATS["line"].render(hostile).count("\n") == 1
    _, head, *rows = FORMATS["agent"].render(hostile).split("\n")[:-1]
    assert {len(row.split("\t")) for row in rows} == {len(head.split("\t"))} == {5}
    assert len(rows) <= len(hostile.findings) + len(hostile.not_measured)


def test_annotations_are_only_ours_and_say_what_was_found(hostile):
    lines = FORMATS["github"].render(hostile).splitlines()
    assert all(re.match("::(error|warning) file=[^,:]*,title=[^,:]*::|::notice title=[^,:]*::", line) for line in lines)
    for found, line in zip(hostile.findings, lines, strict=False):
        told = line.split("::", 2)[2].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        assert told.split("\n")[0] == SHOWN[: len(told.split("\n")[0])]
        assert found.status in ("fail", "warn")
