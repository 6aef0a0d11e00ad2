import pytest

from longtail.ledger.store import Ledger
from tests.cli.refusing import refused

MADE = [f"a model wrote these words and then number {number} of them" for number in range(3)]
LONG = " ".join(f"word{number}" for number in range(200))


@pytest.fixture
def here(tmp_path, monkeypatch, write_rows):
    """A ledger of a human text, in state 1, and of four texts of a model, in state 2, and something scraped."""
    monkeypatch.chdir(tmp_path)
    machine = {"lt_origin": "synthetic", "lt_depth": 1, "lt_model": "m@1"}
    with Ledger.create("ledger") as ledger:
        ledger.add([{"lt_id": "h", "text": "people wrote this one", "lt_origin": "human", "lt_depth": 0}])
    with Ledger.open("ledger") as ledger:
        ledger.add([{"lt_id": f"s{at}", "text": text} | machine for at, text in enumerate([*MADE, LONG])])
    write_rows("scrape.jsonl", [MADE[0].upper(), "something else entirely", "people wrote this one"])
    return tmp_path


def test_what_was_generated_is_found_again(here, cli):
    said = cli("ledger", "find", "ledger", "scrape.jsonl", "--json").report
    assert (said["documents"], said["known"], said["found"]) == (3, 4, 1)
    assert (said["matches"][0]["document"], said["matches"][0]["lt_id"], said["matches"][0]["kind"]) == (1, "s0", "normalised")
    assert cli("ledger", "find", "ledger", "scrape.jsonl").out.startswith("1 of 3 documents found among 4 that models had a hand in\n")


def test_copies_are_exact_up_to_case_or_near_and_their_places_go_on_over_files(here, cli, write_rows):
    changed = LONG.split()
    changed[100] = "other"
    write_rows("1.jsonl", ["unknown words", {"text": "whatever it says now", "lt_id": "s2"}])
    write_rows("2.jsonl", [MADE[1], f"  {MADE[1].title()} ", " ".join(changed)])
    said = cli("ledger", "find", "ledger", "1.jsonl", "2.jsonl", "--json").report
    assert [(each["document"], each["lt_id"], each["kind"]) for each in said["matches"]] == [
        (2, "s2", "exact"), (3, "s1", "normalised"), (4, "s1", "normalised"), (5, "s3", "near"),
    ]  # fmt: skip
    assert (said["documents"], said["found"]) == (5, 4)
    # five of the 196 runs of five words are gone and five are new: 191 of 201 are shared
    assert said["matches"][3]["similarity"] == pytest.approx(191 / 201, abs=0.08)


def test_the_threshold_decides_what_is_near(here, cli, write_rows):
    words = LONG.split()
    write_rows("near.jsonl", [" ".join(words[:172] + [f"new{at}" for at in range(28)])])
    command = ("ledger", "find", "ledger", "near.jsonl", "--json", "--threshold")
    assert [cli(*command, least).report["found"] for least in (0.5, 0.95)] == [1, 0]  # 168 of 224 runs are shared
    assert cli(*command, 0.5).report["matches"][0]["similarity"] == pytest.approx(168 / 224, abs=0.15)


def test_matches_are_shown_up_to_the_limit_and_the_rest_counted(here, cli, write_rows):
    write_rows("many.jsonl", [MADE[0].upper()] * 25)
    lines = cli("ledger", "find", "ledger", "many.jsonl").out.splitlines()
    assert (lines[0], len(lines)) == ("25 of 25 documents found among 4 that models had a hand in", 22)
    assert (lines[1], lines[-1]) == ("  document 1: normalised copy of s0, similarity 1.00", "  and 5 more (--json lists all)")
    assert cli("ledger", "find", "ledger", "many.jsonl", "--limit", "25").out.splitlines()[-1].startswith("  document 25:")
    assert len(cli("ledger", "find", "ledger", "many.jsonl", "--json", "--limit", "1").report["matches"]) == 25


def test_a_state_before_the_model_wrote_knows_nothing_of_it(here, cli):
    said = cli("ledger", "find", "ledger", "scrape.jsonl", "--json", "--at", "1").report
    assert (said["known"], said["found"], said["matches"]) == (0, 0, [])
    one = cli("ledger", "find", "ledger", "-", "--text-column", "body", stdin=b'{"body": "nothing known"}\n')
    assert one.out == "0 of 1 document found among 4 that models had a hand in\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere", "scrape.jsonl"), ("nowhere",)),
        (("ledger",), ("DATA",)),
        (("ledger", "absent.jsonl"), ("absent.jsonl: no such file or folder",)),
        (("ledger", "scrape.jsonl", "--threshold", "0"), ("threshold", "0")),
        (("ledger", "scrape.jsonl", "--threshold", "1.5"), ("threshold", "1.5")),
        (("ledger", "scrape.jsonl", "--threshold", "much"), ("much",)),
        (("ledger", "scrape.jsonl", "--limit", "0"), ("limit", "0")),
        (("ledger", "scrape.jsonl", "--at", "9"), ("9",)),
        (("ledger", "scrape.jsonl", "--text-column", "body"), ("no column 'body'", "columns: text")),
    ],
    ids=lambda given: " ".join(given),
)
def test_what_cannot_be_looked_up_is_refused_in_one_line(here, cli, arguments, words):
    refused(cli("ledger", "find", *arguments), *words)
