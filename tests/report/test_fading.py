import pytest

from longtail.report import panels

SAMPLES = [{"name": "reference", "documents": 100}, {"name": "generation 1", "documents": 50}, {"name": "generation 2", "documents": 50}]


@pytest.fixture
def shown(holding):
    def make(**held):
        rows = [{"type": "valley", "candidate_documents": 0}, {"type": "hill", "candidate_documents": 0}]
        fading = {"samples": SAMPLES, "rows": [[9, 6, 0], [4, 1, None]], "held": [3, 0], "by_chance": 0.6} | held
        return panels.vanished(holding(vanished={"view": "words_1", "rows": rows}, fading=fading))

    return make


def test_each_item_has_its_line_and_its_counts_by_sample(shown):
    found = shown()
    assert [told for _, told in found["fading"]] == ["9, 6, 0", "4, 1, ?"]
    assert found["fading"][0][0].count("<polyline") == 1 and found["samples"] == ["reference", "generation 1", "generation 2"]


def test_the_training_data_have_an_item_or_not(shown):
    assert shown()["held"] == ["yes, 3 documents", "no"] and shown(held=[None, 1])["held"] == ["not known", "yes, 1 document"]
    assert shown(held=None)["held"] == []


def test_what_chance_would_miss_is_told_where_it_is_known(shown):
    assert shown()["by_chance"] == "1" and shown(by_chance=None)["by_chance"] == ""


@pytest.mark.parametrize("held", [{"samples": SAMPLES[:2]}, {"samples": []}, {"rows": [[1, 2]]}, {"rows": None}, {"rows": [[1], [2]]}])
def test_two_samples_or_numbers_of_other_items_make_no_line(shown, held):
    assert shown(**held)["fading"] == []
