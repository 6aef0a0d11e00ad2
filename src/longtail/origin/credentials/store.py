"""What the manifests of a document say: origin, rights, signer and state. Reads plain JSON only."""

from dataclasses import dataclass, field
from typing import Any, Literal

from longtail.origin.credentials.credential import Credential, Kind, State
from longtail.records import Evidence, Origin

ORIGINS = {
    "trainedAlgorithmicMedia": Origin.SYNTHETIC,
    "trainedAlgorithmicData": Origin.SYNTHETIC,
    "compositeWithTrainedAlgorithmicMedia": Origin.MIXED,
    "compositeSynthetic": Origin.MIXED,
    "digitalCapture": Origin.HUMAN,
    "computationalCapture": Origin.HUMAN,
    "compositeCapture": Origin.HUMAN,
    "negativeFilm": Origin.HUMAN,
    "positiveFilm": Origin.HUMAN,
    "print": Origin.HUMAN,
    "digitalCreation": Origin.HUMAN,
    "humanEdits": Origin.HUMAN,
    "minorHumanEdits": Origin.HUMAN,
}
"""IPTC digital source types, by the last part of their address, that say what a document's origin is.

The others (a formula's drawing, a screen's, a recording of a game) say nothing of a model or a person.
Source: IPTC NewsCodes Digital Source Type; C2PA 2.4, section on actions.
"""
_EDITS = {"humanEdits", "minorHumanEdits"}
_STATES: dict[str, State] = {"Trusted": "verified", "Valid": "declared"}
_RIGHTS = ("cawg.training-mining", "c2pa.training-mining")


@dataclass(frozen=True)
class Store:
    """The manifests that were found, or why none could be read.

    Attributes:
        report: What the library reports: `active_manifest`, `manifests`, `validation_state`, `validation_results`.
        assertions: Every assertion of each manifest, the hashes among them.
        problem: `absent`, `unsupported` (this kind of file holds none), `remote` (named by its address, never fetched) or
            `damaged`; empty where manifests were read.
        detail: The library's words for it.
    """

    report: dict[str, Any] = field(default_factory=dict)
    assertions: dict[str, dict[str, Any]] = field(default_factory=dict)
    problem: Literal["", "absent", "unsupported", "remote", "damaged"] = ""
    detail: str = ""

    @property
    def active(self) -> dict[str, Any]:
        """The manifest of the document itself."""
        manifest: dict[str, Any] = self.report.get("manifests", {}).get(self.report.get("active_manifest"), {})
        return manifest

    def codes(self, outcome: Literal["success", "failure"]) -> list[str]:
        """Return the codes of the checks of the active manifest that came out so."""
        results = self.report.get("validation_results") or {}
        return [each["code"] for each in results.get("activeManifest", {}).get(outcome, [])]

    def ingredient_failures(self) -> list[str]:
        """Return the codes of what newly fails in the documents that this one was made from."""
        deltas = (self.report.get("validation_results") or {}).get("ingredientDeltas") or []
        return [each["code"] for delta in deltas for each in delta.get("validationDeltas", {}).get("failure", [])]


def credential(kind: Kind, store: Store, trusting: bool, state: State | None = None) -> Credential:
    """Return what the manifests say, and how far that goes.

    Args:
        kind: Where they were.
        store: The manifests.
        trusting: Whether the reader named certificates to trust; without, nothing is verified.
        state: The state, where the caller has checked the content itself.
    """
    if store.problem:
        return _without(kind, store)
    found = state or _STATES.get(store.report.get("validation_state", ""), "invalid")
    found = "declared" if found == "verified" and not trusting else found
    own, others = _source_types(store.active), _ingredient_types(store)
    origin = _origin(own, others) if found != "invalid" else None
    signer = (store.active.get("signature_info") or {}).get("common_name")
    failures = _failures(store) if found == "invalid" else []
    return Credential(
        kind=kind, state=found, origin=origin, evidence=_evidence(origin, found, others), signer=signer,
        claims=_claims(store, own + others, failures), rights=_rights(store.active),
        words=_words(found, signer or "an unnamed signer", own + others, failures),
    )  # fmt: skip


def _evidence(origin: Origin | None, state: State, others: list[str]) -> Evidence:
    """What is taken from the manifests of other documents was not stated by the signer whom the trust list vouches for."""
    if origin is None:
        return Evidence.NONE
    return Evidence.SIGNED if state == "verified" and not others else Evidence.ASSERTED


def _without(kind: Kind, store: Store) -> Credential:
    silence = "which says nothing of where the document comes from"
    if store.problem == "damaged":
        words = f"the document, or the C2PA credential in it, is damaged and cannot be read ({store.detail}); it is not believed"
        return Credential(kind=kind, state="invalid", words=words, claims={"error": store.detail})
    if store.problem == "remote":
        words = f"the C2PA credential lies elsewhere ({store.detail.rsplit(' ', 1)[-1]}) and is not fetched, {silence}"
        return Credential(kind=kind, state="none", words=words, claims={"remote": store.detail.rsplit(" ", 1)[-1]})
    reason = "files of this kind hold none, and none lies beside it" if store.problem == "unsupported" else "the document holds none"
    return Credential(kind=kind, state="none", words=f"no C2PA credential found ({reason}), {silence}")


def _actions(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    held = [each for each in manifest.get("assertions", []) if str(each.get("label", "")).startswith("c2pa.actions")]
    return [_plain(action) for each in held for action in _plain(each.get("data")).get("actions") or []]


def _plain(value: object) -> dict[str, Any]:
    """An assertion may hold anything; what is no object says nothing."""
    return value if isinstance(value, dict) else {}


def _source_types(manifest: dict[str, Any]) -> list[str]:
    return [str(each["digitalSourceType"]).rsplit("/", 1)[-1] for each in _actions(manifest) if each.get("digitalSourceType")]


def _ingredient_types(store: Store) -> list[str]:
    """Source types of what the document was made from, however far back; what was only put into a model is left out."""
    manifests = store.report.get("manifests", {})
    types: list[str] = []
    seen, waiting = {store.report.get("active_manifest")}, [store.active]
    while waiting:
        for each in waiting.pop().get("ingredients", []):
            name = each.get("active_manifest")
            if name in manifests and name not in seen and each.get("relationship") != "inputTo":
                seen.add(name)
                waiting.append(manifests[name])
                types += _source_types(manifests[name])
    return types


def _origin(own: list[str], others: list[str]) -> Origin | None:
    kinds = {ORIGINS[each] for each in own + others if each in ORIGINS and each not in _EDITS}
    edited = bool(_EDITS.intersection(own + others))
    if not kinds:
        return Origin.HUMAN if edited else None
    if kinds == {Origin.SYNTHETIC} and edited:
        return Origin.HUMAN_EDITED
    return kinds.pop() if len(kinds) == 1 else Origin.MIXED


def _claims(store: Store, types: list[str], failures: list[str]) -> dict[str, Any]:
    manifest = store.active
    signature = manifest.get("signature_info") or {}
    made_with = [
        " ".join(str(each[key]) for key in ("name", "version") if each.get(key)) for each in manifest.get("claim_generator_info") or []
    ]
    held: dict[str, Any] = {
        "title": manifest.get("title"),
        "generator": made_with,
        "issuer": signature.get("issuer"),
        "signed_at": signature.get("time"),
        "source_types": types,
        "actions": [_action(each) for each in _actions(manifest)],
        "ingredients": [str(each.get("title") or each.get("label") or "unnamed") for each in manifest.get("ingredients", [])],
        "failures": failures,
    }
    return {name: value for name, value in held.items() if value}


def _action(action: dict[str, Any]) -> dict[str, str]:
    agent = action.get("softwareAgent")
    agent = agent.get("name") if isinstance(agent, dict) else agent
    held = {
        "action": action.get("action"),
        "digitalSourceType": action.get("digitalSourceType"),
        "softwareAgent": agent,
        "when": action.get("when"),
    }
    return {name: str(value) for name, value in held.items() if value}


def _rights(manifest: dict[str, Any]) -> dict[str, str]:
    held = [each for each in manifest.get("assertions", []) if str(each.get("label", "")).startswith(_RIGHTS)]
    entries = [(name, _plain(entry)) for each in held for name, entry in _plain(_plain(each.get("data")).get("entries")).items()]
    rights = {str(name): str(entry["use"]) for name, entry in entries if entry.get("use")}
    limits = {
        f"{name}.constraint_info": str(entry["constraint_info"])
        for name, entry in entries
        if name in rights and entry.get("constraint_info")
    }
    return rights | limits


def _failures(store: Store) -> list[str]:
    codes = [code for code in store.codes("failure") + store.ingredient_failures() if code != "signingCredential.untrusted"]
    return list(dict.fromkeys(codes)) or ["the signature does not hold"]


def _words(state: State, signer: str, types: list[str], failures: list[str]) -> str:
    says = ", ".join(dict.fromkeys(types)) or "nothing of its origin"
    if state == "verified":
        return f"a whole C2PA credential, signed by {signer}, whom the trust list vouches for, states: {says}"
    if state == "declared":
        return f"a whole C2PA credential, signed by {signer}, whom nobody vouches for here, states: {says}; anyone can make such a one"
    return f"a C2PA credential that does not hold ({', '.join(failures)}): the document or the credential was changed; it is not believed"
