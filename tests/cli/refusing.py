"""What every refused call has in common."""


def refused(ran, *words):
    """Hold that a call ended with exit 2 and one line on stderr that has all the words."""
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1), ran
    assert ran.err.startswith("longtail: ") and "unexpected" not in ran.err and "Traceback" not in ran.err, ran.err
    assert [word for word in words if word not in ran.err] == [], ran.err
