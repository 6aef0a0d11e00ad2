"""Outputs and records of one past, brought together."""

from longtail.diagnosis.matching import joined
from longtail.diagnosis.outputs.archived import Archived
from longtail.diagnosis.records import Past, Version


def past_of(*names, **more):
    versions = tuple(Version(name=name, place=place, **more) for place, name in enumerate(names, 1))
    return Past(versions=versions, statement="told")


def outputs(*names, order="by name", folder="evals"):
    return [Archived(name, f"{folder}/{name}.jsonl", [name], 1, order=order) for name in names]


def names_of(past):
    return [version.name for version in past.versions]


def test_without_records_the_versions_are_those_of_the_outputs_and_all_else_is_unknown():
    past, found = joined(Past(), outputs("v1", "v2"))
    assert names_of(past) == ["v1", "v2"]
    assert [version.place for version in past.versions] == [1, 2]
    assert past.versions[0].unknown == ("training set", "origin", "rows", "time", "parents")
    assert past.statement == "no records of the past were found; the 2 versions are known by their outputs alone"
    assert [each.name for each in found] == ["v1", "v2"]


def test_without_outputs_the_past_is_as_it_was():
    past = past_of("v1", "v2")
    assert joined(past, ()) == (past, ())


def test_outputs_belong_to_the_version_whose_files_they_are_whatever_they_are_called():
    past = Past(versions=(Version(name="a", place=1, files=("evals/v2.jsonl",)), Version(name="v2", place=2)))
    past, found = joined(past, outputs("v2", order="as given"))
    assert found[0].name == "a"
    assert names_of(past) == ["a", "v2"]


def test_names_may_be_spelt_otherwise_and_the_number_tells_where_it_is_the_only_one():
    _, found = joined(past_of("V-1", "v_2"), outputs("v1", "v2"))
    assert [each.name for each in found] == ["V-1", "v_2"]
    past, found = joined(past_of("generation 1", "generation 2", "generation 3"), outputs("v1", "v3"))
    assert [each.name for each in found] == ["generation 1", "generation 3"]
    assert past.looks[-1].reason == "matched to the records by the number in their names"
    past, found = joined(past_of("a1", "b1", "c2"), outputs("v1", "v2"))
    assert [each.name for each in found] == ["v1", "c2"]
    assert names_of(past) == ["a1", "b1", "v1", "c2"]


def test_as_many_as_records_tell_of_are_taken_by_place_and_it_is_said():
    past, found = joined(past_of("spring", "summer"), outputs("x", "y"))
    assert [each.name for each in found] == ["spring", "summer"]
    assert "by place alone" in past.looks[-1].reason


def test_a_version_that_only_outputs_tell_of_stands_between_those_that_it_lies_between():
    past, _ = joined(past_of("v1", "v2", "v4"), outputs("v1", "v2", "v3", "v4"))
    assert names_of(past) == ["v1", "v2", "v3", "v4"]
    assert [version.place for version in past.versions] == [1, 2, 3, 4]
    past, _ = joined(past_of("base", "v2"), outputs("v1", "v2", "v3"))
    assert names_of(past) == ["base", "v1", "v2", "v3"]


def test_outputs_by_name_take_the_order_of_the_records_and_it_is_told():
    past, found = joined(past_of("v1", "v3", "v2"), outputs("v1", "v2", "v3"))
    assert [each.name for each in found] == ["v1", "v3", "v2"]
    told = past.contradictions[-1]
    assert (told.about, told.version) == ("order", "v2")
    assert told.said == ("outputs: v1, v2, v3", "records: v1, v3, v2")
    assert told.taken.startswith("the order of the records")


def test_outputs_that_were_given_in_order_keep_it_and_it_is_told():
    past, found = joined(past_of("v1", "v2"), outputs("v2", "v1", order="as given"))
    assert [each.name for each in found] == ["v2", "v1"]
    assert past.contradictions[-1].taken.startswith("the order in which the outputs were given")


def test_a_hole_that_has_outputs_stays_a_hole_of_the_records():
    past = Past(versions=(Version(name="v1", place=1), Version(name="v2", place=2, is_hole=True)))
    past, _ = joined(past, outputs("v1", "v2"))
    assert past.versions[1].is_hole
    assert past.versions[1].told_by == ("outputs v2.jsonl",)
