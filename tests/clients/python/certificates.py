"""A certificate to sign client assertions with, made anew for each run and registered in `world.toml`."""

import base64
import datetime
import functools

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM


class Certificate:
    """A self-signed certificate and its key, in the forms that the libraries want."""

    def __init__(self, name):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.timezone.utc)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30))
            .sign(self.key, hashes.SHA256())
        )

    def private_pem(self):
        form, open_text = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        return self.key.private_bytes(PEM, form, open_text).decode()

    def public_pem(self):
        return self.certificate.public_bytes(PEM).decode()

    def both_pem(self):
        return (self.private_pem() + self.public_pem()).encode()

    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def base64(self):
        return base64.b64encode(self.der()).decode()

    def sha1(self):
        return self.certificate.fingerprint(hashes.SHA1()).hex().upper()

    def pfx(self, password):
        sealed = serialization.BestAvailableEncryption(password.encode())
        return pkcs12.serialize_key_and_certificates(b"tests", self.key, self.certificate, None, sealed)


@functools.cache
def registered():
    """The one in `world.toml`."""
    return Certificate("tests, for development only")


@functools.cache
def stranger():
    """One that no registration knows."""
    return Certificate("somebody else, for development only")
