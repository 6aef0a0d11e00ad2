"""What `longtail explain` prints: the page of a name, what speaks of some words, and both as JSON."""

import json

import pytest

from longtail.rules.pages import PARTS


def test_a_page_has_its_ten_parts_in_order_and_lines_of_80_columns(cli):
    page = cli("explain", "LT301").out
    at = [page.index(f"\n{part}: ") for part in PARTS]
    assert at == sorted(at)
    assert max(len(line) for line in page.splitlines() if "`" not in line) <= 80


def test_a_command_stands_on_one_line_so_that_it_can_be_copied(cli):
    assert "`longtail lab experiment text-repeats --quick`" in cli("explain", "LT303").out


@pytest.mark.parametrize("name", ["lt301", "LT301", "Self_BLEU"])
def test_a_name_is_found_in_any_case(cli, name):
    assert cli("explain", name).out.lower().startswith(name.lower())


def test_several_names_are_several_pages(cli):
    both = cli("explain", "LT301", "LT302").out
    assert both == cli("explain", "LT301").out + cli("explain", "LT302").out


def test_words_that_are_no_name_are_looked_for_in_what_people_say(cli):
    found = cli("explain", "fine-tuned model repeats itself")
    assert found.code == 0
    assert found.out.splitlines()[0] == "Nothing is called 'fine-tuned model repeats itself'; these speak of it:"
    assert found.out.splitlines()[1].split()[0] == "LT303"
    assert max(map(len, found.out.splitlines())) <= 80


@pytest.mark.parametrize(("asked", "near"), [("LT31", "LT301"), ("tail_types_retaind", "tail_types_retained"), ("mixtur", "mixture")])
def test_a_typo_is_answered_with_the_nearest_name(cli, asked, near):
    found = cli("explain", asked)
    assert (found.code, found.out) == (2, "")
    assert f"did you mean {near!r}?" in found.err


def test_words_that_nothing_speaks_of_are_refused(cli):
    assert cli("explain", "zebra quantum").code == 2


def test_json_holds_the_page_of_each_name_and_where_it_stands_on_the_site(cli):
    found = json.loads(cli("explain", "lt301", "self_bleu", "near_duplicates", "--json").out)
    rule, metric, gate = found["pages"]
    assert (rule["name"], rule["kind"], rule["address"], list(rule["parts"])) == ("LT301", "rule", "rules/LT301/", list(PARTS))
    assert (metric["address"], metric["related"]) == ("metrics/self_bleu/", ["LT304"])
    assert (gate["name"], gate["kind"]) == ("near_duplicates", "gate")
    assert gate["parts"]["What"]


def test_json_of_words_holds_what_speaks_of_them(cli):
    (found,) = json.loads(cli("explain", "repeats itself", "--json").out)["pages"]
    assert found["asked"] == "repeats itself"
    assert found["found"][0] == {"name": "LT303", "title": "distinct n-grams and openings"}


def test_the_gate_of_updates_is_explained_and_listed(cli):
    assert cli("explain", "gain").out.startswith("gain  (gate of updates)\njudges:     an update of a model")
    assert "\nGates of updates\n  gain " in cli("list").out
