"""The lab: generations of models that learn from models, in small, with real data and exact theory."""
