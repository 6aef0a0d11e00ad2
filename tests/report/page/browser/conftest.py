"""Pages in headless Chromium; skipped where it, playwright or axe is not installed (the extra `pages-test`)."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from longtail.report import to_html
from longtail.report.page import diagnosis, generations, voice
from tests.report.conftest import load
from tests.report.page.test_generations import kept, told
from tests.report.screen import test_diagnosis, test_voice

made = test_diagnosis.made
audited = test_diagnosis.report
watched = test_voice.found

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
REPORTS = ("full", "lineage", "alone", "empty")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", event => window.refused.push(event.violatedDirective + " " + event.blockedURI));
"""


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def chromium():
    """A browser that is started once."""
    playwright = pytest.importorskip("playwright.sync_api", reason="drives the browser; comes with the pages-test extra")
    path = os.environ.get("LONGTAIL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium on this machine: apt-get install chromium fonts-dejavu-core")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page that is open, what it asked the network for, and what its console said."""

    page: object
    requests: list
    console: list

    def run(self, script, *given):
        return self.page.evaluate(script, *given)


@pytest.fixture
def opened(chromium, tmp_path):
    """Open a page from a file, in a context of its own; the text of the page, a size and a theme."""
    contexts = []

    def show(written, size="desktop", theme="light", anchor=""):
        path = tmp_path / "page.html"
        path.write_text(written, encoding="utf-8")
        width, height = SIZES[size]
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(WATCH)
        found = Opened(page, [], [])
        page.on("request", lambda request: found.requests.append(request.url))
        page.on("console", lambda message: found.console.append(message.text))
        page.on("pageerror", lambda error: found.console.append(str(error)))
        page.goto(path.as_uri() + anchor)
        return found

    yield show
    for context in contexts:
        context.close()


@pytest.fixture(params=[*REPORTS, "diagnosis", "voice", "generations"])
def written(request):
    """The text of a page of each kind."""
    if request.param == "diagnosis":
        return diagnosis.to_html(request.getfixturevalue("made")(audit=request.getfixturevalue("audited")))
    if request.param == "voice":
        return voice.voice_html(request.getfixturevalue("watched"))
    if request.param == "generations":
        return generations.generations_html(told(kept("replace", 0.8, 0.6) + kept("accumulate", 0.97, 0.96)))
    return to_html(load(request.param))
