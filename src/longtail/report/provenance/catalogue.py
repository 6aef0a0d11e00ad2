"""The catalogue of export formats: a function from facts and the lineage graph to a text."""

from collections.abc import Callable

from longtail.catalogue import Catalogue
from longtail.ledger.facts import Facts
from longtail.ledger.graph import Graph

Writer = Callable[[Facts, Graph], str]
FORMATS: Catalogue[Writer] = Catalogue("export format", "file", "source")
