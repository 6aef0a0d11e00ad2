"""Findings for the tests of formats."""

from longtail.records import Finding


def finding(code, status, **fields):
    return Finding(
        **{"code": code, "status": status, "title": "t", "because": "b", "where": "candidate", "evidence": (), "remedy": ""} | fields
    )
