"""The production content loop: what is laid is what is said, and the checks can fail."""

import json

import pytest

from longtail.diagnosis.voice import content as judged
from longtail.lab.scenarios import content
from longtail.lab.scenarios.catalogue import module_of
from longtail.lab.scenarios.run import perform

PEOPLE = [[f"post {at} of quarter {quarter} says this and that" for at in range(10)] for quarter in range(12)]


def texts(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_people_write_all_of_it_before_the_turn_and_a_growing_share_less_after_it():
    archive = content.published(PEOPLE, 0)
    kept = [len(set(now) & set(people)) for now, people in zip(archive, PEOPLE, strict=True)]
    assert kept[: content.TURN] == [10] * content.TURN
    assert all(kept[content.TURN + at] <= 10 for at in range(6)) and [len(quarter) for quarter in archive] == [10] * 12
    assert all(archive[content.TURN + at][-1] == PEOPLE[content.TURN + at][-1] for at in range(6))


def test_a_model_writes_from_the_two_quarters_before_it_alone():
    archive = content.published(PEOPLE, 0)
    made = archive[content.TURN][: round(content.SHARES[0] * 10)]
    words = {word for post in made for word in post.split()}
    assert words <= {word for quarter in PEOPLE[content.TURN - 2 : content.TURN] for post in quarter for word in post.split()}


def test_days_lie_in_their_quarter_and_nothing_says_who_wrote():
    rows = list(content.posts(PEOPLE, 0))
    assert {key for row in rows for key in row} == {"date", "text"} and rows == list(content.posts(PEOPLE, 0))
    assert rows[0]["date"] == "2022-01-01" and rows[10]["date"] == "2022-04-01" and rows[9]["date"] < "2022-04-01"
    assert content.quarter_name(6) == "2023-Q3"


def test_the_scenario_is_found_by_its_name_and_judged_by_watch():
    assert module_of("content") == judged.__name__ and judged.TITLE == content.TITLE


@pytest.fixture(scope="module")
def laid(tmp_path_factory):
    return content.lay(tmp_path_factory.mktemp("content"), 0)


def test_the_turn_is_dated_and_the_archive_without_a_model_is_silent(laid):
    assert [each.verdict for each in judged.checks(laid, [])] == ["holds"] * 3
    assert len(texts(laid.dated)) == len(texts(laid.control)) == 12 * content.EACH
    assert sum(len(texts(path)) for path in laid.generations) == 12 * content.EACH


def test_the_checks_fail_where_the_archive_and_its_control_change_places(laid):
    import msgspec

    swapped = msgspec.structs.replace(laid, dated=laid.control, control=laid.dated)
    assert [each.verdict for each in judged.checks(swapped, [])] == ["fails"] * 3
    late = msgspec.structs.replace(laid, facts={"turn": 2.0})
    assert judged.checks(late, [])[0].verdict == "fails"


@pytest.mark.slow
def test_the_whole_scenario_holds_and_shows_both_causes(tmp_path):
    told = perform("content", tmp_path)
    assert not told.failing, told.checks
    assert "LT101" in told.rows[-1].warned and "LT301" in told.rows[-1].failing and "tail-first" in told.rows[-1].labels
