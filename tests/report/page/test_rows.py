from msgspec.structs import replace

from longtail.report.page import rows

from .test_context import finding, number


def test_failures_come_first_and_every_finding_has_an_anchor_of_its_own(empty):
    found = (finding("LT401", "warn"), finding("LT301", generation=2), finding("LT301", generation=3))
    shown = rows.findings(replace(empty, findings=found))
    assert [(each["anchor"], each["status"]) for each in shown] == [("LT301", "fail"), ("LT301-2", "fail"), ("LT401", "warn")]
    assert [each["generation"] for each in shown] == [2, 3, None]


def test_a_finding_is_flat_text_with_its_evidence_cut_and_its_command_apart(empty):
    long = finding(because="two\nlines \u202e", evidence=tuple("x" * 400 for _ in range(23)), remedy="Tag it: longtail tag a -o b")
    (shown,) = rows.findings(replace(empty, findings=(long,)))
    assert (shown["because"], shown["remedy"]) == ("two lines", ("Tag it:", "longtail tag a -o b"))
    assert (len(shown["evidence"]), {len(line) for line in shown["evidence"]}, shown["evidence_left"]) == (20, {300}, 3)


def test_an_estimate_is_one_row_and_what_it_lacks_is_blank():
    row = rows.estimate(number(slice="poems", level=0.95, baseline="generation_1", decision="shrunk", p=0.00123, n=1))
    assert row["name"].endswith(" of poems") and row["metric"] == "tail_mass@words_1"
    assert (row["value"], row["interval"], row["unit"], row["level"]) == ("50.0%", "[40.0%, 60.0%]", "", "95%")
    assert (row["baseline"], row["n"], row["status"], row["p"], row["p_adjusted"]) == ("generation 1", "1 document", "fail", "0.0012", "")
    bare = rows.estimate(number("entropy", view="", kind="value", unit="bit", value=12345, low=12000, high=13000, level=0.999))
    assert (bare["metric"], bare["value"], bare["unit"], bare["level"]) == ("entropy", "12,345", "bit", "99.9%")
    assert (bare["baseline"], bare["decision"], bare["status"], bare["needed"]) == ("–", "", None, None)


def test_the_documents_that_would_decide_are_asked_for_only_where_nothing_is_decided():
    assert rows.estimate(number(decision="inconclusive", documents_needed=900))["needed"] == 900
    assert rows.estimate(number(decision="ok", documents_needed=900))["needed"] is None


def test_a_page_cuts_the_table_of_estimates_and_counts_the_rest(empty):
    shown = rows.estimates(replace(empty, estimates=(number(),) * 203))
    assert (len(shown["rows"]), shown["hidden"]) == (200, 3)
    assert rows.estimates(replace(empty, estimates=(number(),)))["hidden"] == 0 and rows.estimates(empty) is None


def test_evidence_that_the_reason_has_said_already_is_not_said_again(empty):
    found = finding(because="tail types 0.6; tail mass 0.9", evidence=("tail types 0.6", "tail mass 0.9", "40 rows"))
    assert rows.findings(replace(empty, findings=(found,)))[0]["evidence"] == ["40 rows"]
