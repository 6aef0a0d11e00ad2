"""Summaries: state that is built in one pass, merges and is saved; `profile` joins them."""
