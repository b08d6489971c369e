"""Connectivity checks: only who knows the password is answered."""

from __future__ import annotations

from typing import Any

from aioice import stun as wire

from mutual.room.relay import stun

PASSWORD = "a" * 32


def request(
    user: str | None = "ours:theirs", password: str = PASSWORD, *, nominate: bool = False
) -> bytes:
    message: Any = wire.Message(wire.Method.BINDING, wire.Class.REQUEST)
    if user is not None:
        message.attributes["USERNAME"] = user
    if nominate:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(password.encode())
    return bytes(message)


def passwords(ufrag: str) -> str | None:
    return PASSWORD if ufrag == "ours" else None


def test_a_check_with_the_right_password_names_its_peer() -> None:
    check = stun.check(request(nominate=True), passwords)
    assert check is not None
    assert (check.ufrag, check.remote_ufrag, check.nominates) == ("ours", "theirs", True)
    check = stun.check(request(), passwords)
    assert check is not None
    assert not check.nominates


def test_the_answer_tells_the_page_its_own_address_and_is_signed() -> None:
    check = stun.check(request(), passwords)
    assert check is not None
    answer: Any = wire.parse_message(check.answer("192.0.2.9", 4000))
    assert answer.message_class == wire.Class.RESPONSE
    assert answer.transaction_id == check.transaction
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == ("192.0.2.9", 4000)
    assert answer.check_message_integrity(PASSWORD.encode())


def test_nothing_else_is_answered() -> None:
    unsigned: Any = wire.Message(wire.Method.BINDING, wire.Class.REQUEST)
    unsigned.attributes["USERNAME"] = "ours:theirs"
    response: Any = wire.Message(wire.Method.BINDING, wire.Class.RESPONSE)
    response.attributes["USERNAME"] = "ours:theirs"
    response.add_message_integrity(PASSWORD.encode())
    for data in (
        request(password="b" * 32),
        request("other:theirs"),
        request("ours"),
        request(None),
        bytes(unsigned),
        bytes(response),
        request()[:-1],
        b"\x00\x01",
        b"",
    ):
        assert stun.check(data, passwords) is None
