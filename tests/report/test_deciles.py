import pytest

from longtail.report.deciles import deciles, is_fewer

ROW = {"decile": 10, "items": 4356, "baseline": 0.95, "candidate": 0.52, "low": 0.48, "high": 0.57, "p_adjusted": 0.01}
TIES = {"decile": 1, "items": 0, "baseline": None, "candidate": None, "low": None, "high": None, "p_adjusted": None}


@pytest.fixture
def view():
    return {"view": "words_1", "baseline": "generation_1", "rows": [TIES, ROW | {"decile": 9, "candidate": 0.94, "p_adjusted": 0.4}, ROW]}


def test_a_tenth_is_told_with_both_shares_and_only_where_chance_does_not_explain_it(holding, view):
    (shown,) = deciles(holding(deciles=[view]))
    assert shown["told"] == (
        "Fewer are seen in tenth 10. Most is missing in tenth 10: 52.0% of its single words are still seen, against 95.0% in generation 1."
    )
    assert shown["table"] == [
        ["1", "0", "none: ties", "–", "–", "–"],
        ["9", "4,356", "95.0%", "94.0%", "48.0% to 57.0%", "not told apart"],
        ["10", "4,356", "95.0%", "52.0%", "48.0% to 57.0%", "fewer"],
    ]
    assert "tenth 10: 52.0%, generation 1 95.0%" in shown["chart"] and shown["chart"].count("10 ▼") == 1


@pytest.mark.parametrize(("changed", "told"), [
    ({}, True), ({"p_adjusted": 0.05}, True), ({"p_adjusted": 0.06}, False), ({"p_adjusted": None}, False), ({"candidate": 0.945}, False),
    ({"baseline": None}, False),
])  # fmt: skip
def test_fewer_needs_both_a_test_and_a_loss_that_matters(changed, told):
    assert is_fewer(ROW | changed) is told


def test_without_a_difference_none_is_claimed(holding, view):
    same = view | {"rows": [ROW | {"p_adjusted": 0.9}]}
    (shown,) = deciles(holding(deciles=[same]))
    assert shown["told"] == "In no tenth are clearly fewer single words seen than in generation 1." and "▼" not in shown["chart"]


@pytest.mark.parametrize("held", [None, {}, [], "text", [3], [{"rows": 3}], [{"rows": [{}, None, {"decile": "x"}]}]])
def test_what_is_no_table_of_deciles_is_not_shown(holding, held):
    assert deciles(holding(deciles=held)) == [] == deciles(holding())
