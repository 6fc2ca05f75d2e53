"""Certificates made on the spot by the `openssl` that is installed; tests that need one skip where there is none."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest


def certificate(folder: Path, name: str, days: int = 2, *, subject: str = "") -> Path:
    """A certificate that `name` has signed for itself, with its key, in one file; expired where `days` is -1.

    Who trusts two of one name needs a `subject` for each, by which they are told apart.
    """
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here")
    key, request, made = folder / "key.pem", folder / "request.pem", folder / f"{name}{days}.pem"
    extensions = folder / "extensions"
    extensions.write_text(f"subjectAltName=DNS:{name}\n")
    steps: tuple[list[str | Path], ...] = (
        ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key],
        ["req", "-new", "-key", key, "-subj", f"/CN={subject or name}", "-out", request],
        ["x509", "-req", "-in", request, "-signkey", key, "-days", str(days), "-extfile", extensions, "-out", made],
    )
    for step in steps:
        done = subprocess.run([openssl, *step], capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"this openssl cannot: {done.stderr}")
    made.write_bytes(key.read_bytes() + made.read_bytes())
    return made


def serving(certificate: Path) -> ssl.SSLContext:
    """What a server of that certificate needs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    """What a client that trusts that certificate alone needs."""
    return ssl.create_default_context(cafile=str(certificate))
