"""`rebuild`: the data lineage from every record that there is."""

import os
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from longtail.diagnosis.past.dvc import read as read_dvc
from longtail.diagnosis.past.git import read as read_git
from longtail.diagnosis.past.holes import with_holes
from longtail.diagnosis.past.hub import read as read_hub
from longtail.diagnosis.past.joining import Slot, disagreements, joined, without_other_counts
from longtail.diagnosis.past.labels import label_of, natural
from longtail.diagnosis.past.ledgers import opened
from longtail.diagnosis.past.ledgers import read as read_ledgers
from longtail.diagnosis.past.manifests import given
from longtail.diagnosis.past.manifests import read as read_manifests
from longtail.diagnosis.past.mlflow import read as read_mlflow
from longtail.diagnosis.past.names import read as read_names
from longtail.diagnosis.past.ordering import in_order
from longtail.diagnosis.past.told import RECORDS, Found, Told, by_trust
from longtail.diagnosis.records import Contradiction, Look, Past, Version
from longtail.errors import ConfigError, ReadError
from longtail.ledger.manifest import Manifest
from longtail.readers.moments import moment
from longtail.records import Origin

READERS = (read_manifests, read_ledgers, read_git, read_dvc, read_hub, read_mlflow, read_names)
"""Kinds of record that come with longtail; `told.RECORDS` holds them and any other."""

Named = str | os.PathLike[str]


def rebuild(
    folder: Named | None = None, *, lineage: Any = None, manifests: Named | Iterable[Named] = (), ledger: Named | None = None
) -> Past:
    """Return the data lineage as far back as records allow, holes shown as holes.

    What several records say of one version is joined by the hash of its training set, then by name, then by the number of its
    generation. Where they disagree the most trusted is taken: what was named by hand, manifests, ledgers, git, DVC, Hugging Face,
    MLflow, files by name; a recorded hash stands above a name. Nothing is run and nothing fetched.

    Args:
        folder: Folder or repository that is searched for records.
        lineage: A `lineage.toml`, or data sets of outputs in order.
        manifests: Manifests that lie elsewhere.
        ledger: A ledger that lies elsewhere.

    Raises:
        ReadError: What was named cannot be read.
        LedgerError: There is no such ledger.
        ConfigError: The file of the lineage is none.
    """
    from longtail.metrics.regime import regime_of

    looks = _looks(folder, lineage, manifests, ledger)
    told = [each for _, found in looks for each in found.told]
    trust = {name: place for place, name in enumerate(("lineage", *by_trust()))}
    slots, misnamed = joined(sorted(told, key=lambda each: trust[each.kind]))
    slots, aside = without_other_counts(slots)
    slots, hashes = with_holes(slots)
    slots, order = in_order(slots)
    against = (*misnamed, *hashes, *order, *(each for slot in slots for each in disagreements(slot)))
    versions = tuple(_version(slot, place, _before(slot, slots)) for place, slot in enumerate(slots, start=1))
    regime = regime_of(_manifests(slots))
    return Past(
        versions=versions,
        contradictions=against,
        looks=tuple(_look(name, found, slots, aside) for name, found in looks),
        statement=_statement(versions, slots, against),
        regime=regime.name,
        regime_because=regime.reason,
    )


def _looks(folder: Named | None, lineage: Any, paths: Named | Iterable[Named], ledger: Named | None) -> list[tuple[str, Found]]:
    """Look for every kind of record.

    Raises:
        ReadError: What was named cannot be read.
    """
    named = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    looks = [("lineage", Found(_generations(lineage)))] if lineage is not None else []
    looks += [("manifests", given([os.fspath(path) for path in named]))] if named else []
    looks += [("ledger", Found(opened(os.fspath(ledger), os.fspath(ledger))))] if ledger is not None else []
    if folder is None:
        return looks
    if not os.path.isdir(folder):
        raise ReadError(os.fspath(folder), "is no folder", fix="name the folder or repository that holds the records")
    return [*looks, *((name, RECORDS[name].member(os.fspath(folder))) for name in by_trust())]


def _generations(lineage: Any) -> tuple[Told, ...]:
    """Return the versions of a lineage that was given in order, which are told of by outputs.

    Raises:
        ConfigError, ReadError: The file is no lineage, or cannot be read.
    """
    sets: Sequence[Any] = [lineage] if isinstance(lineage, str | os.PathLike) else list(lineage)
    if len(sets) == 1 and str(sets[0]).endswith(".toml"):
        sets = _in_file(Path(sets[0]))
    paths = [os.fspath(each) if isinstance(each, str | os.PathLike) else None for each in sets]
    return tuple(_generation(path, place, paths) for place, path in enumerate(paths, start=1))


def _in_file(path: Path) -> list[str]:
    """Return the data sets that a `lineage.toml` names, of several parts the first, from where the file lies.

    Raises:
        ConfigError, ReadError: The file is no lineage, or cannot be read.
    """
    from longtail.auditing.lineage_inputs import LineageFile

    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), LineageFile)
    except OSError as error:
        raise ReadError(str(path), error.strerror or str(error), fix="check the path of the lineage") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path}: not a lineage ({error}); it has generations = [...] in order") from error
    return [str(path.parent / (each if isinstance(each, str) else each[0])) for each in found.generations if each]


def _generation(path: str | None, place: int, paths: Sequence[str | None]) -> Told:
    label = label_of(path or "")
    stems = [Path(other).name.partition(".")[0] for other in paths if other]
    stem = Path(path).name.partition(".")[0] if path else ""
    name = label.text if label else stem if stem and stems.count(stem) == 1 else f"generation {place}"
    return Told("lineage", f"lineage, place {place}", name=name, rank=place, files=(path,) if path else ())


def _before(slot: Slot, slots: Sequence[Slot]) -> tuple[str, ...]:
    """Return the versions whose training set a version says was the one before."""
    hashes = {each.previous for each in slot.told if each.previous}
    return tuple(other.name for other in slots if other is not slot and hashes & {each.sha256 for each in other.told})


def _manifests(slots: Sequence[Slot]) -> list[Manifest]:
    """Return one manifest for each version, of several for one generation the last."""
    found = [next((each.manifest for each in slot.told if each.manifest), None) for slot in slots]
    return list({manifest.generation: manifest for manifest in found if manifest is not None}.values())


def _version(slot: Slot, place: int, before: Sequence[str]) -> Version:
    told = slot.told
    shares = next((each.shares for each in told if each.shares), {})
    time = next((each.time for each in sorted(told, key=lambda each: each.is_weak) if moment(each.time)), None)
    made = Version(
        name=slot.name,
        place=place,
        is_hole=slot.is_hole,
        time=time,
        sha256=slot.sha256,
        rows=slot.rows,
        shares=shares,
        parents=tuple(dict.fromkeys([*(name for each in told for name in each.parents), *before])),
        files=tuple(sorted({path for each in told for path in each.files}, key=natural)),
        told_by=tuple(dict.fromkeys(_source(each) for each in told if each.kind != "holes")),
        depths=next((each.depths for each in told if each.depths), {}),
    )
    return msgspec.structs.replace(made, unknown=_unknown(made))


def _source(told: Told) -> str:
    return told.source + (" (date of a file)" if told.is_weak and told.time else "")


def _unknown(version: Version) -> tuple[str, ...]:
    missing = {
        "training set": version.sha256 is None and version.rows is None and not version.shares,
        "origin": not set(version.shares) - {Origin.UNKNOWN.value},
        "rows": version.rows is None,
        "time": version.time is None,
        "parents": not version.parents,
    }
    return tuple(name for name, is_missing in missing.items() if is_missing)


def _look(name: str, found: Found, slots: Sequence[Slot], aside: Sequence[str]) -> Look:
    told = {id(each) for each in found.told if not each.is_gone}
    versions = sum(any(id(each) in told for each in slot.told) for slot in slots)
    other = f"left out, for they count in other words than the records: {', '.join(aside)}" if aside and name == "file names" else ""
    return Look(source=name, versions=versions, reason="; ".join(part for part in (found.note, other) if part))


def _statement(versions: Sequence[Version], slots: Sequence[Slot], against: Sequence[Contradiction]) -> str:
    if not versions:
        return "no records of the past were found"
    holes = [at for at, version in enumerate(versions) if version.is_hole]
    kinds = dict.fromkeys(each.kind for slot in slots for each in slot.told if not each.is_gone)
    told = _told(len(versions) - len(holes), len(versions), list(kinds))
    parts = [told, *(_hole(versions, at) for at in holes[:3]), *(f"{count} more holes" for count in [len(holes) - 3] if count > 0)]
    untold = sum("origin" in version.unknown for version in versions)
    disagreed = f"; records disagree {_times(len(against))}" if against else ""
    return f"{'; '.join(parts)}. Origins are recorded of {len(versions) - untold}{disagreed}."


def _told(told: int, versions: int, kinds: Sequence[str]) -> str:
    if not kinds:
        return "no record says more of any version than that it was there"
    return f"{f'{told} of {versions} versions are' if versions > 1 else '1 version is'} told of by {_listed(kinds)}"


def _hole(versions: Sequence[Version], at: int) -> str:
    before = versions[at - 1].name if at else ""
    after = versions[at + 1].name if at + 1 < len(versions) else ""
    beside = f"between {before} and {after}" if before and after else f"before {after}" if after else f"after {before}"
    return f"{versions[at].name} is a hole {beside if before or after else ''}".strip()


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _listed(kinds: Sequence[str]) -> str:
    return kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} and {kinds[-1]}" if kinds else ""
