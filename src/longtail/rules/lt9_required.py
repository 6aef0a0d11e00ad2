"""LT900: what stands for any rule that was asked for by name and could not be measured."""

from collections.abc import Callable

from longtail.catalogue import Catalogue
from longtail.records import Verdict
from longtail.rules.catalogue import RULES

REQUIRED = "LT900"
OF_RULES: Catalogue[Callable[[str, Verdict], Verdict]] = Catalogue("rule", *RULES.facts)
"""What is found of other rules, and not of evidence."""


@OF_RULES.add(
    REQUIRED,
    title="required rule not measured",
    metric="rules named by --require that could not be measured",
    convention="any; fail",
    source="own definition: absent is not pass",
)
def required_not_measured(code: str, verdict: Verdict) -> Verdict:
    """A rule that was asked for by name could not be measured.

    Why: a gate that passes because nothing could be looked at protects nothing; what has to be measured is named, and its
    absence fails.

    Symptoms: the check passed although it did not run; CI is green without a reference; skipped checks count as success.

    How measured: every code of --require whose rule has the status not_measured is one finding, with the reason of that rule.

    Formula: a finding for each required rule whose status = not_measured.

    Minimum: one --require.

    False positives: a rule that cannot apply to these data, such as one on pictures to a file of texts.

    Fix: give what the finding says is missing, such as a reference or more documents.

    Silence: leave the rule out of --require.

    See it: `longtail audit longtail-demo/human.jsonl --require LT301` after `longtail demo`: without a reference there is no tail to judge.
    """
    return Verdict(
        status="fail",
        because=f"{code} is required and was not measured: {verdict.because}",
        where="candidate",
        remedy=verdict.enable,
    )
