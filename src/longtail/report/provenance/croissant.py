"""Croissant 1.1: JSON-LD of a data set with PROV terms and the vocabulary for responsible use (RAI)."""

from typing import Any

import pyarrow as pa

from longtail.ledger.columns import SCHEMA
from longtail.ledger.facts import Facts, File
from longtail.ledger.graph import Graph
from longtail.ledger.node import Node
from longtail.report.provenance.catalogue import FORMATS
from longtail.report.provenance.croissant_context import CONFORMS_TO, CONTEXT, EQUIVALENT, MEANINGS, data_type
from longtail.report.provenance.naming import uri
from longtail.report.provenance.wording import (
    DIGITAL_SOURCE_TYPES,
    NOT_RECORDED,
    dumps,
    media_types,
    moment,
    parents_of,
    share,
    synthetic_share,
)

_RECORDS = "documents"
_FILES = "files"


@FORMATS.add("croissant", file="croissant.json", source="MLCommons, Croissant Format Specification 1.1 and Croissant RAI 1.0; W3C, PROV-O")
def to_croissant(facts: Facts, graph: Graph) -> str:
    """Write Croissant metadata: files with their hashes, the provenance columns, what the data set was made from and by what.

    Only files whose hash is recorded are listed, and columns only where there are such files, as the specification asks.
    Counts stand as annotations of the one record set.
    """
    listed = [file for file in facts.files if file.sha256]
    described = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS_TO),
        "name": facts.name,
        "description": facts.description or f"{facts.documents:,} documents. {synthetic_share(facts)}",
        "url": facts.url,
        "version": facts.version,
        "dateCreated": moment(facts.created_at) if facts.created_at else None,
        "temporalCoverage": f"{moment(facts.earliest)}/{moment(facts.latest)}" if facts.earliest and facts.latest else None,
        "inLanguage": list(facts.languages),
        "license": sorted(facts.licenses),
        "keywords": ["longtail", *(["synthetic"] if facts.by_models else [])],
        "digitalSourceType": _references({DIGITAL_SOURCE_TYPES[name] for name in facts.by_origin if name in DIGITAL_SOURCE_TYPES}),
        "distribution": _distribution(listed),
        "recordSet": [_record_set(facts, listed)],
        **_responsible(facts, len(listed)),
        **_provenance(facts, graph),
    }
    return dumps({name: value for name, value in described.items() if value not in (None, [], {})}) + "\n"


def _references(uris: set[str]) -> list[dict[str, str]]:
    return [{"@id": uri} for uri in sorted(uris)]


def _distribution(files: list[File]) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = [
        {
            "@type": "cr:FileObject",
            "@id": file.path,
            "name": file.path,
            "contentUrl": file.path,
            "encodingFormat": media_types(file.path),
            "sha256": file.sha256,
            **({"contentSize": f"{file.bytes} B"} if file.bytes is not None else {}),
        }
        for file in files
    ]
    if len(files) < 2:
        return listed
    formats = sorted({kind for file in files for kind in media_types(file.path)})
    paths = [file.path for file in files]
    return [*listed, {"@type": "cr:FileSet", "@id": _FILES, "name": _FILES, "encodingFormat": formats, "includes": paths}]


def _record_set(facts: Facts, files: list[File]) -> dict[str, Any]:
    described = {
        "@type": "cr:RecordSet",
        "@id": _RECORDS,
        "name": _RECORDS,
        "description": "One record for each document: where it came from.",
        "cr:annotation": _counts(facts),
    }
    if not files:
        return described
    source = {"fileSet": {"@id": _FILES}} if len(files) > 1 else {"fileObject": {"@id": files[0].path}}
    return {**described, "key": {"@id": f"{_RECORDS}/lt_id"}, "field": [_field(field, source) for field in SCHEMA]}


def _field(field: pa.Field, source: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{_RECORDS}/{field.name}",
        "name": field.name,
        "description": MEANINGS[field.name],
        "dataType": data_type(field.type),
        "source": {**source, "extract": {"column": field.name}},
        **({"isArray": True, "arrayShape": "-1"} if pa.types.is_list(field.type) else {}),
        **({"equivalentProperty": EQUIVALENT[field.name]} if field.name in EQUIVALENT else {}),
    }


def _counts(facts: Facts) -> list[dict[str, Any]]:
    total = _count("count", "all documents", facts.documents)
    origins = [_count(f"lt_origin/{name}", f"documents of origin {name}", count) for name, count in facts.by_origin.items()]
    depths = [_count(f"lt_depth/{name}", f"documents of depth {name}", count) for name, count in facts.by_depth.items()]
    return [total, *origins, *depths]


def _count(name: str, description: str, value: int) -> dict[str, Any]:
    identity = f"{_RECORDS}/{name}"
    return {"@type": "cr:Field", "@id": identity, "name": identity, "description": description, "dataType": "sc:Integer", "value": value}


def _responsible(facts: Facts, listed: int) -> dict[str, Any]:
    sources = "; ".join(f"{name} ({source.documents:,})" for name, source in sorted(facts.sources.items())) or NOT_RECORDED
    unhashed = len(facts.files) - listed
    limitations = [
        synthetic_share(facts),
        f"Origins rest on evidence as follows: {_evidence(facts)}. A stated origin is no proof.",
        *([f"{unhashed:,} of {len(facts.files):,} files have no recorded hash and are not listed."] if unhashed else []),
    ]
    settings = NOT_RECORDED if facts.decodings is None else f"{facts.decodings:,} distinct settings"
    return {
        "rai:dataCollection": f"Sources, with their documents: {sources}. Without a source: {_rest(facts):,}.",
        "rai:machineAnnotationTools": sorted(facts.models),
        "rai:dataLimitations": limitations,
        "rai:dataManipulationProtocol": f"{synthetic_share(facts)} Sampling settings of the models: {settings}.",
    }


def _evidence(facts: Facts) -> str:
    stated = [f"{name} {share(count, facts.documents)}" for name, count in sorted(facts.evidence.items())]
    rest = facts.unstated(facts.evidence)
    return ", ".join(stated + ([f"{NOT_RECORDED} {share(rest, facts.documents)}"] if rest else [])) or NOT_RECORDED


def _rest(facts: Facts) -> int:
    return facts.unstated({name: source.documents for name, source in facts.sources.items()})


def _provenance(facts: Facts, graph: Graph) -> dict[str, Any]:
    agents = [{"@type": "prov:Agent", "prov:label": name} for name in facts.creators]
    models = [{"@type": "prov:SoftwareAgent", "@id": uri(name), "prov:label": name} for name in sorted(facts.models)]
    parents = parents_of(facts, graph)
    activity = {
        "@type": "prov:Activity",
        **({"prov:endedAtTime": moment(facts.created_at)} if facts.created_at else {}),
        "prov:used": [{"@id": uri(node.name)} for node in parents],
    }
    return {
        "prov:wasAttributedTo": agents + models,
        "prov:wasDerivedFrom": [_entity(node, graph) for node in parents],
        "prov:wasGeneratedBy": activity if parents else None,
    }


def _entity(node: Node, graph: Graph) -> dict[str, Any]:
    depth = graph.depth_of(node.name)
    return {
        "@type": "prov:Entity",
        "@id": uri(node.name),
        "prov:label": node.name,
        "lt:kind": node.kind,
        **({"lt:depth": depth} if depth is not None else {}),
        **({"sha256": node.sha256} if node.sha256 else {}),
    }
