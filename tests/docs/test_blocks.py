"""The README and the first guide: every block runs and prints what stands below it."""

import json
import re
import shlex
import shutil

import pytest

from longtail.rules.pages import codes, rule_page
from tests.docs.blocks import PAGES, ROOT, Block, blocks, disagreement, here, missing, run, run_block, runs, shape, tidy
from tests.docs.commands import INLINE, fault
from tests.docs.refresh import DOCUMENTS, PICTURE, refreshed

MOST_COLUMNS = 80


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def masked(drawing):
    """A drawing without its numbers and the lists of points, which differ with the Python that holds the text."""
    return re.sub(r"[\d.,% ]+", " ", drawing)


def commands(document):
    """Every `longtail` command that a document shows, in blocks and in lines, without those that are cut short."""
    lines = [line for block in blocks(document) if block.language == "sh" for line in re.split(r"\n|&&", block.text)]
    shown = [line.strip() for line in [*lines, *INLINE.findall(document)]]
    return [re.sub(r"^\S*longtail ", "longtail ", line) for line in shown if re.match(r"(\S*/)?longtail ", line) and "…" not in line]


@pytest.fixture(scope="module", params=DOCUMENTS)
def document(request):
    return text(request.param)


@pytest.fixture(scope="module")
def printed(document, demo):
    folder, output = demo
    return {block: run_block(block, folder) if runs(block) else output for block in blocks(document)}


def test_every_output_is_what_its_block_prints(document, printed, demo):
    outputs = [block for block in blocks(document) if block.makes is not None]
    assert len(outputs) >= 2
    assert [disagreement(block, printed[block.makes], demo[0]) for block in outputs] == [None] * len(outputs)


def test_an_output_names_the_python_that_made_it(document):
    for block in blocks(document):
        if block.makes is not None:
            assert re.fullmatch(r"output with Python 3\.\d+\.\d+, which holds [\d,]+ paragraphs", block.note)


def test_a_refreshed_document_differs_in_nothing(document, printed, demo):
    if here(demo[0]) not in document:
        pytest.skip("the outputs were made with another Python")
    assert refreshed(document, printed, here(demo[0])) == document


@pytest.mark.parametrize("name", [name for name in PAGES if name not in DOCUMENTS and any(map(runs, blocks(text(name))))])
def test_the_blocks_of_a_further_page_run_and_print_what_stands_below_them(name, demo, tmp_path):
    shutil.copytree(demo[0] / "longtail-demo", tmp_path / "longtail-demo")
    found = [block for block in blocks(text(name)) if runs(block) or block.makes is not None]
    printed = {block: run_block(block, tmp_path) for block in found if runs(block)}
    outputs = [block for block in found if block.makes in printed]
    assert [disagreement(block, printed[block.makes], demo[0]) for block in outputs] == [None] * len(outputs)


@pytest.mark.parametrize("name", [name for name in PAGES if not re.match("docs/(benchmarks|log)", name)])
def test_every_command_that_is_shown_exists(name):
    shown = commands(text(name))
    assert len(shown) >= (5 if name in DOCUMENTS else 0)
    assert {command: fault(command) for command in shown} == dict.fromkeys(shown, "")


@pytest.mark.parametrize("command", ["longtail nothing", "longtail audit a.jsonl --nothing"])
def test_a_planted_command_that_does_not_exist_is_found(command):
    assert commands(f"run `{command}`") == [command]
    assert fault(command) != ""


def test_the_picture_is_what_the_demo_draws(demo):
    folder, _ = demo
    drawn = (folder / "longtail-demo" / "generations.svg").read_text(encoding="utf-8")
    same = str if here(folder) in text("README.md") else masked
    assert same(drawn) == same(text(PICTURE))
    assert f"]({PICTURE})" in text("README.md")


def test_the_readme_says_what_it_is_and_shows_a_command_by_line_15():
    lines = text("README.md").splitlines()
    assert lines[0] == "# longtail"
    assert lines[2].count(". ") == 0
    assert "```sh" in lines[:15]


def test_the_output_of_the_demo_fits_80_columns_and_the_readme_shows_8_to_15_lines(demo):
    assert max(map(len, tidy(demo[1]))) <= MOST_COLUMNS
    first = next(block for block in blocks(text("README.md")) if block.makes is not None)
    assert 8 <= len(first.text.splitlines()) <= 15


def test_the_demo_writes_a_page_that_needs_nothing_else(demo):
    page = (demo[0] / "longtail-demo" / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^#][^"]*)"', page)
    assert links == ["replace.html", "replace_t0.8.html", "accumulate.html"]
    assert all((demo[0] / "longtail-demo" / link).exists() for link in links)
    assert "src=" not in page
    assert "<script" not in page


def test_the_demo_says_in_words_what_became_of_each_lineage(demo):
    folded = " ".join(demo[1].split())
    assert re.search(r"fail \(early\): common words keep their share of the text, \d+% of the rare words are gone; those left", folded)
    assert re.search(r"fail \(narrowing\): common words take \d+% more of the text, \d+% of the rare words are gone, and those", folded)
    assert re.search(r"(warn|pass) \(\w+\): common words keep their share of the text, .* than the margin allows\.", folded)


OUTPUT = ["a head", "  rare words   86%  75%   56% to 69%", "", "the end"]


@pytest.mark.parametrize("shown", ["\n".join(OUTPUT), "a head\n…\nthe end\n", "…\nthe end\n"])
def test_an_output_may_leave_lines_out_where_it_says_so(shown):
    assert missing(shown, OUTPUT) is None


@pytest.mark.parametrize("shown", ["a head\nthe end\n", "the end\n…\na head\n", "a heap\n"])
def test_a_planted_wrong_output_is_found(shown):
    assert missing(shown, OUTPUT) is not None


def test_under_another_python_numbers_may_differ_and_rows_may_not(demo):
    block = Block("output with Python 3.0.0, which holds 1 paragraphs", "text", "  rare words   11%  1%   5% to 9%\n", (0, 0))
    assert disagreement(block, "\n".join(OUTPUT), demo[0]) is None
    assert disagreement(block, "\n".join(OUTPUT).replace("rare", "odd"), demo[0]) == [shape(tidy(block.text))[0]]


SHOWN = {
    page.name: INLINE.findall(page.parts["See it"])[0]
    for page in map(rule_page, codes())
    if "after `longtail demo`" in page.parts["See it"]
}
"""Commands on the demo's files by which pages of rules show what they find."""


@pytest.mark.slow
@pytest.mark.parametrize("code", SHOWN)
def test_what_a_page_shows_after_the_demo_is_what_its_rule_finds(demo, code):
    arguments = shlex.split(SHOWN[code])[1:]
    printed, stopped = run([*arguments, "--json"], demo[0])
    assert stopped in (0, 1)
    told = json.loads(printed)
    found = {each["code"] for each in told.get("findings", ())}
    assert arguments[0] == "drill" or code in found or (code == "LT803" and "LT903" in found)


@pytest.mark.slow
@pytest.mark.parametrize("code", ["LT801", "LT901", "LT902", "LT905"])
def test_a_cheap_command_that_a_page_shows_runs(tmp_path, code):
    printed, stopped = run(shlex.split(INLINE.findall(rule_page(code).parts["See it"])[0])[1:], tmp_path)
    assert stopped == 0 and printed
