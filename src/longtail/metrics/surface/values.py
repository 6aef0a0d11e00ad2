"""All surface measures of one sample, in a fixed order."""

from longtail.metrics.surface.excerpts import Excerpts
from longtail.metrics.surface.form import commonest_template, compression_ratio, opening_share, openings, template_share
from longtail.metrics.surface.lexical import hdd, mattr, msttr, mtld, yule_k
from longtail.metrics.surface.overlap import homogenisation, self_bleu, self_repetition
from longtail.records import Outcome


def surface_values(excerpts: Excerpts, seed: int = 0) -> tuple[Outcome, ...]:
    """Return every surface measure of one sample, or why it has none.

    Args:
        excerpts: The documents, of at most 2,048 of which the time is linear.
        seed: Seed of what is drawn: references, pairs, the order of blocks.
    """
    return (
        self_bleu(excerpts, seed=seed),
        self_repetition(excerpts),
        homogenisation(excerpts, seed=seed),
        compression_ratio(excerpts, seed=seed),
        mattr(excerpts),
        msttr(excerpts),
        hdd(excerpts),
        mtld(excerpts),
        yule_k(excerpts),
        openings(excerpts),
        opening_share(excerpts),
        template_share(excerpts),
        commonest_template(excerpts),
    )
