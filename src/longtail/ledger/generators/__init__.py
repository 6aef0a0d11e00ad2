"""One line around a generator, and every output lands tagged with model, revision, decoding, prompt id and depth.

`hook` tells the kinds of generators apart; `calls` wraps callables and iterators, `clients` clients of the OpenAI kind, `streams`
what they stream, `pipelines` those of transformers. `outputs` finds the texts in what comes back, `decoding` the settings they
were sampled with, and `recording` makes the rows and hands them on.
"""

from longtail.ledger.generators.hook import tagged
from longtail.ledger.generators.recording import retrieved

__all__ = ["retrieved", "tagged"]
