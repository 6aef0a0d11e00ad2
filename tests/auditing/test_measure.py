"""Which comparisons are made, which of them decides, and in which order all is told."""

import pytest

import longtail
from longtail.auditing.families import relabellings
from longtail.auditing.inputs import Inputs
from longtail.auditing.measure import Measurements, deciding_pairing, measure, of_generation, settings_of, uncompared
from longtail.auditing.options import Options
from longtail.records import Estimate, NotMeasured
from longtail.summaries.reference import Reference

from .made import prose, scored, table

OPTIONS = Options(views=("words_1",), alpha=0.04)


@pytest.fixture(scope="module")
def made():
    """Profiles of words alone: a reference, and what may stand beside it."""
    sizes = {"candidate": 200, "reference": 500, "baseline": 200, "control": 200, "against": 200, "few": 20}
    return {name: longtail.profile(prose(size, seed), views=["words_1"]) for seed, (name, size) in enumerate(sizes.items())}


def inputs(made, *roles, **more):
    given = {name: made[name] for name in roles if name != "reference"}
    reference = Reference(made["reference"]) if "reference" in roles else None
    return Inputs(**({"candidate": made["candidate"], "reference": reference, "baseline": None, "trained_on": None} | given | more))


def against_of(outcomes, metric):
    return {outcome.baseline for outcome in outcomes if isinstance(outcome, Estimate) and outcome.metric == metric}


@pytest.mark.parametrize(
    ("roles", "name", "baseline"),
    [
        (("reference",), "reference", "reference"),
        (("reference", "baseline"), "generation_1", "baseline"),
        (("reference", "baseline", "control"), "control", "control"),
        (("reference", "control"), "control", "control"),
        (("baseline",), "generation_1", "baseline"),
        (("baseline", "control"), "control", "control"),
    ],
)
def test_the_control_decides_then_generation_1_then_the_reference(made, roles, name, baseline):
    pairing = deciding_pairing(inputs(made, *roles), OPTIONS, 0.04)
    chooser, measured = pairing.roles[0]
    assert pairing.name == name
    assert chooser.profile is made["reference" if "reference" in roles else baseline]
    assert getattr(measured, "profile", measured) is made[baseline]


def test_the_level_and_the_options_set_relabellings_tail_share_and_seed(made):
    pairing = deciding_pairing(inputs(made, "reference"), Options(views=("words_1",), tau=0.2), 0.001)
    assert (pairing.settings.permutations, pairing.settings.tau) == (relabellings(0.001), 0.2) and relabellings(0.001) == 20_000
    seeded = longtail.profile(["one text"], seed=7)
    assert settings_of(seeded, Options(), 99).seed == 7


def test_a_data_set_alone_has_values_and_no_comparison(made):
    found = measure(inputs(made), OPTIONS)
    assert found == uncompared(inputs(made), OPTIONS, 0.04)
    assert (found.tail, found.concentration, found.others, found.fidelity, found.deciding, found.shift) == ((), (), (), (), None, None)
    assert {value.baseline for value in found.estimates()} == {None}
    assert found.level == 0.04


def test_the_tail_is_decided_and_nothing_else_but_the_concentration_is(made):
    found = measure(inputs(made, "reference", "baseline"), OPTIONS)
    decided = {outcome.metric for outcome in found.all() if isinstance(outcome, Estimate) and outcome.decision is not None}
    assert decided == {"tail_mass_retained", "tail_types_retained", "hill_1_ratio", "hill_2_ratio"} or decided >= {
        "tail_mass_retained",
        "tail_types_retained",
    }
    assert all(outcome.decision is not None for outcome in (*found.tail, *found.concentration))
    assert all(outcome.decision is None for outcome in (*found.others, *found.values) if isinstance(outcome, Estimate))
    assert against_of(found.tail, "tail_types_retained") == {"generation_1"}


def test_a_data_set_beside_itself_has_lost_nothing(made):
    found = measure(inputs(made, "reference", baseline=made["candidate"]), OPTIONS)
    assert {outcome.metric: outcome.value for outcome in found.tail} == pytest.approx({"tail_mass_retained": 1, "tail_types_retained": 1})
    assert found.shift.total_variation == 0


def test_whatever_else_was_given_is_compared_without_deciding(made):
    found = measure(inputs(made, "reference", "baseline", "control", "against"), OPTIONS)
    assert against_of(found.tail, "tail_types_retained") == {"control"}
    assert against_of(found.others, "tail_types_retained") == {"previous", "generation_1", "reference"}
    assert against_of(measure(inputs(made, "reference"), OPTIONS).others, "tail_types_retained") == set()
    assert against_of(measure(inputs(made, "baseline"), OPTIONS).others, "tail_types_retained") == set()


def test_the_level_is_alpha_unless_this_audit_has_a_part_of_it(made):
    whole, part = (measure(inputs(made, "reference"), OPTIONS, level) for level in (None, 0.01))
    assert (whole.level, part.level) == (0.04, 0.01)
    assert part.tail[0].level > whole.tail[0].level
    assert part.tail[0].high - part.tail[0].low > whole.tail[0].high - whole.tail[0].low


def test_too_few_documents_are_told_by_every_family(made):
    found = measure(inputs(made, "reference", candidate=made["few"]), OPTIONS)
    assert all(isinstance(outcome, NotMeasured) for outcome in (*found.tail, *found.concentration, *found.others, *found.exploratory))
    assert any("20 distinct documents" in absence.reason for absence in found.absences())
    assert found.exploratory == ()


@pytest.mark.parametrize(("scores", "wanted"), [((None, None), "--scores"), ((1, None), "--baseline-scores"), ((None, 1), "--scores")])
def test_a_missing_file_of_scores_is_asked_for(made, scores, wanted):
    here, there = (None if seed is None else scored(seed) for seed in scores)
    found = measure(inputs(made, "reference", scores=here, baseline_scores=there), OPTIONS)
    assert [(outcome.metric, outcome.enable) for outcome in found.fidelity] == [("heldout_nll", f"{wanted} FILE")]
    assert ("nll_q95" in {outcome.metric for outcome in found.values}) is (here is not None)


def test_two_files_of_scores_make_the_fidelity_family_and_the_pair(made):
    found = measure(inputs(made, "reference", scores=scored(1, 0.5), baseline_scores=scored(2)), OPTIONS)
    assert [outcome.metric for outcome in found.fidelity] == ["heldout_nll", "tail_nll", "accuracy"]
    assert {"human_nll_change", "tail_gap"} <= {outcome.metric for outcome in found.others}
    assert found.fidelity[0].value == pytest.approx(0.5, abs=0.05)


def test_deciding_outcomes_come_first_and_an_absence_is_told_once(made):
    absence = NotMeasured(reason="no words", metric="hdd")
    value = measure(inputs(made), OPTIONS).estimates()[0]
    one, two, three, four, five = (of_generation([value], at)[0] for at in range(5))
    found = Measurements((five, absence), (one,), (two, absence), (four,), None, fidelity=(three,), exploratory=(value,))
    assert found.all() == (one, two, absence, three, four, five, absence)
    assert found.estimates() == (one, two, three, four, five)
    assert found.absences() == (absence,)


def test_outcomes_are_marked_with_their_generation():
    absence = NotMeasured(reason="none")
    (marked,) = of_generation([absence], 3)
    assert (marked.generation, marked.reason, absence.generation) == (3, "none", None)
    assert of_generation([], 3) == ()


def test_short_and_long_documents_are_looked_at_where_texts_have_lengths(made):
    found = measure(inputs(made, "reference"), OPTIONS)
    assert {outcome.slice for outcome in found.exploratory} <= {"shortest documents", "longest documents"} and found.exploratory
    assert not set(found.exploratory) & set(found.all())
    reference = longtail.profile(table(600, 1), views=["category:kind"])
    candidate = longtail.profile(table(300, 2), views=["category:kind"], like=reference)
    columns = measure(Inputs(candidate, Reference(reference), None, None), Options(views=("category:kind",)))
    assert columns.exploratory == () and columns.deciding.view == "category:kind"


def test_redacted_values_hold_no_words(made):
    shown, hidden = (measure(inputs(made), Options(views=("words_1",), redact=redact)).values for redact in (False, True))
    phrases = [outcome for outcome in shown if outcome.slice and outcome.metric in ("opening_share", "commonest_template")]
    assert phrases
    assert [outcome.slice for outcome in hidden if outcome.metric in {each.metric for each in phrases}] == [""] * len(phrases)
