"""How mistakes lead to one another: a graph of causes over codes of rules."""

from collections.abc import Iterable

from longtail.errors import UnknownName

NODES = {
    "LT101": "no provenance: what a model wrote cannot be told from what people wrote",
    "LT102": "web text of unknown origin comes in as if it were human",
    "LT103": "late text stands in the human reservoir on nobody's word",
    "LT204": "synthetic text counts as free real data",
    "LT801": "only accuracy is tracked, which lives among common cases",
    "LT201": "real data are dropped, and nothing that is watched gets worse",
    "LT202": "synthetic text is swapped in at constant size, and nothing that is watched gets worse",
    "LT401": "rare cases are filtered out as noise",
    "LT301": "the tail is lost",
    "LT802": "no audit is made, since all looks well",
}
"""Codes in the order in which one leads to the next, each with what goes wrong there."""

EDGES = {
    "LT101": ("LT102", "LT103", "LT204", "LT801"),
    "LT102": ("LT204", "LT801"),
    "LT103": ("LT204", "LT801"),
    "LT204": ("LT801",),
    "LT801": ("LT201", "LT202"),
    "LT201": ("LT202", "LT401"),
    "LT202": ("LT401",),
    "LT401": ("LT301", "LT802"),
    "LT301": ("LT802",),
}


def chains(codes: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the codes as chains of cause and effect: each leads to the next, at once or through mistakes that are not among them.

    Codes on which no other given one bears stand alone; those that are in no graph of ours come last, each alone.
    """
    given = list(dict.fromkeys(codes))
    known = [code for code in NODES if code in given]
    found: list[list[str]] = []
    for code in known:
        for chain in found:
            if code in reached(chain[-1]):
                chain.append(code)
                break
        else:
            found.append([code])
    return (*map(tuple, found), *((code,) for code in given if code not in NODES))


def reached(code: str) -> frozenset[str]:
    """Return the codes that a mistake leads to, over any number of steps."""
    seen: set[str] = set()
    ahead = list(EDGES.get(code, ()))
    while ahead:
        one = ahead.pop()
        if one not in seen:
            seen.add(one)
            ahead += EDGES.get(one, ())
    return frozenset(seen)


def require_known(codes: Iterable[str], rules: Iterable[str]) -> None:
    """Refuse codes that neither a rule nor the graph has.

    Raises:
        UnknownName: There is one.
    """
    names = {*rules, *NODES}
    for code in codes:
        if code not in names:
            raise UnknownName("rule", code, names)
