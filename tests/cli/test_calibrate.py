"""`longtail calibrate`: what it prints, what it refuses, and that the level in force is the one that audits use."""

import json
import random

import click
import pytest

from longtail.cli.calibrate import headline
from longtail.cli.main import cli as group
from longtail.stats.spending import level

WORDS = [f"word{n}" for n in range(600)]


def texts(count, seed, words=40):
    pick = random.Random(seed)
    return [{"text": " ".join(WORDS[int(600 * pick.random() ** 3)] for _ in range(words)), "kind": "ab"[seed % 2]} for _ in range(count)]


@pytest.fixture
def human(write_rows):
    return write_rows("human.jsonl", texts(400, 0) + texts(200, 1))


def calibrate(cli, path, *more):
    return cli("calibrate", "--reference", path, "--view", "words_1", *more)


def test_plain_words_come_first_then_what_is_found_then_the_documents_needed(cli, human):
    ran = calibrate(cli, human, "--documents", 1000)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("longtail calibrate") and "600 documents" in " ".join(ran.out.split())
    first = next(place for place, line in enumerate(lines) if line.startswith("With 1,000 documents, a loss of "))
    now = next(place for place, line in enumerate(lines) if line.startswith("at 1,000 documents"))
    needed = next(place for place, line in enumerate(lines) if line.startswith("documents needed"))
    assert first < now < needed
    assert "in 80 of 100 audits" in " ".join(lines[first : first + 2])
    assert [word for word in lines[needed].split() if "%" in word] == ["5%", "10%", "20%", "30%", "50%"]
    assert "both of single words" in ran.out and "with --baseline, each" in ran.out and "Assumed: " in ran.out


def test_the_table_holds_the_numbers_of_the_json(cli, human):
    ran = calibrate(cli, human, "--documents", 1000)
    found = json.loads(calibrate(cli, human, "--documents", 1000, "--json").out)
    assert found["schema_version"] == "1.0"
    assert (found["documents"], found["reference_documents"], found["audit_number"]) == (1000, 600, None)
    assert [each["metric"] for each in found["endpoints"]] == ["tail_types_retained", "tail_mass_retained", "hill_1", "hill_2"]
    rows = [line.split() for line in ran.out.partition("documents needed")[2].splitlines()[1:5]]
    for row, each in zip(rows, found["endpoints"], strict=True):
        asked = ["–" if number is None else f"{number:,}" for number in each["needed"].values()]
        assert row[-5:] == asked
    greatest = max(each["noticed"] for each in found["endpoints"][:2])
    assert f"a loss of {100 * greatest:.1f}% of rare words is noticed" in " ".join(ran.out.split())


def test_a_profile_gives_the_numbers_of_its_data(cli, human, tmp_path):
    assert cli("profile", human, "-o", tmp_path / "human.ltp", "--view", "words_1", "-q").code == 0
    assert calibrate(cli, tmp_path / "human.ltp", "--json").out == calibrate(cli, human, "--json").out


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), 0.05),
        (("--alpha", 0.1), 0.1),
        (("--audit-number", 3), level(0.05, 3)),
        (("--audit-number", 3, "--horizon", 8), 0.05 / 8),
    ],
)
def test_the_level_is_that_of_the_audit_in_its_series(cli, human, options, expected):
    found = calibrate(cli, human, *options, "--json").report
    assert found["level"] == pytest.approx(expected)
    assert found["alpha"] == (0.1 if "--alpha" in options else 0.05)


def test_classes_and_margins_are_those_asked_for(cli, human):
    found = calibrate(cli, human, "--by", "kind", "--margin", "tail=0.7", "--json").report
    classes = [each for each in found["endpoints"] if each["metric"] == "class_share"]
    assert sorted(each["slice"] for each in classes) == ["a", "b"]
    assert {each["margin"] for each in found["endpoints"]} == {0.7}
    assert found["endpoints"][0]["aim"]["0.2"] == "watch"


def test_quiet_says_nothing(cli, human):
    assert calibrate(cli, human, "--quiet") == type(calibrate(cli, human, "-q"))(0, "", "")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--documents", 50), "a candidate of 50 documents is below the 96 that a test needs; plan for 100 or more"),
        (("--audit-number", 0), "audits are counted from 1"),
        (("--audit-number", 9, "--horizon", 8), "audit number 9 comes after the 8 that were planned"),
        (("--horizon", 8), "add --audit-number K"),
        (("--audit-number", 300), "alpha exhausted"),
        (("--margin", "tail=2"), "margin tail is 2.0"),
        (("--view", "words_9"), "unknown view 'words_9'"),
        (("--view", "category:kind"), "only losses of words can be foreseen; add words_1"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(cli, human, options, says):
    ran = cli("calibrate", "--reference", human, "--view", "words_1", *options)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err and ran.err.count("\n") == 1


def test_without_a_reference_it_says_what_to_do(cli):
    ran = cli("calibrate")
    assert (ran.code, ran.out) == (2, "")
    assert "no reference: name human text with --reference PATH" in ran.err


def test_a_small_reference_is_refused_with_the_number_it_would_take(cli, write_rows):
    ran = calibrate(cli, write_rows("few.jsonl", texts(150, 3)), "--documents", 500)
    assert (ran.code, ran.out) == (2, "")
    assert "the reference has 150 distinct documents, too few" in ran.err and "at least 330" in ran.err


def test_the_headline_says_where_nothing_can_be_found(cli, human):
    import msgspec

    from longtail.auditing.power import Calibration

    found = msgspec.json.decode(calibrate(cli, human, "--json").out, type=Calibration)
    first, second, *rest = found.endpoints
    blind = msgspec.structs.replace(first, noticed=None, detectable=None)
    neither = msgspec.structs.replace(found, endpoints=(blind, second, *rest))
    assert headline(neither) == "With 600 documents against this reference, no loss of rare words is found in 80 of 100 audits."
    faint = msgspec.structs.replace(found, endpoints=(msgspec.structs.replace(first, detectable=None), second, *rest))
    assert "is noticed in 80 of 100 audits." in headline(faint)


def test_the_command_stands_after_merge():
    names = group.list_commands(click.Context(group))
    assert names.index("merge") < names.index("calibrate")
