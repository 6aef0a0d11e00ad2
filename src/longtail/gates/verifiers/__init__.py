"""Verifiers: gates that hold a document against what is expected of it; importing this package registers them."""

from longtail.gates.verifiers.equations import MathVerify
from longtail.gates.verifiers.exact import ExactMatch
from longtail.gates.verifiers.outside import Called, Command
from longtail.gates.verifiers.patterns import Regex
from longtail.gates.verifiers.programs import PythonTests
from longtail.gates.verifiers.schemas import JsonSchema

__all__ = ["Called", "Command", "ExactMatch", "JsonSchema", "MathVerify", "PythonTests", "Regex"]
