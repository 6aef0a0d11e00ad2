"""The catalogue of rules: a function from evidence to a verdict, under a code.

The docstring of a rule is its page: what it finds and why it matters, then labelled paragraphs.
"""

from collections.abc import Callable

from longtail.catalogue import Catalogue
from longtail.records import Verdict
from longtail.rules.evidence import Evidence

Rule = Callable[[Evidence], Verdict]
RULES: Catalogue[Rule] = Catalogue("rule", "title", "metric", "convention", "source")
