"""A code app is turned on by the page that a newcomer uses; more in test_own_keys.py."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from tests.people.signing_in import account, signed_in
from tests.world import PASSWORD


@pytest.mark.rule("P-83")
@pytest.mark.parametrize("name", ["ana", "mo"])
def test_a_newcomer_turns_on_a_code_app(db, name: str) -> None:
    Authenticator.objects.filter(user=account(name)).delete()
    mine = signed_in(name)
    mine.post("/account/reauthenticate/", {"password": PASSWORD})
    there = reverse("mfa_activate_totp")
    found = re.search(r"\b[A-Z2-7]{32}\b", mine.get(there).content.decode())
    assert found
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(found.group(), counter))
    assert mine.post(there, {"code": code}).status_code == 302
    rows = Authenticator.objects.filter(user=account(name))
    assert "totp" in {row.type for row in rows}
