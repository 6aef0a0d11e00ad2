"""The site: a page for every rule, metric and command, links that lead somewhere, and a strict build that fetches nothing."""

import importlib.util
import os
import posixpath
import re
import subprocess
import sys

import pytest

from longtail.rules.pages import codes, metrics
from tests.docs.blocks import ROOT
from tests.docs.commands import every_command

LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
FETCHED = re.compile(r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?(https?:[^"'\s>]+)|<link\b[^>]*\bhref=["']?(https?:[^"'\s>]+)""")
STYLED = re.compile(r"@import|url\(\s*[\"']?https?:")


def module(name):
    spec = importlib.util.spec_from_file_location(f"site_{name}", ROOT / "docs" / "site" / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def pages():
    return module("generate").pages()


def written():
    return {
        path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*") if path.is_file() and "site" not in path.parts
    }


def dead(made, others):
    """Links of some pages that lead to none of them nor to another file."""
    there = {*made, *others}
    ends = ((path, posixpath.normpath(posixpath.join(posixpath.dirname(path), link))) for path in made for link in LINK.findall(made[path]))
    return [(path, end) for path, end in ends if end not in there]


def test_every_rule_metric_and_command_has_a_page(pages):
    wanted = {f"rules/{code}.md" for code in codes()} | {f"metrics/{name}.md" for name in metrics()}
    wanted |= {f"commands/{'/'.join(path.split()[1:]) or 'index'}.md" for path in every_command()}
    assert wanted - set(pages) == set()
    assert [path for path, text in pages.items() if not text.startswith("# ") or len(text) < 100] == []


def test_every_link_between_pages_leads_somewhere(pages):
    assert dead(pages, written()) == []


def test_a_planted_dead_link_is_found():
    assert dead({"rules/A.md": "[b](../metrics/b.md) [c](C.md#x)", "rules/C.md": ""}, []) == [("rules/A.md", "metrics/b.md")]


def test_the_page_of_a_command_is_its_help(pages, cli):
    shown = re.search(r"```text\n(.*?)\n```", pages["commands/merge.md"], re.DOTALL)[1]
    assert shown.split() == cli("merge", "--help").out.split()


def test_the_page_of_a_rule_says_what_explain_says(pages, cli):
    told = re.sub(r"[^\w]+", " ", cli("explain", "LT801").out)
    shown = re.sub(r"\]\([^)]*\)", "", pages["rules/LT801.md"])
    for part in re.findall(r"^## (?:How to fix it|Minimum|See it|Sources)\n\n(.+?)$", shown, re.MULTILINE):
        assert re.sub(r"[^\w]+", " ", part).strip() in told


def test_every_page_has_one_place_in_the_navigation(pages):
    pytest.importorskip("mkdocs", reason="the site is built with the extra docs")
    paths = {path for path in {*pages, *written()} if path.endswith(".md")}
    placed = list(_leaves(module("hook").nav(paths)))
    assert sorted(placed) == sorted(paths)


def _leaves(order):
    for each in order:
        if isinstance(each, str):
            yield each
        else:
            yield from _leaves([inner for value in each.values() for inner in (value if isinstance(value, list) else [value])])


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    for package in ("mkdocs", "material", "mkdocstrings"):
        pytest.importorskip(package, reason="the site is built with the extra docs")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
def test_the_site_builds_strictly_and_fetches_nothing(built):
    html = {path: path.read_text(encoding="utf-8") for path in built.rglob("*.html")}
    assert {code for code in codes() if not (built / "rules" / code / "index.html").exists()} == set()
    assert {path.name: found for path, text in html.items() if (found := FETCHED.findall(text))} == {}
    styles = {path.name: found for path in built.rglob("*.css") if (found := STYLED.findall(path.read_text(encoding="utf-8")))}
    assert styles == {}


@pytest.mark.slow
def test_the_site_names_what_python_offers(built):
    import longtail

    text = (built / "api" / "index.html").read_text(encoding="utf-8")
    assert [name for name in longtail.__all__ if name != "__version__" and f'id="longtail.{name}"' not in text] == []
