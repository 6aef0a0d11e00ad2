import msgspec
import numpy as np
import pytest

from longtail.errors import UnknownName, UsageError
from longtail.origin import checks
from longtail.origin.measuring import measure
from longtail.origin.reference import Reference
from longtail.origin.settings import Settings
from longtail.origin.target import Controls, Target

from .drawn import FOREIGN, HUMAN, MODEL, OTHER, blend, reference

CLOSED = Settings(folds=3, replicates=40, closed=True)


def by_name(measured):
    return {check.name: check for check in measured.checks}


def numbers(measured):
    return [each for share in (measured.machine, *measured.origins) for each in (share.share, share.low, share.high)]


@pytest.fixture(scope="module")
def known():
    return reference(np.random.default_rng(0), [HUMAN, MODEL], 160)


@pytest.fixture(scope="module")
def target():
    return blend(np.random.default_rng(1), [HUMAN, MODEL], [0.6, 0.4], 400)


@pytest.fixture(scope="module")
def found(known, target):
    texts, kinds = target
    return measure(Target(tuple(texts), slices={"site": ["a" if kind else "b" for kind in kinds]}), known, CLOSED)


def test_the_share_of_a_mixture_is_told_with_an_interval_that_holds_it(found, target):
    whole, truth = found.told.whole, (target[1] > 0).mean()
    assert whole.status == "ok", whole.reasons
    assert whole.machine.low < truth < whole.machine.high and whole.machine.share == pytest.approx(truth, abs=0.06)
    assert (whole.documents, whole.clusters, whole.reasons) == (400, 400, ())
    assert [each.origin for each in whole.origins] == ["model1"] and {"mixture", "acc"} <= set(whole.methods)
    assert 0 < whole.floor < 0.2


def test_slices_are_measured_each_by_itself(found):
    shares = {each.value: each for each in found.told.slices}
    assert list(shares) == ["a", "b"] and shares["a"].column == "site"
    assert shares["a"].documents + shares["b"].documents == 400
    assert shares["a"].machine.share > 0.9 and shares["b"].machine.share < 0.1
    assert found.replicates["site", "a"].shape == (40,) == found.replicates["", ""].shape


def test_an_estimate_is_told_in_finite_numbers_that_survive_the_file(found):
    told = msgspec.json.encode(found.told)
    assert b"NaN" not in told and msgspec.json.decode(told, type=type(found.told)) == found.told


def test_the_same_again_is_the_same_and_another_seed_is_another_draw(found, known, target):
    again = measure(Target(tuple(target[0])), known, CLOSED).told.whole
    other = measure(Target(tuple(target[0])), known, msgspec.structs.replace(CLOSED, seed=1)).told.whole
    assert again == found.told.whole
    assert other.machine.low != again.machine.low


def test_a_refused_estimate_tells_no_number_of_any_share(known):
    foreign = tuple(FOREIGN.texts(np.random.default_rng(2), 120))
    whole = measure(Target(foreign), known, CLOSED).told.whole
    assert whole.status == "refused" and "no mixture of the reference's kinds" in whole.reasons[0]
    assert set(numbers(whole)) == {None} and whole.methods == {}


def test_too_few_documents_are_refused(known, target):
    whole = measure(Target(tuple(target[0][:29])), known, CLOSED).told.whole
    assert (whole.status, by_name(whole)["target_size"].value) == ("refused", 29)


def test_a_small_reference_is_weak_and_a_tiny_one_refused(target):
    rng, texts = np.random.default_rng(3), Target(tuple(target[0]))
    weak, refused = (measure(texts, reference(rng, [HUMAN, MODEL], each), CLOSED).told.whole for each in (100, 40))
    assert not by_name(weak)["reference_size"].passed and not by_name(weak)["reference_size"].grave
    assert weak.status == "weak" and refused.status == "refused" and set(numbers(refused)) == {None}


def test_documents_of_the_reference_are_left_out_and_counted(found, known, target):
    padded = (*known.texts[:30], *(f" {text}\n" for text in known.texts[-30:]), *target[0], "", "?!")
    told = measure(Target(padded), known, CLOSED).told
    assert told.whole == found.told.whole
    assert told.notes[0].startswith("62 documents were left out")
    assert "left out" not in " ".join(found.told.notes)


def test_copies_are_one_cluster_and_clusters_given_join_copies(known, target):
    texts = (*target[0], *target[0][:100])
    alone = measure(Target(texts), known, CLOSED).told.whole
    assert (alone.documents, alone.clusters) == (500, 400)
    authors = [*(at // 4 for at in range(400)), *(1000 + at for at in range(100))]
    joined = measure(Target(texts, clusters=authors), known, CLOSED).told.whole
    assert joined.clusters == 100


def test_documents_that_depend_on_each_other_make_the_interval_wider(known, target):
    sorted_ = tuple(target[0][at] for at in np.argsort(target[1]))
    alone, together = (measure(Target(sorted_, clusters=np.arange(400) // size), known, CLOSED).told.whole.machine for size in (1, 8))
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_of_one_kind_of_machine_text_an_estimate_is_ok_only_where_it_is_declared_the_only_one(known, target):
    whole = measure(Target(tuple(target[0])), known, Settings(folds=3, replicates=20)).told.whole
    assert whole.status == "weak" and by_name(whole)["generators"].passed is None
    assert "--closed" in whole.reasons[0]


def test_with_several_kinds_each_is_left_out_in_turn():
    rng = np.random.default_rng(4)
    twins = Reference.of(HUMAN.texts(rng, 60), {"one": OTHER.texts(rng, 60), "other": FOREIGN.texts(rng, 60)})
    texts, kinds = blend(rng, [HUMAN, OTHER, FOREIGN], [0.5, 0.3, 0.2], 150)
    whole = measure(Target(tuple(texts)), twins, Settings(folds=3, replicates=20)).told.whole
    check = by_name(whole)["generators"]
    assert 0 <= check.value <= 1 and "had the reference lacked" in check.because
    assert [each.origin for each in whole.origins] == ["one", "other"]
    assert whole.machine.share == pytest.approx(sum(each.share for each in whole.origins))
    np.testing.assert_allclose([each.share for each in whole.origins], np.bincount(kinds)[1:] / 150, atol=0.1)


@pytest.mark.parametrize(
    ("style", "count", "status", "reason"),
    [
        (HUMAN, 300, "ok", ""),
        (MODEL, 300, "refused", "of text known to be human"),
        (FOREIGN, 60, "refused", "the human control was refused"),
    ],
    ids=["human", "machine", "foreign"],
)
def test_a_human_control_that_is_measured_as_machine_made_refuses_everything(known, target, style, count, status, reason):
    control = Target(tuple(style.texts(np.random.default_rng(5), count)))
    told = measure(Target(tuple(target[0])), known, CLOSED, controls=Controls(human=control)).told
    assert told.whole.status == status and reason in " ".join(told.whole.reasons[:1])
    assert (set(numbers(told.whole)) == {None}) == (status == "refused")
    assert [(each.column, each.value) for each in told.controls] == [("control", "human")]
    assert "no control was given" not in " ".join(told.notes)


def test_a_human_control_that_is_too_small_makes_the_estimate_weak(known, target, monkeypatch):
    monkeypatch.setattr(checks, "CONTROL_HIGH", 0.0)
    control = Target(tuple(HUMAN.texts(np.random.default_rng(5), 60)))
    whole = measure(Target(tuple(target[0])), known, CLOSED, controls=Controls(human=control)).told.whole
    assert whole.status == "weak" and "too small" in whole.reasons[0] and None not in numbers(whole)


@pytest.mark.parametrize(("style", "status"), [(MODEL, "ok"), (HUMAN, "refused")], ids=["machine", "human"])
def test_a_machine_control_that_is_measured_as_human_refuses_everything(known, target, style, status):
    control = Target(tuple(style.texts(np.random.default_rng(6), 300)))
    whole = measure(Target(tuple(target[0])), known, CLOSED, controls=Controls(machine=control)).told.whole
    assert whole.status == status, whole.reasons
    assert by_name(whole)["machine_control"].passed == (status == "ok")


def given(kinds, seed):
    return (np.asarray(kinds) * 3.0 + np.random.default_rng(seed).normal(size=len(kinds)))[:, None]


def test_scores_made_elsewhere_are_used_on_both_sides(known, target):
    texts, kinds = target
    theirs, ours = given(kinds, 7), given(known.labels, 8)
    told = measure(Target(tuple(texts), scores=theirs), known, CLOSED, reference_scores=ours).told
    assert told.scorer.name == "given"
    assert told.whole.machine.share == pytest.approx((kinds > 0).mean(), abs=0.06)
    assert told.rates[0].tpr > 0.8


def test_documents_without_a_score_are_left_out(known, target):
    texts, kinds = target
    theirs = given(kinds, 7)
    theirs[:50] = np.nan
    told = measure(Target(tuple(texts), scores=theirs), known, CLOSED, reference_scores=given(known.labels, 8)).told
    assert told.whole.documents == 350 and told.notes[0].startswith("50 documents were left out")


def test_scores_of_one_side_alone_are_refused(known, target):
    with pytest.raises(UsageError, match="for the corpus or for the reference alone"):
        measure(Target(tuple(target[0]), scores=given(target[1], 7)), known, CLOSED)
    with pytest.raises(UsageError, match="for the corpus or for the reference alone"):
        measure(Target(tuple(target[0])), known, CLOSED, reference_scores=given(known.labels, 8))


@pytest.mark.parametrize(("texts", "told"), [((), "no documents to measure"), (("", "?"), "none of the documents could be scored")])
def test_an_empty_target_is_refused_in_words(known, texts, told):
    with pytest.raises(UsageError, match=told):
        measure(Target(texts), known, CLOSED)


def test_a_target_that_is_the_reference_has_nothing_to_measure(known):
    with pytest.raises(UsageError, match="all of them stand in the reference"):
        measure(Target(known.texts), known, CLOSED)


def test_unknown_names_are_told_with_the_nearest(known, target):
    with pytest.raises(UnknownName, match="did you mean 'words'"):
        measure(Target(tuple(target[0])), known, Settings(scorer="word"))
    with pytest.raises(UnknownName, match="did you mean 'mixture'"):
        measure(Target(tuple(target[0])), known, Settings(method="mixtur"))


def test_grounds_do_not_depend_on_the_order_of_the_texts(found, known):
    turned = known.take(np.arange(len(known))[::-1])
    from longtail.origin.station import grounds

    assert grounds(turned) == found.told.reference == grounds(known)
    swapped = Reference(known.texts, 1 - known.labels, known.groups, known.origins)
    assert grounds(swapped).sha256 != grounds(known).sha256
    assert found.told.reference.documents == {"human": 160, "model1": 160}


def test_progress_is_told_at_each_stage(known, target):
    stages = []
    control = Target(tuple(HUMAN.texts(np.random.default_rng(5), 60)))
    measure(Target(tuple(target[0][:60])), known, CLOSED, controls=Controls(control), on_progress=lambda step: stages.append(step.stage))
    assert stages == ["fitting", "leaving kinds out", "human control", "measuring"]


def test_a_sample_of_a_larger_corpus_says_so(known, target):
    told = measure(Target(tuple(target[0][:60]), seen=9000), known, CLOSED).told
    assert "measured on 60 of 9,000 documents, drawn by a hash of their text" in told.notes
