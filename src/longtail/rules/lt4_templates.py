"""LT403: documents cast in one mould."""

from longtail.records import Estimate, Verdict
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence
from longtail.rules.lt3_surface import ABSURD_SHARE, LEVEL, RATIO_MARGIN, judged, share_of


@RULES.add(
    "LT403",
    title="templates",
    metric="template_share, commonest_template",
    convention=f"warn where the whole interval is more than {1 - RATIO_MARGIN:.0%} of documents above the baseline's share and p is at most"
    f" {LEVEL} over the number of surface measures, or where more than {ABSURD_SHARE:.0%} of documents hold the same six words on end;"
    " conventions, not laws",
    source="own definition; decision 0003",
)
def templates(evidence: Evidence) -> Verdict:
    """Documents share long runs of words that documents of the baseline do not share.

    Why: copies that were changed a little, and answers poured into one mould, pass a search for exact duplicates; a model
    trained on them learns the mould.

    Symptoms: synthetic data all from one template; boilerplate in training data; as an AI language model in the text; same phrase in many
    rows.

    How measured: a template is six words on end that at least one in a hundred distinct documents (and three) hold. The share of
    documents that hold one, less the baseline's, with equally many documents on both sides; units of documents are permuted. Of
    one sample alone, the share of documents that hold its commonest six words on end.

    Formula: excess = share of documents that hold a template - the baseline's; warn where its lower bound > 0.10 and p <= 0.05 / number of
    surface measures; alone, where the lower bound of the share that holds the commonest six words > 0.10.

    Minimum: 96 distinct documents on each side, 30 for a sample alone; at most 2,048 are looked at.

    False positives: licences, signatures, forms and headings that are meant to repeat.

    Fix: take the shared words out, or keep one document of each mould; generate from more prompts.

    Silence: no threshold of its own; it warns and does not fail an audit.

    See it: `longtail audit longtail-demo/replace_t0.8/gen5.jsonl --reference longtail-demo/human.jsonl` after `longtail demo`: moulds that
    a loop at a low temperature pours into.
    """
    shares = [each for each in evidence.of("commonest_template") if isinstance(each, Estimate) and each.low > ABSURD_SHARE]
    remedy = "take the shared words out, or keep one document of each mould, before training"
    return judged(evidence, ("template_share",), [f"{share_of(each)} hold {each.slice!r}" for each in shares], remedy)
