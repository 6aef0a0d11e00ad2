"""The settings of an audit; they are part of the report."""

from typing import Any

import msgspec

from longtail.errors import ConfigError, UnknownName
from longtail.records import Record
from longtail.rules import RULES
from longtail.summaries.profile import DEFAULT_VIEWS, WORD_VIEWS

MARGINS = {"tail": 0.90, "late": 0.50, "nll": 0.02}


class Options(Record, frozen=True):
    """What an audit may be told.

    Attributes:
        alpha: One-sided error rate of the whole audit, in (0, 0.5).
        margin: Smallest ratio that counts as kept, by family: tail, late; nll in nats per token.
        tau: Share of the reference's mass called the tail, in (0, 0.25].
        views: Word views to compare.
        require: Codes of rules that must be measured.
        seed: Seed of all hashes and relabellings.
        text_column: Column that holds the text.
        table: Table of an SQLite file.
        exact: Keep exact counts for all views.
        redact: Keep texts out of the report.
    """

    alpha: float = 0.05
    margin: dict[str, float] = msgspec.field(default_factory=lambda: dict(MARGINS))
    tau: float = 0.10
    views: tuple[str, ...] = DEFAULT_VIEWS
    require: tuple[str, ...] = ()
    seed: int = 0
    text_column: str | None = None
    table: str | None = None
    exact: bool = False
    redact: bool = False

    def __post_init__(self) -> None:
        """Refuse values out of range and names that do not exist."""
        _within("alpha", self.alpha, 0, 0.5)
        _within("tau", self.tau, 0, 0.25)
        for name, value in self.margin.items():
            if name not in MARGINS:
                raise ConfigError(f"unknown margin {name!r}; choose among {', '.join(MARGINS)}")
            _within(f"margin {name}", value, 0, 1)
        for code in self.require:
            RULES[code]
        for view in self.views:
            if view not in WORD_VIEWS:
                raise UnknownName("view", view, WORD_VIEWS)
        if "words_1" not in self.views:
            raise ConfigError(f"views {', '.join(self.views)}: words_1 is always counted; add it")

    @property
    def margins(self) -> dict[str, float]:
        """Return all margins: those given over the defaults."""
        return MARGINS | self.margin

    def stated(self) -> dict[str, Any]:
        """Return the settings as the report prints them."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain | {"margin": self.margins}


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low < value <= high:
        raise ConfigError(f"{name} is {value!r}; it must lie above {low} and at most at {high}")
