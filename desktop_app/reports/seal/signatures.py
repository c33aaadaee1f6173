"""Checks the signatures of a PDF, offline."""

import io
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import x509
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from desktop_app.domain.seals import SignatureCheck, SignatureState
from desktop_app.errors import InputError
from desktop_app.files import open_read_only

# what the library complains of is in the check itself, in words for the user
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
_NO_CHAIN = ("no_certificate_chain_found", "chain_constraints_failure")
_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


def load_trusted(paths: Sequence[Path]) -> tuple[x509.Certificate, ...]:
    """Certificates that the user trusts, from PEM or DER files.

    Raises:
        InputError: A file cannot be read or holds no certificate.
    """
    found: list[x509.Certificate] = []
    for path in paths:
        with open_read_only(path) as file:
            data = file.read()
        try:
            certificates = list(load_certs_from_pemder_data(data))
            hash_names = [certificate.sha256 for certificate in certificates]
        except (ValueError, TypeError) as error:
            raise _no_certificate(path) from error
        if not hash_names:
            raise _no_certificate(path)
        found += certificates
    return tuple(found)


def _no_certificate(path: Path) -> InputError:
    return InputError(f"“{path.name}” holds no certificate.", "Give a certificate as a PEM or DER file.")


def check_signatures(data: bytes, trusted: Sequence[x509.Certificate] = ()) -> tuple[SignatureCheck, ...]:
    """All signatures of a PDF in the order of signing.

    Args:
        data: The PDF.
        trusted: Certificates of signers or issuers that the user trusts; nothing else is trusted.

    Raises:
        ValueError: The file or a signature cannot be read.
    """
    try:
        signatures = PdfFileReader(io.BytesIO(data), strict=False).embedded_regular_signatures
        return tuple(
            _check(signature, trusted, number == len(signatures)) for number, signature in enumerate(signatures, 1)
        )
    except Exception as error:
        # the file comes from anywhere, and its parser promises no kinds of errors
        raise ValueError(str(error)) from error


def _check(signature: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate], is_last: bool) -> SignatureCheck:
    owner = signature.signer_cert
    signed = signature.self_reported_timestamp
    # certificates expire: what counts is the day of signing, by the signer's own clock
    context = ValidationContext(
        trust_roots=list(trusted), moment=_in_utc(signed), allow_fetching=False, revocation_mode="soft-fail"
    )
    status = validate_pdf_signature(signature, context, key_usage_settings=_USAGE)
    state, problem = _judge(status, is_last)
    return SignatureCheck(
        signer=_name(owner.subject),
        issuer=_name(owner.issuer),
        certificate_sha256=owner.sha256.hex(),
        state=state,
        signed_utc=None if signed is None else _in_utc(signed),
        reason=str(signature.sig_object.get("/Reason", "")),
        problem=problem,
    )


def _judge(status: PdfSignatureStatus, is_last: bool) -> tuple[SignatureState, str]:
    if not (status.intact and status.valid):
        return SignatureState.INVALID, "forged" if status.intact else "bytes"
    if is_last:
        is_whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    else:
        # later signatures may follow, and nothing else
        level = status.modification_level
        is_whole = level is not None and level <= ModificationLevel.FORM_FILLING and bool(status.docmdp_ok)
    if not is_whole:
        return SignatureState.CHANGED, ""
    if not status.trusted:
        indication = status.trust_problem_indic
        problem = str(getattr(indication, "name", "")).lower()
        # without a trusted certificate there is no chain: that is what the state says
        return SignatureState.UNTRUSTED, "" if problem in _NO_CHAIN else problem
    return SignatureState.VALID, ""


def _name(name: x509.Name) -> str:
    parts = name.native
    return str(parts.get("common_name") or parts.get("organization_name") or name.human_friendly)


def _in_utc(time: datetime | None) -> datetime:
    if time is None:
        return datetime.now(UTC)
    return time.astimezone(UTC)
