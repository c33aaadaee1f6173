"""Signs a report with the examiner's certificate: PAdES B-B (ETSI EN 319 142-1), offline, as the last thing done to it.

The signature is appended; every byte of the unsigned report stays where it was.
"""

import io
import logging
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12 as p12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError

from desktop_app.errors import CaseError, InputError
from desktop_app.files import open_read_only, replacing
from desktop_app.reports.seal.texts import seal_text

log = logging.getLogger(__name__)


def sign_pdf(
    path: Path,
    certificate: Path,
    passphrase: str,
    reason: str = "",
    location: str = "",
    language: str = "en",
    target: Path | None = None,
) -> Path:
    """Sign a report; a report that is signed already gets a further signature.

    Args:
        path: The report. Where anything goes wrong it is as it was.
        certificate: PKCS#12 file with certificate and private key.
        passphrase: Of that file; empty for none.
        reason: Why it is signed; a plain sentence by default.
        location: Where.
        language: Of the default reason, ``"en"`` or ``"es"``.
        target: Where the signed report shall be; the report itself by default.

    Raises:
        InputError: The certificate cannot be used, or the passphrase is wrong.
        CaseError: The report cannot be read or written.
    """
    signer = load_signer(certificate, passphrase)
    data = _read(path)
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        field = f"Signature{len(writer.prev.embedded_signatures) + 1}"
        facts = PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason=reason or seal_text("sign.reason", language),
            location=location or None,
        )
        signed = io.BytesIO()
        PdfSigner(facts, signer, new_field_spec=SigFieldSpec(field)).sign_pdf(writer, output=signed)
    except (PdfError, SigningError, ValueError, OSError) as error:
        log.info("signing failed", exc_info=True)
        raise CaseError(
            f"“{path.name}” could not be signed: it is no intact report.", "Write the report anew, then sign it."
        ) from error
    with replacing(target or path) as temporary:
        temporary.write_bytes(signed.getvalue())
    return target or path


def load_signer(certificate: Path, passphrase: str) -> SimpleSigner:
    """What signs, from a PKCS#12 file; also to check a passphrase before a long work.

    Raises:
        InputError: There is no such file, the passphrase is wrong, it is no PKCS#12 file, it lacks certificate or key,
            or the certificate is not valid today or not for signatures.
    """
    with open_read_only(certificate) as file:
        data = file.read()
    key, owner = _unlock(certificate.name, data, passphrase)
    if key is None or owner is None:
        raise InputError(
            f"“{certificate.name}” holds no certificate with its private key.",
            "Export both together as a PKCS#12 file (.p12 or .pfx).",
        )
    _check_dates(owner)
    _check_purpose(owner)
    try:
        signer: SimpleSigner = SimpleSigner.load_pkcs12_data(data, [], passphrase.encode() or None)
    except (ValueError, NotImplementedError) as error:
        raise InputError(
            f"The key in “{certificate.name}” is of a kind that cannot sign reports.", "Use an RSA or an EC key."
        ) from error
    return signer


def _unlock(name: str, data: bytes, passphrase: str) -> tuple[object, x509.Certificate | None]:
    try:
        key, owner, _ = p12.load_key_and_certificates(data, passphrase.encode() or None)
    except ValueError as error:
        # one message of the library stands for a wrong passphrase, all others for a file that is none
        if "password" in str(error).lower():
            raise InputError(
                f"The passphrase does not open “{name}”.", "Type it again; capital and small letters differ."
            ) from error
        raise InputError(f"“{name}” is no PKCS#12 file, or it is damaged.", "Choose a .p12 or .pfx file.") from error
    return key, owner


def _check_dates(owner: x509.Certificate) -> None:
    now = datetime.now(UTC)
    if now > owner.not_valid_after_utc:
        raise InputError(
            f"The certificate expired on {owner.not_valid_after_utc:%Y-%m-%d}.", "Use a certificate that is valid."
        )
    if now < owner.not_valid_before_utc:
        raise InputError(
            f"The certificate is valid only from {owner.not_valid_before_utc:%Y-%m-%d} on.",
            "Use another one, or check the date of this computer.",
        )


def _check_purpose(owner: x509.Certificate) -> None:
    try:
        usage = owner.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise InputError(
            "The certificate was not issued for signatures.", "Use one whose key usage names digital signatures."
        )


def _read(path: Path) -> bytes:
    try:
        with open_read_only(path) as file:
            return file.read()
    except OSError as error:
        raise CaseError(f"“{path.name}” could not be read.", "Check the drive it lies on.") from error
