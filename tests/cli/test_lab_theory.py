"""`longtail lab theory`: the list of closed forms, and their values."""

import json
import math

import pytest

from longtail.lab.theory.forms import FORMS


def theory(cli, *arguments):
    ran = cli("lab", "theory", *arguments)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def forms(cli, *arguments):
    told = json.loads(theory(cli, *arguments, "--json"), parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    return {form["name"]: form for form in told["forms"]}


def test_the_list_names_every_closed_form_with_its_facts_in_80_columns(cli):
    text = theory(cli)
    assert max(map(len, text.splitlines())) <= 80
    words = " ".join(text.split())
    for entry in FORMS:
        assert f" {entry.name} " in words
        assert f"{entry.facts['unit']}; {entry.facts['valid']}; {entry.facts['source']}" in words
    cases = [int(line.split()[1]) for line in text.splitlines() if line.startswith("case ")]
    assert cases == sorted(set(cases)) and len(cases) > 20


def test_the_json_lists_facts_and_settings(cli):
    form = forms(cli)["gaussian_replace_variance"]
    assert (form["kind"], form["required"]) == ("exact", ["samples"])
    assert "2" in form["case"] and "ddof" in form["settings"] and form["by_generation"]
    assert "value" not in form


def test_a_case_gives_values_where_its_settings_are_given(cli):
    found = forms(cli, "2", "--set", "samples=100", "--set", "ddof=0", "--generations", 3)
    assert found["gaussian_replace_variance"]["value"] == pytest.approx([0.99, 0.99**2, 0.99**3])


def test_a_form_of_several_series_gives_them_by_name(cli):
    value = forms(cli, "fixed_budget_moments", "--set", "samples=100", "--generations", 1)["fixed_budget_moments"]["value"]
    assert value == {"mean_square": pytest.approx([0.01]), "variance": pytest.approx([0.99])}


def test_a_law_may_be_listed_or_named(cli):
    listed = forms(cli, "expected_support", "--set", "samples=5", "--set", "law=0.5,0.3,0.2", "--generations", 1)
    by_hand = sum(1 - (1 - p) ** 5 for p in (0.5, 0.3, 0.2))
    assert listed["expected_support"]["value"] == pytest.approx([by_hand])
    named = forms(cli, "expected_support", "--set", "samples=5", "--set", "law=uniform", "--set", "types=4", "--generations", 1)
    assert named["expected_support"]["value"] == pytest.approx([4 * (1 - 0.75**5)])


def test_the_page_of_a_form_tells_what_it_lacks_or_its_values(cli):
    text = theory(cli, "gaussian_sd_factor")
    assert "unit: share of the true sd" in text and "valid: samples >= 2" in text and "--set samples=…" in text
    c4 = math.sqrt(2 / 9) * math.gamma(5) / math.gamma(4.5)
    assert f"value: {c4:.10g}" in theory(cli, "gaussian_sd_factor", "--set", "samples=10")


REFUSED = {
    "an unknown name": (("gaussian_sd_facto",), "did you mean 'gaussian_sd_factor'?"),
    "an unknown case": (("9999",), "cases are 1, 2, 3"),
    "an unknown setting": (("gaussian_sd_factor", "--set", "sampels=3"), "did you mean 'samples'?"),
    "a setting without a value": (("gaussian_sd_factor", "--set", "samples"), "NAME=VALUE"),
    "a value that is no number": (("gaussian_sd_factor", "--set", "samples=many"), "'many'"),
    "half a row": (("gaussian_sd_factor", "--set", "samples=10.5"), "10.5"),
    "a value out of range": (("gaussian_sd_factor", "--set", "samples=1"), "fewer than two"),
    "a law without types": (("expected_support", "--set", "law=zipf:1", "--set", "samples=3"), "types"),
    "no generations": (("1", "--generations", 0), "generations is 0"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_call_is_refused_in_one_line(cli, case):
    arguments, hint = REFUSED[case]
    ran = cli("lab", "theory", *arguments)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1), ran.err
    assert ran.err.startswith("longtail: ") and "unexpected" not in ran.err
    assert hint in ran.err


def test_errors_of_the_function_are_not_part_of_a_page(cli):
    assert "Raises" not in cli("lab", "theory", "1").out
