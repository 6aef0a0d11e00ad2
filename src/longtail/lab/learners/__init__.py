"""Learners: each file holds one; all of them keep the contract of `longtail.lab.learner`."""
