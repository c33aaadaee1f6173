"""Content Credentials: valid, untrusted, invalid, absent, unreadable; and never a step online."""

import datetime
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from desktop_app.domain.traces import CredentialState
from desktop_app.media.provenance.credentials import read_credentials
from tests.unit.provenance_files import codes_of, scene, traces_of, write_video

c2pa = pytest.importorskip("c2pa")

MANIFEST = {
    "claim_generator_info": [{"name": "Test camera", "version": "1.0"}],
    "title": "clip",
    "assertions": [
        {
            "label": "c2pa.actions.v2",
            "data": {
                "actions": [
                    {
                        "action": "c2pa.created",
                        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
                    }
                ]
            },
        }
    ],
}
_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def _name(text):
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test newsroom"), x509.NameAttribute(NameOID.COMMON_NAME, text)]
    )


def _certificate(subject, issuer, key, issuer_key, is_authority):
    now = datetime.datetime.now(datetime.UTC)
    usages = {"key_cert_sign", "crl_sign"} if is_authority else {"digital_signature"}
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(x509.KeyUsage(**{usage: usage in usages for usage in _USAGES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if not is_authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def signer_of():
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("Root", "Root", root_key, root_key, is_authority=True)
    leaf = _certificate("Reporter", "Root", key, root_key, is_authority=False)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    info = c2pa.C2paSignerInfo(alg=b"es256", sign_cert=leaf + root, private_key=private, ta_url=None)
    return root.decode(), lambda: c2pa.Signer.from_info(info)


def sign(source: Path, target: Path, signer, remote=""):
    settings = c2pa.Settings.from_dict({"builder": {"thumbnail": {"enabled": False}}})
    builder = c2pa.Builder(MANIFEST, c2pa.Context(settings))
    if remote:
        builder.set_no_embed()
        builder.set_remote_url(remote)
    with source.open("rb") as clear, target.open("w+b") as signed:
        builder.sign(signer, "video/mp4", clear, signed)
    return target


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return write_video(tmp_path_factory.mktemp("plain") / "plain.mp4", [scene(n, (96, 64)) for n in range(12)])


@pytest.fixture(scope="module")
def signed(plain, signer_of):
    return sign(plain, plain.with_name("signed.mp4"), signer_of[1]())


def test_signed_by_nobody_known_is_untrusted(signed):
    traces = traces_of(signed)
    credentials = traces.credentials
    assert credentials.state is CredentialState.UNTRUSTED
    assert credentials.issuer == "Test newsroom / Reporter"
    assert credentials.generator == "Test camera 1.0"
    assert credentials.actions == ("c2pa.created (digitalCapture)",)
    assert "signingCredential.untrusted" in credentials.problems
    assert "credentials_untrusted" in codes_of(traces)


def test_signed_by_someone_on_the_list_is_valid(signed, signer_of):
    traces = traces_of(signed, trust_pem=signer_of[0])
    assert traces.credentials.state is CredentialState.VALID
    assert not traces.credentials.problems
    assert "credentials_valid" in codes_of(traces)


def test_another_list_does_not_trust(signed):
    key = ec.generate_private_key(ec.SECP256R1())
    other = _certificate("Other", "Other", key, key, is_authority=True).decode()
    assert traces_of(signed, trust_pem=other).credentials.state is CredentialState.UNTRUSTED


def test_changed_after_signing_is_invalid_even_if_trusted(signed, signer_of, tmp_path):
    content = bytearray(signed.read_bytes())
    content[content.index(b"mdat") + 800] ^= 1
    changed = tmp_path / "changed.mp4"
    changed.write_bytes(content)
    for trust in ("", signer_of[0]):
        traces = traces_of(changed, trust_pem=trust)
        assert traces.credentials.state is CredentialState.INVALID
        assert "assertion.bmffHash.mismatch" in traces.credentials.problems
        assert traces.findings[0].code == "credentials_invalid"


def test_absence_is_no_finding(plain):
    traces = traces_of(plain)
    assert traces.credentials.state is CredentialState.ABSENT
    assert not [code for code in codes_of(traces) if code.startswith("credentials")]


def test_a_kind_of_file_that_cannot_carry_them(tmp_path):
    path = write_video(tmp_path / "clip.mkv", [scene(n, (96, 64)) for n in range(4)])
    assert traces_of(path).credentials.problems == ("format_cannot_carry_them",)


def _has_unshare():
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-rn", "true"], capture_output=True, timeout=20).returncode == 0


def _without_network(code: str, path: Path) -> str:
    """What a program prints in a process that has no network at all."""
    if not _has_unshare():
        pytest.skip("no network namespaces here")
    repo = Path(__file__).resolve().parents[2]
    command = ["unshare", "-rn", sys.executable, "-c", code, str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=repo)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


READ = (
    "import sys, pathlib\n"
    "from desktop_app.media.provenance import read_traces\n"
    "found = read_traces(pathlib.Path(sys.argv[1]), '0' * 64).credentials\n"
    "print(found.state.value, *found.problems)\n"
)
READ_WITH_FETCHING = (
    "import sys, c2pa\n"
    "settings = c2pa.Settings.from_dict({'verify': {'remote_manifest_fetch': True}})\n"
    "try:\n"
    "    c2pa.Reader('video/mp4', open(sys.argv[1], 'rb'), context=c2pa.Context(settings))\n"
    "except c2pa.C2paError as error:\n"
    "    print(error)\n"
)


@pytest.fixture
def remote(plain, signer_of, tmp_path):
    """A clip whose credentials lie at an address."""
    return sign(plain, tmp_path / "remote.mp4", signer_of[1](), "http://127.0.0.1:9/manifest.c2pa")


def test_no_socket_is_opened(signed, remote, monkeypatch):
    calls = []

    def refuse(*args, **options):
        calls.append(args)
        raise OSError("no network in this test")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    assert traces_of(signed).credentials.state is CredentialState.UNTRUSTED
    credentials = traces_of(remote).credentials
    assert credentials.state is CredentialState.UNREADABLE
    assert credentials.problems == ("remote_not_fetched",)
    assert not calls


def test_the_native_library_does_not_try_either(remote):
    assert _without_network(READ, remote) == "unreadable remote_not_fetched"
    # the same library, told to fetch, tries and fails: the answers differ, so this test can see an attempt
    assert "could not fetch" in _without_network(READ_WITH_FETCHING, remote)


def test_it_works_without_any_network(signed):
    assert _without_network(READ, signed) == "untrusted signingCredential.untrusted"


def test_a_missing_library_is_a_reason_and_no_crash(signed, monkeypatch):
    monkeypatch.setitem(sys.modules, "c2pa", None)
    traces = traces_of(signed)
    assert traces.credentials.state is CredentialState.UNREADABLE
    assert traces.credentials.problems[0].startswith("library_missing")
    assert "credentials_unreadable" in codes_of(traces)


@pytest.mark.parametrize("error", [RuntimeError("broken"), OSError("gone"), c2pa.C2paError("Other: odd")])
def test_a_broken_library_is_a_reason_and_no_crash(signed, monkeypatch, error):
    def fail(*args, **options):
        raise error

    monkeypatch.setattr(c2pa, "Reader", fail)
    with signed.open("rb") as file:
        credentials = read_credentials(file, "boxes")
    assert credentials.state is CredentialState.UNREADABLE
    assert str(error) in credentials.problems[0]


def test_wrong_certificates_are_no_crash(signed):
    with signed.open("rb") as file:
        state = read_credentials(file, "boxes", "-----BEGIN CERTIFICATE-----\nnonsense\n").state
    assert state in (CredentialState.UNTRUSTED, CredentialState.UNREADABLE)
