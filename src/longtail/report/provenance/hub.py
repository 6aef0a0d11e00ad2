"""The vocabulary of the Hugging Face Hub for licences and sizes."""

_SIZES = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B", "1B<n<10B", "10B<n<100B", "100B<n<1T")
_LICENSES = frozenset({
    "afl-3.0", "agpl-3.0", "apache-2.0", "artistic-2.0", "bsd", "bsd-2-clause", "bsd-3-clause", "bsl-1.0", "c-uda", "cc",
    "cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0",
    "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0",
    "cc-by-sa-3.0", "cc-by-sa-4.0", "cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0", "ecl-2.0", "epl-1.0",
    "epl-2.0", "etalab-2.0", "eupl-1.1", "eupl-1.2", "gfdl", "gpl", "gpl-2.0", "gpl-3.0", "isc", "lgpl", "lgpl-2.1", "lgpl-3.0",
    "lppl-1.3c", "mit", "mpl-2.0", "ms-pl", "ncsa", "odbl", "odc-by", "ofl-1.1", "openrail", "osl-3.0", "pddl", "postgresql",
    "unlicense", "wtfpl", "zlib",
})  # fmt: skip


def license_of(name: str) -> str:
    """Return the Hub's identifier of a licence given by its SPDX name, "other" where the Hub has none.

    Source: Hugging Face, Hub documentation, Repositories, Licenses.
    """
    identifier = name.lower().removesuffix("-only").removesuffix("-or-later")
    return identifier if identifier in _LICENSES else "other"


def size_of(documents: int) -> str:
    """Return the Hub's category of size of a number of documents."""
    return next((name for power, name in enumerate(_SIZES, start=3) if documents < 10**power), "n>1T")
