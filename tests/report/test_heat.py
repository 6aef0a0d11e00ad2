import msgspec
import pytest

from longtail.records import Estimate
from longtail.report.heat import MOST_CLASSES, MOST_GENERATIONS, heat


def share(name, generation, value, decision, **more):
    return Estimate(**{
        "metric": "class_share", "view": "labels:topic", "kind": "ratio", "baseline": "generation_1", "value": value, "low": value / 2,
        "high": value * 2, "n": 10, "unit": "ratio", "resampling_unit": "document", "method": "m", "decision": decision, "slice": name,
        "generation": generation,
    } | more)  # fmt: skip


@pytest.fixture
def drawn(lineage):
    def make(*estimates):
        return heat(msgspec.structs.replace(lineage, estimates=estimates))

    return make


def test_classes_stand_worst_first_as_the_newest_generation_has_them(drawn):
    (shown,) = drawn(
        share("safe", 2, 0.5, "shrunk"), share("safe", 3, 1.1, "ok"), share("gone", 2, 1.0, "ok"), share("gone", 3, 0.1, "shrunk"),
        share("worse", 3, 0.05, "shrunk"), share("open", 3, 0.7, "inconclusive"), share("rare", 2, 0.8, "watch"),
    )  # fmt: skip
    assert [name for name, _ in shown["rows"]] == ["worse", "gone", "open", "safe", "rare"]
    cells = dict(shown["rows"])
    assert [cell.status for cell in cells["gone"]] == ["pass", "fail"] and cells["gone"][1][1:] == ("10%", "5.0% to 20.0%")
    assert cells["rare"][1] == (None, "too rare", "") and cells["worse"][0].status is None
    assert shown["told"] == "At generation 3, 2 of 5 classes shrunk below the limit: worse, gone."


def test_without_a_loss_none_is_claimed(drawn):
    assert drawn(share("a", 2, 0.97, "watch"), share("a", 3, 0.2, "inconclusive"))[0]["told"] == (
        "At generation 3 no class has clearly shrunk below the limit."
    )


def test_other_baselines_views_and_metrics_are_no_classes(drawn, full):
    others = [
        share("a", 2, 0.5, "ok", baseline="reference"), share("a", 2, 0.5, "ok", metric="class_presence"),
        share("a", 2, 0.5, "ok", view="lengths"), share("a", None, 0.5, "ok"), share(None, 2, 0.5, "ok"),
    ]  # fmt: skip
    assert drawn(*others) == [] == heat(full)


def test_many_classes_and_generations_are_cut_and_counted(drawn):
    (shown,) = drawn(*(share(f"c{at}", generation, 0.9, "ok") for at in range(60) for generation in range(2, 26)))
    assert (len(shown["rows"]), shown["hidden"]) == (MOST_CLASSES, 20)
    assert (len(shown["generations"]), shown["left_out"]) == (MOST_GENERATIONS, 14)
    assert (shown["generations"][0], shown["generations"][-1]) == (2, 25)
