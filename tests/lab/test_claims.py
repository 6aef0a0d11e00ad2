import pytest

from longtail.errors import ReadError, UnknownName
from longtail.lab.claims import NOT_RUN, UNGROUNDED, Result, claims, contradicted, register, run_all, shipped
from longtail.lab.experiment import load, names

ROWS = [*range(3, 34), 47, 48, 81, *range(82, 90), 113, *range(118, 134)]


def test_every_claim_has_a_row_and_an_experiment_or_a_reason():
    found = {claim.id for claim in claims()}
    assert found == {f"R{number:03}" for number in ROWS} | {f"C{number}" for number in range(1, 16)}


def test_experiments_and_claims_name_each_other():
    by_claim = {claim.id: claim.experiments for claim in claims()}
    for name in names():
        assert any(name in by_claim[each] for each in load(name).told.answers), name
    for claim in claims():
        for name in claim.experiments:
            if name in names():
                assert claim.id in load(name).told.answers, (claim.id, name)


def test_the_shipped_register_was_measured_in_full_and_covers_every_experiment():
    found = shipped()
    assert found.run == "full"
    assert set(names()) <= set(found.results)
    for row in found.claims:
        assert (row.status == UNGROUNDED) == (not row.experiments)
        assert row.status != NOT_RUN, row.id


def test_the_shipped_measurements_answer_the_expectations_that_are_shipped():
    results = shipped().results
    for name in names():
        assert [each.says for each in results[name].measured] == [each.says for each in load(name).told.expect], name


def test_the_gravest_result_decides_and_a_missing_one_is_not_run():
    holds, fails = Result(status="holds", date="2026-01-01"), Result(status="does not reproduce", date="2026-01-02")
    both = {"replace-collapses": holds, "family-text": fails}
    rows = {row.id: row for row in register(both, "quick").claims}
    assert (rows["R003"].status, rows["R003"].date, rows["R003"].failing) == ("does not reproduce", "2026-01-02", True)
    assert rows["R004"].status == NOT_RUN


def test_only_opposite_verdicts_contradict():
    before = {"a": Result(status="holds", date="d")}
    for old, new, count in (("holds", "fails", 1), ("holds", "undecided", 0), ("fails", "holds", 1), ("undecided", "fails", 0)):
        known = {"a": _with(before["a"], old)}
        assert len(contradicted({"a": _with(before["a"], new)}, known)) == count


def _with(result, verdict):
    measured = shipped().results["curse"].measured[0]
    changed = type(measured)(**{name: getattr(measured, name) for name in measured.__struct_fields__} | {"verdict": verdict})
    return Result(status=result.status, date=result.date, measured=(changed,))


def test_one_experiment_can_be_run_anew_and_the_others_keep_what_was_known():
    known = shipped().results
    found = run_all(quick=True, known=known, only=["single-pass"])
    assert {name for name in known if found[name] is not known[name]} == {"single-pass"}
    assert found["single-pass"].measured[0].replicates == load("single-pass").told.quick_replicates
    with pytest.raises(UnknownName, match="did you mean 'single-pass'"):
        run_all(quick=True, only=["single-pas"])


def test_a_file_that_is_no_register_is_told(tmp_path):
    (tmp_path / "none.json").write_text("{}")
    with pytest.raises(ReadError, match="no register"):
        shipped(tmp_path / "none.json")


@pytest.mark.slow
def test_a_quick_run_of_all_experiments_contradicts_nothing_that_is_shipped():
    known = shipped().results
    found = run_all(quick=True, known=known)
    assert contradicted(found, known) == []
