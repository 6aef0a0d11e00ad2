"""Dates of documents: what they prove, periods of the calendar, and how shares change over them."""
