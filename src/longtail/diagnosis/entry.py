"""When synthetic data entered a pipeline, and at what share: as records say, or as marks and texts show where nothing is tagged."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from longtail.diagnosis.marks import marked_of, tests
from longtail.diagnosis.past.texts import training_files
from longtail.diagnosis.records import Entry, Exposure, Past, Version
from longtail.errors import LongtailError
from longtail.ledger.facts import BY_MODELS
from longtail.origin.recognising.evidence import Recogniser
from longtail.records import OnProgress, Origin, Progress

ALPHA = 0.05
"""Chance that an estimate names a version while none has synthetic data, all versions looked at together."""

_REPLICATES_EACH = 40
COLLECT = (
    "tag the training sets with lt_origin (longtail tag) or keep the manifests of longtail mix; without either give human texts and texts "
    "of the model of the same domain, and shares are estimated, or the keys of its watermark"
)


def entry_of(
    past: Past,
    *,
    texts: Mapping[str, Any] | None = None,
    human: Any = None,
    synthetic: Any = None,
    recognisers: Sequence[Recogniser] = (),
    folder: str | os.PathLike[str] | None = None,
    alpha: float = ALPHA,
    seed: int = 0,
    text_column: str | None = None,
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Entry:
    """Return the first version with rows that a model had a hand in, and the last before it that is known to have none.

    What records say is taken as it is; rows of unknown origin make a share an interval, from none of them to all of them. A version of
    which no record says so much as one origin, or whose rows without a known one leave it open whether there are any, is looked at:
    for marks, which give a lower bound of its share, and where there are none, by an estimate, if human and machine texts are given.
    An estimate counts once its lower bound is above 0. Each look is at level 1 - alpha / (m w), m versions being looked at in w ways
    that can err (Bonferroni). Neither an estimate that does not reach above 0 nor a lack of marks shows a version to be free of them.

    Args:
        past: As `rebuild` returns it.
        texts: Training sets by the name of the version, as `longtail.estimate` takes them; by default the files of the past.
        human: Texts that people wrote, of the same domain.
        synthetic: Texts that a model wrote, of the same domain; of several models by name.
        recognisers: Look for marks: watermarks of keys at hand, signed credentials, copies of what a ledger knows.
        folder: That the past was rebuilt from, for its files.
        alpha: Error rate of all looks together.
        seed: Of the estimates.
        text_column: The column with the text, where it is not recognised.
        on_progress: Called before each version.
        **options: Of `longtail.estimate`, such as `scorer`, `documents` or `closed`.
    """
    recorded = [recorded_of(version) for version in past.versions]
    at = [place for place, exposure in enumerate(recorded) if _is_open(exposure)]
    sides = _sides(human, synthetic)
    if not at or not (sides or recognisers):
        return _entry(past.versions, recorded)
    ways = max(1, (tests(recognisers) > 0) + bool(sides))
    share = alpha / (len(at) * ways)
    asked = {"level": 1 - share, "seed": seed, "text_column": text_column, **_replicates(len(at) * ways), **options}
    looks = _Looks(texts or {}, folder, tuple(recognisers), share, text_column, sides, asked)
    for done, place in enumerate(at):
        version = past.versions[place]
        if on_progress is not None:
            on_progress(Progress(stage=f"looking at {version.name}", done=done, total=len(at)))
        recorded[place] = _better(recorded[place], looks.at(version))
    return _entry(past.versions, recorded)


def _sides(human: Any, synthetic: Any) -> tuple[Any, Any] | None:
    """Return human and machine texts that can be read more than once; None where there are not both."""
    if human is None or synthetic is None:
        return None
    return _kept(human), _kept(synthetic)


def _kept(data: Any) -> Any:
    return list(data) if hasattr(data, "__next__") else data


@dataclass(frozen=True)
class _Looks:
    """Ways of looking at a training set that records leave open, the surest first."""

    texts: Mapping[str, Any]
    folder: str | os.PathLike[str] | None
    recognisers: tuple[Recogniser, ...]
    alpha: float
    text_column: str | None
    sides: tuple[Any, Any] | None
    asked: dict[str, Any]

    def at(self, version: Version) -> Exposure:
        """Return what marks say, or an estimate where they say nothing."""
        data = _kept(self.texts.get(version.name))
        found = None
        if self.recognisers:
            where: dict[str, Any] = {"data": data, "folder": self.folder, "text_column": self.text_column}
            found = marked_of(version, self.recognisers, alpha=self.alpha, **where)
        if found is not None and (found.told == "marked" or self.sides is None):
            return found
        assert self.sides is not None
        return _estimated(version, data, self.folder, self.sides, self.asked)


def _better(recorded: Exposure, found: Exposure) -> Exposure:
    """Return what a look shows, no more than records leave open; else what these leave open, else why there is neither."""
    if found.told == "marked" and found.low is not None and recorded.high is not None:
        return msgspec.structs.replace(found, high=max(found.low, recorded.high))
    return found if found.told in ("marked", "estimated") or recorded.told == "not_measured" else recorded


def recorded_of(version: Version) -> Exposure:
    """Return how much of a training set a model had a hand in, as far as records say.

    Args:
        version: With shares by `lt_origin`, or none.
    """
    shares = version.shares
    unknown = shares.get(Origin.UNKNOWN.value, 0.0)
    named = [share for origin, share in shares.items() if origin != Origin.UNKNOWN.value]
    if not named:
        why = "no record tells of this version" if version.is_hole else "no row of its training set is known to be tagged"
        return Exposure(version=version.name, told="not_measured", because=f"{why}; {COLLECT}")
    hand = sum(shares.get(origin.value, 0.0) for origin in BY_MODELS)
    source = ", ".join(version.told_by[:2]) or "records"
    open_ = f"; a share of {unknown:.4g} is of unknown origin" if unknown else ""
    return Exposure(
        version=version.name,
        told="recorded",
        share=None if unknown else hand,
        low=hand,
        high=min(hand + unknown, 1.0) if unknown else hand,
        because=f"origins of {_rows(version)} by {source}{open_}",
    )


def _rows(version: Version) -> str:
    return "its rows" if version.rows is None else f"{version.rows:,} rows"


def _is_open(exposure: Exposure) -> bool:
    """Tell whether records leave it open whether there is any."""
    return exposure.told == "not_measured" or (exposure.low == 0 and exposure.high != 0)


def _replicates(looks: int) -> dict[str, int]:
    """Return as many replicates as a level that is corrected for many looks needs in its tails."""
    from longtail.origin.settings import REPLICATES

    return {"replicates": max(REPLICATES, _REPLICATES_EACH * looks)}


def _estimated(version: Version, data: Any, folder: Any, sides: tuple[Any, Any], asked: dict[str, Any]) -> Exposure:
    from longtail.origin.estimating import estimate

    with training_files(version, folder) as files:
        given = data if data is not None else files
        if data is None and not files:
            why = "no record tells of this version" if version.is_hole else "its training set was not found"
            return Exposure(version=version.name, told="not_measured", because=f"{why}; keep the training set of each version")
        try:
            found = estimate(given, *sides, **asked).estimate
        except LongtailError as error:
            return Exposure(version=version.name, told="not_measured", because=f"not estimated: {error}")
    assert found is not None
    whole, share = found.whole, found.whole.machine
    reasons = "; ".join(whole.reasons)
    if share.share is None or share.low is None or share.high is None:
        return Exposure(version=version.name, told="not_measured", because=f"the estimate was refused: {reasons}")
    level = f"{asked['level']:.4f}".rstrip("0")
    because = f"estimated from {whole.documents:,} documents, interval at level {level}" + (f"; {reasons}" if reasons else "")
    return Exposure(version=version.name, told="estimated", share=share.share, low=share.low, high=share.high, because=because)


def _entry(versions: Sequence[Version], exposures: Sequence[Exposure]) -> Entry:
    first = next((at for at, each in enumerate(exposures) if each.low is not None and each.low > 0), None)
    if first is None:
        return _none(exposures)
    clean = [at for at in range(first) if is_clean(exposures[at])]
    after = clean[-1] if clean else None
    found = exposures[first]
    where = _where(versions, first, after)
    share = _share(found)
    return Entry(
        told=found.told,
        version=found.version,
        after=None if after is None else versions[after].name,
        share=found.share,
        low=found.low,
        high=found.high,
        exposures=tuple(exposures),
        statement=f"{found.told}: synthetic data {where}, {share} of the training set of {found.version}",
    )


def is_clean(exposure: Exposure) -> bool:
    """Tell whether records say that a model had a hand in no row."""
    return exposure.told == "recorded" and exposure.high == 0


def _where(versions: Sequence[Version], first: int, after: int | None) -> str:
    here = f"{versions[first].name} (version {first + 1} of {len(versions)})"
    if after is None:
        return (
            f"were there in the first version already, {here}"
            if first == 0
            else f"entered not later than {here}; {_open(versions[:first])}"
        )
    before = versions[after].name
    if after == first - 1:
        return f"entered between {before} and {here}"
    return f"entered after {before} and not later than {here}; {_open(versions[after + 1 : first])}"


def _open(between: Sequence[Version]) -> str:
    names = [version.name for version in between]
    shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return f"of {shown} it is not known"


def _share(found: Exposure) -> str:
    if found.share is not None and found.low == found.high:
        return f"a share of {found.share:.4g}"
    if found.told == "marked" and found.high == 1:
        return f"a share of at least {found.low:.3f}"
    return f"a share of {'' if found.share is None else f'{found.share:.3f}, '}{found.low:.3f} to {found.high:.3f},"


def _none(exposures: Sequence[Exposure]) -> Entry:
    clean = sum(map(is_clean, exposures))
    estimated = [each for each in exposures if each.told == "estimated"]
    told = [each for each in exposures if each.told != "not_measured"]
    if not told:
        why = f"of {len(exposures)} versions no training set says where its rows are from" if exposures else "no version is known"
        return Entry(told="not_measured", exposures=tuple(exposures), statement=f"not measured: {why}; {COLLECT}")
    parts = [f"{clean} of {len(exposures)} by records"] if clean else []
    parts += [f"none is shown in {len(estimated)} that were estimated, {_most(estimated)}"] if estimated else []
    left = len(exposures) - clean - len(estimated)
    parts += [f"of {left} it is not known"] if left else []
    said = "no version has synthetic data" if clean == len(exposures) else "no version is known to have synthetic data"
    return Entry(told=told[0].told, exposures=tuple(exposures), statement=f"{said}: {'; '.join(parts)}")


def _most(estimated: Sequence[Exposure]) -> str:
    return f"at most a share of {max(each.high or 0.0 for each in estimated):.3f}"
