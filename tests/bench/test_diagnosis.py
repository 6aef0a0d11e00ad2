"""The measurement of diagnoses: its truth against brute force, its bars against planted errors, and a small one run whole."""

import math
from dataclasses import replace

import numpy as np
import pytest

from bench.diagnosis import __main__ as main
from bench.diagnosis import entering, page, rates, recipes, recovering
from bench.diagnosis.entering import Entered
from bench.diagnosis.judging import Case, judged
from bench.diagnosis.recovering import Promise
from bench.diagnosis.texts import Counted, beside
from bench.diagnosis.truth import Truth, expected_types, phase, truths
from bench.diagnosis.worlds import worlds
from bench.synthetic import profiled
from longtail.summaries.reference import Reference
from longtail.summaries.strata import Strata, choose

SAME = Truth(types=1.0, mass=1.0, hill_1=1.0, hill_2=1.0, contrast=0.0, novel=1.0, moved=0.0, nats=0.0)


def case(name="healthy", said="healthy", **given):
    made = Case(
        number=0, kind="replace", family="f", policy="replace", is_control=False, documents=1000, truth=(SAME,), true=((name, False),),
        said=(said,), onset=None, stated=None, explained=(), estimates={},
    )  # fmt: skip
    return replace(made, **given)


def row(rows, start):
    return next(each for each in rows if each["what"].startswith(start))


# --------------------------------------------------------------------------------------------------------- laws and truth


@pytest.mark.parametrize("world", worlds(), ids=lambda world: world.name)
def test_expected_types_are_those_of_documents_drawn(world):
    rng, shares, counted = np.random.default_rng(3), world.law.shares, []
    for _ in range(8):
        found = np.zeros(len(shares), bool)
        found[world.documents(shares, 400, rng).types] = True
        counted.append(found[world.law.tail].sum())
    expected = expected_types(world.presence(shares)[world.law.tail], 400)
    assert np.mean(counted) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("world", worlds(), ids=lambda world: world.name)
def test_clustering_moves_no_share(world):
    documents = world.documents(world.law.shares, 20_000, np.random.default_rng(1))
    counts = np.bincount(documents.types, minlength=len(world.law.shares)) / len(documents.types)
    assert counts[:20] == pytest.approx(world.law.shares[:20], rel=0.05)
    assert counts[world.law.tail].sum() == pytest.approx(world.law.tail_mass, rel=0.05)


def test_lineages_keep_the_human_law_up_to_the_onset_and_not_after():
    for number in range(2 * len(recipes.KINDS)):
        made = recipes.recipe(number)
        written = recipes.laws(made)
        human = made.world.law.shares
        assert len(written) == made.generations
        assert all(law.sum() == pytest.approx(1) and law.min() >= 0 for law in written)
        assert all(np.array_equal(law, human) for law in written[: made.onset - 1])
        assert made.kind in ("healthy", "overfitted") or not np.array_equal(written[made.onset - 1], human)


def test_truth_is_the_ratio_of_laws_on_the_tail_that_the_reference_chose():
    world = worlds()[0]
    rng, human = np.random.default_rng(2), world.law.shares
    reference = profiled(world.documents(human, 2_000, rng), 0)
    half = np.where(world.law.rare, human / 2, human)
    half = half / half.sum()
    found = truths(world, [human, human, half], [0.0, 0.0, 0.1], Reference(reference), 1_000)
    assert found[0].types == found[0].mass == found[0].hill_2 == 1
    assert found[0].moved == 0
    assert found[1].mass == pytest.approx(0.5 / (1 - human[world.law.rare].sum() / 2), rel=1e-6)
    assert found[1].nats == 0.1
    assert found[1].hill_2 == pytest.approx((human**2).sum() / (half**2).sum())


@pytest.mark.parametrize(
    ("changed", "name", "is_near"),
    [
        ({}, "healthy", False),
        ({"types": 0.5}, "early", False),
        ({"types": 0.85}, "early", True),
        ({"mass": 0.95}, "watch", True),
        ({"types": 0.5, "mass": 0.95}, "early", False),
        ({"types": 0.5, "hill_2": 0.5}, "narrowing", False),
        ({"types": 0.5, "hill_2": 0.93}, "early", True),
        ({"hill_2": 0.5, "contrast": 0.7}, "concentrating", False),
        ({"types": 0.5, "hill_1": 0.2, "nats": 0.3}, "late", False),
        ({"types": 0.5, "hill_1": 0.48, "nats": 0.3}, "late", True),
        ({"types": 0.5, "hill_1": 0.2, "nats": None}, "early", False),
        ({"types": 0.5, "novel": 5.0}, "late", False),
        ({"types": 0.5, "novel": math.inf}, "late", False),
        ({"types": 0.5, "novel": None}, "early", False),
        ({"novel": 5.0}, "healthy", False),
        ({"moved": 0.2}, "drift", False),
        ({"moved": 0.03}, "healthy", True),
    ],
)
def test_the_true_phase_follows_the_rule_on_exact_quantities(changed, name, is_near):
    assert phase(replace(SAME, **changed)) == (name, is_near)


def test_a_model_of_texts_beside_itself_has_lost_nothing_and_half_of_its_types_are_a_loss():
    hashes = np.arange(1, 41, dtype=np.uint64)
    tokens = np.repeat([50, 2], 20)
    one = Counted(hashes, tokens, np.minimum(tokens, 30), 100)
    strata: Strata = choose(hashes, tokens, int(tokens.sum()), 0.03)
    same = beside(one, one, strata, 50)
    assert (same.types, same.mass, same.hill_2, same.moved) == (1, 1, 1, 0)
    gone = beside(Counted(hashes[:30], tokens[:30], one.documents[:30], 100), one, strata, 50)
    assert gone.types == pytest.approx(0.5, abs=0.02)
    assert gone.mass == pytest.approx(0.5, abs=0.02)


# ----------------------------------------------------------------------------------------------------------------- rates


def test_phases_that_are_right_keep_the_bars():
    rows = rates.phases([case() for _ in range(50)] + [case("early", "early") for _ in range(50)])
    assert row(rows, "phase correct")["holds"]
    assert row(rows, "inconclusive")["holds"]
    assert row(rows, "collapse (early")["rate"] == 1


def test_wrong_and_undecided_phases_miss_the_bars():
    cases = [case("early", "early")] * 60 + [case("early", "healthy")] * 10 + [case("healthy", "inconclusive")] * 30
    rows = rates.phases(cases)
    assert row(rows, "phase correct")["of"] == 70
    assert not row(rows, "phase correct")["holds"]
    assert not row(rows, "inconclusive")["holds"]


def test_lineages_near_a_margin_are_counted_apart():
    near = replace(case("early", "watch"), true=(("early", True),))
    rows = rates.phases([case()] * 10 + [near] * 10)
    assert row(rows, "phase correct")["of"] == 10
    assert row(rows, "near a margin")["of"] == 10


def test_collapse_said_of_many_controls_misses_its_bar():
    quiet, alarmed = (case(said=said, is_control=True) for said in ("healthy", "early"))
    assert row(rates.phases([quiet] * 99 + [alarmed]), "collapse said of a control without")["holds"]
    assert not row(rates.phases([quiet] * 80 + [alarmed] * 20), "collapse said of a control without")["holds"]


def test_controls_called_collapse_miss_the_bar_whatever_their_phase_and_losses_that_are_missed_are_told_by_their_name():
    controls = [case("narrowing", "narrowing", is_control=True, kind="sharpened once", called="sharpening")] * 20
    fed = [case("narrowing", "narrowing", kind="replace", onset=2, true=(("narrowing", False),) * 2, called="collapse")] * 9
    missed = [case("narrowing", "narrowing", onset=3, true=(("healthy", False), ("narrowing", False)), called="sharpening")]
    rows = rates.calls([*controls, *fed, *missed])
    assert row(rows, "called collapse: controls")["holds"] is True
    assert row(rows, "called collapse: sharpened once")["of"] == 20
    assert row(rows, "called collapse where it is one")["rate"] == 0.9
    assert row(rows, "the same, the loss began before the last")["rate"] == 1.0
    assert row(rows, "the same, it began in the last")["rate"] == 0.0
    assert row(rows, "a collapse called sharpening")["rate"] == 0.1
    wrong = rates.calls([replace(each, called="collapse") for each in controls])
    assert row(wrong, "called collapse: controls")["holds"] is False


def test_onsets_stated_too_early_miss_their_bar():
    good, early, false = case(onset=3, stated=4), case(onset=3, stated=2), case(onset=None, stated=4)
    assert row(rates.onsets([good] * 97 + [early] * 3), "stated before")["holds"]
    assert not row(rates.onsets([good] * 80 + [early] * 10 + [false] * 10), "stated before")["holds"]


def test_the_clean_version_is_the_one_before_the_loss():
    two = replace(case(), true=(("healthy", False), ("early", False)), onset=3)
    right = replace(two, said=("healthy", "early"), stated=3)
    wrong = replace(two, said=("watch", "early"), stated=2)
    assert [rates.picked(each) for each in (right, wrong)] == [2, 1]
    assert row(rates.cleans([right] * 20), "the planted")["holds"]
    drifted = replace(two, said=("drift", "early"), stated=3)
    assert rates.picked(drifted) == 2  # it differs from the first, and has lost nothing
    assert not row(rates.cleans([right] * 8 + [wrong] * 2), "the planted")["holds"]


def test_rates_have_the_exact_interval():
    found = rates.rate("r", [True] * 8 + [False] * 2)
    assert found["interval"] == "0.444 … 0.975"
    assert rates.rate("none", [])["rate"] is None


def test_promises_not_kept_miss_their_bar():
    kept = Promise(1, "k", "re-anchor, share 0.3, drop", (0.9, 0.8, 1.0), 0.95, (2, 2), is_far=True)
    broken = replace(kept, realised=0.5)
    assert row(page.promised([kept] * 10), "re-anchor")["holds"]
    assert not row(page.promised([kept] * 8 + [broken] * 2), "re-anchor")["holds"]


def test_entries_that_are_off_miss_their_bars():
    exact, off = Entered(3, 0.5, 3, 0.5, is_covered=True), Entered(3, 0.5, 5, 0.5, is_covered=False)
    rows = entering.told([exact] * 9 + [off], [exact] * 8 + [off] * 2)
    assert [each["holds"] for each in rows[:3]] == [False, False, False]
    assert all(each["holds"] for each in entering.told([exact] * 9, [exact] * 9)[:3])


# ------------------------------------------------------------------------------------------------------------- run whole


@pytest.fixture(scope="module")
def few():
    return [judged(number) for number in (2, 3, 6, 21)]


def test_phases_of_a_few_lineages_are_right(few):
    clear = rates.far(few)
    assert len(clear) >= 3
    assert [each.said[-1] for each in clear] == [each.true[-1][0] for each in clear]
    assert len({each.said[-1] for each in clear}) >= 3


def test_the_page_names_every_failure(few):
    wrong = replace(rates.far(few)[0], said=(*rates.far(few)[0].said[:-1], "inconclusive"), number=987)
    made = page.page([("few", [*few, wrong])], None, None, "run it")
    assert "| few | 987 |" in made
    assert made.count("Not measured yet.") == 2
    assert "**no**" in page.page([("bad", [wrong])], None, None, "")


def test_a_planted_entry_is_found_in_a_folder():
    found = [entering.recorded(number) for number in range(6)]
    assert [each.said for each in found] == [each.true for each in found]
    assert all(each.is_covered for each in found)


def test_rows_are_drawn_once_before_any_is_drawn_again():
    rng = np.random.default_rng(0)
    assert len(set(recovering._rows(5, 9, rng).tolist())) == 5
    assert np.bincount(recovering._rows(25, 10, rng)).min() >= 2
    documents = worlds()[2].documents(worlds()[2].law.shares, 30, rng)
    held = [len({document for document, of in zip(documents.owner, documents.types, strict=True) if of == type_}) for type_ in range(5)]
    assert recovering.presences(documents, 5_000)[:5].tolist() == held


def test_matrices_are_drawn_with_the_phases_that_occur():
    assert page.grid(rates.ends([case("early", "watch"), case("early", "early")])).splitlines()[-1] == "| early | 1 | 1 |"


def test_the_stages_make_the_page_that_the_command_writes(few):
    kept = Promise(1, "k", "roll-back, share 0.3, drop", (0.9, 0.8, 1.0), 0.95, (2, 2), is_far=True)
    entered = Entered(3, 0.5, 3, 0.5, is_covered=True)
    found = dict.fromkeys(main.STAGES, few) | {
        "recovery": [[kept], []],
        "recorded": [entered],
        "estimated": [entered],
        "estimated of few documents": [entered],
    }
    made = main.paged(found, 7)
    assert "python -m bench.diagnosis --lineages 7 --write" in made
    assert all(f"### {name[0].upper()}{name[1:]}" in made for name in (main.ALL, main.TAIL, main.TEXTS))
    assert "1 lineages that lost something were planned for" in made
