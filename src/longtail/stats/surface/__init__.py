"""Measures of the surface of texts, on token numbers: overlap, repetition, lexical variety, compression."""
