"""Records of an estimate: what a file of them may hold."""

import msgspec
import pytest

from longtail.origin.result import Check, Contamination, Grounds, Measured, Rates, Share
from longtail.origin.scorers.card import ScorerCard
from longtail.origin.settings import Settings
from longtail.records import SCHEMA_VERSION

UNTOLD = Share(origin="machine", share=None, low=None, high=None)
UNCHECKED = Check(name="misfit", passed=None, grave=False, value=None, limit=0.05, because="too little text")
REFUSED = Measured(
    column="site", value="a", documents=3, clusters=2, status="refused", reasons=("too few",), machine=UNTOLD, origins=(UNTOLD,),
    floor=None, methods={}, checks=(UNCHECKED,),
)  # fmt: skip
RATES = Rates(origin="gpt", threshold=0.5, tpr=0.9, tpr_low=0.8, tpr_high=0.95, fpr=0.1, fpr_low=0.05, fpr_high=0.2)
TOLD = Contamination(
    settings=Settings(seed=7),
    scorer=ScorerCard("words", "1", "own"),
    reference=Grounds(documents={"human": 2, "gpt": 3}, groups=4, sha256="ab"),
    rates=(RATES,),
    whole=REFUSED,
    slices=(REFUSED,),
)


def stored(record, *path, **change):
    """Return a record as its file holds it, one part of it changed."""
    plain = msgspec.to_builtins(record)
    part = plain
    for each in path:
        part = part[each]
    part.update(change)
    return msgspec.json.encode(plain)


def test_what_was_not_told_and_not_checked_stays_apart_from_zero_and_no_in_the_file():
    again = msgspec.json.decode(msgspec.json.encode(TOLD), type=Contamination)
    assert again == TOLD
    assert again.whole.machine.share is None and again.whole.checks[0].passed is None and again.whole.floor is None


def test_the_file_states_its_schema():
    assert msgspec.to_builtins(TOLD)["schema_version"] == SCHEMA_VERSION


@pytest.mark.parametrize(
    ("path", "change", "complaint"),
    [
        (("whole",), {"status": "fine"}, r"Invalid enum value 'fine' - at `\$.whole.status`"),
        (("whole", "machine"), {"mean": 0.2}, r"unknown field `mean` - at `\$.whole.machine`"),
        (("whole", "machine"), {"share": "0.2"}, r"got `str` - at `\$.whole.machine.share`"),
        (("slices", 0, "checks", 0), {"passed": 1}, r"got `int` - at `\$.slices\[0\].checks\[0\].passed`"),
        (("reference",), {"documents": {"human": 2.5}}, r"got `float` - at `\$.reference.documents"),
        (("settings",), {"level": 2.0}, r"level is 2.0.* - at `\$.settings`"),
    ],
)
def test_a_file_that_says_something_else_is_refused_with_its_place(path, change, complaint):
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.json.decode(stored(TOLD, *path, **change), type=Contamination)


@pytest.mark.parametrize("name", Share.__struct_fields__)
def test_a_share_states_each_of_its_numbers_or_that_there_is_none(name):
    given = {each: getattr(UNTOLD, each) for each in Share.__struct_fields__ if each != name}
    with pytest.raises(TypeError, match=f"Missing required argument '{name}'"):
        Share(**given)


def test_what_was_told_is_not_changed():
    with pytest.raises(AttributeError, match="immutable"):
        TOLD.whole.status = "ok"
