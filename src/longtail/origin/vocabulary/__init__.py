"""Excess vocabulary: a lower bound of the share of model-edited text from dated documents alone."""
