import json

import numpy
import pytest

from longtail.errors import ConfigError
from longtail.lab.makers import aimed
from longtail.lab.makers.aimed import Asked, values
from longtail.summaries.profiling import profile

SMALL = {"real": 30, "written": 120, "generations": 2}


def prose():
    rng = numpy.random.default_rng(5)
    words = [f"word{at}" for at in range(200)]
    chances = 1 / numpy.arange(1, 201)
    return tuple(" ".join(rng.choice(words, size=15, p=chances / chances.sum())) for _ in range(400))


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(aimed, "prose", prose)


def test_rows_that_hold_a_gap_are_drawn_first_and_as_many_as_at_random():
    offered = [f"plain words number {at}" for at in range(20)] + ["a scarce thing", "one more scarce thing"]
    gap = json.dumps({"view": "words_1", "type": "scarce", "slice": None, "reference_share": 0.4}) + "\n"
    at_gaps = aimed._drawn(["a real one", "another real one"], offered, gap, 3, 0)
    assert at_gaps.texts[:2] == ["a real one", "another real one"]
    assert {"a scarce thing", "one more scarce thing"} < {*at_gaps.texts}
    assert (len(at_gaps.texts), at_gaps.gaps, at_gaps.made_up) == (5, 1, 1)
    at_random = [aimed._drawn(["a real one"], offered, "", 3, seed) for seed in range(5)]
    assert {len(each.texts) for each in at_random} == {4}
    assert any(not any("scarce" in text for text in each.texts) for each in at_random)


def test_the_audit_names_words_that_mixing_finds():
    people, written = ["common words and a scarce one"] * 40 + ["common words"] * 40, ["common words"] * 80
    drawn = aimed._drawn(["common words"], [*written, "some scarce text"], aimed._missing(written, profile(people)), 10, 3)
    assert "some scarce text" in drawn.texts
    assert drawn.gaps == 4


def test_both_lineages_share_generation_one_and_differ_by_what_is_drawn():
    at_gaps, at_random = (values(Asked(aimed=each, **SMALL), 0) for each in (True, False))
    for series in ("guessed", "covered"):
        assert at_gaps[series][0] == at_random[series][0]
        assert len(at_gaps[series]) == 2
    assert (at_gaps["gaps"][0], at_random["gaps"]) == (0.0, [0.0, 0.0])


def test_the_same_replicate_is_the_same_twice():
    assert values(Asked(writer="people", **SMALL), 1)["covered"] == values(Asked(writer="people", **SMALL), 1)["covered"]


def test_an_unknown_writer_and_a_gate_that_leaves_too_few_are_told():
    with pytest.raises(ConfigError, match="writer is 'me'"):
        Asked(writer="me")
    with pytest.raises(ConfigError, match="leaves fewer of 100 documents than the 50"):
        Asked(real=50, written=100)
