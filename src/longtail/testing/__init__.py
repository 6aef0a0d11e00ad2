"""Checks that third parties run on parts of their own: the laws of every summary."""

from longtail.testing.laws import LAWS, Arrangement, LawBroken, arrangements, check_summary

__all__ = ["LAWS", "Arrangement", "LawBroken", "arrangements", "check_summary"]
