"""Evidence on provenance, mix and loop, made by hand, and the verdict that each rule must give on it."""

from datetime import date

import pyarrow as pa

from longtail.ledger.manifest import Manifest
from longtail.origin.result import Measured, Share
from longtail.origin.vocabulary.result import Carrier, ExcessVocabulary, PeriodBound
from longtail.records import Estimate
from longtail.rules import Evidence, Known, Override, Pipeline, Sample
from longtail.rules.measures import HUMAN_PART, LATE_PART, NOTICED, UNKNOWN_PART, Measures
from longtail.summaries.composition import Composition

COLUMNS = ("lt_origin", "lt_evidence", "lt_source", "lt_model", "lt_depth", "lt_time", "lt_decoding", "lt_weight")
NO_COPIES = Estimate(
    metric="share", view="documents", value=0.0, low=0.0, high=0.0, n=1, unit="share", resampling_unit="document", method="exact"
)
TODAY = date(2026, 3, 1)
PLAIN = '{"temperature":1}'


def row(origin=None, **said):
    return {"lt_origin": origin} | {f"lt_{name}": str(value) for name, value in said.items()}


def composed(*groups):
    """Composition of groups of (documents, row)."""
    rows = [each for count, each in groups for _ in range(count)]
    made = Composition()
    made.add(pa.record_batch({name: pa.array([each.get(name) for each in rows], pa.string()) for name in COLUMNS}))
    return made


def evidence(*groups, **changes):
    made = composed(*groups)
    documents = sum(made.origins.values())
    sample = Sample(documents=documents, distinct=documents, words=30 * documents, tagged=made.tagged)
    return Evidence(**({"candidate": sample, "duplicates": NO_COPIES, "fewest": 96, "composition": made, "today": TODAY} | changes))


def manifest(generation, rows=1000, human=None, retained=None, **more):
    origins = {} if human is None else {"human": human, "synthetic": rows - human}
    kept = {} if retained is None else {"original": round(1000 * retained), "original_available": 1000}
    return Manifest(**({"generation": generation, "rows": rows, "origins": origins} | kept | more))


def retaining(*shares, **more):
    return tuple(manifest(number, retained=share, **more) for number, share in enumerate(shares, 1))


def sized(*pairs):
    """Manifests of (rows, human rows)."""
    return tuple(manifest(number, rows, human) for number, (rows, human) in enumerate(pairs, 1))


def piped(**said):
    return {"pipeline": Pipeline(**said)}


def shared(low, status="ok", share=0.4, reasons=()):
    """What was measured of 700 documents: a share with the lower end of its interval, or nothing where `low` is None."""
    machine = Share(origin="machine", share=None if low is None else share, low=low, high=None if low is None else 0.6)
    return Measured(
        column="part", value="", documents=700, clusters=700, status="refused" if low is None else status, reasons=reasons,
        machine=machine, origins=(machine,), floor=None, methods={}, checks=(),
    )  # fmt: skip


def told(part, *numbers, **more):
    return {"measures": Measures(parts={part: shared(*numbers, **more)})}


def dated(low, *words, status="ok"):
    """A lower bound from the dates in `year`, or a refusal where `low` is None."""
    carriers = tuple(Carrier(word=word, share=0.3, expected=0.1, gap=0.2) for word in words)
    period = PeriodBound(period="2024", documents=900, status="refused" if low is None else status, low=low, value=low, carriers=carriers)
    found = ExcessVocabulary(
        status=period.status, reasons=("too few years",) if low is None else (), documents=900, undated=0, passed=0, kind="published",
        unit="year", cutoff="2022-11-30", periods=(period,),
    )  # fmt: skip
    return {"measures": Measures(vocabulary=found, date_column="year")}


ABOVE = NOTICED + 0.001
HUMAN, MADE = row("human"), row("synthetic")
TAGGED = ((100, row("human", evidence="signed")), (100, row("synthetic", decoding=PLAIN, weight=0.3, depth=1, model="m")))
UNTAGGED = ((200, row()),)
WEB = (700, row(source="https://b.org/1"))
WAIVED = Override(code="LT202", reason="a fixed budget", owner="ann", expires=date(2026, 3, 1))
SHA = "ab" * 32
ALL_THREE = {"gates": ("unit tests",), "min_real": 0.3, "leash": 0.1}

LOOP_CASES = [
    ("LT101", "pass", evidence(*TAGGED)),
    ("LT101", "warn", evidence(*UNTAGGED)),
    ("LT101", "fail", evidence(*UNTAGGED, **piped())),
    ("LT101", "fail", evidence(*UNTAGGED, manifests=sized((10, 10)))),
    ("LT101", "fail", evidence(*UNTAGGED, upstream_unknown=())),
    ("LT102", "not_measured", evidence(*UNTAGGED)),
    ("LT102", "not_measured", evidence((1, HUMAN), *UNTAGGED)),
    ("LT102", "warn", evidence((300, HUMAN), WEB)),
    ("LT102", "warn", evidence((3, row("unknown", source="web")))),
    ("LT102", "fail", evidence((300, HUMAN), WEB, **piped())),
    ("LT102", "fail", evidence(WEB, required=frozenset({"LT102"}))),
    ("LT102", "pass", evidence((300, row("human", source="https://b.org/1")))),
    ("LT102", "pass", evidence((300, HUMAN), (10, row("unknown", source="our archive")))),
    ("LT102", "pass", evidence((10, row(source="our archive")))),
    ("LT102", "fail", evidence(WEB, **told(UNKNOWN_PART, ABOVE))),
    ("LT102", "fail", evidence(WEB, **told(UNKNOWN_PART, ABOVE, "weak"))),
    ("LT102", "warn", evidence(WEB, **told(UNKNOWN_PART, NOTICED))),
    ("LT102", "warn", evidence(WEB, **told(UNKNOWN_PART, None))),
    ("LT102", "fail", evidence(WEB, **told(UNKNOWN_PART, None), **piped())),
    ("LT102", "warn", evidence(WEB, **told(HUMAN_PART, ABOVE))),
    ("LT102", "fail", evidence(*UNTAGGED, **told(UNKNOWN_PART, ABOVE))),
    ("LT102", "not_measured", evidence(*UNTAGGED, **told(UNKNOWN_PART, NOTICED))),
    ("LT102", "pass", evidence((10, row(source="our archive")), **told(UNKNOWN_PART, 0.0))),
    ("LT102", "fail", evidence((10, row(source="our archive")), **told(UNKNOWN_PART, ABOVE))),
    ("LT102", "pass", evidence(*TAGGED, **told(UNKNOWN_PART, ABOVE))),
    ("LT102", "fail", evidence(WEB, **dated(ABOVE, "delve"))),
    ("LT102", "warn", evidence(WEB, **dated(ABOVE, status="weak"))),
    ("LT102", "warn", evidence(WEB, **dated(NOTICED))),
    ("LT102", "warn", evidence(WEB, **dated(None))),
    ("LT103", "not_measured", evidence(*UNTAGGED)),
    ("LT103", "not_measured", evidence((10, HUMAN))),
    ("LT103", "pass", evidence((10, row("human", time="2022-11-29")))),
    ("LT103", "warn", evidence((10, row("human", time="2019-01-01")), (3, row("human", time="2022-11-30")))),
    ("LT103", "warn", evidence((3, row("human", time="2025-01-01", evidence="asserted")))),
    ("LT103", "pass", evidence((3, row("human", time="2025-01-01", evidence="signed")))),
    ("LT103", "pass", evidence((3, row("synthetic", time="2025-01-01")))),
    ("LT103", "fail", evidence((3, row("human", time="2025-01-01")), **piped())),
    ("LT103", "pass", evidence((3, row("human", time="2025-01-01")), **piped(cutoff=date(2025, 1, 2)))),
    ("LT103", "fail", evidence((3, row("human", time="2025-01-01")), **told(LATE_PART, ABOVE))),
    ("LT103", "warn", evidence((3, row("human", time="2025-01-01")), **told(LATE_PART, NOTICED))),
    ("LT103", "warn", evidence((3, row("human", time="2025-01-01")), **told(LATE_PART, None))),
    ("LT103", "warn", evidence((3, row("human", time="2025-01-01")), **told(HUMAN_PART, ABOVE))),
    ("LT103", "warn", evidence((3, row("human", time="2025-01-01")), **dated(ABOVE))),
    ("LT103", "pass", evidence((3, row("human", time="2019-01-01")), **told(HUMAN_PART, ABOVE))),
    ("LT104", "not_measured", evidence(*TAGGED)),
    ("LT104", "not_measured", evidence(*TAGGED, known=Known({}))),
    ("LT104", "not_measured", evidence(*TAGGED, known=Known({("unknown", "human"): 4}))),
    ("LT104", "pass", evidence(*TAGGED, known=Known({("synthetic", "synthetic"): 4, ("human", "human"): 1}))),
    ("LT104", "fail", evidence(*TAGGED, known=Known({("synthetic", "untagged"): 1, ("human", "human"): 9}))),
    ("LT104", "fail", evidence(*TAGGED, known=Known({("synthetic", "mixed"): 1}))),
    ("LT105", "not_measured", evidence(*UNTAGGED)),
    ("LT105", "pass", evidence(*TAGGED)),
    ("LT105", "pass", evidence((1, row("human", depth=0)), (1, row("unknown", depth=0, model="m")))),
    ("LT105", "fail", evidence((1, row("human", depth=1)), *TAGGED)),
    ("LT105", "fail", evidence((1, row("human", model="m")), *TAGGED)),
    ("LT105", "fail", evidence((1, row("human", evidence="measured")), *TAGGED)),
    ("LT105", "fail", evidence((1, row("model_edited", depth=0)), *TAGGED)),
    ("LT105", "fail", evidence(*TAGGED, known=Known({("synthetic", "human"): 1}))),
    ("LT105", "pass", evidence(*TAGGED, known=Known({("synthetic", "untagged"): 1, ("human", "human"): 1}))),
    ("LT105", "fail", evidence((1, row("human", evidence="watermark")), *TAGGED)),
    ("LT105", "pass", evidence((1, row("synthetic", evidence="watermark", depth=1)), *TAGGED)),
    ("LT105", "fail", evidence(*TAGGED, **told(HUMAN_PART, ABOVE))),
    ("LT105", "warn", evidence(*TAGGED, **told(HUMAN_PART, ABOVE, "weak"))),
    ("LT105", "fail", evidence((1, row("human", depth=1)), *TAGGED, **told(HUMAN_PART, ABOVE, "weak"))),
    ("LT105", "pass", evidence(*TAGGED, **told(HUMAN_PART, NOTICED))),
    ("LT105", "pass", evidence(*TAGGED, **told(HUMAN_PART, None))),
    ("LT105", "pass", evidence(*TAGGED, **told(UNKNOWN_PART, ABOVE))),
    ("LT105", "pass", evidence(*TAGGED, **dated(ABOVE))),
    ("LT105", "not_measured", evidence(*UNTAGGED, **told(HUMAN_PART, ABOVE))),
    ("LT106", "not_measured", evidence(*TAGGED)),
    ("LT106", "pass", evidence(*TAGGED, upstream_unknown=())),
    ("LT106", "warn", evidence(*TAGGED, upstream_unknown=("base-7b",))),
    ("LT201", "not_measured", evidence(*TAGGED)),
    ("LT201", "not_measured", evidence(*TAGGED, manifests=retaining(1.0))),
    ("LT201", "not_measured", evidence(*TAGGED, manifests=sized((10, 10), (20, 10)))),
    ("LT201", "fail", evidence(*TAGGED, manifests=retaining(1.0, 1.0, 0.6, 0.1))),
    ("LT201", "fail", evidence(*TAGGED, manifests=retaining(1.0, 0.0))),
    ("LT201", "pass", evidence(*TAGGED, manifests=retaining(1.0, 1.0, 0.99, 1.0))),
    ("LT201", "pass", evidence(*TAGGED, manifests=retaining(0.5, 0.5, 0.5))),
    ("LT201", "warn", evidence(*TAGGED, manifests=retaining(1.0, 0.0, human=1000))),
    ("LT202", "not_measured", evidence(*TAGGED)),
    ("LT202", "not_measured", evidence(*TAGGED, manifests=retaining(1.0, 1.0))),
    ("LT202", "fail", evidence(*TAGGED, manifests=sized((1000, 1000), (1000, 400)))),
    ("LT202", "fail", evidence(*TAGGED, manifests=sized((1000, 1000), (1020, 408)))),
    ("LT202", "pass", evidence(*TAGGED, manifests=sized((1000, 1000), (2500, 1000)))),
    ("LT202", "pass", evidence(*TAGGED, manifests=sized((1000, 500), (1000, 500)))),
    ("LT202", "pass", evidence(*TAGGED, manifests=sized((1000, 1000), (1000, 980)))),
    ("LT202", "fail", evidence(*TAGGED, manifests=sized((1000, 1000), (1000, 979)))),
    ("LT203", "not_measured", evidence(*UNTAGGED)),
    ("LT203", "not_measured", evidence(*TAGGED)),
    ("LT203", "not_measured", evidence(*TAGGED, **piped())),
    ("LT203", "fail", evidence(*TAGGED, **piped(max_synthetic=0.49))),
    ("LT203", "pass", evidence(*TAGGED, **piped(max_synthetic=0.5))),
    ("LT203", "not_measured", evidence((300, MADE), (700, row()), **piped(max_synthetic=0.5))),
    ("LT203", "fail", evidence((300, MADE), (700, row()), **piped(max_synthetic=0.29))),
    ("LT203", "pass", evidence((300, MADE), (100, HUMAN), (100, row()), **piped(max_synthetic=0.8))),
    ("LT203", "fail", evidence(*UNTAGGED, manifests=sized((1000, 100)), **piped(max_synthetic=0.8))),
    ("LT204", "not_measured", evidence(*UNTAGGED)),
    ("LT204", "warn", evidence((5, HUMAN), (5, MADE))),
    ("LT204", "warn", evidence((5, row("human", weight=1)), (5, row("synthetic", weight=1)))),
    ("LT204", "warn", evidence((5, row("human", weight=0.3)), (5, row("synthetic", weight=0.3)))),
    ("LT204", "pass", evidence(*TAGGED)),
    ("LT204", "pass", evidence((5, MADE))),
    ("LT204", "pass", evidence((5, HUMAN))),
    ("LT204", "warn", evidence(*UNTAGGED, manifests=sized((1000, 100)))),
    ("LT204", "pass", evidence(*UNTAGGED, manifests=(manifest(1, 1000, 100, weights={"synthetic": 0.3}),))),
    ("LT205", "not_measured", evidence(*UNTAGGED)),
    ("LT205", "warn", evidence((180, HUMAN), (20, MADE))),
    ("LT205", "warn", evidence(*UNTAGGED, manifests=sized((1000, 900)))),
    ("LT205", "pass", evidence(*UNTAGGED, manifests=sized((1001, 900)))),
    ("LT205", "pass", evidence(*UNTAGGED, manifests=sized((200_000, 180_000)))),
    ("LT205", "pass", evidence((200, MADE))),
    ("LT205", "pass", evidence((200, HUMAN))),
    ("LT206", "not_measured", evidence(*UNTAGGED)),
    ("LT206", "pass", evidence(*TAGGED, decodings={PLAIN: 100})),
    ("LT206", "pass", evidence((5, HUMAN))),
    ("LT206", "warn", evidence(*TAGGED, (1, MADE))),
    ("LT206", "warn", evidence(*TAGGED, decodings={'{"temperature":0.7}': 1})),
    ("LT206", "warn", evidence(*TAGGED, decodings={'{"top_p":0.95}': 1})),
    ("LT206", "warn", evidence(*TAGGED, decodings={'{"top_k":40}': 1})),
    ("LT206", "pass", evidence(*TAGGED, decodings={'{"top_k":0,"top_p":1}': 1, "greedy?": 1})),
    ("LT206", "warn", evidence(*TAGGED, manifests=(manifest(2, decoding={PLAIN: 9}), manifest(3, decoding={'{"temperature":0.9}': 9})))),
    ("LT206", "pass", evidence(*TAGGED, manifests=(manifest(2, decoding={'{"temperature":0.9}': 9}), manifest(3, decoding={PLAIN: 9})))),
    ("LT210", "not_measured", evidence(*TAGGED)),
    ("LT210", "not_measured", evidence(*TAGGED, **piped())),
    ("LT210", "pass", evidence(*TAGGED, **piped(loop=False))),
    ("LT210", "fail", evidence(*TAGGED, **piped(loop=True))),
    ("LT210", "fail", evidence(*TAGGED, **piped(loop=True, leash=0.0))),
    ("LT210", "fail", evidence(*TAGGED, manifests=retaining(1.0, 0.0), **piped())),
    ("LT210", "pass", evidence(*TAGGED, manifests=retaining(1.0, 1.0))),
    ("LT210", "not_measured", evidence(*TAGGED, manifests=retaining(1.0))),
    ("LT210", "fail", evidence(*TAGGED, manifests=sized((1000, 1000), (1000, 50)), **piped())),
    ("LT210", "pass", evidence(*TAGGED, manifests=sized((1000, 1000), (1000, 51)), **piped())),
    ("LT210", "not_measured", evidence(*TAGGED, manifests=retaining(1.0, 0.0))),
    ("LT211", "not_measured", evidence(*TAGGED)),
    ("LT211", "not_measured", evidence(*TAGGED, **piped(gates=("g",)))),
    ("LT211", "pass", evidence(*TAGGED, **piped(loop=False))),
    ("LT211", "pass", evidence(*TAGGED, **piped(loop=True, **ALL_THREE))),
    ("LT211", "warn", evidence(*TAGGED, **piped(loop=True, gates=("g",)))),
    ("LT801", "not_measured", evidence(*TAGGED)),
    ("LT801", "not_measured", evidence(*TAGGED, **piped())),
    ("LT801", "fail", evidence(*TAGGED, **piped(metrics=("accuracy", "bleu", "workers")))),
    ("LT801", "pass", evidence(*TAGGED, **piped(metrics=("accuracy", "tail_types_retained")))),
    ("LT801", "pass", evidence(*TAGGED, **piped(metrics=("Self-BLEU",)))),
    ("LT802", "not_measured", evidence(*TAGGED)),
    ("LT802", "not_measured", evidence(*TAGGED, has_history=True)),
    ("LT802", "pass", evidence(*TAGGED, last_audit=date(2026, 1, 30))),
    ("LT802", "warn", evidence(*TAGGED, last_audit=date(2026, 1, 29))),
    ("LT802", "pass", evidence(*TAGGED, last_audit=date(2025, 12, 1), **piped(audit_every_days=100))),
    ("LT803", "not_measured", evidence(*TAGGED)),
    ("LT803", "not_measured", evidence(*TAGGED, **piped(reference_sha256=SHA))),
    ("LT803", "warn", evidence(*TAGGED, reference_sha256=SHA, **piped())),
    ("LT803", "pass", evidence(*TAGGED, reference_sha256=SHA, **piped(reference_sha256=SHA))),
    ("LT803", "fail", evidence(*TAGGED, reference_sha256="cd" * 32, refused="changed (LT803)", **piped(reference_sha256=SHA))),
    ("LT804", "not_measured", evidence(*TAGGED)),
    ("LT804", "pass", evidence(*TAGGED, **piped())),
    ("LT804", "pass", evidence(*TAGGED, **piped(overrides=(WAIVED,)))),
    ("LT804", "fail", evidence(*TAGGED, today=date(2026, 3, 2), **piped(overrides=(WAIVED,)))),
    ("LT805", "not_measured", evidence(*TAGGED)),
    ("LT805", "warn", evidence(*TAGGED, has_against=True)),
    ("LT805", "pass", evidence(*TAGGED, has_against=True, measured={"reference": Sample(10, 10, 10, 10)})),
]
