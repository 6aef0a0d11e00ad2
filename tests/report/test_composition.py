"""Composition, regime and chains on the screen and on the page."""

import msgspec
import pytest

from longtail.report import composition, to_html

from .page.test_html import HOSTILE, Page

SHARES = {"human_share": 0.0, "synthetic_share": 0.3, "unknown_share": 0.7}


def shown(report, name="unknown", **panels):
    return msgspec.structs.replace(report, regime=name, panels=report.panels | panels)


def composed(**more):
    return {"documents": 1000, **SHARES, "sources": [], "months": []} | more


def test_what_is_untagged_is_unknown_and_not_nought(alone):
    assert composition.made_of(shown(alone, composition=composed())) == "0.000 human, 0.300 synthetic, 0.700 unknown"


def test_a_report_without_the_panels_shows_nothing(report):
    assert (composition.made_of(report), composition.regime(report), composition.chained(report)) == ("", "", "")
    assert composition.page(report) is None and "What the data are made of" not in to_html(report)


def test_twenty_sources_are_shown_and_the_rest_counted(alone):
    rows = [{"source": f"https://{n}.org", "documents": 30 - n, **SHARES} for n in range(25)]
    page = composition.page(shown(alone, composition=composed(sources=rows, sources_other=7, sources_unstated=0)))
    assert page["sources"]["rows"][0] == ["https://0.org", "30", "0.000", "0.300", "0.700"]
    assert (len(page["sources"]["rows"]), page["sources"]["hidden"], page["other"]) == (20, 5, ["7 documents from other sources"])


@pytest.mark.parametrize("regime", ["replace", "accumulate", "fixed_budget", "mixed"])
def test_the_regime_is_said_in_words_with_its_reason(alone, text, regime):
    steps = [{"generation": 1, "rows": 1000, "retained": 1.0, "real_share": None}]
    told = shown(alone, regime, regime={"name": regime, "reason": "retained 1.00, 0.50", "rows": steps})
    assert f"regime  {regime.replace('_', ' ')}: " in text(told, 200) and "(retained 1.00, 0.50)" in text(told, 200)
    assert composition.page(told)["steps"] == [["1", "1,000", "100.0%", "–"]]
    assert "of the original rows retained" in to_html(told)


def test_chains_are_read_from_cause_to_effect(alone, text):
    linked = [{"code": "LT101", "says": "no provenance"}, {"code": "LT204", "says": "synthetic text counts as free real data"}]
    told = shown(alone, chains=[linked])
    assert "in a chain  LT101 → LT204" in text(told, 120)
    assert "synthetic text counts as free real data" in to_html(told)


@pytest.mark.parametrize(
    "odd", [{"sources": 3}, {"chains": [[3]]}, {"sources": [3, {"source": None}]}, {"human_share": "x"}, {"months": [{}]}]
)
def test_a_panel_of_another_shape_breaks_nothing(alone, text, odd):
    told = shown(alone, **({"composition": composed(**odd), "chains": "no list", "regime": {"rows": [{}]}} | odd))
    Page(to_html(told))
    text(told)


def test_names_of_sources_are_shown_as_text_and_nothing_else(alone):
    rows = [{"source": HOSTILE, "documents": 3, **SHARES}]
    page = to_html(shown(alone, composition=composed(sources=rows), chains=[[{"code": HOSTILE, "says": HOSTILE}] * 2]))
    assert Page(page).tags.count("script") == Page(to_html(alone)).tags.count("script")
    assert "onerror" not in {name for _, name, _ in Page(page).attributes}
