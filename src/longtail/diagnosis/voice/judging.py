"""The rule of voice flattening, applied to what was watched."""

import msgspec

from longtail.diagnosis.voice.kept import decided
from longtail.diagnosis.voice.records import Judged, Turn
from longtail.records import Estimate, NotMeasured
from longtail.rules import Evidence, Sample
from longtail.rules.lt7_voice import voice_flattening

CODE = "LT701"


def judged(variety: Estimate | NotMeasured, turn: Turn, documents: int) -> tuple[Estimate | NotMeasured, Judged]:
    """Return the number that decides with its decision, and what the rule says of it.

    Args:
        variety: What is left of the variety.
        turn: The change over the periods.
        documents: Documents read.
    """
    if isinstance(variety, Estimate):
        decision = decided(turn.change, variety.low, variety.high)
        variety = msgspec.structs.replace(variety, decision=decision, p=turn.p, slice=turn.period)
    evidence = Evidence(
        candidate=Sample(documents=documents, distinct=documents, words=0, tagged=0),
        duplicates=NotMeasured(reason="not asked for", metric="exact_duplicate_share"),
        fewest=0,
        outcomes=(variety,),
    )
    verdict = voice_flattening(evidence)
    because = verdict.because if turn.change in ("turn", "flat") else f"{turn.because}; {verdict.because}"
    return variety, Judged(code=CODE, status=verdict.status, because=because, remedy=verdict.remedy, enable=verdict.enable)
