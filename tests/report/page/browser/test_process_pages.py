"""The pages about the process in a browser: the same demands as on those of an audit."""

import json
import random

import msgspec
import pytest

from longtail.auditing.comparing import compare
from longtail.gates import Gate
from longtail.gates.running import Job, Tails, run
from longtail.origin.estimating import estimate
from longtail.report import to_html
from longtail.report.page import compare as compared
from longtail.report.page import drill, gate
from longtail.report.page import estimate as estimated
from longtail.rules.lt4_filters import verdict_on
from tests.cli.test_estimate import document
from tests.report.conftest import load
from tests.report.page.browser.test_browser import (
    axe,
    test_axe_finds_nothing_grave,
    test_nothing_is_asked_of_the_network_and_the_console_is_silent,
    test_the_page_does_not_scroll_sideways_on_a_phone_and_wide_tables_scroll_in_a_box_of_their_own,
)
from tests.report.page.test_compare import lowered
from tests.report.page.test_drill import drilled
from tests.report.page.test_recover import check, check_html, page_of, plan
from tests.report.test_process import GRAPH, LOSS, MIX, shown

__all__ = [
    "axe",
    "test_axe_finds_nothing_grave",
    "test_nothing_is_asked_of_the_network_and_the_console_is_silent",
    "test_the_page_does_not_scroll_sideways_on_a_phone_and_wide_tables_scroll_in_a_box_of_their_own",
]


def written_as(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(scope="session")
def gated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gated")
    usual = [{"text": f"the same words again and again {number % 7}", "right": True} for number in range(900)]
    rare = [{"text": " ".join(f"r{(number * 37 + at) % 300}" for at in range(20)), "right": number % 2 == 0} for number in range(100)]
    recipe = folder / "gates.toml"
    recipe.write_text('[[gate]]\nname = "oracle"\nkeep_right = 1.0\nkeep_wrong = 0.0\n')
    made = run(Job(Gate.read(str(recipe)), (str(written_as(folder / "data.jsonl", usual + rare)),), None, None, Tails(), None), None)
    return gate.to_html(made, verdict_on(made.tail.loss()))


@pytest.fixture(scope="session")
def shares(tmp_path_factory):
    folder, pick = tmp_path_factory.mktemp("shares"), random.Random(0)
    sides = {name: [{"text": document(pick, kind)} for _ in range(120)] for name, kind in (("human", ""), ("synthetic", "gpt"))}
    rows = [{"text": document(pick, "gpt" if at % 3 else ""), "kind": f"kind {at % 2}"} for at in range(200)]
    paths = {name: str(written_as(folder / f"{name}.jsonl", found)) for name, found in sides.items()}
    found = estimate(str(written_as(folder / "data.jsonl", rows)), by=("kind",), closed=True, replicates=100, **paths)
    return estimated.to_html(found, msgspec.json.encode(found.to_dict()).decode())


@pytest.fixture(params=["process", "compare", "gate", "estimate", "plan", "check", "drill"])
def written(request):
    """The text of a page of each kind."""
    if request.param in ("gate", "estimate"):
        return request.getfixturevalue({"gate": "gated", "estimate": "shares"}[request.param])
    found = check()
    pages = {
        "process": lambda: to_html(shown(load("lineage"), mix=MIX, graph=GRAPH, filter=LOSS, cadence={"days": 14.0})),
        "compare": lambda: compared.to_html(compare(load("full"), lowered(load("full")))),
        "plan": lambda: page_of(plan()),
        "check": lambda: check_html(found, msgspec.json.encode(found).decode()),
        "drill": lambda: drill.to_html(drilled()),
    }
    return pages[request.param]()
