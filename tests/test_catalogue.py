"""A member that does not say what it is cannot be registered."""

import pytest

from longtail.catalogue import Catalogue
from longtail.errors import CatalogueError, UnknownName
from longtail.metrics import RATIOS, VALUES

FACTS = {"unit": "share", "worse": "higher", "source": "Someone 1999"}


def sound(counts: list[int], /, *, level: float = 0.95) -> float:
    """Return a number.

    And more about it.
    """
    return level * len(counts)


def no_docstring(counts: list[int]) -> float:
    return float(len(counts))


def bare_argument(counts) -> float:
    """Return a number."""
    return float(len(counts))


def bare_return(counts: list[int]):
    """Return a number."""
    return float(len(counts))


class Sound:
    """A class is a member as well."""

    def __init__(self, size: int, *, seed: int = 0) -> None:
        self.size, self.seed = size, seed


@pytest.fixture
def catalogue():
    return Catalogue("metric", "unit", "worse", "source")


def test_a_member_is_found_by_its_name_with_what_it_states(catalogue):
    assert catalogue.add(**FACTS)(sound) is sound
    entry = catalogue["sound"]
    assert (entry.member, entry.facts, entry.summary) == (sound, FACTS, "Return a number.")
    assert (entry.needs, entry.settings) == (("counts",), ("level",))
    assert "sound" in catalogue
    assert "other" not in catalogue


def test_members_are_listed_by_name(catalogue):
    for name in ("b", "c", "a"):
        catalogue.add(name, **FACTS)(sound)
    assert [entry.name for entry in catalogue] == ["a", "b", "c"]
    assert len(catalogue) == 3


def test_a_class_is_a_member_by_the_arguments_of_its_constructor(catalogue):
    catalogue.add(**FACTS)(Sound)
    assert (catalogue["Sound"].needs, catalogue["Sound"].settings) == (("size",), ("seed",))


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("empty", [None, "", "  "])
def test_a_missing_or_empty_fact_is_refused(catalogue, fact, empty):
    facts = {name: value for name, value in FACTS.items() if name != fact} | ({} if empty is None else {fact: empty})
    with pytest.raises(CatalogueError, match=rf"metric 'sound': must state unit, worse, source; missing: \['{fact}'\]"):
        catalogue.add(**facts)(sound)
    assert len(catalogue) == 0


def test_a_fact_that_is_not_known_is_refused(catalogue):
    with pytest.raises(CatalogueError, match=r"not known: \['colour'\]"):
        catalogue.add(**FACTS, colour="red")(sound)


def test_a_direction_that_does_not_exist_is_refused(catalogue):
    with pytest.raises(CatalogueError, match="worse='down'; choose lower, higher, both or none"):
        catalogue.add(**FACTS | {"worse": "down"})(sound)


@pytest.mark.parametrize(
    ("member", "says"),
    [(no_docstring, "has no docstring"), (bare_argument, "not annotated: counts"), (bare_return, "not annotated: the return value")],
)
def test_a_member_without_docstring_or_annotation_is_refused(catalogue, member, says):
    with pytest.raises(CatalogueError, match=f"metric '{member.__name__}': {says}"):
        catalogue.add(**FACTS)(member)


def test_a_name_is_given_once(catalogue):
    catalogue.add("one", **FACTS)(sound)
    with pytest.raises(CatalogueError, match="'one': the name is taken by"):
        catalogue.add("one", **FACTS)(Sound)
    assert catalogue["one"].member is sound


@pytest.mark.parametrize(("asked", "hint"), [("sond", "did you mean 'sound'"), ("zzz", "known: sound")])
def test_an_unknown_name_is_answered_with_the_nearest_or_with_all(catalogue, asked, hint):
    catalogue.add(**FACTS)(sound)
    with pytest.raises(UnknownName, match=f"unknown metric '{asked}': {hint}") as caught:
        catalogue[asked]
    assert isinstance(caught.value, LookupError)


def test_an_empty_catalogue_says_that_it_knows_none(catalogue):
    with pytest.raises(UnknownName, match="known: none"):
        catalogue["sound"]


@pytest.mark.parametrize("entry", [*VALUES, *RATIOS], ids=lambda entry: entry.name)
def test_every_metric_states_unit_direction_source_and_a_sentence(entry):
    assert set(entry.facts) == {"unit", "worse", "source"}
    assert entry.facts["worse"] in ("lower", "higher", "both", "none")
    assert entry.summary.endswith(".")
