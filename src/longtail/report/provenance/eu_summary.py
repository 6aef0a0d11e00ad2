"""The public summary of training content that the European Union asks of providers of general-purpose models."""

from collections.abc import Iterable, Iterator

from longtail.ledger.facts import Facts, Nature
from longtail.ledger.graph import Graph
from longtail.records import Origin
from longtail.report.provenance.catalogue import FORMATS
from longtail.report.provenance.markdown import heading, plain, table
from longtail.report.provenance.wording import NOT_RECORDED, share, synthetic_share

_BILLION = 10**9
_MISSING = f"{NOT_RECORDED[0].upper()}{NOT_RECORDED[1:]}."


@FORMATS.add(
    "eu-summary",
    file="training-content-summary.md",
    source="European Commission, Template for the Public Summary of Training Content, Regulation (EU) 2024/1689, Article 53(1)(d)",
)
def to_eu_summary(facts: Facts, graph: Graph) -> str:
    """Write the summary under the headings of the template, filled as far as the ledger knows.

    What it does not know says "not recorded": whether a class of sources was used is never inferred from their absence.
    """
    parts = (*_general(facts, graph), *_sources(facts, graph), *_processing())
    return "\n".join(parts) + "\n"


def _general(facts: Facts, graph: Graph) -> Iterator[str]:
    yield heading(1, "Public summary of training content")
    yield f"Data set: {plain(facts.name)}. Version: {plain(facts.version or NOT_RECORDED)}."
    yield f"Last update: {facts.created_at or NOT_RECORDED}.\n"
    yield "A draft from a ledger. What it calls not recorded is for the provider to state; that there is none is not said.\n"
    yield heading(2, "1. General information")
    yield from _section(3, "1.1. Provider identification", "")
    yield table(("question", "answer"), [("Provider name and contact details", NOT_RECORDED), ("Authorised representative", NOT_RECORDED)])
    yield from _section(3, "1.2. Model identification", "")
    yield table(("question", "answer"), _models(facts, graph))
    yield from _section(3, "1.3. Modalities, overall training data size and other characteristics", "")
    yield table(("question", "answer"), _size(facts))


def _models(facts: Facts, graph: Graph) -> list[tuple[str, str]]:
    trained = graph.descendants(facts.place) if facts.place in graph else ()
    names = [name for name in trained if graph[name].kind == "checkpoint"]
    bases = {edge.node for name in names for edge in graph.made_from(name) if edge.role == "initialised_from"}
    return [
        ("Versioned model name(s)", _list(names)),
        ("Model dependencies", _list(sorted(bases))),
        ("Date of placement of the model on the Union market", NOT_RECORDED),
    ]


def _size(facts: Facts) -> list[tuple[str, str]]:
    size = f"bytes {NOT_RECORDED}" if facts.bytes is None else f"{facts.bytes:,} bytes"
    latest = f"{NOT_RECORDED}; the latest document was created or published {facts.latest}" if facts.latest else NOT_RECORDED
    return [
        ("Modality", "text" if facts.documents else NOT_RECORDED),
        ("Training data size", f"{_range(facts.tokens)}; {facts.documents:,} documents; {size}"),
        ("Types of content", NOT_RECORDED),
        ("Latest date of data acquisition/collection for model training", latest),
        ("Linguistic characteristics of the overall training data", _list(facts.languages)),
        ("Other relevant characteristics of the overall training data", synthetic_share(facts)),
    ]


def _range(tokens: int | None) -> str:
    if tokens is None:
        return f"tokens {NOT_RECORDED}"
    if tokens < _BILLION:
        return "Less than 1 billion tokens"
    return "1 billion to 10 trillion tokens" if tokens <= 10_000 * _BILLION else "More than 10 trillion tokens"


def _sources(facts: Facts, graph: Graph) -> Iterator[str]:
    yield heading(2, "2. List of data sources")
    yield from _section(3, "2.1. Publicly available datasets", _of(facts, "public"))
    yield heading(3, "2.2. Private non-publicly available datasets obtained from third parties")
    yield from _section(4, "2.2.1. Datasets commercially licensed by rightsholders or their representatives", _of(facts, "licensed"))
    yield from _section(4, "2.2.2. Private datasets obtained from other third parties", _of(facts, "private"))
    yield from _section(3, "2.3. Data crawled and scraped from online sources", _of(facts, "crawled"))
    yield "Crawlers, their purpose, behaviour and period of collection: not recorded.\n"
    yield from _section(3, "2.4. User data", _of(facts, "user"))
    yield heading(3, "2.5. Synthetic data")
    yield from _synthetic(facts, graph)
    yield from _section(3, "2.6. Other sources of data", _of(facts, "other"))
    yield "Sources of which it is not recorded how they were come by:\n"
    yield _of(facts, None)
    unsourced = facts.unstated({name: source.documents for name, source in facts.sources.items()})
    unknown = facts.by_origin.get(Origin.UNKNOWN, 0)
    yield f"Documents without a source: {unsourced:,}. Documents of unknown origin: {unknown:,} ({share(unknown, facts.documents)}).\n"


def _of(facts: Facts, nature: Nature | None) -> str:
    chosen = sorted((name, source) for name, source in facts.sources.items() if source.nature == nature)
    rows = [
        (name, source.url or NOT_RECORDED, f"{source.documents:,}", share(source.documents, facts.documents)) for name, source in chosen
    ]
    return table(("source", "address", "documents", "share"), rows)


def _synthetic(facts: Facts, graph: Graph) -> Iterator[str]:
    yield f"{synthetic_share(facts)}\n"
    rows = [(name, f"{count:,}", _trained_on(name, graph)) for name, count in sorted(facts.models.items())]
    yield table(("model", "documents", "trained on"), rows)
    named = sum(facts.models.values())
    yield f"Documents by models that are named: {named:,}; that a model had a hand in: {facts.by_models:,}.\n"
    yield "Sources recorded as synthetic:\n"
    yield _of(facts, "synthetic")


def _trained_on(model: str, graph: Graph) -> str:
    name = model if model in graph else model.partition("@")[0]
    if name not in graph:
        return NOT_RECORDED
    return _list([edge.node for edge in graph.made_from(name) if edge.role == "trained_on" and graph[edge.node].kind != "unknown"])


def _processing() -> Iterator[str]:
    yield heading(2, "3. Data processing aspects")
    titles = (
        "3.1. Respect of reservation of rights from text and data mining exception or limitation",
        "3.2. Removal of illegal content",
        "3.3. Other information",
    )
    for title in titles:
        yield from _section(3, title, f"{_MISSING}\n")


def _section(level: int, title: str, content: str) -> Iterator[str]:
    yield heading(level, title)
    if content:
        yield content


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or NOT_RECORDED
