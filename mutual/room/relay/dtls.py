"""DTLS on datagrams in memory, and the keys for SRTP that come out of it (RFC 5764, 8122)."""

from __future__ import annotations

import contextlib
import datetime
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pylibsrtp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

MTU = 1200
"""Bytes of a datagram that pass every usual network."""
_RECORD_HEADER = 13
_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha-256": hashes.SHA256,
    "sha-384": hashes.SHA384,
    "sha-512": hashes.SHA512,
}


@dataclass(frozen=True, slots=True)
class _Profile:
    number: int
    key: int
    salt: int


_PROFILES: dict[bytes, _Profile] = {
    b"SRTP_AEAD_AES_128_GCM": _Profile(pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
    b"SRTP_AES128_CM_SHA1_80": _Profile(pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
}


class Identity:
    """The relay's certificate, made anew at each start; pages know it by its fingerprint."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay")])
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(secrets.randbits(64) + 1)
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=365))
            .sign(key, hashes.SHA256())
        )
        self.key, self.certificate = key, certificate
        self.fingerprint = _fingerprint(certificate, "sha-256")
        context: Any = SSL.Context(SSL.DTLS_METHOD)
        context.use_certificate(certificate)
        context.use_privatekey(key)
        context.set_cipher_list(b"ECDHE+AESGCM:ECDHE+CHACHA20")
        context.set_options(SSL.OP_NO_QUERY_MTU)
        # The page's certificate is its own; the fingerprint in its answer vouches for it.
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        context.set_tlsext_use_srtp(b":".join(_PROFILES))
        self.context = context


def _fingerprint(certificate: x509.Certificate, algorithm: str) -> str:
    digest = certificate.fingerprint(_HASHES[algorithm]())
    return ":".join(f"{byte:02X}" for byte in digest)


class Handshake:
    """The server's side of one page's DTLS connection."""

    def __init__(self, identity: Identity, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._connection: Any = SSL.Connection(identity.context, None)
        self._connection.set_accept_state()
        self._connection.set_ciphertext_mtu(MTU)
        self.done = False
        self.closed = False

    def feed(self, datagram: bytes) -> None:
        """Take one datagram from the page; answers go out at once. Bad ones are dropped."""
        if self.closed:
            return
        try:
            self._connection.bio_write(datagram)
            if not self.done:
                self._connection.do_handshake()
                self.done = True
            while True:
                self._connection.recv(2048)  # no application data is expected; alerts are
        except SSL.WantReadError:
            pass
        except (SSL.ZeroReturnError, SSL.SysCallError):
            self.closed = True
        except SSL.Error:
            # A forged or late record must not end an established connection.
            self.closed = not self.done
        self._flush()

    def tick(self) -> None:
        """Repeat a lost flight when its time has come. Call every 50 to 200 ms until ``done``."""
        if self.done or self.closed:
            return
        try:
            self._connection.DTLSv1_handle_timeout()
        except SSL.Error:
            self.closed = True
        self._flush()

    def close(self) -> None:
        """Tell the page that the relay is done with it."""
        if self.done and not self.closed:
            with contextlib.suppress(SSL.Error):
                self._connection.shutdown()
            self._flush()
        self.closed = True

    def _flush(self) -> None:
        try:
            data: bytes = self._connection.bio_read(65535)
        except SSL.Error:
            return
        for datagram in whole_records(data):
            self._send(datagram)

    def matches(self, algorithm: str, fingerprint: str) -> bool:
        """Whether the page's certificate is the one that its answer named."""
        if algorithm not in _HASHES:
            return False
        certificate: x509.Certificate | None = self._connection.get_peer_certificate(
            as_cryptography=True
        )
        if certificate is None:
            return False
        return secrets.compare_digest(_fingerprint(certificate, algorithm), fingerprint.upper())

    def sessions(self) -> tuple[Any, Any]:
        """SRTP sessions (from the page, to the page). Raises ``ValueError`` if none was agreed."""
        profile = _PROFILES.get(self._connection.get_selected_srtp_profile())
        if profile is None:
            raise ValueError("the page agreed to no SRTP profile")
        key, salt = profile.key, profile.salt
        material: bytes = self._connection.export_keying_material(
            b"EXTRACTOR-dtls_srtp", 2 * (key + salt), None
        )
        client = material[:key] + material[2 * key : 2 * key + salt]
        server = material[key : 2 * key] + material[2 * key + salt :]
        return (
            _session(profile, client, pylibsrtp.Policy.SSRC_ANY_INBOUND),
            _session(profile, server, pylibsrtp.Policy.SSRC_ANY_OUTBOUND),
        )


def _session(profile: _Profile, key: bytes, direction: int) -> Any:
    policy: Any = pylibsrtp.Policy(key=key, ssrc_type=direction, srtp_profile=profile.number)
    policy.window_size = 1024
    # Resends are byte for byte what went out before, so the same index hides the same bytes.
    policy.allow_repeat_tx = True
    return pylibsrtp.Session(policy)


def whole_records(data: bytes, limit: int = MTU) -> list[bytes]:
    """Cut what OpenSSL wrote into datagrams of whole DTLS records, ``limit`` bytes or less."""
    datagrams: list[bytes] = []
    at = 0
    while at + _RECORD_HEADER <= len(data):
        end = at + _RECORD_HEADER + int.from_bytes(data[at + 11 : at + 13], "big")
        record = data[at:end]
        if datagrams and len(datagrams[-1]) + len(record) <= limit:
            datagrams[-1] += record
        else:
            datagrams.append(record)
        at = end
    return datagrams
