"""Content Credentials (C2PA), read without ever going online.

The library's own network access is switched off: no manifest is fetched from an address that the file names, and no
certificate is looked up. Without a trust list, intact credentials are `UNTRUSTED`: no list comes with the library.
"""

import json
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

from desktop_app.domain.traces import Credentials, CredentialState, Trace
from desktop_app.media.provenance.catalogue import clean, found

MAX_ACTIONS = 40
MAX_PROBLEMS = 12
_UNTRUSTED = "signingCredential.untrusted"
_LOCK = threading.Lock()

MIME_OF = {
    "boxes": "video/mp4", "avi": "video/avi", "jpeg": "image/jpeg", "mpo": "image/jpeg", "png": "image/png",
    "webp": "image/webp", "tiff": "image/tiff", "gif": "image/gif", "avif": "image/avif", "heif": "image/heic",
}  # fmt: skip
"""Kind of file -> the library's name; other kinds cannot carry credentials."""


def read_credentials(file: BinaryIO, kind: str, trust_pem: str = "") -> Credentials:
    """Read and check the credentials of a file.

    Args:
        file: The file, open for reading.
        kind: A key of `MIME_OF`, or another kind.
        trust_pem: Certificates of authorities that are trusted, PEM; empty trusts nobody.
    """
    if kind not in MIME_OF:
        return Credentials(CredentialState.ABSENT, problems=("format_cannot_carry_them",))
    try:
        import c2pa
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        return _unreadable(f"library_missing: {error}")
    settings: dict[str, Any] = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True},
    }
    if trust_pem:
        settings["trust"] = {"trust_anchors": trust_pem}
    try:
        with _LOCK, c2pa.Context(c2pa.Settings.from_dict(settings)) as context:
            file.seek(0)
            with c2pa.Reader(MIME_OF[kind], file, context=context) as reader:
                return _from_store(json.loads(reader.json()))
    except c2pa.C2paError as error:
        if str(error).startswith("ManifestNotFound"):
            return Credentials(CredentialState.ABSENT)
        return _unreadable("remote_not_fetched" if "must fetch remote" in str(error) else str(error))
    except (OSError, RuntimeError, ValueError, TypeError, AttributeError) as error:
        return _unreadable(f"{type(error).__name__}: {error}")


def _unreadable(reason: str) -> Credentials:
    return Credentials(CredentialState.UNREADABLE, problems=(clean(reason, 200),))


def _from_store(store: dict[str, Any]) -> Credentials:
    active = store.get("manifests", {}).get(store.get("active_manifest"), {})
    signature = active.get("signature_info") or {}
    failed = [str(status.get("code", "")) for status in store.get("validation_status") or []]
    problems = tuple(dict.fromkeys(code for code in failed if code))[:MAX_PROBLEMS]
    state = {"Trusted": CredentialState.VALID, "Valid": CredentialState.UNTRUSTED}.get(
        str(store.get("validation_state")), CredentialState.INVALID
    )
    names = [str(signature[key]) for key in ("issuer", "common_name") if signature.get(key)]
    return Credentials(
        state=state,
        issuer=clean(" / ".join(dict.fromkeys(names)), 200),
        generator=clean(_generator(active), 200),
        signed_utc=clean(str(signature.get("time") or ""), 40),
        actions=tuple(dict.fromkeys(_actions(store)))[:MAX_ACTIONS],
        problems=problems,
    )


def _generator(manifest: dict[str, Any]) -> str:
    infos = manifest.get("claim_generator_info") or [{}]
    named = f"{infos[0].get('name', '')} {infos[0].get('version', '')}".strip()
    return named or str(manifest.get("claim_generator") or "")


def _actions(store: dict[str, Any]) -> Iterator[str]:
    """Actions of all manifests, with the source type and program they name."""
    for manifest in store.get("manifests", {}).values():
        for assertion in manifest.get("assertions") or []:
            if not str(assertion.get("label", "")).startswith("c2pa.actions"):
                continue
            for action in (assertion.get("data") or {}).get("actions") or []:
                source = str(action.get("digitalSourceType") or "").rpartition("/")[2]
                agent = action.get("softwareAgent") or ""
                agent = agent.get("name", "") if isinstance(agent, dict) else agent
                details = ", ".join(part for part in (source, str(agent)) if part)
                yield clean(
                    f"{action.get('action', '')} ({details})" if details else str(action.get("action", "")), 160
                )


def credential_traces(credentials: Credentials) -> list[Trace]:
    """The finding that a state of credentials is; absence is none, because it proves nothing."""
    state = credentials.state
    if state is CredentialState.ABSENT:
        return []
    problems = [code for code in credentials.problems if code != _UNTRUSTED]
    facts = {"issuer": credentials.issuer or "?", "problems": ", ".join(problems) or "?"}
    traces = [found(f"credentials_{state.value}", **facts)]
    generated = [action for action in credentials.actions if "trainedalgorithmicmedia" in action.lower()]
    if generated:
        traces.append(found("software_generator", names=", ".join(generated[:3])))
    return traces
