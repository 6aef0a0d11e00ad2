"""Scenarios: each file builds one end-to-end data set, generation by generation."""
