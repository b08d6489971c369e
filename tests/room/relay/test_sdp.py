"""Offers and answers."""

from __future__ import annotations

import re

import pytest

from mutual.room.relay import sdp

FINGERPRINT = ":".join(["AB"] * 32)
TRANSPORT = sdp.Transport("ufrag", "p" * 32, FINGERPRINT, [("192.0.2.1", 5000)])
SLOTS = [sdp.SlotLines("slot-0", 11, 12), sdp.SlotLines("slot-1", 13, 14)]


def answer(**change: str) -> str:
    parts = {"ufrag": "them", "setup": "active", "hash": f"sha-256 {FINGERPRINT}", **change}
    section = (
        f"a=ice-ufrag:{parts['ufrag']}\r\na=ice-pwd:{'q' * 24}\r\n"
        f"a=fingerprint:{parts['hash']}\r\na=setup:{parts['setup']}\r\n"
        "a=candidate:1 1 udp 1 203.0.113.7 9 typ host\r\n"
    )
    return "v=0\r\n" + "".join(f"m={kind} 9 X 0\r\n{section}" for kind in ("audio", "video"))


def test_an_offer_takes_two_streams_and_sends_a_pair_for_each_slot() -> None:
    text = sdp.offer(1, TRANSPORT, SLOTS)
    directions = re.findall(r"^a=(recvonly|sendonly)\r$", text, re.M)
    assert directions == ["recvonly"] * 2 + ["sendonly"] * 4
    assert re.findall(r"^m=(\w+) ", text, re.M) == ["audio", "video"] * 3
    assert "a=group:BUNDLE 0 1 2 3 4 5\r\n" in text
    assert "a=msid:slot-1 slot-1-video\r\na=ssrc:14 cname:slot-1\r\n" in text


def test_an_offer_never_asks_for_stream_names_in_packets() -> None:
    assert "sdes:mid" not in sdp.offer(1, TRANSPORT, SLOTS)  # a forwarded one would misroute


@pytest.mark.rule("P-72")
def test_the_only_address_in_an_offer_is_the_relays_own() -> None:
    text = sdp.offer(1, TRANSPORT, SLOTS)
    assert set(re.findall(r"\d+\.\d+\.\d+\.\d+", text)) == {"192.0.2.1", "0.0.0.0"}
    assert text.count("a=candidate:") == 2
    assert "a=ice-lite" in text


def test_an_offer_without_udp_names_tcp_alone() -> None:
    text = sdp.offer(1, sdp.Transport("u", "p", FINGERPRINT, [("192.0.2.1", 5)], False), SLOTS)
    candidates = re.findall(r"^a=candidate:.*$", text, re.M)
    assert len(candidates) == 1
    assert "tcptype passive" in candidates[0]


@pytest.mark.rule("P-72")
def test_an_answer_gives_up_its_fingerprint_but_no_address() -> None:
    read = sdp.read_answer(answer(), 2)
    assert read == sdp.Answer("them", "sha-256", FINGERPRINT)
    assert "203.0.113" not in repr(read)


@pytest.mark.parametrize(
    ("text", "sections", "said"),
    [
        (answer(), 4, "2 media sections, the offer had 4"),
        (answer(setup="passive"), 2, "needs setup:active"),
        (answer(hash="sha-1 AB:CD"), 2, "not SHA-256"),
        (answer().replace("a=ice-ufrag:them", "a=x:y"), 2, "needs one value of ice-ufrag"),
        (answer().replace("them", "other", 1), 2, "needs one value of ice-ufrag, it has 2"),
        ("m" * 70_000, 2, "longer than"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_its_reason(
    text: str, sections: int, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        sdp.read_answer(text, sections)
