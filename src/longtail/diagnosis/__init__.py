"""Diagnosis of pipelines that somebody else has built, and recovery: what records tell, what outputs show, what can be done."""
