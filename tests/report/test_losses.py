import pytest

from longtail.report.losses import losses

EDGES = [1.0, 2.0, 3.0, 4.0]


def row(number, text, mean, shares=(0.2, 0.5, 0.3)):
    return {
        "model": f"generation {number}", "generation": number, "text": text, "documents": 600, "mean": mean, "low": mean - 0.1,
        "high": mean + 0.1, "shares": list(shares),
    }  # fmt: skip


def held(*rows):
    return {"edges": EDGES, "rows": list(rows)}


def test_means_and_histograms_of_both_kinds_of_text(holding):
    rows = [row(1, "human", 3.0), row(1, "own", 2.5), row(2, "human", 3.5), row(2, "own", 2.0)]
    shown = losses(holding(losses=held(*rows)))
    assert shown["told"] == (
        "Human text has become harder for the model; its own text has become easier for the model. "
        "That pair is what learning from one's own output looks like."
    )
    assert shown["table"][0] == ["generation 1", "human text", "600", "3.000", "2.900 to 3.100"]
    assert [each["title"] for each in shown["histograms"]] == [
        "How hard each document of human text is", "How hard each document of its own text is",
    ]  # fmt: skip
    assert shown["has_own"] and "generation 1 3.00, generation 2 3.50" in shown["means"]


@pytest.mark.parametrize(("last", "told"), [
    (3.15, "Human text is not clearly easier or harder than before."), (3.3, "Human text has become harder for the model."),
    (2.7, "Human text has become easier for the model."),
])  # fmt: skip
def test_a_change_is_told_only_where_the_ranges_do_not_meet(holding, last, told):
    shown = losses(holding(losses=held(row(1, "human", 3.0), row(2, "human", last))))
    assert shown["told"] == told and not shown["has_own"]


def test_one_model_is_compared_with_nothing(holding):
    shown = losses(holding(losses=held(row(1, "human", 3.0))))
    assert shown["means"] is None and shown["told"] == "There are scores of one model only, so nothing is compared."


def test_of_many_models_four_are_drawn_the_first_and_the_last_among_them(holding):
    shown = losses(holding(losses=held(*(row(at, "human", 3.0) for at in range(1, 12)))))
    names = [name for _, name in shown["histograms"][0]["legend"]]
    assert (len(names), names[0], names[-1]) == (4, "generation 1", "generation 11") and len(shown["table"]) == 11


@pytest.mark.parametrize(
    "given", [None, {}, [], {"rows": [{}]}, {"rows": [row(1, "odd", 2.0)]}, {"rows": [{"text": "human", "mean": "x"}]}]
)
def test_what_is_no_table_of_losses_is_not_shown(holding, given):
    assert losses(holding(losses=given)) is None


def test_a_histogram_that_does_not_fit_its_bins_is_not_drawn(holding):
    assert losses(holding(losses=held(row(1, "human", 3.0, [0.5, 0.5]))))["histograms"] == []
