"""A loop of two generations with one hole, and what is known of its second training set."""

import msgspec
import pytest

from longtail.ledger.facts import Facts, File, Source
from longtail.ledger.graph import Graph
from longtail.ledger.node import Edge, Node

NASTY = 'a "quoted" | name\n# not a heading: yes \x00 \u2028 😀 \udc80'


def _node(name, kind, *parents, **fields):
    return Node(name=name, kind=kind, parents=tuple(Edge(node=parent, role=role) for parent, role in parents), **fields)


@pytest.fixture
def graph():
    return Graph(
        [
            _node("reservoir", "dataset", rows=600, origins={"human": 600}, depths={"0": 600}, sha256="c" * 64, time="2026-01-01"),
            _node("org/m1@abc", "checkpoint", ("reservoir", "trained_on"), ("base", "initialised_from"), time="2026-01-02T10:00:00Z"),
            _node("out1", "dataset", ("org/m1@abc", "generated_by"), rows=300, origins={"synthetic": 300}),
            _node("mixing", "run", ("reservoir", "mixed_from"), ("out1", "mixed_from"), time="2026-02-01T00:00:00+01:00"),
            _node("set2", "dataset", ("mixing", "made_by"), rows=1000),
            _node("m2", "checkpoint", ("set2", "trained_on"), ("held-out", "evaluated_on"), facts={"path": "m2.bin"}),
            _node("held-out", "dataset", origins={"human": 50}),
            _node("set3", "dataset", ("set2", "mixed_from"), ("held-out", "mixed_from"), time="2026-03-01"),
        ]
    )


@pytest.fixture
def facts():
    return Facts(
        name="set2",
        documents=1000,
        bytes=2500,
        origins={"human": 600, "synthetic": 250, "model_edited": 50},
        depths={"0": 600, "1": 300},
        sources={
            "https://example.org/wiki": Source(documents=500, origins={"human": 500}, nature="public", url="https://example.org/wiki"),
            "letters": Source(documents=100, origins={"human": 100}),
        },
        models={"org/m1@abc": 300},
        licenses={"CC-BY-4.0": 500, "LicenseRef-letters": 100},
        evidence={"asserted": 800, "signed": 100},
        decodings=3,
        earliest="2019-05-01T00:00:00Z",
        latest="2026-01-31T00:00:00Z",
        languages=("en", "no"),
        files=(
            File(path="data/a.parquet", sha256="a" * 64, bytes=1000, rows=500),
            File(path="data/b.parquet", sha256="b" * 64, bytes=1500, rows=500),
        ),
        head="f" * 64,
        version="1.2.0",
        created_at="2026-02-02T00:00:00Z",
        creators=("Ann Other",),
        url="https://example.org/set2",
    )


@pytest.fixture
def human(facts):
    """The same with nothing that a model had a hand in."""
    return msgspec.structs.replace(facts, origins={"human": 600}, depths={"0": 600}, models={})


@pytest.fixture
def bare():
    """Only what is needed."""
    return Facts(name="bare", documents=0)


@pytest.fixture
def nasty():
    """Names that break tables, YAML and UTF-8."""
    return Facts(
        name=NASTY,
        documents=10,
        description=NASTY,
        origins={"synthetic": 10},
        sources={NASTY: Source(documents=10)},
        models={NASTY: 10},
        licenses={NASTY: 10},
        files=(File(path=f"data/{NASTY}", sha256="a" * 64),),
        creators=(NASTY,),
        node="nasty",
    )
