"""What a credential of ours says: a manifest definition as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from longtail.errors import ConfigError, UnknownName
from longtail.origin.credentials.store import ORIGINS

_IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_C2PA = "http://c2pa.org/digitalsourcetype/"
_USES = ("allowed", "notAllowed", "constrained")


@dataclass(frozen=True)
class Statement:
    """What is stated of a document.

    Attributes:
        source_type: IPTC digital source type, such as "trainedAlgorithmicMedia" for what a model made.
        agent: The software or model that made the document.
        title: Name of the document.
        rights: Uses of it, as CAWG's training and data mining assertion names them: "allowed", "notAllowed" or "constrained".

    Raises:
        UnknownName: There is no such source type.
        ConfigError: A use is none of the three.
    """

    source_type: str
    agent: str
    title: str = ""
    rights: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.source_type not in ORIGINS:
            raise UnknownName("source type", self.source_type, ORIGINS)
        for name, use in self.rights.items():
            if use not in _USES:
                raise ConfigError(f"the use {use!r} of {name!r} is unknown; give one of {', '.join(_USES)}")

    def definition(self, generator: str, version: str, *assertions: Mapping[str, Any]) -> dict[str, Any]:
        """Return the manifest definition, with more assertions if wanted.

        Args:
            generator: Program that writes the credential.
            version: Its version.
            assertions: Label and data of each.
        """
        place = _C2PA if self.source_type == "trainedAlgorithmicData" else _IPTC
        action = {"action": "c2pa.created", "digitalSourceType": place + self.source_type, "softwareAgent": {"name": self.agent}}
        held: list[Mapping[str, Any]] = [{"label": "c2pa.actions.v2", "data": {"actions": [action]}, "created": True}]
        if self.rights:
            uses = {name: {"use": use} for name, use in self.rights.items()}
            held.append({"label": "cawg.training-mining", "data": {"entries": uses}, "created": True})
        made: dict[str, Any] = {"claim_generator_info": [{"name": generator, "version": version}], "assertions": [*held, *assertions]}
        return made | ({"title": self.title} if self.title else {})
