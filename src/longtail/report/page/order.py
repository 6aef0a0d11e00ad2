"""The order of the page, one line a section: what happened, why, where in the data, what to do, how sure that is, appendix."""

from collections.abc import Callable
from typing import Any, NamedTuple

import longtail.report.chain as chain
import longtail.report.composition as composition
import longtail.report.copies as copies
import longtail.report.deciles as deciles
import longtail.report.diversity as diversity
import longtail.report.explanations as explanations
import longtail.report.filters as filters
import longtail.report.graph as graph
import longtail.report.heat as heat
import longtail.report.hero as hero
import longtail.report.lineage as lineage
import longtail.report.losses as losses
import longtail.report.maps as maps
import longtail.report.mix as mix
import longtail.report.origin as origin
import longtail.report.page.checks as checks
import longtail.report.page.rows as rows
import longtail.report.panels as panels
import longtail.report.retrieval as retrieval
import longtail.report.rollouts as rollouts
import longtail.report.slices as slices
from longtail.records import Report


class Section(NamedTuple):
    """One section of the page.

    Attributes:
        part: Of the reading order; the list of contents is grouped by it.
        name: Of its template without the suffix, and of its facts in the context.
        heading: What the list of contents calls it.
        facts: Everything that the template reads, from the report; nothing true where there is nothing to show.
        anchor: The id of the section, where it is not the name.
        always: Whether it stands on the page although there is nothing to show, to say so.
        style: A sheet of its own, if it has one.
    """

    part: str
    name: str
    heading: str
    facts: Callable[[Report], Any]
    anchor: str = ""
    always: bool = False
    style: str = ""

    @property
    def id(self) -> str:
        """The id of the section in the page."""
        return self.anchor or self.name

    @property
    def template(self) -> str:
        """The template that draws it."""
        return f"{self.name}.html"


SECTIONS = (
    Section("Why", "hero", "Head and tail", hero.hero, style="hero.css"),
    Section("Why", "lineage", "Over the generations", lineage.page, style="lineage.css"),
    Section("Why", "strata", "What was kept, from common to rare", panels.strata, "kept", always=True),
    Section("Why", "deciles", "Still seen, tenth by tenth", deciles.deciles, style="deciles.css"),
    Section("Why", "ranks", "From the commonest to the rarest", panels.rank_frequency),
    Section("Why", "diversity", "Variety on three axes", diversity.diversity, style="diversity.css"),
    Section("Why", "losses", "What the models find hard", losses.losses, style="losses.css"),
    Section("Why", "composition", "What the data are made of", composition.page),
    Section("Why", "mix", "The mix through time", mix.page, style="process.css"),
    Section("Why", "graph", "What was made from what", graph.page, style="process.css"),
    Section("Why", "filter", "What the filter let through", filters.of_audit, style="process.css"),
    Section("Why", "origin", "What the texts show of their origin", origin.page),
    Section("Why", "rollouts", "The training run", rollouts.page, style="vanished.css"),
    Section("Why", "retrieval", "What comes back from the store", retrieval.page, style="process.css"),
    Section("Why", "explanations", "What else could explain it", explanations.page),
    Section("Where", "vanished", "What vanished", panels.vanished, style="vanished.css"),
    Section("Where", "heat", "Classes over the generations", heat.heat, style="heat.css"),
    Section("Where", "slices", "Which groups are affected", slices.columns),
    Section("Where", "maps", "Where documents lie", maps.maps, style="maps.css"),
    Section("Where", "copies", "Copies and moulds", copies.copies, style="copies.css"),
    Section("Where", "by_itself", "The data set by itself", panels.by_itself, "self"),
    Section("What to do", "findings", "Findings and what to do", rows.findings, always=True),
    Section("What to do", "held", "Accepted for now", rows.accepted, "accepted"),
    Section("What to do", "chain", "Where to begin, and what is done", chain.page, style="chain.css"),
    Section("How sure", "estimates", "Every number, with its range", rows.estimates),
    Section("How sure", "exploratory", "Also looked at", explanations.exploratory),
    Section("How sure", "not_measured", "What was not measured", checks.absent, "not-measured", always=True),
    Section("How sure", "method", "Method and limits", checks.method, always=True),
    Section("Appendix", "passed", "Every check", checks.every, "checks"),
)


def facts(report: Report, sections: tuple[Section, ...] = SECTIONS) -> dict[str, Any]:
    """Return the facts of all sections by name, which of them stand on the page, and these by part.

    Args:
        report: What the page shows.
        sections: Those that may stand on it, in their order.
    """
    known = {each.name: each.facts(report) for each in sections}
    present = [each for each in sections if each.always or known[each.name]]
    parts: dict[str, list[Section]] = {}
    for each in present:
        parts.setdefault(each.part, []).append(each)
    return known | {"sections": present, "parts": parts, "styles": list(dict.fromkeys(each.style for each in present if each.style))}
