"""The JSON-LD context of Croissant, and what the provenance columns mean in its vocabulary."""

from typing import Any

import pyarrow as pa

from longtail.report.provenance.naming import NAMESPACE

CONFORMS_TO = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")
_TERMS = (
    "arrayShape citeAs column containedIn equivalentProperty extract field fileProperty fileObject fileSet format includes isArray "
    "isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace samplingRate separator source "
    "subField transform"
)
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "lt": NAMESPACE,
    "name": {"@container": "@language"},
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in _TERMS.split()},
}
"""The context of Croissant 1.1, with prefixes for PROV-O and for this program."""

MEANINGS = {
    "lt_id": "Hash of the content columns: XXH3-128 in hexadecimal digits.",
    "lt_origin": "human, model_edited, human_edited, human_selected, synthetic, mixed or unknown. Unknown does not mean human.",
    "lt_evidence": "What the stated origin rests on: asserted, signed, watermark, measured, inherited or none.",
    "lt_source": "URI or name of the collection the document came from.",
    "lt_model": "Model that wrote or changed the document, with its revision.",
    "lt_depth": "How many models lie between people and the document: 0 for human text; null where it is not known.",
    "lt_parents": "Ids of the documents it was made from.",
    "lt_time": "When it was created or published.",
    "lt_decoding": "Sampling settings of the model, as JSON.",
    "lt_license": "Licence, an SPDX identifier where there is one.",
    "lt_weight": "Weight in training.",
}
EQUIVALENT = {
    "lt_id": "sc:identifier",
    "lt_origin": "sc:digitalSourceType",
    "lt_source": "prov:hadPrimarySource",
    "lt_model": "prov:wasAttributedTo",
    "lt_parents": "prov:wasDerivedFrom",
    "lt_time": "prov:generatedAtTime",
    "lt_decoding": "prov:wasGeneratedBy",
    "lt_license": "sc:license",
}
"""Properties of PROV-O and schema.org that a column stands for, where there is one."""


def data_type(kind: pa.DataType) -> str:
    """Return the Croissant data type of an Arrow type of the provenance columns; of a list, that of its members."""
    if pa.types.is_integer(kind):
        return "sc:Integer"
    if pa.types.is_floating(kind):
        return "sc:Float"
    return "sc:DateTime" if pa.types.is_timestamp(kind) else "sc:Text"
