"""Tiny worlds: small transformers that learn sums from scratch, and what training on their own answers does to them.

Each world is an experiment with several seeds, on a CPU in minutes. What does not reproduce is told as not reproduced.
"""
