"""Costs: expressions that the user may edit, evaluated without running code."""

import pytest

from longtail.diagnosis.recovery.costs import FORMULAS, Prices, read_prices
from longtail.errors import ConfigError, ReadError, UnknownName

PLANNED = {"generations": 3.0, "rows_to_source": 100.0, "size": 1000.0}


def file_of(tmp_path, text):
    path = tmp_path / "cost.toml"
    path.write_text(text)
    return path


def test_a_formula_is_printed_with_its_values_and_comes_to_their_sum():
    stated = {"training_hours": 6, "price_per_hour": 2.5, "staff_hours": 16, "price_per_staff_hour": 80}
    cost = Prices(stated).cost("re_anchor", PLANNED)
    assert cost.total == 3 * 6 * 2.5 + 16 * 80
    assert cost.stated == "3 * 6 * 2.5 + 16 * 80"
    assert eval(cost.stated) == cost.total


def test_what_is_not_stated_stays_open():
    cost = Prices({"training_hours": 6}).cost("re_anchor", PLANNED)
    assert cost.total is None and cost.sensitivity == ()
    assert cost.missing == ("price_per_hour", "staff_hours", "price_per_staff_hour") or set(cost.missing) == {
        "price_per_hour",
        "staff_hours",
        "price_per_staff_hour",
    }
    assert "price_per_hour" in cost.stated


def test_each_input_is_halved_and_raised_by_half():
    stated = {"training_hours": 6, "price_per_hour": 2.5, "staff_hours": 16, "price_per_staff_hour": 80}
    swings = {each.name: each for each in Prices(stated).cost("re_anchor", PLANNED).sensitivity}
    assert (swings["staff_hours"].less, swings["staff_hours"].more) == (45 + 640, 45 + 1920)
    assert (swings["training_hours"].less, swings["training_hours"].more) == (22.5 + 1280, 67.5 + 1280)


def test_a_user_edits_inputs_and_formulas(tmp_path):
    prices = read_prices(file_of(tmp_path, '[inputs]\nfee = 7\n[formulas]\nre_anchor = "(size + 2 * fee) / 2 - 1"\n'))
    assert prices.cost("re_anchor", PLANNED).total == (1000 + 14) / 2 - 1
    assert prices.formulas["roll_back"] == FORMULAS["roll_back"]


@pytest.mark.parametrize(
    "formula",
    ["__import__('os')", "size.real", "size ** 9", "[1]", "f(size)", "size if size else 1", "'a'", "True", "size +", "lambda: 1", ""],
)
def test_nothing_but_sums_and_products_is_evaluated(tmp_path, formula):
    with pytest.raises(ConfigError, match="re_anchor"):
        read_prices(file_of(tmp_path, f'[formulas]\nre_anchor = "{formula}"\n'))


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        ("[inputs", ConfigError, "no TOML"),
        ("inputs = 3", ConfigError, "tables"),
        ("[input]\na = 1", UnknownName, "inputs"),
        ('[inputs]\nstaff_hours = "two"', ConfigError, "staff_hours"),
        ("[inputs]\nstaff_hours = -1", ConfigError, "staff_hours"),
        ("[inputs]\nstaff_hours = true", ConfigError, "staff_hours"),
        ('[formulas]\nre_ancor = "size"', UnknownName, "re_anchor"),
    ],
)
def test_a_bad_file_is_told_with_what_is_wrong(tmp_path, text, error, told):
    with pytest.raises(error, match=told):
        read_prices(file_of(tmp_path, text))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ReadError, match="costs"):
        read_prices(tmp_path / "none.toml")


def test_an_unknown_name_in_a_formula_gets_the_nearest_one(tmp_path):
    prices = read_prices(file_of(tmp_path, '[formulas]\nre_anchor = "staff_hour * 2"\n'))
    with pytest.raises(UnknownName, match="staff_hours"):
        prices.cost("re_anchor", PLANNED)


def test_a_division_by_nothing_is_told(tmp_path):
    prices = read_prices(file_of(tmp_path, '[formulas]\nre_anchor = "1 / (size - size)"\n'))
    with pytest.raises(ConfigError, match="divides by 0"):
        prices.cost("re_anchor", PLANNED)
