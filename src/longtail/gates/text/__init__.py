"""Gates that read the text of a document: quality, language, templates, novelty, evidence of a model."""

from longtail.gates.text import evidence, language, novelty, quality, templates

__all__ = ["evidence", "language", "novelty", "quality", "templates"]
