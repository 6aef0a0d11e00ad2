import numpy
import pytest

from longtail.errors import ConfigError
from longtail.lab.makers import human_value
from longtail.lab.makers.human_value import Asked, values


def prose():
    rng = numpy.random.default_rng(5)
    words = [f"word{at}" for at in range(2_000)]
    chances = 1 / numpy.arange(1, 2_001)
    return tuple(" ".join(rng.choice(words, size=12, p=chances / chances.sum())) for _ in range(900))


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(human_value, "prose", prose)


def test_what_steps_add_sums_to_what_is_there():
    found = values(Asked(generations=3, step=100), 0)
    for series in ("covered", "guessed"):
        assert numpy.cumsum(found[f"{series}_added"]) == pytest.approx(found[series])


def test_each_step_brings_fewer_rare_words_in_the_mean():
    added = numpy.mean([values(Asked(generations=3, step=100), replicate)["covered_added"] for replicate in range(10)], axis=0)
    assert added[0] > added[1] > added[2] > 0


def test_human_documents_bring_no_less_beside_output_of_a_model_of_those_it_replaces():
    for replicate in range(3):
        human, synthetic = (values(Asked(before=200, synthetic=share, step=100), replicate) for share in (0.0, 1.0))
        assert synthetic["covered_added"][0] > human["covered_added"][0]
        assert synthetic["covered"][0] <= human["covered"][0]


def test_a_report_has_points_and_none_is_made_up():
    found = values(Asked(generations=12, step=10, report=True), 0)["report_added"]
    assert len(found) == 12
    assert all(point > 0 for point in found[:10]) and numpy.isnan(found[10:]).all()


def test_more_documents_than_there_are_and_no_share_are_told():
    with pytest.raises(ConfigError, match="lower step, generations or before"):
        values(Asked(generations=2, step=400), 0)
    with pytest.raises(ConfigError, match="synthetic is 2"):
        Asked(synthetic=2.0)
