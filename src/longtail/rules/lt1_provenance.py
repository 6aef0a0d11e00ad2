"""LT1xx: where documents came from."""

from longtail.records import Verdict
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence


@RULES.add(
    "LT101",
    title="no provenance",
    metric="share of documents whose lt_origin is stated and not unknown",
    convention="any untagged document; fail where --require LT101 is given, else warn",
    source="own definition: the column lt_origin",
)
def no_provenance(evidence: Evidence) -> Verdict:
    """Some documents do not say where they came from.

    Why: the share of synthetic text in a training set cannot be managed where it cannot be counted, and an unknown
    origin is a risk of its own, not a human one.

    How measured: documents without `lt_origin`, or with the value `unknown`, are counted.

    False positives: none; a data set that is human through and through still has to say so.

    Fix: write the column `lt_origin` (human, synthetic, model_edited, human_edited, human_selected, mixed) where the
    data are made or taken in.

    Silence: leave LT101 out of --require; it then warns and does not fail.
    """
    sample = evidence.candidate
    untagged = sample.documents - sample.tagged
    if untagged == 0:
        return Verdict(status="pass", because=f"all {sample.documents:,} documents state their origin")
    return Verdict(
        status="fail" if "LT101" in evidence.required else "warn",
        because=f"{untagged:,} of {sample.documents:,} documents do not state their origin",
        where="candidate",
        evidence=(f"tagged {sample.tagged:,}", f"untagged or unknown {untagged:,}"),
        remedy="add a column lt_origin (human, synthetic, …) where the data are made; unknown origin counts as a risk",
    )
