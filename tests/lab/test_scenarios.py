import json

import pytest

from longtail.errors import MissingExtra, UnknownName, UsageError
from longtail.lab.scenarios.augment import gated
from longtail.lab.scenarios.files import documents, lines
from longtail.lab.scenarios.run import perform


def test_rows_say_where_they_come_from(tmp_path):
    path = lines(tmp_path / "a.jsonl", documents(["x y"], 3))
    assert json.loads(path.read_text()) == {"lt_id": "3-0", "text": "x y", "lt_origin": "synthetic", "lt_depth": 3}
    assert next(iter(documents(["x"], 0)))["lt_origin"] == "human"


def test_the_verifier_lets_pass_what_human_text_says_too():
    human = ["the cat sat on the mat"]
    assert gated(["on the mat", "mat the on", "sat on the"], human)[0] == "on the mat"
    assert "mat the on" not in gated(["on the mat", "mat the on", "sat on the"], human)


def test_an_unknown_scenario_is_told_with_the_nearest(tmp_path):
    with pytest.raises(UnknownName, match="did you mean 'augment'"):
        perform("augmnt", tmp_path)


def test_a_folder_of_other_files_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match=r"mine\.txt"):
        perform("lm", tmp_path)


@pytest.mark.slow
def test_a_language_model_on_its_own_generations_ends_late(tmp_path):
    told = perform("lm", tmp_path)
    assert not told.failing, told.checks
    assert told.rows[-1].phase == "late"
    assert len(list(tmp_path.glob("gen*.jsonl"))) == len(told.rows) + 1


@pytest.mark.slow
def test_augmentation_done_right_widens_the_tail(tmp_path):
    told = perform("augment", tmp_path)
    assert not told.failing, told.checks


@pytest.mark.slow
def test_a_generator_of_images_loses_classes(tmp_path):
    try:
        told = perform("images", tmp_path)
    except MissingExtra:
        pytest.skip("torch is not installed")
    assert "LT308" in told.rows[-1].failing
