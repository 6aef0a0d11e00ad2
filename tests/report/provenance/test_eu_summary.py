"""The public summary of training content: headings of the template, nothing left blank, nothing inferred."""

import re

import msgspec
import pytest

from longtail.ledger.facts import Source
from longtail.ledger.graph import Graph
from longtail.report.provenance.eu_summary import to_eu_summary

HEADINGS = [
    "1. General information",
    "1.1. Provider identification",
    "1.2. Model identification",
    "1.3. Modalities, overall training data size and other characteristics",
    "2. List of data sources",
    "2.1. Publicly available datasets",
    "2.2. Private non-publicly available datasets obtained from third parties",
    "2.2.1. Datasets commercially licensed by rightsholders or their representatives",
    "2.2.2. Private datasets obtained from other third parties",
    "2.3. Data crawled and scraped from online sources",
    "2.4. User data",
    "2.5. Synthetic data",
    "2.6. Other sources of data",
    "3. Data processing aspects",
    "3.1. Respect of reservation of rights from text and data mining exception or limitation",
    "3.2. Removal of illegal content",
    "3.3. Other information",
]


def sections(text):
    """Heading → what stands under it."""
    parts = re.split(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


@pytest.fixture
def told(facts, graph):
    return sections(to_eu_summary(facts, graph))


def test_the_headings_are_the_templates(told):
    assert list(told)[1:] == HEADINGS


def test_no_section_is_blank(facts, bare, graph):
    for some, lineage in ((facts, graph), (bare, Graph([]))):
        found = sections(to_eu_summary(some, lineage))
        parents = {"1. General information", "2. List of data sources", "3. Data processing aspects", HEADINGS[6]}
        assert {heading for heading, text in found.items() if not text} == parents
        assert not re.search(r"\| *\|", to_eu_summary(some, lineage))


def test_what_the_ledger_cannot_know_is_not_recorded(told):
    for heading in HEADINGS[-3:]:
        assert told[heading] == "Not recorded."
    assert "| Provider name and contact details | not recorded |" in told["1.1. Provider identification"]


def test_models_trained_on_the_data_are_named_and_what_they_depend_on(facts, graph):
    named = sections(to_eu_summary(facts, graph))["1.2. Model identification"]
    assert "| Versioned model name(s) | m2 |" in named
    above = sections(to_eu_summary(msgspec.structs.replace(facts, node="reservoir"), graph))["1.2. Model identification"]
    assert "org/m1@abc, m2" in above
    assert "| Model dependencies | unknown:base |" in above


def test_synthetic_data_are_listed_with_their_models_and_what_those_learned_from(told):
    assert "300 of 1,000 documents (30.0 %)" in told["2.5. Synthetic data"]
    assert "| org/m1@abc | 300 | reservoir |" in told["2.5. Synthetic data"]


@pytest.mark.parametrize(
    ("nature", "heading"),
    [("public", HEADINGS[5]), ("licensed", HEADINGS[7]), ("private", HEADINGS[8]), ("crawled", HEADINGS[9]), ("user", HEADINGS[10]),
     ("synthetic", HEADINGS[11]), ("other", HEADINGS[12])],
)  # fmt: skip
def test_a_source_stands_where_its_nature_says_and_nowhere_else(bare, nature, heading):
    some = msgspec.structs.replace(bare, documents=9, sources={"the-source": Source(documents=9, nature=nature)})
    found = sections(to_eu_summary(some, Graph([])))
    assert [title for title, text in found.items() if "the-source" in text] == [heading]


def test_a_source_of_unknown_nature_is_put_in_no_class(told):
    assert [title for title, text in told.items() if "letters" in text] == ["2.6. Other sources of data"]
    assert "Sources of which it is not recorded how they were come by" in told["2.6. Other sources of data"]


def test_documents_without_source_or_origin_are_counted(told):
    assert "Documents without a source: 400. Documents of unknown origin: 100 (10.0 %)." in told["2.6. Other sources of data"]


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (None, "tokens not recorded"),
        (10**9 - 1, "Less than 1 billion tokens"),
        (10**9, "1 billion to 10 trillion tokens"),
        (10**13 + 1, "More than 10 trillion tokens"),
    ],
)
def test_the_size_is_a_range_of_the_template_only_where_tokens_were_counted(facts, graph, tokens, text):
    assert text in sections(to_eu_summary(msgspec.structs.replace(facts, tokens=tokens), graph))[HEADINGS[3]]
