"""All that is compared, by metric."""

from bench.peers import duplicates, features, tables, text
from bench.peers.contender import Family

FAMILIES: dict[str, Family] = {
    family.metric: family for family in (*text.FAMILIES, *duplicates.FAMILIES, *features.FAMILIES, *tables.FAMILIES)
}
