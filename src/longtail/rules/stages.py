"""Where each rule belongs: in the six stages of ANCHOR, at the four moments of a checklist, in the seven steps, among the mistakes.

The one table from which all views of the same findings are made; nothing is judged by it.
"""

from typing import NamedTuple


class Place(NamedTuple):
    """Where a rule belongs.

    Args:
        stage: Of `STAGES`.
        moment: Of `MOMENTS`, the first at which it can be seen to.
        step: Of `STEPS`.
    """

    stage: str
    moment: str
    step: str


STAGES = (
    "Audit sources",
    "Never replace",
    "Curate reservoir",
    "Health-check distribution",
    "Optimise synthetic quality",
    "Recur",
)
"""The stages of ANCHOR, in the order in which they are taken."""

MOMENTS = ("before ingest", "before train", "after train", "standing")
STEPS = ("source ledger", "tag all", "reservoir", "synthetic ratio", "diagnostics", "intervene", "standing loop")

PLACES = {
    "LT101": Place("Audit sources", "before ingest", "tag all"),
    "LT102": Place("Audit sources", "before ingest", "source ledger"),
    "LT103": Place("Curate reservoir", "before ingest", "reservoir"),
    "LT104": Place("Audit sources", "before train", "source ledger"),
    "LT105": Place("Audit sources", "before ingest", "tag all"),
    "LT106": Place("Audit sources", "before ingest", "source ledger"),
    "LT201": Place("Never replace", "before train", "synthetic ratio"),
    "LT202": Place("Never replace", "before train", "synthetic ratio"),
    "LT203": Place("Never replace", "before train", "synthetic ratio"),
    "LT204": Place("Never replace", "before train", "synthetic ratio"),
    "LT205": Place("Never replace", "before train", "synthetic ratio"),
    "LT206": Place("Optimise synthetic quality", "before train", "intervene"),
    "LT210": Place("Optimise synthetic quality", "before train", "intervene"),
    "LT211": Place("Optimise synthetic quality", "before train", "intervene"),
    "LT301": Place("Health-check distribution", "after train", "diagnostics"),
    "LT302": Place("Health-check distribution", "after train", "diagnostics"),
    "LT303": Place("Health-check distribution", "after train", "diagnostics"),
    "LT304": Place("Health-check distribution", "after train", "diagnostics"),
    "LT305": Place("Health-check distribution", "after train", "diagnostics"),
    "LT306": Place("Health-check distribution", "after train", "diagnostics"),
    "LT307": Place("Health-check distribution", "after train", "diagnostics"),
    "LT308": Place("Health-check distribution", "after train", "diagnostics"),
    "LT401": Place("Optimise synthetic quality", "before train", "intervene"),
    "LT402": Place("Optimise synthetic quality", "before train", "intervene"),
    "LT403": Place("Optimise synthetic quality", "before train", "intervene"),
    "LT501": Place("Health-check distribution", "after train", "diagnostics"),
    "LT502": Place("Health-check distribution", "after train", "diagnostics"),
    "LT503": Place("Health-check distribution", "after train", "diagnostics"),
    "LT504": Place("Health-check distribution", "after train", "diagnostics"),
    "LT505": Place("Health-check distribution", "after train", "diagnostics"),
    "LT601": Place("Audit sources", "standing", "tag all"),
    "LT602": Place("Health-check distribution", "standing", "diagnostics"),
    "LT603": Place("Health-check distribution", "standing", "diagnostics"),
    "LT604": Place("Optimise synthetic quality", "standing", "intervene"),
    "LT701": Place("Health-check distribution", "standing", "diagnostics"),
    "LT801": Place("Health-check distribution", "standing", "diagnostics"),
    "LT802": Place("Recur", "standing", "standing loop"),
    "LT803": Place("Curate reservoir", "standing", "reservoir"),
    "LT804": Place("Recur", "standing", "standing loop"),
    "LT805": Place("Health-check distribution", "after train", "diagnostics"),
    "LT890": Place("Recur", "standing", "standing loop"),
    "LT900": Place("Recur", "standing", "standing loop"),
    "LT901": Place("Health-check distribution", "after train", "diagnostics"),
    "LT902": Place("Health-check distribution", "after train", "diagnostics"),
    "LT903": Place("Curate reservoir", "before train", "reservoir"),
    "LT904": Place("Curate reservoir", "before train", "reservoir"),
    "LT905": Place("Health-check distribution", "after train", "diagnostics"),
}
"""Every rule's place, and that of LT900, which stands for any rule that was required and not measured."""

MISTAKES = {
    "no provenance tracking": ("LT101",),
    "scraping without provenance": ("LT102",),
    "synthetic as free real data": ("LT204",),
    "only task accuracy": ("LT801",),
    "replacing instead of adding": ("LT201", "LT202"),
    "discarding rare cases": ("LT401",),
    "it cannot happen to us": ("LT802",),
}
"""The seven classic mistakes in the order in which one leads to the next, each with the rules that find it."""
