"""Watermarks: green lists under a key, made while a model samples and counted afterwards."""

from longtail.origin.watermarks.detection import Detection, detect, detect_many
from longtail.origin.watermarks.greenlist import bias, green, greens, tilted
from longtail.origin.watermarks.huggingface import HuggingFace
from longtail.origin.watermarks.key import Key, PublicKey
from longtail.origin.watermarks.many import Hits, detect_all
from longtail.origin.watermarks.processor import processor
from longtail.origin.watermarks.share import MarkedShare, marked_share
from longtail.origin.watermarks.tokenizers import Tokenizer, Words

__all__ = [
    "Detection", "Hits", "HuggingFace", "Key", "MarkedShare", "PublicKey", "Tokenizer", "Words", "bias", "detect", "detect_all",
    "detect_many", "green", "greens", "marked_share", "processor", "tilted",
]  # fmt: skip
