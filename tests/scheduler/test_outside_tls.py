"""Fetching over TLS: the certificate is held against the name that the user gave."""

import re
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.scheduler.strangers import Resolver, Server, get, refused


@pytest.fixture
def secure(server: Server, tmp_path: Path) -> Path:
    """Gives the server a certificate for `localhost`; returns it as a file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path, private = tmp_path / "cert.pem", tmp_path / "key.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, private)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return path


def over_tls(server: Server, host: str) -> str:
    return re.sub(r"http://127\.0\.0\.1", f"https://{host}", server.url)


def test_a_certificate_that_nobody_vouches_for_is_not_believed(server: Server, secure: Path) -> None:
    assert "has no certificate that can be trusted (self" in refused(over_tls(server, "localhost"))
    assert server.asked == []


def test_the_certificate_is_held_against_the_name_not_the_address(
    server: Server, secure: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(secure))
    home = Resolver(["127.0.0.1"])
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *a, **b: home("rebind.example" if host == "localhost" else host, *a, **b),
    )
    assert get(over_tls(server, "localhost")).body == server.body
    assert "has no certificate that can be trusted" in refused(over_tls(server, "127.0.0.1"))


def test_a_server_that_never_shakes_hands_is_left() -> None:
    begun = time.monotonic()
    listener = socket.create_server(("127.0.0.1", 0))
    sentence = refused(f"https://127.0.0.1:{listener.getsockname()[1]}/", seconds=0.3)
    assert "took longer than 0.3 s" in sentence
    assert time.monotonic() - begun < 2
    listener.close()
