"""Pages that stand alone: from a record through a context to one HTML file."""
