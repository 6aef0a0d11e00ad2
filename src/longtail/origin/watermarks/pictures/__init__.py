"""Watermarks in pictures: a pattern in the frequencies of an image that a key finds again."""
