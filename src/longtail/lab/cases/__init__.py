"""Cases: every closed form held against simulation, in tables that one command prints."""

from longtail.lab.cases import (
    choice,
    detector,
    discrete,
    distortion,
    documents,
    gated,
    gaussian,
    memoriser,
    mixing,
    network,
    pooling,
    recovery,
    regression,
    rescue,
    selection,
    survival,
)
from longtail.lab.cases.check import CHECKS, Check, Row, verify

__all__ = [
    "CHECKS",
    "Check",
    "Row",
    "choice",
    "detector",
    "discrete",
    "distortion",
    "documents",
    "gated",
    "gaussian",
    "memoriser",
    "mixing",
    "network",
    "pooling",
    "recovery",
    "regression",
    "rescue",
    "selection",
    "survival",
    "verify",
]
