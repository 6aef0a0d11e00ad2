"""The settings of an audit; they are part of the report."""

import hashlib
from typing import Any

import msgspec

from longtail.errors import ConfigError
from longtail.gates.validity import validity_of
from longtail.records import Record
from longtail.rules import RULES
from longtail.summaries.profile import DEFAULT_VIEWS, WORD_VIEWS
from longtail.summaries.profiling import Counting
from longtail.views.names import TABLE, views_of

MARGINS = {"tail": 0.90, "late": 0.50, "nll": 0.02, "accuracy": 0.01}

_SHOWN = ("require", "redact")


class Options(Record, frozen=True):
    """What an audit may be told.

    Attributes:
        alpha: One-sided error rate of the whole audit, or of all audits of a history together, in (0, 0.5).
        margin: Smallest ratio that counts as kept, by family: tail, late; nll in nats per token, accuracy as a share.
        tau: Share of the reference's mass called the tail, in (0, 0.25].
        views: Views to compare.
        by: Columns whose values are slices.
        horizon: Audits planned in a history, each of which then has an equal part of alpha.
        require: Codes of rules that must be measured.
        seed: Seed of all hashes and relabellings.
        text_column: Column that holds the text.
        table: Table of an SQLite file.
        role: Whose turns of a conversation are read; the assistant's where None.
        features: What makes vectors of documents, as "module:function"; its name, where it is a function.
        validity: What counts as valid, as `longtail.gates.validity.validity_of` reads it; other documents are left out.
        exact: Keep exact counts for all views.
        redact: Keep texts out of the report.
    """

    alpha: float = 0.05
    margin: dict[str, float] = msgspec.field(default_factory=lambda: dict(MARGINS))
    tau: float = 0.10
    views: tuple[str, ...] = DEFAULT_VIEWS
    by: tuple[str, ...] = ()
    horizon: int | None = None
    require: tuple[str, ...] = ()
    seed: int = 0
    text_column: str | None = None
    table: str | None = None
    role: str | None = None
    features: str | None = None
    validity: str | None = None
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
        if self.horizon is not None and self.horizon < 1:
            raise ConfigError(f"horizon is {self.horizon!r}; plan at least one audit")
        for code in self.require:
            RULES[code]
        views_of(view for view in self.views if view != TABLE)
        if "words_1" not in self.views and any(view in WORD_VIEWS for view in self.views):
            raise ConfigError(f"views {', '.join(self.views)}: words_1 is always counted with words; add it")

    @property
    def margins(self) -> dict[str, float]:
        """Return all margins: those given over the defaults."""
        return MARGINS | self.margin

    def counting(self, features: Any = None, workers: int = 1) -> Counting:
        """Return how the data sets of the audit are read and counted.

        Args:
            features: The function that makes vectors, where it was handed in as such.
            workers: Threads that count documents.
        """
        made = self.features if features is None else features
        rule = validity_of(self.validity) if self.validity else None
        return Counting(self.views, self.seed, self.exact, self.text_column, self.table, self.by, self.role, made, rule, workers)

    def stated(self) -> dict[str, Any]:
        """Return the settings as the report prints them."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain | {"margin": self.margins, "hash": self.hash}

    @property
    def hash(self) -> str:
        """Return a hash of all that can change a verdict: conventions set after seeing the data show as another hash."""
        judged = {name: value for name, value in msgspec.to_builtins(self).items() if name not in _SHOWN}
        judged |= {"margin": self.margins, "by": sorted(set(self.by)), "views": sorted(set(self.views))}
        return hashlib.sha256(msgspec.json.encode(judged, order="deterministic")).hexdigest()[:16]


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low < value <= high:
        raise ConfigError(f"{name} is {value!r}; it must lie above {low} and at most at {high}")
