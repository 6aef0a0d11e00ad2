"""Different answers to one prompt, where the sampled documents hold all answers to enough prompts."""

import numpy as np
import pyarrow as pa

from longtail.metrics.catalogue import VALUES
from longtail.metrics.surface.answers import ALIKE, RUN, overlapping
from longtail.metrics.surface.means import FEWEST
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import quantile
from longtail.stats.surface.novelty import DRAWN, Alike, Distinct, classes, expected_distinct
from longtail.summaries.profile import Profile
from longtail.summaries.sample import SAMPLE_SIZE, TEXT_LIMIT
from longtail.views.batch import texts_of
from longtail.views.documents import type_of
from longtail.views.keys import CELLS, cells_of, types_of
from longtail.views.names import DOCUMENTS, PROMPTS

Answers = dict[str, int]
"""The different answers to one prompt, and how often each was given."""

LIBRARY = "longtail.stats.surface.novelty.distinct_k on the answers themselves"
_OVERLAP = f"alike from a Jaccard index of {ALIKE:g} of runs of {RUN} words"


@VALUES.add(unit="answers", worse="lower", source="Zhang et al. 2025, rarefied (Hurlbert 1971); test: all subsets")
def distinct_k(profile: Profile, /, *, drawn: int = DRAWN, alike: Alike | None = None) -> Outcome:
    """Expected different answers among 10 to one prompt, mean over prompts.

    How measured: over the answers to each prompt, where the sample of documents holds all of them; prompts are the units

    Formula: mean over prompts of the expected number of different answers among 10 that are drawn without replacement.

    Minimum: 30 prompts with 10 answers each, all of which the sample of documents holds.

    False positives: paraphrases, which the rule that compares runs of words counts as different; questions with one right answer.

    Akin: LT303

    Args:
        profile: Documents with prompts, of which the sample must hold all answers.
        drawn: Answers drawn of each prompt.
        alike: Whether two answers say the same; by default half of their runs of three words are common. That counts
            paraphrases as different: numbers by another rule, such as the classifier of the source, do not compare.
    """
    prompts = profile.distinct(view=PROMPTS)
    if not prompts:
        return _absent("no document states the prompt that it answers", f"a column with the prompt, and {drawn} answers to each")
    answers = answers_of(profile)
    enough = [each for each in answers if sum(each.values()) >= drawn]
    if len(enough) < FEWEST:
        return _too_few(prompts, answers, len(enough), drawn)
    rule, told = (overlapping(), _OVERLAP) if alike is None else (alike, "alike by a rule that was given")
    values = [expected_distinct(classes(list(each), rule), drawn, list(each.values())) for each in enough]
    found = Distinct(np.array(values), prompts - len(enough))
    half = quantile(0.975, len(enough) - 1) * found.error
    return Estimate(
        metric="distinct_k",
        view=DOCUMENTS,
        value=found.mean,
        low=min(found.mean, max(1.0, found.mean - half)),
        high=max(found.mean, min(float(drawn), found.mean + half)),
        n=len(enough),
        unit="answers",
        resampling_unit="prompt",
        method=f"k = {drawn}, {told}; mean over {len(enough):,} of {prompts:,} prompts whose answers are all in the sample, standard error",
    )


def answers_of(profile: Profile) -> list[Answers]:
    """Return the different answers to each prompt that the document sample holds whole, with how often each was given.

    Answers lie in the cell of their prompt, so a cell is taken where it holds one prompt and no document without one, and where
    every document in it is in the sample with all of its text.
    """
    documents, prompts = profile.frequencies[DOCUMENTS], profile.frequencies[PROMPTS]
    if not documents.is_exact or not prompts.is_exact:
        return []
    known, run = _texts_by_type(profile), documents.run()
    kinds, cells = types_of(run.keys), cells_of(run.keys)
    is_missing = ~np.isin(kinds, np.fromiter(known, np.uint64, len(known)))
    whole = np.bincount(cells_of(prompts.run().keys), minlength=CELLS) == 1
    whole &= (prompts.documents == documents.documents) & (np.bincount(cells[is_missing], minlength=CELLS) == 0)
    answers: dict[int, Answers] = {}
    for at in np.flatnonzero(whole[cells]).tolist():
        answers.setdefault(int(cells[at]), {})[known[int(kinds[at])]] = int(run.documents[at])
    return [answers[cell] for cell in sorted(answers)]


def _texts_by_type(profile: Profile) -> dict[int, str]:
    """Return the texts of the sample that were not cut, by their type in the view of documents."""
    kept = [entry.text for entry in profile.sample.entries() if len(entry.text) < TEXT_LIMIT]
    types = type_of(texts_of(pa.array(kept, pa.string()), profile.seed), profile.seed)
    return dict(zip(types.tolist(), kept, strict=True))


def _too_few(prompts: int, answers: list[Answers], enough: int, drawn: int) -> NotMeasured:
    """Return that too few prompts have enough answers in the sample: the data have too few, or the sample holds too few of them."""
    told = f"{enough:,} of {prompts:,} prompts have {drawn} answers and all of them in the sample, fewer than {FEWEST}"
    wanted = f"at least {drawn} answers to each of {FEWEST} prompts, in at most {SAMPLE_SIZE:,} different documents"
    return _absent(f"{told}; the sample holds all answers to {len(answers):,}", f"{wanted}; or {LIBRARY}")


def _absent(reason: str, enable: str) -> NotMeasured:
    return NotMeasured(reason=reason, enable=enable, metric="distinct_k", view=DOCUMENTS)
