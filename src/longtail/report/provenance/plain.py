"""Everything an export can tell, as plain JSON."""

from typing import Any

import msgspec

from longtail.ledger.facts import Facts
from longtail.ledger.graph import Graph
from longtail.report.provenance.catalogue import FORMATS
from longtail.report.provenance.wording import DIGITAL_SOURCE_TYPES, dumps


@FORMATS.add("json", file="provenance.json", source="own layout: the facts, the nodes of the lineage graph and what they disagree in")
def to_json(facts: Facts, graph: Graph) -> str:
    """Write facts and lineage graph as one JSON object; what is not known is null."""
    plain: dict[str, Any] = msgspec.to_builtins(facts)
    plain["by_origin"] = facts.by_origin
    plain["by_depth"] = facts.by_depth
    plain["by_models"] = facts.by_models
    plain["digital_source_types"] = {name: uri for name, uri in DIGITAL_SOURCE_TYPES.items() if name in facts.by_origin}
    nodes = [{**msgspec.to_builtins(node), "depth": graph.depth_of(node.name)} for node in graph]
    conflicts = [msgspec.to_builtins(conflict) for conflict in graph.conflicts]
    return dumps({"facts": plain, "graph": {"nodes": nodes, "conflicts": conflicts, "untraced": graph.untraced()}}) + "\n"
