"""OpenLineage run events: one for each run, training and mixing of the lineage graph, one a line."""

import uuid
from collections.abc import Iterator
from typing import Any

from longtail.errors import UsageError
from longtail.ledger.facts import Facts
from longtail.ledger.graph import Graph
from longtail.ledger.node import Edge, Node
from longtail.report.provenance.catalogue import FORMATS
from longtail.report.provenance.naming import NAMESPACE, producer
from longtail.report.provenance.wording import dumps, moment

_SPEC = "https://openlineage.io/spec"
_EVENT = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACET = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/DatasetFacet"
_VERSION = f"{_SPEC}/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet"
_STATISTICS = f"{_SPEC}/facets/1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet"


@FORMATS.add("openlineage", file="openlineage.ndjson", source="OpenLineage, specification 2-0-2: RunEvent and dataset facets")
def to_openlineage(facts: Facts, graph: Graph) -> str:
    """Write one RunEvent of type COMPLETE for each run, for each checkpoint and each mix that no run made.

    When a run began is not recorded, so that there is no event of type START. The facet `longtail_originMix` holds documents by
    origin and depth. What has no time takes that of the facts.

    Raises:
        UsageError: Neither a node nor the facts have a time, and an event must.
    """
    lines = [dumps(_event(node, facts, graph), indent=None) for node in graph if _is_job(node, graph)]
    return "".join(f"{line}\n" for line in lines)


def _is_job(node: Node, graph: Graph) -> bool:
    if node.kind == "run":
        return True
    is_made = any(graph[edge.node].kind == "run" for edge in node.parents if edge.role == "made_by")
    return not is_made and (node.kind == "checkpoint" or any(edge.role == "mixed_from" for edge in node.parents))


def _event(node: Node, facts: Facts, graph: Graph) -> dict[str, Any]:
    time = node.time or facts.created_at
    if time is None:
        raise UsageError(f"node {node.name!r} has no time, and neither have the facts; record when it was made: OpenLineage needs a time")
    made = moment(time)
    name = node.name if node.kind == "run" else f"{'training' if node.kind == 'checkpoint' else 'mix'}/{node.name}"
    outputs = [node] if node.kind != "run" else [graph[below] for below in graph.descendants(node.name, 1)]
    return {
        "eventType": "COMPLETE",
        "eventTime": made,
        "producer": producer(),
        "schemaURL": _EVENT,
        "run": {"runId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{NAMESPACE}{name}#{made}")), "facets": {}},
        "job": {"namespace": "longtail", "name": name, "facets": {}},
        "inputs": [_dataset(graph[edge.node], graph) for edge in _inputs(node, graph)],
        "outputs": [{**_dataset(output, graph), "outputFacets": _statistics(output)} for output in outputs if output.kind != "run"],
    }


def _inputs(node: Node, graph: Graph) -> Iterator[Edge]:
    flows = (edge for edge in node.parents if node.kind == "run" or edge.role != "evaluated_on")
    return (edge for edge in flows if graph[edge.node].kind != "run")


def _dataset(node: Node, graph: Graph) -> dict[str, Any]:
    depth = graph.depth_of(node.name)
    mix = {
        "kind": node.kind,
        "origins": dict(sorted(node.origins.items())),
        "depths": dict(sorted(node.depths.items())),
        "generationDepth": "unknown" if depth is None else depth,
        "unknownUpstream": list(graph.unknown_upstream(node.name)),
    }
    facets = {"longtail_originMix": {**_stamp(_FACET), **mix}}
    if node.sha256:
        facets["version"] = {**_stamp(_VERSION), "datasetVersion": node.sha256}
    return {"namespace": "longtail", "name": node.name, "facets": facets}


def _statistics(node: Node) -> dict[str, Any]:
    return {} if node.rows is None else {"outputStatistics": {**_stamp(_STATISTICS), "rowCount": node.rows}}


def _stamp(schema: str) -> dict[str, str]:
    return {"_producer": producer(), "_schemaURL": schema}
