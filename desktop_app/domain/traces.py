"""What a file tells of its own history, apart from its picture."""

from dataclasses import dataclass
from enum import StrEnum


class TraceWeight(StrEnum):
    """How much a trace says about whether the item was changed after it was recorded."""

    NEUTRAL = "neutral"
    WEAK = "weak"
    NOTABLE = "notable"
    STRONG = "strong"


class CredentialState(StrEnum):
    """What Content Credentials (C2PA) say; absence proves nothing."""

    ABSENT = "absent"
    VALID = "valid"
    UNTRUSTED = "untrusted"
    INVALID = "invalid"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Trace:
    """One finding in container, streams or metadata.

    Args:
        code: Stable key, such as ``"edit_list"``; reports and interface translate by it.
        weight: How much it says.
        message: What was found, one sentence in English.
        meaning: What it can come from, innocent explanations first, in English.
        facts: (key, value) pairs that the message rests on.
    """

    code: str
    weight: TraceWeight
    message: str
    meaning: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Credentials:
    """Content Credentials of a file.

    Args:
        state: What checking them came to.
        issuer: Who signed, as the certificate says; empty when not known.
        generator: Program that made the claim.
        signed_utc: When, as the signature says, ISO 8601; empty when not said.
        actions: What was done to the content, as claimed.
        problems: Codes of the checks that failed.
    """

    state: CredentialState
    issuer: str = ""
    generator: str = ""
    signed_utc: str = ""
    actions: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ItemTraces:
    """Everything that was read of a file apart from its picture.

    Args:
        sha256: Hash of the file that was read.
        container: (key, value) pairs of the whole file: format, brands, encoder, dates, duration.
        streams: The same of every stream, in their order.
        location: Latitude and longitude in degrees, None when not stated.
        thumbnail: Embedded preview picture as it lies in the file, None when there is none.
        credentials: Content Credentials.
        perceptual_hash: 64 bits in hexadecimal digits of a picture or of key frames, one per frame.
        findings: What stands out, the weightiest first.
        preview: The middle frame as a small JPEG of our own, None when it was not made.
    """

    sha256: str
    container: tuple[tuple[str, str], ...]
    streams: tuple[tuple[tuple[str, str], ...], ...]
    location: tuple[float, float] | None
    thumbnail: bytes | None
    credentials: Credentials
    perceptual_hash: tuple[str, ...]
    findings: tuple[Trace, ...]
    preview: bytes | None = None
