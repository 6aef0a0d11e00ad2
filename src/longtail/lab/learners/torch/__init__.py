"""Families of neural models; they need the extra `torch`, and importing them does not."""
