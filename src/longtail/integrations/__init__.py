"""Attachments to trainers, and probes on models while they are trained.

`transformers` holds a callback for any `Trainer`, `trl` reward functions and a callback for GRPO, `probes`, `drift` and `plasticity`
what is measured on a model itself, `interpolating` the way back between two checkpoints. Nothing here imports torch, transformers or
TRL before it is used.
"""
