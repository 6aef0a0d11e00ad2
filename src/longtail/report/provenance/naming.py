"""Names of nodes, models and software as URIs."""

from urllib.parse import quote

from longtail import __version__

NAMESPACE = "urn:longtail:"


def producer() -> str:
    """Return this program as a package URL (package-url specification, type "generic")."""
    return f"pkg:generic/longtail@{__version__}"


def local(name: str) -> str:
    """Return a name with everything percent-encoded that cannot stand in a URI or in a qualified name of PROV."""
    return quote(name, safe="-._/", errors="surrogatepass")


def uri(name: str) -> str:
    """Return the URI of a node or a model; a name that is a web address is its own."""
    return name if name.startswith(("https://", "http://")) else NAMESPACE + local(name)
