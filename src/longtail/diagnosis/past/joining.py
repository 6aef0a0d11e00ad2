"""What several records say of one version, joined: by hash first, then by name, then by the number of the generation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from longtail.diagnosis.past.labels import Label, label_of
from longtail.diagnosis.past.told import Told
from longtail.diagnosis.records import Contradiction

_RECORDED = frozenset({"lineage", "manifests", "ledger"})
SHARES_ALIKE = 1e-6
"""Difference of a share up to which two records agree."""


@dataclass
class Slot:
    """One version: all that is told of it, the most trusted first."""

    told: list[Told] = field(default_factory=list)

    @property
    def label(self) -> Label | None:
        """Return the version in the first name that holds one."""
        return next((label for each in self.told if (label := label_of(each.name))), None)

    @property
    def name(self) -> str:
        """Return its name: one that says a version, else any, else that of its generation."""
        label = self.label
        named = next((each.name for each in self.told if each.name and (label is None or label_of(each.name))), "")
        if named:
            return named
        return f"generation {self.number}" if self.number is not None else self.told[0].source

    @property
    def number(self) -> int | None:
        """Return the generation that records state beside the name."""
        return next((each.number for each in self.told if each.number is not None), None)

    @property
    def sha256(self) -> str | None:
        """Return the hash of the training set by the most trusted record of it."""
        return next((each.sha256 for each in self.told if each.sha256), None)

    @property
    def rows(self) -> int | None:
        """Return the rows of the training set by the most trusted record of them."""
        return next((each.rows for each in self.told if each.rows is not None), None)

    @property
    def is_hole(self) -> bool:
        """Tell whether nothing says more than that it was there."""
        return all(each.is_gone for each in self.told)

    def keys(self, kind: str) -> set[str]:
        """Return what parts versions in the records of one kind that are here."""
        return {each.key for each in self.told if each.kind == kind}

    def takes(self, told: Told) -> bool:
        """Tell whether no record of the same kind here is of another version."""
        keys = self.keys(told.kind)
        return not keys or told.key in keys


def joined(told: Iterable[Told]) -> tuple[list[Slot], list[Contradiction]]:
    """Return versions, and the hashes that stood against names.

    A record joins the version of the same commit, else that with the same hash of its training set, else that of the same name,
    else the only one of the same number where one of both has no name of a version. Two records of one kind that part versions are of
    two. What has neither a name nor a version to join is of none.

    Args:
        told: The most trusted kinds first.
    """
    slots: list[Slot] = []
    against: list[Contradiction] = []
    for each in told:
        slot = _bound(each, slots) or _hashed(each, slots)
        if slot is not None:
            other = _misnamed(each, slot)
            against += [other] if other else []
        slot = slot or _named(each, slots) or _numbered(each, slots)
        if slot is not None:
            slot.told.append(each)
        elif each.name or each.number is not None:
            slots.append(Slot([each]))
    return slots, against


def without_other_counts(slots: Sequence[Slot]) -> tuple[list[Slot], list[str]]:
    """Return versions without those that names of files alone tell of, in other words than those that records count in, and their names.

    A folder with manifests of v1 to v3 may hold outputs named gen1 and gen2: what these are, no record says.

    Args:
        slots: Versions.
    """
    if not any(each.kind in _RECORDED for slot in slots for each in slot.told):
        return list(slots), []
    by_files = [slot for slot in slots if _by_files_alone(slot)]
    families = {_family(slot) for slot in slots if slot not in by_files} | {""}
    aside = [slot for slot in by_files if _family(slot) not in families]
    return [slot for slot in slots if slot not in aside], [slot.name for slot in aside]


def _family(slot: Slot) -> str:
    return slot.label.family if slot.label else ""


def _by_files_alone(slot: Slot) -> bool:
    return all(each.kind in ("git", "file names") and not each.bond for each in slot.told)


def _bound(told: Told, slots: Sequence[Slot]) -> Slot | None:
    if not told.bond:
        return None
    return next((slot for slot in slots if any(each.bond == told.bond for each in slot.told)), None)


def _hashed(told: Told, slots: Sequence[Slot]) -> Slot | None:
    """Return the version with the hash of a record: that of its name, else one whose name does not stand against it."""
    found = [slot for slot in slots if told.sha256 and any(each.sha256 == told.sha256 for each in slot.told)]
    own = _named(told, slots)
    if own is not None and label_of(told.name):
        return next((slot for slot in found if slot is own or (slot.label is None and slot.takes(told))), None)
    return next((slot for slot in found if slot.takes(told)), None)


def _misnamed(told: Told, slot: Slot) -> Contradiction | None:
    label = label_of(told.name)
    if label is None or slot.label is None or slot.label.key == label.key:
        return None
    first = slot.told[0]
    return Contradiction(
        version=slot.name,
        about="sha256",
        said=(f"{told.source}: named {label.text}", f"{first.source}: its hash {str(told.sha256)[:12]} is that of {slot.name}"),
        taken=f"{slot.name}: a recorded hash stands above a name",
    )


def _named(told: Told, slots: Sequence[Slot]) -> Slot | None:
    label = label_of(told.name)
    if label is None:
        return next((slot for slot in slots if told.name and any(each.name == told.name for each in slot.told)), None)
    return next((slot for slot in slots if slot.label is not None and slot.label.key == label.key), None)


def _numbered(told: Told, slots: Sequence[Slot]) -> Slot | None:
    label = label_of(told.name)
    number = told.number if told.number is not None else label.count if label else None
    if number is None:
        return None
    alike = [slot for slot in slots if number in _numbers(slot) and slot.takes(told) and (label is None or slot.label is None)]
    return alike[0] if len(alike) == 1 else None


def _numbers(slot: Slot) -> set[int]:
    counted = slot.label.count if slot.label else None
    return {number for number in (slot.number, counted if slot.number is None else None) if number is not None}


def disagreements(slot: Slot) -> tuple[Contradiction, ...]:
    """Return what the records of one version do not agree on: hash, rows, origin; the most trusted is taken.

    Args:
        slot: It.
    """
    hashes = [(each, each.sha256[:12]) for each in slot.told if each.sha256]
    rows = [(each, f"{each.rows:,}") for each in slot.told if each.rows is not None]
    made = [_differ(slot.name, "sha256", hashes), _differ(slot.name, "rows", rows), _origins(slot)]
    return tuple(each for each in made if each)


def _differ(version: str, about: str, values: Sequence[tuple[Told, str]]) -> Contradiction | None:
    if len({value for _, value in values}) < 2:
        return None
    said = tuple(dict.fromkeys(f"{each.source}: {value}" for each, value in values))
    return Contradiction(
        version=version, about=about, said=said, taken=f"{values[0][1]}, as {values[0][0].source} says: {_why(values[0][0])}"
    )


def _origins(slot: Slot) -> Contradiction | None:
    stated = [each for each in slot.told if each.shares]
    if not any(_unlike(stated[0].shares, each.shares) for each in stated[1:]):
        return None
    return _differ(slot.name, "origin", [(each, _shown(each.shares)) for each in stated])


def _unlike(one: dict[str, float], other: dict[str, float]) -> bool:
    return any(abs(one.get(name, 0.0) - other.get(name, 0.0)) > SHARES_ALIKE for name in {*one, *other})


def _shown(shares: dict[str, float]) -> str:
    return ", ".join(f"{name} {share:.6g}" for name, share in shares.items())


def _why(told: Told) -> str:
    order = "manifests stand above ledgers, these above git, DVC, Hugging Face, MLflow, and these above files by name"
    return "it was named by hand" if told.kind == "lineage" else order
