"""Certificates for tests, made when they are needed."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSPHRASE = "Ñandú 7"


def name_of(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def make_authority(name="Test authority"):
    """(key, certificate) of an authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key, _certificate(key, name, key, name, is_authority=True)


def make_p12(folder, authority=None, name="Ana Pérez", file="ana.p12", passphrase=PASSPHRASE, **options):
    """A PKCS#12 file; without an authority the certificate signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    if authority is None:
        certificate = _certificate(key, name, key, name, **options)
    else:
        certificate = _certificate(
            key,
            name,
            authority[0],
            authority[1].subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value,
            **options,
        )
    secret = passphrase.encode()
    encryption = serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption()
    path = folder / file
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, encryption))
    path.with_suffix(".pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path


def write_pem(path, certificate):
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path


def _certificate(key, name, issuer_key, issuer, is_authority=False, starts_days=-30, days=365, signs=True):
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
            "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        ),
        False,
    ) | {"digital_signature": signs, "content_commitment": signs, "key_agreement": not signs}  # fmt: skip
    usage["key_cert_sign"] = is_authority
    start = now + timedelta(days=starts_days)
    return (
        x509.CertificateBuilder()
        .subject_name(name_of(name))
        .issuer_name(name_of(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
