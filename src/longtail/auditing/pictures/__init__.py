"""What the pictures of a report are drawn from, beyond the numbers that it lists anyway."""

from longtail.auditing.pictures.all import pictures_of

__all__ = ["pictures_of"]
