"""Measures of the surface of texts, on the sampled documents: asked for by name, none of them decides alone."""

from longtail.metrics.surface import answers, form, lexical, novelty, overlap, ratios
from longtail.metrics.surface.excerpts import Excerpts, excerpts_of
from longtail.metrics.surface.ratios import surface_ratios
from longtail.metrics.surface.values import surface_values

__all__ = ["Excerpts", "answers", "excerpts_of", "form", "lexical", "novelty", "overlap", "ratios", "surface_ratios", "surface_values"]
