"""Makers: what an experiment measures that is no loop of `Settings`; each file measures one thing, replicate by replicate."""
