import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.origin.instrument import Instrument
from longtail.origin.quantifiers import QUANTIFIERS, Scored
from longtail.origin.reference import Reference, paired
from longtail.origin.settings import Settings

BODIES = [f"the year {at} was {'wet' if at % 2 else 'dry'} and long for all who lived by the river" for at in range(40)]
HUMAN = [f"In {at} and after {body}" for at, body in enumerate(BODIES)]
MADE = [f"Model text {at} of its own says that {body}" for at, body in enumerate(BODIES)]


def completed(human, share):
    """What a model writes after the first words of some of the human texts, and from nothing for the others."""
    cut = round(share * len(human))
    return [f"{' '.join(text.split()[:6])} there is more to tell of {at}" for at, text in enumerate(human[:cut])] + MADE[cut:]


def test_texts_are_labelled_in_the_order_of_their_origins():
    known = Reference.of(["a b", "c d"], {"gpt": ["e f"], "llama": ["g h", "i j"]})
    assert known.origins == ("gpt", "llama")
    assert known.labels.tolist() == [0, 0, 1, 2, 2]
    assert known.counts().tolist() == [2, 1, 2] and len(known) == 5


def test_copies_are_one_group_where_no_groups_are_given():
    known = Reference.of(["a  b", "a b", "c d"], ["e f", "e\tf"])
    assert known.groups.tolist() == [0, 0, 1, 2, 2]


def test_some_of_the_texts_keep_the_origins_by_place_and_by_flag():
    known = Reference.of(["a", "b"], {"one": ["c"], "two": ["d"]})
    flagged, placed = known.take(np.array([True, False, True, False])), known.take(np.array([2, 0]))
    assert (flagged.texts, flagged.origins) == (("a", "c"), ("one", "two"))
    assert (placed.texts, placed.labels.tolist()) == (("c", "a"), [1, 0])


def test_paired_texts_are_refused_without_groups_and_taken_with_them():
    with pytest.raises(UsageError, match=r"100% of the machine texts begin like one human text.*--group-column"):
        Reference.of(HUMAN, completed(HUMAN, 1))
    known = Reference.of(HUMAN, completed(HUMAN, 1), [range(40), range(40)])
    assert known.groups.tolist() == [*range(40), *range(40)]


def test_one_paired_origin_among_several_is_refused():
    with pytest.raises(UsageError, match="they look paired"):
        Reference.of(HUMAN, {"free": MADE, "bound": completed(HUMAN, 1)})


@pytest.mark.parametrize(("share", "refused"), [(0.05, False), (0.1, True)])
def test_a_few_chance_twins_are_let_pass(share, refused):
    made = completed(HUMAN, share)
    assert paired(HUMAN, made) == pytest.approx(share)
    if refused:
        with pytest.raises(UsageError, match="10%"):
            Reference.of(HUMAN, made)
    else:
        assert len(Reference.of(HUMAN, made)) == 80


def test_greetings_that_many_share_are_no_pairs():
    greeted = [f"Dear Sir or Madam, I {text}" for text in HUMAN]
    assert paired(greeted, [f"Dear Sir or Madam, I {text}" for text in MADE]) == 0.0


def test_twins_are_seen_across_case_and_spacing_and_short_texts_are_not_judged():
    assert paired(["One two three four five six"], ["one  two\nthree FOUR five seven"]) == 1.0
    assert paired(["Yes."], ["Yes."]) == 0.0


@pytest.mark.parametrize(
    ("human", "made", "groups", "told"),
    [
        ([], ["a"], None, "the reference has no human texts"),
        (["a"], {"gpt": []}, None, "the reference has no gpt texts"),
        (["a", "b"], ["c"], [[1, 2], [1, 2]], r"groups has parts of \[2, 2\] documents, and the texts are \[2, 1\]"),
        (["a", "b"], ["c"], [[1, 2]], r"groups has parts of \[2\]"),
    ],
)
def test_what_does_not_fit_is_refused(human, made, groups, told):
    with pytest.raises(UsageError, match=told):
        Reference.of(human, made, groups)


@pytest.mark.parametrize("name", ["pubmed_davinci", "pubmed_gpt-4"])
def test_real_pairs_are_refused_without_groups(human_vs_model, name):
    rows = human_vs_model(name)
    human, made = [row["human"] for row in rows], [row["model"] for row in rows]
    with pytest.raises(UsageError, match="they look paired"):
        Reference.of(human, made)
    assert len(Reference.of(human, made, [[row["pair"] for row in rows]] * 2)) == 2 * len(rows)


def told(reference, scorer, human, made):
    """Ranks of unseen reference texts that are right, and the mean error of the share of mixtures at eight shares."""
    instrument = Instrument(reference, Settings(scorer=scorer, replicates=20))
    scores, of_model = instrument.scores[:, 0], reference.labels == 1
    kinds = [instrument.calibration.log_ratios(instrument.read(texts).scores) for texts in (human, made)]
    rng, size, errors = np.random.default_rng(0), len(human), []
    for share in (0.0, 0.1, 0.2, 0.3, 0.7, 0.8, 0.9, 1.0):
        count, at = round(share * size), rng.permutation(size)
        mixed = np.concatenate([kinds[0][at[count:]], kinds[1][at[:count]]])
        found = QUANTIFIERS["mixture"].member(Scored(mixed, instrument.log_ratios, reference.labels))[0, 0]
        errors.append(abs(found - count / size))
    return (scores[of_model, None] > scores[~of_model]).mean(), np.mean(errors)


@pytest.mark.parametrize(
    ("scorer", "right", "wrong", "most", "least"), [("likelihood", 0.8, 0.45, 0.1, 0.5), ("words", 0.85, 0.8, 0.05, 0)]
)
def test_groups_ignored_blind_a_scorer_to_what_it_sees_and_turn_an_estimate_over(human_vs_model, scorer, right, wrong, most, least):
    rows = human_vs_model("pubmed_davinci")
    human, made = [row["human"] for row in rows], [row["model"] for row in rows]
    known = Reference.of(human[:75], made[:75], [range(75)] * 2)
    blind = Reference(known.texts, known.labels, np.arange(150), known.origins)
    (auc, error), (blind_auc, blind_error) = (told(each, scorer, human[75:], made[75:]) for each in (known, blind))
    assert auc > right and error < most
    assert blind_auc < wrong and blind_error > max(least, error)
