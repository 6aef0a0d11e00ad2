import re

import pytest
from msgspec.structs import replace

from longtail.records import Guarantee, InputRecord, Unmeasured
from longtail.report import stages, to_html
from longtail.report.page import first
from longtail.rules import RULES

from .test_context import finding, phase, source

CODES = sorted(entry.name for entry in RULES)


def strata(common, types, mass=1.0):
    rows = [{"stratum": "head", "mass_ratio": common}, {"stratum": "tail", "types_ratio": types, "mass_ratio": mass}]
    return {"strata": {"view": "words_1", "baseline": "generation_1", "rows": rows}}


def states(report):
    return {tile.name: (tile.status, tile.says) for tile in first.tiles(report)}


def test_every_rule_belongs_to_one_of_the_seven(empty):
    held = [[subject.name for subject in first.SUBJECTS if subject.holds(code)] for code in [*CODES, "LT900"]]
    assert {len(each) for each in held} == {1} and len(first.tiles(empty)) == 7


def test_a_tile_is_as_grave_as_its_gravest_check_and_absent_is_its_own_state(empty):
    absent = Unmeasured(code="LT501", reason="r", enable="")
    found = (finding("LT101", "warn"), finding("LT102", "fail"), finding("LT403", "warn"))
    report = replace(empty, findings=found, passed=("LT103", "LT301", "LT303"), not_measured=(absent, replace(absent, code="LT305")))
    assert states(report) == {
        "Provenance": ("fail", "fail"), "Mix & regime": ("not_measured", "not measured"), "Tails": ("pass", "pass in part"),
        "Diversity": ("pass", "pass"), "Filters": ("warn", "warn"), "Model": ("not_measured", "not measured"),
        "Process": ("not_measured", "not measured"),
    }  # fmt: skip


def test_a_tile_counts_its_checks_and_leads_to_the_one_that_decided(empty):
    absent = Unmeasured(code="LT104", reason="r", enable="")
    report = replace(empty, findings=(finding("LT102", "warn"),), passed=("LT103",), not_measured=(absent,))
    provenance, mix = first.tiles(report)[:2]
    assert (provenance.made, provenance.link) == ("2 of 3 checks", "LT102")
    assert (mix.made, mix.link) == ("no check applies", "not-measured")


def test_every_tile_leads_somewhere(report):
    written = to_html(report)
    assert all(f'id="{tile.link}"' in written for tile in first.tiles(report))


def test_if_all_fails_the_first_two_things_are_provenance_and_accumulation(empty):
    every = tuple(finding(code, "fail", remedy=f"mend {code}", title=code) for code in reversed(CODES))
    assert [thing.code for thing in first.things(replace(empty, findings=every))][:2] == ["LT101", "LT201"]


def test_provenance_comes_before_a_failure_even_where_it_only_warns(empty):
    found = (finding("LT402", "fail", remedy="b"), finding("LT101", "warn", remedy="a"), finding("LT303", "warn", remedy="c"))
    assert [thing.code for thing in first.things(replace(empty, findings=found))] == ["LT101", "LT402", "LT303"]


def test_a_thing_has_the_command_of_its_advice_or_one_of_ours_with_the_audited_file_in_it(empty):
    found = (
        finding("LT402", remedy="Drop them: longtail gate a.jsonl"),
        finding("LT101", remedy="tag it"),
        finding("LT305", remedy="look"),
    )
    shown = first.things(replace(empty, findings=found, inputs=(source("candidate", "my data.jsonl"),)))
    assert [(thing.advice, thing.command) for thing in shown] == [
        ("Tag it", "longtail tag 'my data.jsonl' --origin ORIGIN --source SOURCE -o TAGGED.jsonl"),
        ("Drop them", "longtail gate a.jsonl"),
        ("Look", "longtail explain LT305"),
    ]


def test_advice_given_twice_stands_once_and_what_can_be_measured_fills_the_rest(empty):
    twice = (finding("LT303", "warn", remedy="same", unlocks=("LT102",)), finding("LT304", "warn", remedy="same"))
    absent = tuple(Unmeasured(code=code, reason=f"no {code}", enable=f"longtail x {code}") for code in ("LT102", "LT104", "LT301"))
    shown = first.things(replace(empty, findings=twice, not_measured=(*absent, Unmeasured(code="LT501", reason="never", enable=""))))
    assert [(thing.code, thing.command) for thing in shown] == [
        ("LT303", "longtail explain LT303"), ("LT301", "longtail x LT301"), ("LT104", "longtail x LT104"),
    ]  # fmt: skip


def test_what_only_guards_other_checks_is_nothing_to_do(empty):
    absent = (Unmeasured(code="LT901", reason="no document", enable="longtail audit DATA"),)
    assert first.things(replace(empty, not_measured=absent)) == [] and 'id="first"' not in to_html(replace(empty, not_measured=absent))


@pytest.mark.parametrize("code", sorted(first.COMMANDS))
def test_our_commands_are_commands_with_options_that_exist(code, cli):
    words = first.COMMANDS[code].split()
    names = [word for word in words[1:] if re.fullmatch("[a-z]+", word)]
    told = cli(*names, "--help").out
    assert all(re.search(rf"{option}\b", told) for option in words if option.startswith("-"))


COMMON = "Common words are unchanged."
MANY = "As many different rare words are in use as in generation 1"


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("early", (1.01, 0.62), f"{COMMON} Rare ones are disappearing: of every 100 that generation 1 used, 62 are left."),
        ("watch", (0.96, 0.953), f"{COMMON} Rare ones are thinning out: of every 100 that generation 1 used, 95 are left."),
        (
            "concentrating",
            (1.1, 0.95),
            "Common words take up more room than before. Of every 100 rare ones that generation 1 used, 95 are left.",
        ),
        ("healthy", (1.0, 0.98), f"{COMMON} Of every 100 rare ones that generation 1 used, 98 are left."),
        ("healthy", (1.0, 1.02), f"{COMMON} {MANY}."),
        ("early", (0.9, 1.0, 0.6), f"Common words take up less room than before. {MANY}, but less often."),
        ("inconclusive", (1.0, 0.7), ""),
        ("not_measured", (1.0, 0.7), ""),
    ],
)
def test_what_happened_is_said_without_statistics(empty, name, given, said):
    assert first.plain(replace(empty, phase=phase(name), panels=strata(*given))) == said


@pytest.mark.parametrize("panels", [{}, {"strata": {"rows": []}}, {"strata": {"rows": [{"stratum": "head", "mass_ratio": 1.0}]}}])
def test_nothing_is_said_of_what_was_not_told_apart(empty, panels):
    assert first.plain(replace(empty, phase=phase("early"), panels=panels)) == ""


def test_how_sure_that_is_in_words(empty):
    guarantee = Guarantee(text="t", alpha=0.05, alpha_spent=0.05, audit_number=1, level="sample", alpha_here=0.05)
    given = replace(empty, inputs=(source("candidate", documents=4000),), guarantee=guarantee)
    early = replace(phase("early"), decided_by=("tail_types_retained@words_1",), missing=("fidelity",))
    assert first.rests(replace(given, phase=early)) == [
        "4,000 documents were read", "decided by how many rare items are left (single words)",
        "were nothing lost, at most 1 in 20 such audits would say so", "not looked at: how real text is handled",
    ]  # fmt: skip
    assert first.rests(replace(given, phase=phase("healthy"))) == ["4,000 documents were read"]


def test_the_brand_says_which_generation_of_how_many(lineage, full):
    assert first.page(lineage)["generation"] == "generation 5 of 5" and first.page(lineage)["regime"] == "replace"
    assert first.page(full)["generation"] == ""


def test_a_long_file_name_keeps_its_end(empty):
    long = InputRecord(role="candidate", path="x" * 80 + "-v3.jsonl", parts=1, documents=1, bytes=1, quarantined=0, sha256=None)
    assert (
        first.page(replace(empty, inputs=(long,)))["name"].endswith("-v3.jsonl")
        and "…" in first.page(replace(empty, inputs=(long,)))["name"]
    )


def test_every_check_has_one_place_on_the_page(report):
    written = to_html(report)
    for code in stages.states(report):
        assert written.count(f'id="{code}"') == 1
