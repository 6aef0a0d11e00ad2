"""The page of the worlds: a section for each, whose verdicts are those of the register."""

import json

import numpy as np

from bench import worlds
from longtail.lab.claims import Result, shipped
from longtail.lab.worlds.catalogue import WORLDS

RUN = {"settings": {"beta": 0.5}, "replicates": 2, "series": {"pass_1": [[0.25, 0.5], [0.5, None]], "warned_at": [[None, 1.5]] * 2}}
FOUND = {"echo": {"runs": {"plain": RUN, "other": RUN | {"settings": {"beta": 0.0}}}}}


def test_the_page_has_a_section_for_each_world_and_the_verdicts_of_the_register():
    page = worlds.PAGE.read_text(encoding="utf-8")
    results = shipped().results
    for name, world in WORLDS.items():
        assert f"`longtail lab {name}`:" in page
        assert f"`{world.experiment}`: **{results[world.experiment].status}**" in page
        for each in results[world.experiment].measured:
            assert f"| {each.says} | {each.asked} |" in page


def test_rendering_the_page_again_changes_nothing():
    page = worlds.PAGE.read_text(encoding="utf-8")
    assert worlds.page({}, page, shipped().results) == page


def test_a_cell_is_the_mean_with_the_lowest_and_the_highest_seed_and_the_series_stay_where_a_world_has_none_anew():
    first = worlds.page(FOUND, "", shipped().results)
    assert "### other (2 seeds; beta 0.0)" in first
    assert "| `pass_1` | 0.38 (0.25 to 0.50) | 0.50 (0.50 to 0.50) |" in first
    assert "warns on 1 of 2 seeds, at epoch 1.50 [1.50, 1.50]." in first
    assert worlds.page({}, first, shipped().results) == first


def test_what_fails_is_told_as_not_reproduced():
    known = shipped().results
    (first, *_) = known["curse"].measured
    failing = type(first)(**{name: getattr(first, name) for name in first.__struct_fields__} | {"verdict": "fails"})
    page = worlds.page({}, "", known | {"rl-format": Result(status="does not reproduce", date="2026-01-01", measured=(failing,))})
    assert "| does not reproduce |" in page
    assert "`rl-format`: **does not reproduce** (2026-01-01)." in page


def test_the_page_is_printed_from_the_files_that_are_named(tmp_path, capsys):
    path = tmp_path / "echo.json"
    path.write_text(json.dumps(FOUND["echo"] | {"world": "echo"}))
    worlds.main([str(path)])
    assert "0.38 (0.25 to 0.50)" in capsys.readouterr().out


def test_what_became_of_healthy_seeds_is_put_into_the_page_with_its_exact_bound_and_stays_there(tmp_path, monkeypatch):
    monkeypatch.setattr(worlds, "PAGE", tmp_path / "worlds.md")
    monkeypatch.setattr(worlds, "made", lambda *_, **__: {"healthy": {"alarms": [np.repeat([0.0, 2.0], [99, 1])]}})
    worlds.main(["--healthy", "100", "--write"])
    page = worlds.PAGE.read_text(encoding="utf-8")
    assert "spoke on 1 of 100 seeds; at most 4.7% of such runs" in page  # the bound p solves q^100 + 100 p q^99 = .05
    assert worlds.page({}, page, shipped().results) == page
