"""`longtail list`: everything that has a page, a line each."""

import json

import pytest

from longtail.gates import GATES
from longtail.gates.gain import UPDATES
from longtail.gates.recipe import presets
from longtail.guards import GUARDS
from longtail.metrics import RATIOS, VALUES
from longtail.origin.quantifiers import QUANTIFIERS
from longtail.origin.scorers import SCORERS
from longtail.report.formats.schema import schema_text
from longtail.rules import RULES

CATALOGUES = {
    "Rules": RULES,
    "Metrics of one data set": VALUES,
    "Metrics of a candidate against a baseline": RATIOS,
    "Gates": GATES,
    "Gates of updates": UPDATES,
    "Guards, which judge": GUARDS,
    "Scorers, which learn": SCORERS,
    "Quantifiers, which turn": QUANTIFIERS,
}


def listed(out):
    """Headings with the lines under each, by name."""
    found = {}
    for line in out.splitlines():
        if line.startswith("  "):
            found[list(found)[-1]].append(line.strip())
        else:
            found[line] = []
    return found


@pytest.mark.parametrize("heading", CATALOGUES)
def test_every_member_stands_on_a_line_of_its_own_with_what_it_is(cli, heading):
    found = listed(cli("list").out)
    (lines,) = [lines for name, lines in found.items() if name == heading or name.startswith(heading) and "," in heading]
    assert [line.split()[0] for line in lines] == [entry.name for entry in CATALOGUES[heading]]
    assert all(line.endswith(entry.summary.rstrip()) for line, entry in zip(lines, CATALOGUES[heading], strict=True))


def test_every_recipe_is_listed_with_what_it_is_about(cli):
    assert listed(cli("list").out)["Recipes of gates"] == [f"{name:<24}{about}".strip() for name, about in presets().items()]


def test_every_name_of_the_list_has_a_page(cli):
    for lines in (lines[:1] for heading, lines in listed(cli("list").out).items() if heading != "Recipes of gates"):
        assert cli("explain", lines[0].split()[0]).code == 0


def test_the_schema_is_printed_and_nothing_else(cli):
    ran = cli("list", "--schema")
    assert ran.out == schema_text() and json.loads(ran.out)["$schema"].startswith("https://json-schema.org/")
