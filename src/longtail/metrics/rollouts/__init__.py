"""Measures of rollouts: what a policy settles on while it is trained. Pure functions of rollouts; the unit is the prompt."""
