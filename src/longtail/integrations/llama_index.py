"""A step of LlamaIndex's ingestion with the write-back gate in it: `IngestionPipeline(transformations=[gated(gate), …])`.

Of the nodes that are handed over those that may come in go on, each with its provenance in its metadata; the others end here, and the
gate's log says why. What people wrote has `lt_origin` "human" in its metadata; anything else takes `lt_evidence`, all that was
retrieved, and `lt_citations` where the text has no marks.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, cast

from longtail.errors import MissingExtra
from longtail.rag.admitting import admit
from longtail.rag.gate import Gate

EXTRA = "rag"


class Gated:
    """What the step does; LlamaIndex's own class is added to it when one is made, by `gated`."""

    gate: Gate

    def __call__(self, nodes: Sequence[Any], **more: Any) -> list[Any]:
        """Return the nodes that may come in, by their `lt_id`; what another document says already ends here."""
        found = []
        for node in nodes:
            admitted = admit(self.gate, node.get_content(), node.metadata)
            if admitted is not None and admitted.as_itself:
                node.id_, node.metadata = admitted.id, admitted.meta
                node.excluded_embed_metadata_keys = sorted({*node.excluded_embed_metadata_keys, *_own(admitted.meta)})
                node.excluded_llm_metadata_keys = sorted({*node.excluded_llm_metadata_keys, *_own(admitted.meta)})
                found.append(node)
        return found


def gated(gate: Gate) -> Any:
    """Return a `TransformComponent` of LlamaIndex that lets through what a gate accepts.

    Args:
        gate: The gate, whose store keeps the provenance.

    Raises:
        MissingExtra: LlamaIndex is not installed.
    """
    return _kind()(gate=gate)


@cache
def _kind() -> type[Any]:
    try:
        base = import_module("llama_index.core.schema").TransformComponent
        create = import_module("pydantic").create_model
    except ImportError as error:
        raise MissingExtra("a gate in an ingestion of LlamaIndex", EXTRA) from error
    return cast(type[Any], create("GatedIngestion", __base__=(Gated, base), gate=(Any, ...)))


def _own(meta: dict[str, Any]) -> list[str]:
    """Return the names of provenance, which is neither embedded nor shown to a model."""
    return [name for name in meta if name.startswith("lt_")]
