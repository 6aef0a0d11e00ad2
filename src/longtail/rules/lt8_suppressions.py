"""LT890: whether every override still holds something back."""

from longtail.records import Verdict
from longtail.rules.absent import no_pipeline
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence
from longtail.rules.pipeline import Override
from longtail.rules.waiving import in_force, matching


@RULES.add(
    "LT890",
    title="unused suppression",
    metric="overrides in force that hold no finding back",
    convention="any; warn",
    source="own definition, after the rules of linters on unused suppressions",
)
def unused_suppression(evidence: Evidence) -> Verdict:
    """An override is in force, and there is nothing for it to hold back.

    Why: an override that outlives its reason waits for the next loss and hides that one.

    Symptoms: suppression without effect; stale ignore rule; the override is not needed any more.

    How measured: the rule of each override that has not run out is applied; where it neither warns nor fails, or does so in
    another place than the override names (`where`), the override is unused. One of a required rule holds nothing back and
    counts as unused.

    Formula: a finding where an override in force has a rule that was measured and neither warns nor fails in its place.

    Minimum: a pipeline. An override whose rule was not measured cannot be told to be of use or not.

    False positives: a finding that comes and goes by chance about its margin; renew the override when it comes back.

    Fix: take the override out of the pipeline file, or correct its code or place.

    Silence: take the override out; no override holds this finding back.

    See it: `longtail drill longtail-demo/train.jsonl --reference longtail-demo/human.jsonl` after `longtail demo`: the alarm that an idle
    override of LT301 would hold back on the day it is needed.
    """
    if evidence.pipeline is None or evidence.today is None:
        return no_pipeline()
    overrides = in_force(evidence)
    verdicts = {each.code: RULES[each.code].member(evidence) for each in overrides}
    idle = [each for each in overrides if verdicts[each.code].status != "not_measured"]
    lines = tuple(told for each in idle if (told := _unused(each, verdicts[each.code], evidence)))
    if lines:
        remedy = "take it out of the pipeline file, or correct its code or place"
        return Verdict(status="warn", because="; ".join(lines[:3]), where="candidate", evidence=lines, remedy=remedy)
    return _in_use(overrides, verdicts)


def _in_use(overrides: tuple[Override, ...], verdicts: dict[str, Verdict]) -> Verdict:
    """Return that every override whose rule was measured is in use; where one was not, that this is not known."""
    unknown = [code for code, verdict in verdicts.items() if verdict.status == "not_measured"]
    if unknown:
        first = verdicts[unknown[0]]
        because = f"{', '.join(unknown)} not measured, so whether the override is needed is not known: {first.because}"
        return Verdict(status="not_measured", because=because, enable=first.enable)
    return Verdict(status="pass", because=f"{len(overrides)} override{'' if len(overrides) == 1 else 's'} in force, each of them in use")


def _unused(override: Override, verdict: Verdict, evidence: Evidence) -> str:
    """Return why an override holds nothing back; empty where it does."""
    name = f"the override of {override.code}{f' in {override.where}' if override.where else ''} (owner {override.owner})"
    if override.code in evidence.required:
        return f"{name} holds nothing back: the rule is required"
    if verdict.status == "pass":
        return f"{name} is not needed: the rule passes"
    return "" if matching(override.code, verdict, evidence, (override,)) else f"{name} matches no finding there"
