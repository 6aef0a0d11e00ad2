"""PROV-JSON of the lineage graph: entities, activities and agents; never one for a document."""

from typing import Any

from longtail.ledger.facts import Facts
from longtail.ledger.graph import Graph
from longtail.ledger.node import Edge, Node
from longtail.report.provenance.catalogue import FORMATS
from longtail.report.provenance.naming import NAMESPACE, local, producer
from longtail.report.provenance.wording import dumps, moment

_PREFIXES = {"lt": NAMESPACE, "act": f"{NAMESPACE}activity:", "agt": f"{NAMESPACE}agent:"}
_ACTIVITIES = {"trained_on": "training", "generated_by": "generation", "evaluated_on": "evaluation"}


@FORMATS.add("prov", file="prov.json", source="W3C, PROV-DM (2013) and the member submission PROV-JSON (2013)")
def to_prov(facts: Facts, graph: Graph) -> str:
    """Write the lineage graph as PROV-JSON.

    Data sets, checkpoints, samples and unknown stretches are entities, runs are activities, and so are the training,
    generation or evaluation that an edge stands for where no run is recorded. What writes documents is an agent too, and so
    are the creators of the data set that the export is about.
    """
    document = _Document()
    for node in graph:
        document.describe(node, graph.depth_of(node.name))
    for node in graph:
        for edge in node.parents:
            document.relate(node, edge, graph)
        document.derive(node, graph)
    document.tell(facts)
    return dumps(document.plain()) + "\n"


class _Document:
    def __init__(self) -> None:
        self.entities: dict[str, dict[str, Any]] = {}
        self.activities: dict[str, dict[str, Any]] = {}
        self.agents: dict[str, dict[str, Any]] = {}
        self.relations: dict[str, list[dict[str, Any]]] = {}

    def describe(self, node: Node, depth: int | None) -> None:
        """Add a node as an entity or, where it is a run, as an activity."""
        stated = {
            "prov:label": node.name,
            "prov:type": _qualified(f"lt:{node.kind}"),
            "lt:sha256": node.sha256,
            "lt:documents": node.rows,
            "lt:depth": depth,
            **{f"lt:origin_{name}": count for name, count in sorted(node.origins.items())},
            **{f"lt:depth_{name}": count for name, count in sorted(node.depths.items())},
            **{f"lt:fact_{local(key)}": value for key, value in sorted(node.facts.items())},
        }
        if node.kind == "run" and node.time:
            stated["prov:endTime"] = moment(node.time)
        target = self.activities if node.kind == "run" else self.entities
        target[_name(node.name)] = {name: value for name, value in stated.items() if value is not None}

    def relate(self, node: Node, edge: Edge, graph: Graph) -> None:
        """Add what one edge says of activities."""
        parent = _name(edge.node)
        if graph[edge.node].kind == "run":
            self._after_run(node, parent)
            return
        activity = _name(node.name) if node.kind == "run" else self._implied(node, edge)
        if activity:
            self._add("used", activity=activity, entity=parent, role=edge.role)
            if edge.role == "generated_by":
                self._software(edge.node)
                self._add("wasAssociatedWith", activity=activity, agent=parent)

    def derive(self, node: Node, graph: Graph) -> None:
        """Add what an entity was derived from and who wrote it, runs seen through."""
        for edge in graph.made_from(node.name) if node.kind != "run" else ():
            if graph[edge.node].kind == "run":
                continue
            derivation = {"generatedEntity": _name(node.name), "usedEntity": _name(edge.node), "type": _qualified(f"lt:{edge.role}")}
            self._add("wasDerivedFrom", **derivation)
            if edge.role == "generated_by":
                self._software(edge.node)
                self._add("wasAttributedTo", entity=_name(node.name), agent=_name(edge.node))

    def tell(self, facts: Facts) -> None:
        """Add the data set that the export is about, its counts and its creators."""
        subject = _name(facts.place)
        counts = {"lt:documents": facts.documents, "lt:by_models": facts.by_models, "lt:head": facts.head}
        counts |= {f"lt:origin_{name}": count for name, count in facts.by_origin.items()}
        counts |= {f"lt:depth_{name}": count for name, count in facts.by_depth.items()}
        known = self.entities.setdefault(subject, {"prov:label": facts.name, "prov:type": _qualified("lt:dataset")})
        known.update({name: value for name, value in counts.items() if value is not None})
        for creator in sorted(set(facts.creators)):
            self.agents[f"agt:{local(creator)}"] = {"prov:label": creator}
            self._add("wasAttributedTo", entity=subject, agent=f"agt:{local(creator)}")
        self.agents["agt:longtail"] = {"prov:label": "longtail", "prov:type": _qualified("prov:SoftwareAgent"), "lt:package": producer()}

    def plain(self) -> dict[str, Any]:
        """Return the document; relations are numbered in the order of what they say."""
        numbered: dict[str, Any] = {}
        for kind, relations in self.relations.items():
            distinct = {dumps(relation, indent=None): relation for relation in relations}
            numbered[kind] = {f"_:{kind}{place:06d}": distinct[text] for place, text in enumerate(sorted(distinct), start=1)}
        parts = {"entity": self.entities, "activity": self.activities, "agent": self.agents, **numbered}
        return {"prefix": _PREFIXES, **{name: part for name, part in parts.items() if part}}

    def _after_run(self, node: Node, run: str) -> None:
        if node.kind == "run":
            self._add("wasInformedBy", informed=_name(node.name), informant=run)
        else:
            self._add("wasGeneratedBy", entity=_name(node.name), activity=run, time=_moment(node))

    def _implied(self, node: Node, edge: Edge) -> str | None:
        kind = _ACTIVITIES.get(edge.role)
        if kind is None:
            return None
        activity = f"act:{kind}/{local(node.name)}"
        self.activities[activity] = {"prov:type": _qualified(f"lt:{kind}")}
        if edge.role != "evaluated_on":
            self._add("wasGeneratedBy", entity=_name(node.name), activity=activity, time=_moment(node))
        return activity

    def _software(self, name: str) -> None:
        self.agents[_name(name)] = {"prov:label": name, "prov:type": _qualified("prov:SoftwareAgent")}

    def _add(self, kind: str, **members: Any) -> None:
        stated = {f"prov:{name}": value for name, value in members.items() if value is not None}
        self.relations.setdefault(kind, []).append(stated)


def _name(name: str) -> str:
    return f"lt:{local(name)}"


def _qualified(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _moment(node: Node) -> str | None:
    return moment(node.time) if node.time else None
