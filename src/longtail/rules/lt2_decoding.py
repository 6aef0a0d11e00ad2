"""LT206: how model output was sampled."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from longtail.ledger.manifest import Manifest
from longtail.records import Verdict
from longtail.rules.absent import untagged
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence
from longtail.rules.mix import MODEL_MADE
from longtail.summaries.composition import UNSTATED

SHOWN = 20
_FULL = {"temperature": 1.0, "top_p": 1.0}


@RULES.add(
    "LT206",
    title="decoding settings missing or narrowing",
    metric="model-made documents without lt_decoding; those sampled at temperature < 1, top_p < 1, or with top_k or min_p",
    convention="any; warn. Over generations: a mean temperature or top_p below that of the generation before",
    source="Shumailov et al. 2024; own definition of the settings that narrow",
)
def decoding(evidence: Evidence) -> Verdict:
    """Model output does not say how it was sampled, or was sampled so that the rare is cut off.

    Why: a temperature below 1, nucleus or top-k sampling leaves out what is rare before any model has learned from it; in a loop
    the cut is made again in every generation. Where settings are not written down, a later narrowing cannot be told from collapse.

    Symptoms: outputs too similar at low temperature; sampling settings not recorded; generated with top_p 0.9; synthetic data lacks
    variety; greedy decoding.

    How measured: documents that a model had a hand in and that state none of the known settings are counted; of those stated,
    the ones that cut. Manifests are compared generation by generation.

    Formula: narrow = documents with temperature < 1, top_p < 1, top_k > 0 or min_p > 0; a finding where narrow > 0, where model-made
    documents state no setting, or where the mean temperature or top_p of a manifest is below that of the one before.

    Minimum: one document that a model had a hand in.

    False positives: output that is meant to be narrow, such as code that has to compile; it is still narrow for the next model.

    Fix: write the settings into lt_decoding when the text is made; sample at temperature 1 without a cut what is to be trained on.

    Silence: no threshold of its own; it warns and does not fail.

    See it: `longtail lab experiment biased-procedure`: how a model is sampled can cost more than that the next learns from it.
    """
    made, silent = _silent(evidence)
    narrower = _narrower(evidence.manifests)
    if not evidence.composition.tagged and narrower is None:
        return untagged()
    cut = {setting: count for setting, count in evidence.decodings.items() if cuts(setting)}
    lines = tuple(_told(silent, made, cut, narrower))
    if not lines:
        stated = f"all {made:,} model-made documents state settings that cut nothing off" if made else "no document is model-made"
        return Verdict(status="pass", because=stated)
    shown = sorted(cut.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
    return Verdict(
        status="warn",
        because="; ".join(lines),
        where="candidate",
        evidence=tuple(f"{setting}: {count:,} documents" for setting, count in shown),
        remedy="write the settings into lt_decoding, and sample what is to be trained on at temperature 1 without top_p or top_k",
        generation=narrower[0] if narrower else None,
    )


def _silent(evidence: Evidence) -> tuple[int, int]:
    """Return the documents that a model had a hand in, and those of them that state no settings."""
    found = [(said, count) for (origin, said), count in evidence.composition.axes["decoding"].items() if origin in MODEL_MADE]
    return sum(count for _, count in found), sum(count for said, count in found if said == UNSTATED)


def _told(silent: int, made: int, cut: Mapping[str, int], narrower: tuple[int, str] | None) -> Iterator[str]:
    if silent:
        yield f"{silent:,} of {made:,} model-made documents do not say how they were sampled"
    if cut:
        yield f"{sum(cut.values()):,} documents were sampled with settings that cut off the rare"
    if narrower is not None:
        yield f"generation {narrower[0]} was sampled more narrowly than the one before ({narrower[1]})"


def cuts(setting: str) -> bool:
    """Tell whether sampling settings, as JSON, cut off what is rare."""
    found = _settings(setting)
    below = any(_number(found.get(name, full), full) < full for name, full in _FULL.items())
    return below or any(_number(found.get(name, 0.0), 0.0) > 0 for name in ("top_k", "min_p"))


def _narrower(manifests: tuple[Manifest, ...]) -> tuple[int, str] | None:
    """Return the first generation that was sampled more narrowly than the one before, and by which setting."""
    stated = [manifest for manifest in manifests if any(manifest.decoding)]
    for before, after in zip(stated, stated[1:], strict=False):
        for name, full in _FULL.items():
            old, new = (_mean(manifest.decoding, name, full) for manifest in (before, after))
            if new < old - 1e-9:
                return after.generation, f"mean {name} {old:.2f}, then {new:.2f}"
    return None


def _mean(decoding: Mapping[str, int], name: str, full: float) -> float:
    """Return the mean of a setting over the rows that state settings; what is not stated is the full range."""
    found = [(_number(_settings(setting).get(name, full), full), rows) for setting, rows in sorted(decoding.items()) if setting]
    total = sum(rows for _, rows in found)
    return sum(value * rows for value, rows in found) / total if total else full


def _settings(setting: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(setting)
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _number(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise
