"""All pictures of an audit together."""

from collections.abc import Sequence
from typing import Any

from longtail.auditing.inputs import Inputs
from longtail.auditing.measure import Measurements
from longtail.auditing.options import Options
from longtail.auditing.pictures.common import common_of
from longtail.auditing.pictures.copies import copies_of
from longtail.auditing.pictures.deciles import deciles_of
from longtail.auditing.pictures.fading import fading_of
from longtail.auditing.pictures.losses import losses_of
from longtail.auditing.pictures.maps import maps_of
from longtail.auditing.pictures.ranks import ranks_of
from longtail.auditing.pictures.usual import usual_of
from longtail.metrics.pairing import principal_of
from longtail.summaries.profile import Profile


def pictures_of(
    inputs: Sequence[Inputs], measured: Sequence[Measurements], options: Options, vanished: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the panels that there is anything to draw in.

    Args:
        inputs: What was compared: one, or of a lineage one for each generation after the first.
        measured: What was measured of each, in the same order.
        options: Settings of the audit.
        vanished: The panel of what vanished, where there is one.
    """
    last, deciding = inputs[-1], measured[-1].deciding
    made: dict[str, Any] = {
        "rank_frequency": ranks_of(_samples(inputs), principal_of(last.candidate)),
        "losses": losses_of(inputs),
        "copies": copies_of(last, options),
    }
    if deciding is not None and deciding.refusal is None:
        made["deciles"] = deciles_of(deciding)
        made["maps"] = maps_of(last, deciding, options)
        made["usual"] = usual_of(last)
        made["common"] = common_of(measured) if len(inputs) > 1 else {}
        made["fading"] = fading_of(inputs, vanished) if vanished else {}
    return {name: panel for name, panel in made.items() if panel}


def _samples(inputs: Sequence[Inputs]) -> dict[str, Profile]:
    """Return the samples whose ranks are drawn, by the names that they are shown under."""
    last = inputs[-1]
    named = {"reference": last.reference.profile if last.reference else None, "generation 1": last.baseline}
    named |= {f"generation {number}": each.candidate for number, each in enumerate(inputs[:-1], start=2)}
    return {name: profile for name, profile in (named | {"candidate": last.candidate}).items() if profile is not None}
