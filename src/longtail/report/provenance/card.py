"""The README.md of a data set on the Hugging Face Hub."""

from collections.abc import Iterator, Mapping
from typing import Any

from longtail.ledger.facts import Facts
from longtail.ledger.graph import Graph
from longtail.records import Origin
from longtail.report.provenance.catalogue import FORMATS
from longtail.report.provenance.front_matter import front_matter
from longtail.report.provenance.hub import license_of, size_of
from longtail.report.provenance.markdown import heading, plain, table
from longtail.report.provenance.wording import DIGITAL_SOURCE_TYPES, NOT_RECORDED, parents_of, share, synthetic_share


@FORMATS.add("card", file="README.md", source="Hugging Face, Hub documentation, Dataset Cards; YAML metadata block")
def to_card(facts: Facts, graph: Graph) -> str:
    """Write a dataset card: a YAML head for the Hub and tables for people.

    The tag `synthetic` is set as soon as one document has a model's hand in it. Whoever made the language of the documents is
    named only as far as it is known: `machine-generated` for a model's hand, `found` for human documents with a source.
    """
    return front_matter(_head(facts, graph)) + "\n" + "\n".join(_body(facts, graph)) + "\n"


def _head(facts: Facts, graph: Graph) -> dict[str, Any]:
    machine = ["machine-generated"] if facts.by_models else []
    found = any(source.origins.get(Origin.HUMAN) for source in facts.sources.values())
    return {
        "pretty_name": facts.name,
        "language": list(facts.languages),
        "license": sorted({license_of(name) for name in facts.licenses} | ({"unknown"} if facts.unstated(facts.licenses) else set())),
        "annotations_creators": machine,
        "language_creators": machine + (["found"] if found else []),
        "size_categories": [size_of(facts.documents)],
        "source_datasets": [node.name for node in parents_of(facts, graph) if node.kind == "dataset"],
        "tags": ["longtail", *(["synthetic"] if facts.by_models else [])],
        "longtail": _block(facts, graph),
    }


def _block(facts: Facts, graph: Graph) -> dict[str, Any]:
    block = {
        "schema_version": facts.schema_version,
        "documents": facts.documents,
        "origins": facts.by_origin,
        "depths": facts.by_depth,
        "evidence": dict(sorted(facts.evidence.items())),
        "digital_source_types": {name: DIGITAL_SOURCE_TYPES[name] for name in facts.by_origin if name in DIGITAL_SOURCE_TYPES},
        "generation_depth": _depth(facts, graph),
        "ledger_head": facts.head,
        "version": facts.version,
        "created_at": facts.created_at,
    }
    return {name: value for name, value in block.items() if value not in (None, {})}


def _depth(facts: Facts, graph: Graph) -> int | str:
    depth = graph.depth_of(facts.place) if facts.place in graph else None
    return "unknown" if depth is None else depth


def _body(facts: Facts, graph: Graph) -> Iterator[str]:
    yield heading(1, facts.name)
    yield f"{plain(facts.description) if facts.description else f'Description: {NOT_RECORDED}.'}\n"
    yield heading(2, "Where the documents came from")
    yield f"{synthetic_share(facts)}\n"
    yield table(("origin", "documents", "share"), _counts(facts.by_origin, facts.documents))
    yield "`unknown` is a class of its own: nothing is known of these documents, and they count as a risk, not as human.\n"
    yield heading(2, "How many models lie between people and the documents")
    yield table(("depth", "documents", "share"), _counts(facts.by_depth, facts.documents))
    yield from _named("Sources", "source", {name: source.documents for name, source in facts.sources.items()}, facts)
    yield from _named("Models", "model", facts.models, facts)
    yield from _named("Licences", "licence", facts.licenses, facts)
    yield from _named("What the origins rest on", "evidence", facts.evidence, facts)
    yield from _files(facts)
    yield from _lineage(facts, graph)
    head = f"`{facts.head}`" if facts.head else NOT_RECORDED
    yield f"Head of the ledger's hash chain: {head}. Times of the documents: {_span(facts)}."


def _named(title: str, column: str, counts: Mapping[str, int], facts: Facts) -> Iterator[str]:
    rest = facts.unstated(dict(counts))
    rows = [*sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])), *([(f"no {column} recorded", rest)] if rest else [])]
    yield heading(2, title)
    yield table((column, "documents", "share"), _counts(dict(rows), facts.documents))


def _files(facts: Facts) -> Iterator[str]:
    yield heading(2, "Files")
    rows = [(file.path, _known(file.rows), _known(file.bytes), file.sha256 or NOT_RECORDED) for file in facts.files]
    yield table(("file", "documents", "bytes", "SHA-256"), rows)


def _lineage(facts: Facts, graph: Graph) -> Iterator[str]:
    yield heading(2, "Lineage")
    if facts.place not in graph:
        yield f"What it was made from is {NOT_RECORDED}.\n"
        return
    edges = [(edge.node, graph[edge.node].kind, edge.role.replace("_", " ")) for edge in graph.made_from(facts.place)]
    yield table(("made from", "kind", "how"), edges)
    holes = graph.unknown_upstream(facts.place)
    yield f"Unknown stretches upstream: {', '.join(map(plain, holes)) or 'none'}.\n"


def _counts(counts: Mapping[str, int], documents: int) -> list[tuple[str, str, str]]:
    return [(name, f"{count:,}", share(count, documents)) for name, count in counts.items()]


def _span(facts: Facts) -> str:
    return f"{facts.earliest} to {facts.latest}" if facts.earliest and facts.latest else NOT_RECORDED


def _known(number: int | None) -> str:
    return NOT_RECORDED if number is None else f"{number:,}"
