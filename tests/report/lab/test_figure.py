"""The figure of the lab: well-formed, complete, and drawn to scale."""

import struct
import zlib
from xml.etree import ElementTree

import pytest

from longtail.errors import UsageError
from longtail.lab.result import Run, Series, Theory
from longtail.lab.settings import Settings
from longtail.report.drawing.png import ZOOM, to_png
from longtail.report.lab.figure import COLOURS, figure, shown
from longtail.report.lab.files import command_of, write_runs

SVG = "{http://www.w3.org/2000/svg}"


def series(mean, low=None, high=None, median=None):
    rows = tuple(mean)
    return Series(
        mean=rows,
        se=tuple(None if value is None else 0.001 for value in rows),
        median=tuple(median or rows),
        q05=tuple(low or rows),
        q95=tuple(high or rows),
        left_out=(0,) * len(rows),
    )


def made(policy="replace", theory=None, **columns):
    told = Settings(family="gaussian", policy=policy, generations=3, replicates=9)
    return Run(settings=told, generations=(1, 2, 3), series=columns, theory=theory or {}, lead_times={}, seconds=1.0)


@pytest.fixture
def two():
    theory = {"variance": Theory(value=(0.99, 0.98, 0.97), kind="exact", source="x")}
    return [
        made("replace", theory, variance=series([1.0, 0.9, 0.8], [0.9, 0.7, 0.5], [1.1, 1.1, 1.2]), entropy=series([3, 2, 1])),
        made("fresh:0.1", variance=series([1.0, 0.99, 0.98], median=[1.0, 0.8, 0.7]), entropy=series([3, 3, 2.9])),
    ]


def drawn(svg, *styles):
    return [each for each in ElementTree.fromstring(svg).iter() if set(styles) <= set((each.get("class") or "").split())]


def heights(each):
    return [float(point.split(",")[1]) for point in each.get("points").split()]


def test_the_figure_is_xml_and_keeps_the_command_version_and_seed(two):
    command = command_of(two)
    root = ElementTree.fromstring(figure(two, command=command))
    assert root.tag == f"{SVG}svg"
    metadata = root.find(f"{SVG}metadata").text
    assert f"command: {command};" in metadata and "version: longtail " in metadata and metadata.endswith("seed: 0")
    assert command in root.find(f"{SVG}desc").text
    assert "3 generations of 100 rows" in root.find(f"{SVG}title").text


def test_there_is_a_panel_for_each_series_and_a_line_and_band_for_each_run(two):
    svg = figure(two)
    assert [each.text for each in drawn(svg, "panel")] == ["variance", "entropy"]
    for look in ("s0", "s1"):
        assert len([each for each in drawn(svg, "line", look) if each.tag == f"{SVG}polyline"]) == 2
        assert len([each for each in drawn(svg, "band", look) if each.tag == f"{SVG}polygon"]) == 2
    assert len([each for each in drawn(svg, "theory", "t0", "exact") if each.tag == f"{SVG}polyline"]) == 1
    assert len([each for each in drawn(svg, "median", "s1") if each.tag == f"{SVG}polyline"]) == 1


def test_axes_and_strokes_have_their_words(two):
    words = [each.text for each in ElementTree.fromstring(figure(two)).iter(f"{SVG}text")]
    for expected in (
        "generation",
        "nats",
        "true variance = 1",
        "replace",
        "fresh:0.1",
        "5% to 95% of replicates",
        "median",
        "closed form, exact",
    ):
        assert expected in words


def test_a_line_is_drawn_to_scale(two):
    line = next(each for each in drawn(figure(two, ["entropy"]), "line", "s0") if each.tag == f"{SVG}polyline")
    first, middle, last = heights(line)
    assert first < middle < last and middle - first == pytest.approx(last - middle, abs=0.2)


def test_no_band_is_drawn_over_a_line(two):
    order = [each.get("class").split()[0] for each in drawn(figure(two, ["variance"])) if each.tag in (f"{SVG}polygon", f"{SVG}polyline")]
    assert order.index("line") > max(at for at, style in enumerate(order) if style == "band")


def test_words_of_a_name_cannot_break_the_file(two):
    svg = figure(two, command='longtail lab run x --law "<&>"')
    assert '"<&>"' in ElementTree.fromstring(svg).find(f"{SVG}metadata").text


def test_missing_values_are_left_out_of_a_line():
    svg = figure([made(entropy=series([3, 2, None], [3, 2, None], [3, 2, None], [3, 2, None]))])
    assert "nan" not in svg.lower() and "None" not in svg
    line = next(each for each in drawn(svg, "line", "s0") if each.tag == f"{SVG}polyline")
    assert len(heights(line)) == 2


def test_a_series_without_any_value_leaves_an_empty_panel():
    none = (None,) * 3
    assert drawn(figure([made(entropy=series(none, none, none, none))], ["entropy"]), "panel")


def test_series_that_never_move_or_equal_another_are_drawn_on_demand_only():
    run = made(variance=series([1.0, 0.9, 0.8]), trace=series([1.0, 0.9, 0.8]), effective_rank=series([1, 1, 1]))
    assert shown([run]) == ["variance"]
    assert shown([run], ["effective_rank", "trace"]) == ["effective_rank", "trace"]
    with pytest.raises(UsageError, match="'entropy' was not measured"):
        shown([run], ["entropy"])


@pytest.mark.parametrize("count", [0, len(COLOURS) + 1])
def test_a_figure_has_as_many_runs_as_colours(count):
    with pytest.raises(UsageError, match=f"{count} runs"):
        figure([made(variance=series([1.0, 0.9, 0.8]))] * count)


def chunks(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        body = data[at + 4 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(body)
        yield body[:4], body[4:]
        at += 12 + length


def test_a_png_has_the_size_of_the_figure_and_keeps_the_command(two, tmp_path):
    pytest.importorskip("resvg_py")
    write_runs(two, tmp_path / "figure.png", ["variance"])
    found = list(chunks((tmp_path / "figure.png").read_bytes()))
    root = ElementTree.fromstring(figure(two, ["variance"]))
    assert found[0][0] == b"IHDR" and found[-1][0] == b"IEND"
    assert struct.unpack(">II", found[0][1][:8]) == (round(float(root.get("width")) * ZOOM), round(float(root.get("height")) * ZOOM))
    texts = dict(body.split(b"\0\0\0\0\0", 1) for kind, body in found if kind == b"iTXt")
    assert texts[b"Command"].decode() == command_of(two, ["variance"])
    assert texts[b"Software"].startswith(b"longtail ")


def test_a_png_is_refused_where_there_is_no_font(two, monkeypatch):
    draw = pytest.importorskip("resvg_py").svg_to_bytes
    monkeypatch.setattr("resvg_py.svg_to_bytes", lambda **given: draw(**given, skip_system_fonts=True))
    with pytest.raises(UsageError, match="no font was found"):
        to_png(figure(two), {})
