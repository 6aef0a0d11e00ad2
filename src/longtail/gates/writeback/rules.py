"""The settings of a write-back gate."""

from typing import NamedTuple

from longtail.gates.entailment.support import Bounds, checked
from longtail.gates.settings import whole


class Rules(NamedTuple):
    """What is asked of an answer before it may be stored.

    Attributes:
        bounds: Least entailment of every claim, least for review, and greatest contradiction by anything that was retrieved.
        most_depth: Greatest depth of what is stored: 1 lets only documents of depth 0 be evidence.
        least_sources: Distinct passages that must hold a claim of which none has all the words.
    """

    bounds: Bounds = Bounds()
    most_depth: int = 1
    least_sources: int = 2


BY_DEFAULT = Rules()


def checked_rules(gate: str, rules: Rules) -> Rules:
    """Return rules that are in range.

    Raises:
        ConfigError: One is not.
    """
    checked(gate, rules.bounds)
    whole(gate, "most_depth", rules.most_depth, 1)
    whole(gate, "least_sources", rules.least_sources, 1)
    return rules
