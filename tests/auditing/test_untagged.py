"""A scrape that nobody tagged, audited with no option at all."""

import numpy as np
import pytest

from longtail.auditing import audit

WORDS, PAGES, YEARS = 3000, 600, range(2013, 2025)
MARKED, SHARE, SHOWN = range(1200, 1220), 0.35, 0.8


def word(at):
    letters = "abcdefghijklmnopqrstuvwxyz"
    return "".join(letters[at // 26**place % 26] for place in range(3)) + "ly"


def pages(share, seed=0):
    """Pages by year; from 2023 on a model wrote a share of them, and most of its pages hold words that people seldom use."""
    rng = np.random.default_rng(seed)
    law = 1 / np.arange(1, WORDS + 1)
    for year in YEARS:
        for page in range(PAGES):
            drawn = rng.choice(WORDS, 40, p=law / law.sum()).tolist()
            if year > 2022 and rng.random() < share * SHOWN:
                drawn += rng.choice(MARKED, 3).tolist()
            yield {"text": " ".join(map(word, drawn)), "url": f"https://site{page % 3}.example/{year}/{page}", "published": f"{year}-06-01"}


@pytest.fixture(scope="module")
def reports():
    return {share: audit(list(pages(share)), views=("words_1",)) for share in (0.0, SHARE)}


def verdict(report, code):
    return next(each for each in (*report.findings, *report.not_measured) if each.code == code)


def test_dates_and_addresses_are_enough_for_lt102_to_fail_with_a_bound(reports):
    found = verdict(reports[SHARE], "LT102")
    assert found.status == "fail"
    assert "site0.example" in found.because and "at least" in found.because


def test_the_bound_is_below_the_hidden_share_and_says_more_than_nothing(reports):
    latest = reports[SHARE].panels["origin"]["vocabulary"]["periods"][-1]
    assert latest["status"] == "ok"
    assert 0.1 < latest["low"] <= SHARE
    assert {each["word"] for each in latest["carriers"]} & {word(at) for at in MARKED}


def test_where_no_model_wrote_anything_it_only_warns(reports):
    assert verdict(reports[0.0], "LT102").status == "warn"
    assert reports[0.0].panels["origin"]["vocabulary"]["periods"][-1]["low"] == 0


def test_without_dates_the_address_alone_warns():
    report = audit([{"text": each["text"], "url": each["url"]} for each in list(pages(0.0))[:300]], views=("words_1",))
    assert verdict(report, "LT102").status == "warn"
    assert "origin" not in report.panels
