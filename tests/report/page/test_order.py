from longtail.report import to_html
from longtail.report.page import order
from longtail.report.page.html import environment


def test_sections_stand_in_the_parts_of_the_reading_order():
    parts = list(dict.fromkeys(section.part for section in order.SECTIONS))
    assert parts == ["Why", "Where", "What to do", "How sure", "Appendix"]
    assert [section.part for section in order.SECTIONS] == sorted((section.part for section in order.SECTIONS), key=parts.index)


def test_every_section_has_a_template_with_its_id_and_its_heading():
    for section in order.SECTIONS:
        source = environment().loader.get_source(environment(), section.template)[0]
        assert f'<section id="{section.id}"' in source and f">{section.heading}</h2>" in source
        assert not section.style or environment().get_template(section.style)


def test_what_has_nothing_to_show_is_left_out_and_its_style_with_it(empty, lineage):
    bare, whole = order.facts(empty), order.facts(lineage)
    assert [section.name for section in bare["sections"]][0] == "strata" and "lineage" in [section.name for section in whole["sections"]]
    assert "lineage.css" in whole["styles"] and "lineage.css" not in bare["styles"]
    assert 'href="#lineage"' in to_html(lineage) and 'href="#lineage"' not in to_html(empty)


def test_a_section_is_one_line(empty):
    one = order.Section("Why", "ranks", "From the commonest to the rarest", lambda report: {"seed": report.seed})
    found = order.facts(empty, (one,))
    assert found["ranks"] == {"seed": empty.seed} and found["parts"] == {"Why": [one]} and one.template == "ranks.html"
