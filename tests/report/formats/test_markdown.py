"""Markdown, judged by a parser of CommonMark with the tables and the links of GitHub."""

import re

import msgspec
import pytest

from longtail.records import Estimate, Finding, Unmeasured
from longtail.report.formats.markdown import LIMIT, code, plain, to_markdown
from tests.report.formats.hostile import HOSTILE, SHOWN, planted

OURS = {"<br>", "<details><summary>", "</summary>", "</details>"}
ALLOWED = {"inline", "text", "code_inline", "softbreak", "paragraph", "heading", "table", "thead", "tbody", "tr", "th", "td", "strong",
           "html_block", "html_inline"}  # fmt: skip


@pytest.fixture(scope="module")
def parsed():
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py parses Markdown independently of us")
    parser = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

    def tokens(page):
        found = []
        for token in parser.parse(page):
            found += [token, *(token.children or [])]
        return found

    return tokens


def kinds(tokens):
    return {re.sub("_(open|close)$", "", token.type) for token in tokens}


def words_outside_code(tokens):
    return " ".join(token.content for token in tokens if token.type == "text")


def test_of_hostile_data_comes_neither_link_nor_picture_nor_html_nor_emphasis(report, parsed):
    tokens = parsed(to_markdown(planted(report)))
    assert kinds(tokens) <= ALLOWED
    html = " ".join(token.content for token in tokens if token.type in ("html_inline", "html_block"))
    assert set(re.sub(r"(not measured|accepted for now): \d+", " ", html).split()) <= OURS


def test_a_reader_of_hostile_data_sees_its_letters(full, parsed):
    shown = words_outside_code(parsed(to_markdown(planted(full)))).replace("\u2060", "")
    assert " ".join(SHOWN.split())[:300] in " ".join(shown.split())


def test_nobody_is_mentioned_and_nothing_is_referred_to(full, parsed):
    shown = words_outside_code(parsed(to_markdown(planted(full))))
    assert "octocat" in shown
    assert re.findall(r"@[\w-]|\bwww\.|://|#\d|GH-\d|:smile:", shown) == []


def test_addresses_are_no_links_where_bare_ones_are_linked(full):
    pytest.importorskip("linkify_it", reason="linkify-it-py finds bare addresses, as GitHub does")
    from markdown_it import MarkdownIt

    parser = MarkdownIt("gfm-like")
    assert "<a href" in parser.render("https://bare.example www.bare.example me@mail.example")
    assert "<a href" not in parser.render(plain(HOSTILE, 0))


@pytest.mark.parametrize("text", ["a`b", "``", "`", "a|b", "```x", "\\", "a\nb"])
def test_a_code_span_holds_what_it_was_given(text, parsed):
    cells = [t.content for t in parsed(f"| {code(text, 100)} |\n|---|\n") if t.type == "code_inline"]
    assert cells == [text.replace("\n", " ")]
    assert code("", 10) == ""


def test_the_tables_hold_every_finding_and_every_deciding_number(full, parsed):
    tokens = parsed(to_markdown(full))
    assert sum(token.type == "table_open" for token in tokens) == 3
    shown = words_outside_code(tokens)
    assert all(found.because in shown for found in full.findings)
    assert "[61.2%, 66.7%] at 95%" in shown
    assert "EARLY" in shown.split("LT301")[0]
    assert "longtail audit gen5.jsonl --ledger DIR" in [token.content for token in tokens if token.type == "code_inline"]


def test_what_was_not_measured_is_folded_with_reason_and_command(full):
    folded = to_markdown(full).split("<details><summary>not measured: 3</summary>")[1].split("</details>")[0]
    assert "LT101 LT203 | no ledger was given" in folded
    assert "`longtail audit gen5.jsonl --ledger DIR`" in folded


def test_it_stays_below_the_limit_of_a_comment_and_says_what_was_cut(full, parsed):
    finding = Finding(code="LT301", status="fail", title=HOSTILE, because=HOSTILE * 9, where=HOSTILE, evidence=(), remedy=HOSTILE * 9)
    number = msgspec.structs.replace(full.estimates[0], metric=HOSTILE, decision="shrunk")
    absent = [Unmeasured(code=f"LT{at}", reason=f"{at} {HOSTILE * 9}", enable=HOSTILE * 9) for at in range(300)]
    big = msgspec.structs.replace(
        planted(full), summary=HOSTILE * 99, findings=(finding,) * 400, estimates=(number,) * 300, not_measured=tuple(absent)
    )
    page = to_markdown(big)
    assert 1_000 < len(page.encode("utf-16-le")) // 2 <= LIMIT
    assert re.search(r"3\d\d more in the JSON and HTML reports", page)
    assert kinds(parsed(page)) <= ALLOWED


def test_a_small_report_leaves_nothing_out(full):
    assert "more in the JSON" not in to_markdown(full)


def test_only_the_newest_generation_is_listed(full):
    numbers = [msgspec.structs.replace(full.estimates[1], generation=g, value=0.61 + g / 100, p=None) for g in (2, 3)]
    assert isinstance(numbers[0], Estimate)
    page = to_markdown(msgspec.structs.replace(full, estimates=tuple(numbers)))
    assert "64.0%" in page
    assert "63.0%" not in page
