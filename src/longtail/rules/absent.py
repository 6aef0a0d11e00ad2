"""Verdicts of rules that lack an input, worded alike, so that a screen can say each lack once."""

from collections.abc import Iterable

from longtail.records import NotMeasured, Outcome, Verdict

TAG = "longtail tag DATA --origin ORIGIN --source SOURCE -o TAGGED.jsonl"
WITH_MANIFESTS = "longtail audit DATA --manifest M1.json M2.json"
WITH_PIPELINE = "longtail audit DATA --pipeline PIPELINE.toml"
WITH_LEDGER = "longtail audit DATA --ledger DIR"
WITH_HISTORY = "longtail audit DATA --history AUDITS.json"


def untagged(*, is_enough: bool = True) -> Verdict:
    """Return that no document says where it came from, and whether tagging them is all it takes."""
    because = "no document states its origin (LT101)"
    return Verdict(status="not_measured", because=because, enable=TAG, waits_on="LT101" if is_enough else "")


def no_documents() -> Verdict:
    """Return that no data were given."""
    return Verdict(status="not_measured", because="no documents were given", enable="longtail audit DATA")


def no_manifests() -> Verdict:
    """Return that nothing says what the training sets were made of."""
    return Verdict(status="not_measured", because="fewer than two manifests of training sets", enable=WITH_MANIFESTS)


def no_pipeline() -> Verdict:
    """Return that nothing says how the loop is run."""
    return Verdict(status="not_measured", because="no pipeline file says how the loop is run", enable=WITH_PIPELINE)


def no_ledger() -> Verdict:
    """Return that there is no ledger to ask."""
    return Verdict(status="not_measured", because="no ledger", enable=WITH_LEDGER)


def unmeasured(outcomes: Iterable[Outcome | None], because: str, enable: str) -> Verdict:
    """Return why measures have no number: the reason of the first that gives one, else `because`.

    Args:
        outcomes: What was found of the measures, in the order in which they matter.
        because: What to say where nothing was tried at all.
        enable: What would let them be measured, where the reason names nothing itself.
    """
    first = next((outcome for outcome in outcomes if isinstance(outcome, NotMeasured)), None)
    if first is None:
        return Verdict(status="not_measured", because=because, enable=enable)
    return Verdict(status="not_measured", because=first.reason, enable=first.enable or enable)


def unstated(what: str, enable: str) -> Verdict:
    """Return that one thing is not stated, and what would state it."""
    return Verdict(status="not_measured", because=what, enable=enable)
