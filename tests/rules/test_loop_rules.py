"""What the rules on provenance, mix and loop say: the numbers, the generation, the source, the safeguard."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.metrics.regime import SAME
from longtail.rules import RULES, Known
from longtail.rules.lt1_provenance import DISABLED
from longtail.rules.lt2_decoding import cuts

from .loop_cases import ALL_THREE, HUMAN, MADE, TAGGED, UNTAGGED, evidence, manifest, piped, retaining, row, sized


def verdict(code, *groups, **changes):
    return RULES[code].member(evidence(*groups, **changes))


def test_an_untagged_file_lists_exactly_the_rules_that_wait_for_its_tags():
    given_ = evidence(*UNTAGGED, **piped(max_synthetic=0.5))
    told = RULES["LT101"].member(given_)
    assert f"disabled without it: {', '.join(DISABLED)}" in told.evidence
    assert tuple(entry.name for entry in RULES if entry.member(given_).waits_on == "LT101") == DISABLED


def test_a_share_without_a_limit_names_the_missing_tags_and_is_not_promised_by_them():
    told = verdict("LT203", *UNTAGGED)
    assert "LT101" in told.because and told.waits_on == ""


def test_web_text_of_unknown_origin_is_counted_by_site_the_commonest_first():
    told = verdict(
        "LT102",
        (30, row("synthetic", source="https://a.org/x")),
        (20, row(source="http://a.org/y")),
        (500, row(source="https://b.org")),
        (7, row("unknown", source="web")),
        (9, row(source="our archive")),
    )
    assert told.evidence == ("https://b.org: 500 documents", "https://a.org: 20 documents", "web: 7 documents")
    assert told.because.startswith("527 of 536 documents of unknown origin are from the web")


def test_of_many_sites_twenty_are_listed_and_the_rest_counted():
    told = verdict("LT102", *((1, row(source=f"https://site{number}.org")) for number in range(25)))
    assert len(told.evidence) == 21 and told.evidence[-1] == "other sources: 5 documents"


def test_only_late_human_rows_need_evidence():
    told = verdict("LT103", (40, row("human", time="2019-06-01")), (11, row("human", time="2025-06-01")), (2, HUMAN))
    assert told.because.startswith("11 of 53 human documents are dated 2022-11-30 or later")
    assert told.evidence == ("2025: 11 documents", "without a date, not judged: 2")


def test_documents_that_lost_their_tag_are_counted_by_what_they_were_and_are():
    known = Known({("synthetic", "untagged"): 5, ("synthetic", "human"): 2, ("human", "human"): 90, ("unknown", "human"): 3}, ("0a",))
    told = verdict("LT104", *TAGGED, known=known)
    assert told.because.startswith("7 of 97 documents")
    assert told.evidence == (
        "5 documents: synthetic in the ledger, untagged in the data",
        "2 documents: synthetic in the ledger, human in the data",
        "id 0a",
    )


def test_each_contradiction_is_counted_under_its_head():
    told = verdict("LT105", (2, row("human", depth=1)), (3, row("human", model="m")), (4, row("mixed", depth=0)), *TAGGED)
    assert told.evidence == (
        "2 human documents have a depth above 0",
        "3 human documents name a model that wrote them",
        "4 documents that a model had a hand in have depth 0",
    )


def test_the_slide_from_accumulation_to_replacement_names_its_first_bad_generation():
    told = verdict("LT201", *TAGGED, manifests=retaining(1.0, 1.0, 0.6, 0.1))
    assert (told.status, told.generation) == ("fail", 3)
    assert told.because == ("generation 3 retains 0.60 of the original real rows, 1.00 were retained before; 0.10 are left in generation 4")


@given(st.lists(st.integers(0, 1000).map(lambda kept: kept / 1000), min_size=2, max_size=8))
@settings(max_examples=200)
def test_the_first_bad_generation_is_the_first_below_what_was_retained_before(shares):
    told = verdict("LT201", *TAGGED, manifests=retaining(*shares))
    bad = [number for number in range(2, len(shares) + 1) if shares[number - 1] < max(shares[: number - 1]) * (1 - SAME)]
    assert told.generation == (bad[0] if bad else None)


@pytest.mark.parametrize(("rows", "fires"), [(1020, True), (980, True), (1021, False), (979, False)])
def test_a_size_within_two_percent_is_constant(rows, fires):
    assert (verdict("LT202", *TAGGED, manifests=sized((1000, 1000), (rows, 300))).status == "fail") == fires


def test_a_swap_is_found_after_years_of_growth_and_named():
    told = verdict("LT202", *TAGGED, manifests=sized((1000, 1000), (2000, 1000), (3000, 1000), (3000, 700)))
    assert told.generation == 4 and "0.33 to 0.23" in told.because


def test_a_slow_swap_is_found_over_several_generations():
    shares = [round(1000 * 0.985**step) for step in range(4)]
    told = verdict("LT202", *TAGGED, manifests=sized(*((1000, share) for share in shares)))
    assert told.generation == 3


def test_rows_of_unknown_origin_leave_a_swap_open():
    whole = manifest(1, 1000, 900)
    told = verdict("LT202", *TAGGED, manifests=(whole, manifest(2, 1000, origins={"human": 500, "synthetic": 50})))
    assert told.status == "not_measured" and "LT101" in told.because and "450 rows of generation 2" in told.because
    told = verdict("LT202", *TAGGED, manifests=(whole, manifest(2, 1000, origins={"human": 500, "synthetic": 400})))
    assert told.status == "fail"


def test_untagged_documents_are_unknown_and_not_human_and_leave_the_share_open():
    told = verdict("LT203", (300, MADE), (700, row()), **piped(max_synthetic=0.5))
    assert "0.300, unknown 0.700; the limit is 0.500" in told.because
    assert (told.status, told.waits_on) == ("not_measured", "LT101")


def test_the_same_share_weighs_more_per_document_in_a_small_set():
    small = verdict("LT205", *UNTAGGED, manifests=sized((200, 180)))
    large = verdict("LT205", *UNTAGGED, manifests=sized((200_000, 180_000)))
    assert "has 0.005 of all weight, 20 of 200 are synthetic" in small.because
    assert "has 5e-06 of all weight, 20,000 of 200,000 are synthetic" in large.because


def test_influence_is_that_of_the_weights():
    rows = ((10, row("human", weight=2)), (5, row("synthetic", weight=0.5)), (1, row()))
    assert evidence(*rows).mix.influence == pytest.approx(0.5 / (20 + 2.5 + 1))


def test_a_weight_that_is_not_stated_counts_one():
    mix = evidence((1, row("synthetic", weight=0.5)), (3, MADE), (2, HUMAN)).mix
    assert (mix.model.mean, mix.real.mean) == (pytest.approx(3.5 / 4), 1.0)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"gates": ("unit tests",)}, "gate (unit tests)"),
        ({"reviews": ("editors",)}, "review (editors)"),
        ({"leash": 0.3}, "leash (coefficient 0.3)"),
        ({"min_real": 0.3}, "real data (at least 30% of every training set)"),
    ],
)
def test_any_one_anchor_clears_a_loop_and_is_named(said, named):
    assert verdict("LT210", *TAGGED, **piped(loop=True)).status == "fail"
    told = verdict("LT210", *TAGGED, **piped(loop=True, **said))
    assert told.status == "pass" and named in told.because


def test_real_data_in_the_newest_training_set_are_named_with_their_share():
    assert "real data (12% human rows in generation 2)" in verdict("LT210", *TAGGED, manifests=sized((1000, 1000), (1000, 120))).because
    told = verdict("LT210", *TAGGED, manifests=retaining(1.0, 0.98))
    assert "real data (all original rows in generation 2)" in told.because


def test_an_audit_is_due_every_thirty_days_unless_the_pipeline_says_otherwise():
    last = {"last_audit": date(2026, 2, 1)}
    assert "due by 2026-03-03 (every 30 days)" in verdict("LT802", *TAGGED, **last).because
    assert "due by 2026-02-08 (every 7 days)" in verdict("LT802", *TAGGED, **last, **piped(audit_every_days=7)).because


def test_safeguards_that_a_manifest_names_count():
    told = verdict("LT210", *TAGGED, manifests=(manifest(1), manifest(2, safeguards={"gate": "verifier", "rumour": "x"})))
    assert told.because == "the loop is anchored by gate (verifier)"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"gates": ("g",)}, "gate protects correctness, not rarity"),
        ({"min_real": 0.3}, "real data protects the tail"),
        ({"leash": 0.3}, "leash protects closeness to the base model"),
    ],
)
def test_each_safeguard_is_named_with_what_it_protects(said, told):
    found = verdict("LT211", *TAGGED, **piped(loop=True, **said))
    assert found.because.startswith(f"1 of 3 safeguards act: {told}. Missing: ")


@pytest.mark.parametrize("dropped", sorted(ALL_THREE))
def test_dropping_any_one_of_three_safeguards_warns(dropped):
    said = {name: value for name, value in ALL_THREE.items() if name != dropped}
    assert verdict("LT211", *TAGGED, **piped(loop=True, **ALL_THREE)).status == "pass"
    assert verdict("LT211", *TAGGED, **piped(loop=True, **said)).because.startswith("2 of 3 safeguards act")


@pytest.mark.parametrize(
    ("setting", "is_cut"),
    [
        ('{"temperature":0.99}', True), ('{"temperature":1.3}', False), ('{"top_p":1}', False), ('{"min_p":0.05}', True),
        ('{"temperature":true}', False), ("[]", False), ("greedy", False), ('{"max_tokens":5}', False),
    ],
)  # fmt: skip
def test_settings_that_cut_off_the_rare_are_told_from_those_that_do_not(setting, is_cut):
    assert cuts(setting) == is_cut


def test_sampling_that_narrows_over_the_generations_names_the_generation():
    wide, narrow = {'{"temperature":1}': 10, "": 90}, {'{"temperature":1}': 5, '{"temperature":0.5}': 5}
    told = verdict("LT206", *TAGGED, manifests=tuple(manifest(at, decoding=found) for at, found in enumerate((wide, wide, narrow), 1)))
    assert told.generation == 3 and "mean temperature 1.00, then 0.75" in told.because


def test_every_rule_says_the_same_of_the_same_evidence():
    groups = (*TAGGED, (5, row(source="https://a.org")), (5, row("human", time="2025-01-01")))
    said = [Counter(repr(entry.member(evidence(*order))) for entry in RULES) for order in (groups, groups[::-1])]
    assert said[0] == said[1]
