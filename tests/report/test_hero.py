import msgspec
import pytest

from longtail.report.drawing.curves import Point
from longtail.report.hero import hero, marked, sentence

KEPT = [{"generation": number, "ratio": 1.0, "low": 0.99, "high": 1.0} for number in (2, 3, 4, 5)]


def with_common(lineage, rows=KEPT, **panels):
    return msgspec.structs.replace(lineage, panels=lineage.panels | {"common": {"view": "words_1", "rows": rows}} | panels)


def test_the_rare_line_is_that_of_the_verdict(lineage):
    shown = hero(with_common(lineage))
    decided = {
        each.generation: each for each in lineage.estimates
        if (each.metric, each.view, each.baseline) == ("tail_types_retained", "words_1", "generation_1")
    }  # fmt: skip
    rare = {row[1]: row[2] for row in shown["table"] if row[0] == "rare items"}
    assert rare == {"1": "100.0%"} | {str(number): f"{100 * each.value:.1f}%" for number, each in decided.items()}
    assert [row[1:3] for row in shown["table"] if row[0] == "common items"] == [[str(at), "100.0%"] for at in range(1, 6)]
    assert 'class="normal"' in shown["chart"] and shown["limit"] == "90%"


def test_without_a_lineage_or_without_one_of_the_lines_there_is_no_picture(lineage, full):
    assert hero(lineage) is None and hero(with_common(full)) is None
    assert hero(with_common(lineage, [{"generation": "2", "ratio": 1}, {}])) is None
    assert hero(msgspec.structs.replace(with_common(lineage), estimates=())) is None


@pytest.mark.parametrize(("common", "rare", "told"), [
    ((1.0, 0.99, 1.01), (0.5, 0.4, 0.6), "The head looks flat while the tail falls, so averages and spot checks can miss it."),
    ((0.7, 0.6, 0.8), (0.5, 0.4, 0.6), "The data do not set the two apart."),
    ((0.5, 0.4, 0.6), (0.9, 0.8, 1.0), "The rare items held out better than the common ones."),
])  # fmt: skip
def test_the_sentence_sets_the_two_apart_only_where_their_ranges_do_not_meet(common, rare, told):
    said = sentence(Point(5, *common), Point(5, *rare))
    assert said.endswith(told) and said.startswith(f"At generation 5, {common[0]:.1%} of the common items are left")


def test_a_head_that_fell_too_is_not_called_flat():
    said = sentence(Point(3, 0.7, 0.65, 0.75), Point(3, 0.3, 0.2, 0.4))
    assert said.endswith("More of the rare items went than of the common ones.")


def test_the_first_generation_with_less_real_data_is_marked(lineage):
    rows = [{"generation": 1, "retained": 1.0}, {"generation": 2, "retained": 1.0}, {"generation": 3, "retained": 0.4}, {"generation": 4}]
    report = with_common(lineage, regime={"rows": rows})
    assert marked(report) == [(3, "real data cut to 40%")]
    assert "real data cut to 40%" in hero(report)["chart"]
    assert marked(lineage) == [] == marked(with_common(lineage, regime={"rows": rows[:2]}))
