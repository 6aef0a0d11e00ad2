"""Pictures of the page as files of their own."""

import re
from xml.etree import ElementTree

import pytest

from longtail.errors import UnknownName, UsageError
from longtail.report.figures import check_figure, figures, write_figure

SVG = "{http://www.w3.org/2000/svg}"


def texts(drawn):
    return ["".join(each.itertext()) for each in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def test_every_picture_of_a_lineage_stands_alone(lineage):
    drawn = figures(lineage)
    assert list(drawn)[0] == "lineage"
    assert {"kept", "kept-2", "ranks"} <= set(drawn)
    for svg in drawn.values():
        root = ElementTree.fromstring(svg)
        assert root.tag == f"{SVG}svg"
        assert float(root.get("width")) > 300
        assert "var(--" not in svg
        assert "@media" not in svg


def test_a_figure_has_the_legend_and_the_numbers_of_the_page(lineage):
    shown = texts(figures(lineage)["lineage"])
    assert "how many rare items are left" in shown
    assert "margin: 90%" in shown
    assert "65%" in shown


def test_colours_are_plain_and_those_of_the_light_page(full):
    sheet = re.search(r"<style>(.*?)</style>", figures(full)["kept"], re.DOTALL)[1]
    assert "#0072b2" in sheet
    assert all(re.fullmatch(r"[^{}]+\{[^{}]*\}", line) for line in sheet.strip().splitlines())


def test_a_report_without_pictures_says_what_would_give_one(empty, tmp_path):
    with pytest.raises(UsageError, match="no picture; compare with a reference"):
        write_figure(empty, str(tmp_path / "a.svg"))


def test_a_picture_is_asked_for_by_name_and_a_wrong_name_gets_the_nearest(lineage, tmp_path):
    assert write_figure(lineage, f"ranks={tmp_path / 'r.svg'}") == "ranks"
    assert "generation 1" in texts((tmp_path / "r.svg").read_text())
    with pytest.raises(UnknownName, match="did you mean 'ranks'"):
        write_figure(lineage, f"rank={tmp_path / 'r.svg'}")


@pytest.mark.parametrize("asked", ["figure.pdf", "ranks=figure"])
def test_a_format_that_is_none_is_refused_before_the_work(asked):
    with pytest.raises(UsageError, match="a picture is one of .png, .svg"):
        check_figure(asked)


def test_a_png_says_how_it_was_made(lineage, tmp_path):
    pytest.importorskip("resvg_py", reason="draws PNG")
    write_figure(lineage, str(tmp_path / "f.png"))
    content = (tmp_path / "f.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert lineage.command.encode() in content
