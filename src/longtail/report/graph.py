"""The lineage as a graph: from the panel to boxes, edges, a sentence and a table."""

import longtail.report.words as words
from longtail.records import Report
from longtail.report.drawing import graph as drawing
from longtail.report.drawing import stack
from longtail.report.panels import finite
from longtail.report.words import Panel

KINDS = {"dataset": "data", "checkpoint": "model", "run": "run", "sample": "sample", "unknown": "unknown"}
ORIGINS = ("human", "synthetic", "unknown")
MOST = 60
HEADS = ["Node", "kind", "rows", "origins", "hash", "owner", "made from"]


def page(report: Report) -> Panel | None:
    """Return what the section of the page reads; None without a ledger or manifests."""
    found = words.panel(report, "graph")
    nodes = [node for node in words.rows(found, "nodes") if node.get("name")][:MOST]
    if found is None or not nodes:
        return None
    links = _links(found, nodes)
    shown = [drawing.Link(_name(link.source), _name(link.target), link.loops) for link in links]
    return {
        "chart": drawing.graph("lineage-graph", "What was made from what", [_box(node) for node in nodes], shown),
        "sentence": sentence(nodes, links),
        "legend": [(stack.key(kind), name) for kind, name in zip(ORIGINS, ("human", "model-made", "unknown"), strict=True)],
        "hidden": int(finite(found.get("hidden")) or 0) + len(words.rows(found, "nodes")) - len(nodes),
        "source": words.one_line(str(found.get("source", "")), 40),
        "heads": HEADS,
        "rows": [_row(node, links) for node in nodes],
    }


def _links(found: Panel, nodes: list[Panel]) -> list[drawing.Link]:
    """Return the edges between the nodes that are shown."""
    names = {str(node["name"]) for node in nodes}
    return [link for link in map(_link, words.rows(found, "edges")) if {link.source, link.target} <= names]


def _name(name: object) -> str:
    return words.one_line(str(name), 60)


def _link(row: Panel) -> drawing.Link:
    return drawing.Link(str(row.get("source")), str(row.get("target")), row.get("loops") is True)


def sentence(nodes: list[Panel], links: list[drawing.Link]) -> str:
    """Return whether there is a loop, and what is unknown, in plain words."""
    loops = [link for link in links if link.loops]
    unknown = [node for node in nodes if node.get("kind") == "unknown"]
    told = "No edge leads from what a model wrote back into training."
    if loops:
        told = f"What a model wrote goes back into training along {words.counted(len(loops), 'edge')}: that is the loop."
    if not unknown:
        return told
    return f"{told} {words.counted(len(unknown), 'stretch', 'stretches')} of it {'is' if len(unknown) == 1 else 'are'} unknown."


def _box(node: Panel) -> drawing.Box:
    rows = finite(node.get("rows"))
    lines = [KINDS.get(str(node.get("kind")), "") if rows is None else words.counted(int(rows), "row")]
    known = (words.one_line(str(node.get("sha256") or ""))[:8], words.one_line(str(node.get("owner") or ""), 10))
    lines.append(" · ".join(filter(None, known)))
    kind = str(node.get("kind"))
    return drawing.Box(_name(node["name"]), kind if kind in KINDS else "dataset", lines, shares(node))


def shares(node: Panel) -> list[tuple[str, float]]:
    """Return the shares of the origins of a node; none where no origin is stated."""
    found = node.get("origins")
    counts = [finite(found.get(kind)) or 0.0 for kind in ORIGINS] if isinstance(found, dict) else []
    return [(kind, count / sum(counts)) for kind, count in zip(ORIGINS, counts, strict=False) if sum(counts) > 0 and count > 0]


def _row(node: Panel, links: list[drawing.Link]) -> list[str]:
    origins = ", ".join(f"{words.percent(share)} {'model-made' if kind == 'synthetic' else kind}" for kind, share in shares(node))
    sources = [link for link in links if link.target == node["name"]]
    made = ", ".join(f"{_name(link.source)}{' (loop)' if link.loops else ''}" for link in sources)
    known = [words.one_line(str(node.get(name) or "–"), limit) for name, limit in (("sha256", 13), ("owner", 60))]
    rows = words.count(finite(node.get("rows")))
    return [
        _name(node["name"]),
        KINDS.get(str(node.get("kind")), "–"),
        rows,
        origins or "not stated",
        *known,
        made or "–",
    ]
