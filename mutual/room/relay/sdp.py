"""Session descriptions: the server offers, the page answers (RFC 8829, 8839).

Every offer has the same shape, so that joining, caucus and leaving never renegotiate: section 0 is
the page's sound, 1 its picture, then one pair per slot in which the page sees somebody else. The
only address in it is the relay's own (P-72).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mutual.room.relay.rtp import AUDIO_LEVEL_ID, OPUS, SEND_TIME_ID, VP8

MAX_ANSWER = 65_536
"""Bytes; an answer of six slots takes about 12,000."""

_AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
_FINGERPRINT = re.compile(r"^(sha-256|sha-384|sha-512) ([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+)$")


@dataclass(frozen=True, slots=True)
class Transport:
    """What an offer says about the relay itself."""

    ufrag: str
    password: str
    fingerprint: str
    addresses: Sequence[tuple[str, int]]
    """The relay's own host and port, UDP and TCP alike."""
    udp: bool = True


@dataclass(frozen=True, slots=True)
class SlotLines:
    """The stream numbers of one slot."""

    name: str
    audio_ssrc: int
    video_ssrc: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the relay takes from a page's answer: no address is ever read from it."""

    ufrag: str
    fingerprint_algorithm: str
    fingerprint: str


def offer(session: int, transport: Transport, slots: Sequence[SlotLines]) -> str:
    """The offer for one page, lines ended by CRLF."""
    mids = " ".join(str(number) for number in range(2 + 2 * len(slots)))
    lines = [
        "v=0",
        f"o=- {session} 1 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {mids}",
        "a=msid-semantic: WMS *",
        *_section("audio", 0, "recvonly", transport),
        *_section("video", 1, "recvonly", transport),
    ]
    for number, slot in enumerate(slots):
        for kind, ssrc in (("audio", slot.audio_ssrc), ("video", slot.video_ssrc)):
            mid = 2 + 2 * number + (kind == "video")
            lines += _section(kind, mid, "sendonly", transport)
            lines += [
                f"a=msid:{slot.name} {slot.name}-{kind}",
                f"a=ssrc:{ssrc} cname:{slot.name}",
            ]
    return "\r\n".join(lines) + "\r\n"


def _section(kind: str, mid: int, direction: str, transport: Transport) -> list[str]:
    payload = OPUS if kind == "audio" else VP8
    lines = [
        f"m={kind} 9 UDP/TLS/RTP/SAVPF {payload}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{mid}",
        f"a={direction}",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=ice-ufrag:{transport.ufrag}",
        f"a=ice-pwd:{transport.password}",
        f"a=fingerprint:sha-256 {transport.fingerprint}",
        "a=setup:actpass",
        f"a=extmap:{SEND_TIME_ID} {_SEND_TIME}",
    ]
    if kind == "audio":
        lines += [
            f"a=extmap:{AUDIO_LEVEL_ID} {_AUDIO_LEVEL}",
            f"a=rtpmap:{OPUS} opus/48000/2",
            f"a=fmtp:{OPUS} minptime=10;useinbandfec=1",
        ]
    else:
        lines += [f"a=rtpmap:{VP8} VP8/90000"]
        lines += [
            f"a=rtcp-fb:{VP8} {feedback}"
            for feedback in ("nack", "nack pli", "ccm fir", "goog-remb")
        ]
    if mid == 0:
        lines += _candidates(transport)
    return lines


def _candidates(transport: Transport) -> list[str]:
    lines: list[str] = []
    for number, (host, port) in enumerate(transport.addresses):
        # RFC 8445 5.1.2.1: type preference 126 (host); TCP below every UDP candidate.
        udp = (126 << 24) + ((65535 - number) << 8) + 255
        tcp = (90 << 24) + ((65535 - number) << 8) + 255
        if transport.udp:
            lines.append(f"a=candidate:{2 * number + 1} 1 udp {udp} {host} {port} typ host")
        lines.append(
            f"a=candidate:{2 * number + 2} 1 tcp {tcp} {host} {port} typ host tcptype passive"
        )
    return [*lines, "a=end-of-candidates"]


def read_answer(text: str, sections: int) -> Answer:
    """Read a page's answer. Raises ``ValueError`` that says what is wrong with it."""
    if len(text) > MAX_ANSWER:
        raise ValueError(f"the answer is longer than {MAX_ANSWER} bytes")
    lines = text.replace("\r\n", "\n").split("\n")
    found = sum(line.startswith("m=") for line in lines)
    if found != sections:
        raise ValueError(f"the answer has {found} media sections, the offer had {sections}")
    ufrag = _only(lines, "a=ice-ufrag:")
    setup = _only(lines, "a=setup:")
    if setup != "active":
        raise ValueError(f"the answer says setup:{setup}, the relay needs setup:active")
    match = _FINGERPRINT.match(_only(lines, "a=fingerprint:"))
    if match is None:
        raise ValueError("the answer's fingerprint is not SHA-256, SHA-384 or SHA-512")
    return Answer(ufrag, match[1], match[2].upper())


def _only(lines: Sequence[str], prefix: str) -> str:
    values = {line[len(prefix) :].strip() for line in lines if line.startswith(prefix)}
    if len(values) != 1:
        raise ValueError(f"the answer needs one value of {prefix[2:-1]}, it has {len(values)}")
    return values.pop()
