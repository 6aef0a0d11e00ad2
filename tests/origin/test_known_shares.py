"""Mixtures at known shares, a small part of what bench/origin.py draws."""

import numpy as np
import pytest

from bench.origin import beyond, in_distribution, shifted, within


@pytest.mark.parametrize(("name", "most"), [("pubmed_gpt-4", 0.04), ("squad_gpt2-xl", 0.05)])
def test_in_distribution_shares_are_found_and_covered(human_vs_model, name, most):
    draws = [draw for seed in range(3) for draw in in_distribution(name, seed, 60)]
    assert np.mean([abs(draw.error) for draw in draws]) < most
    assert np.mean([draw.low <= draw.truth <= draw.high for draw in draws if draw.status != "refused"]) >= 0.9
    assert np.mean([draw.status == "refused" for draw in draws]) < 0.1
    assert np.mean([abs(draw.published - draw.truth) for draw in draws]) > 3 * np.mean([abs(draw.error) for draw in draws])


@pytest.mark.slow
def test_text_of_another_domain_and_old_human_text_are_refused(human_vs_model):
    draws = [draw for draw in shifted("squad_gpt2-xl", 0, 30) if draw.target.split("_")[0] != "squad"]
    assert len(draws) > 80 and {draw.status for draw in draws} == {"refused"}


@pytest.mark.slow
def test_the_tables_hold_a_row_for_each_kind_of_draw(human_vs_model):
    inside = in_distribution("pubmed_gpt-4", 1, 30)
    rows = within([type(draw)(**{**draw.__dict__, "reference": name}) for draw in inside for name in NAMES])
    assert [row["reference and target"] for row in rows] == list(NAMES) and len({row["MAE"] for row in rows}) == 1
    assert {row["shift"] for row in beyond(shifted("squad_gpt2-xl", 1, 30))} == {
        "a near generator, same domain",
        "another domain and generator",
        "human text from before 2022, of another domain",
    }


NAMES = ("pubmed_gpt-4", "pubmed_gpt-3.5-turbo", "pubmed_davinci", "squad_gpt2-xl", "squad_gpt-neox-20b")
