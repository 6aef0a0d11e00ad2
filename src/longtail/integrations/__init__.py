"""Attachments to trainers, probes on models while they are trained, and gates before stores of other frameworks.

`transformers` holds a callback for any `Trainer`, `trl` reward functions and a callback for GRPO, `probes`, `drift` and `plasticity`
what is measured on a model itself, `interpolating` the way back between two checkpoints. `langchain`, `langgraph` and `llama_index`
put the write-back gate before a vector store, a memory or an ingestion. Nothing here imports a framework before it is used.
"""
