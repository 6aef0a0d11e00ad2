"""Closed forms and exact recursions of recursive training, each with its source and range of validity."""
