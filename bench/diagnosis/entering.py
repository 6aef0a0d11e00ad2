"""When synthetic data entered, planted in folders of training sets: tagged by a column, and not tagged at all."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np

from bench.diagnosis.rates import rate
from bench.diagnosis.texts import human
from bench.tables import Row
from longtail.diagnosis.entry import ALPHA, entry_of
from longtail.diagnosis.past.rebuild import rebuild
from longtail.diagnosis.records import Past, Version
from longtail.lab.learners.ngram import NGram
from longtail.ledger.manifest import Manifest

VERSIONS, ESTIMATED = 6, 4
ROWS = 40
SIZES = {"many": (1_000, 1_750), "few": (400, 1_000)}
"""Documents of a training set; human texts, and as many texts of the model, that shares are estimated with."""
SHARES = (0.2, 0.4, 0.7)
WITHIN = 0.95


@dataclass(frozen=True)
class Entered:
    """The version that synthetic data entered in, from 1, and its share; what was said of them, None where nothing was."""

    true: int | None
    share: float
    said: int | None
    said_share: float | None
    is_covered: bool


def recorded(number: int) -> Entered:
    """Return what is said of a folder of training sets; every fifth has no synthetic rows.

    Their rows are tagged in a column, or a manifest of each says how many rows of which origin it has.
    """
    rng = np.random.default_rng([number, 80])
    true = None if number % 5 == 4 else int(rng.integers(1, VERSIONS + 1))
    counts = [0 if true is None or version < true else int(rng.integers(1, ROWS + 1)) for version in range(1, VERSIONS + 1)]
    with TemporaryDirectory() as folder:
        for version, synthetic in enumerate(counts, start=1):
            (_with_column, _with_manifest)[number % 2](Path(folder), version, synthetic)
        found = entry_of(rebuild(folder), folder=folder)
    share = 0.0 if true is None else counts[true - 1] / ROWS
    is_exact = found.share is not None and abs(found.share - share) < 1e-12
    return Entered(true, share, _place(found.version), found.share, is_exact if true else found.version is None)


def _with_column(folder: Path, version: int, synthetic: int) -> None:
    tags = ["synthetic"] * synthetic + ["human"] * (ROWS - synthetic)
    rows = [{"text": f"document {at} of {version}", "lt_origin": tag} for at, tag in enumerate(tags)]
    (folder / f"v{version}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _with_manifest(folder: Path, version: int, synthetic: int) -> None:
    rows = "".join(json.dumps({"text": f"document {at} of {version}"}) + "\n" for at in range(ROWS))
    path = folder / f"v{version}.jsonl"
    path.write_text(rows, encoding="utf-8")
    origins = {"human": ROWS - synthetic, "synthetic": synthetic}
    made = Manifest(
        generation=version, rows=ROWS, origins=origins, output=path.name, sha256=hashlib.sha256(rows.encode()).hexdigest()
    )  # fmt: skip
    (folder / f"{path.name}.manifest.json").write_bytes(msgspec.json.encode(made))


def estimated(number: int, size: str = "many") -> Entered:
    """Return what is said of training sets that nothing is tagged in, human texts and texts of the model being given."""
    documents, known_texts = SIZES[size]
    rng = np.random.default_rng([number, 81])
    true = None if number % 4 == 3 else int(rng.integers(2, ESTIMATED + 1))
    share = SHARES[number % len(SHARES)]
    learned, held = human(number)
    model, order = NGram(3).fit(learned), rng.permutation(len(held))
    pool, known = ([held[at] for at in part] for part in np.array_split(order, 2))
    texts = {}
    for version in range(1, ESTIMATED + 1):
        synthetic = round(share * documents) if true is not None and version >= true else 0
        real = [pool[at] for at in rng.choice(len(pool), documents - synthetic, replace=False)]
        texts[f"v{version}"] = real + model.sample(synthetic, rng)
    past = Past(versions=tuple(Version(name=name, place=at) for at, name in enumerate(texts, start=1)))
    found = entry_of(past, texts=texts, human=known[:known_texts], synthetic=model.sample(known_texts, rng), seed=number)
    bounds = found.low is not None and found.high is not None and found.low <= share <= found.high
    return Entered(true, share, _place(found.version), found.share, bounds)


def _place(version: str | None) -> int | None:
    return None if version is None else int(version.removeprefix("v"))


def told(tagged: Sequence[Entered], untagged: Sequence[Entered], few: Sequence[Entered] = ()) -> list[Row]:
    """Return the rates of entries found; of `few` documents the rates inform."""
    planted, small = ([each for each in part if each.true is not None] for part in (untagged, few))
    return [
        rate("recorded: the version exact, none where there is none", (each.said == each.true for each in tagged), least=1.0),
        rate("recorded: its share exact", (each.is_covered for each in tagged), least=1.0),
        rate("estimated: the version within one of the true one", (_is_near(each) for each in planted), least=WITHIN),
        rate("estimated: the version exact", (each.said == each.true for each in planted)),
        *(
            rate(f"estimated: within one, a share of {share:g}", (_is_near(each) for each in planted if each.share == share))
            for share in SHARES
        ),
        rate("estimated: the share in its interval", (each.is_covered for each in planted if each.said == each.true)),
        rate("estimated: a version named before the true one, or without one", map(_is_early, untagged), error=ALPHA),
        *([rate("estimated of few documents: within one", map(_is_near, small))] if small else []),
        *([rate("estimated of few documents: none named where there is one", (each.said is None for each in small))] if small else []),
        *([rate("estimated of few documents: named too early, or without one", map(_is_early, few))] if small else []),
    ]


def _is_near(each: Entered) -> bool:
    return each.said is not None and each.true is not None and abs(each.said - each.true) <= 1


def _is_early(each: Entered) -> bool:
    return each.said is not None and (each.true is None or each.said < each.true)
