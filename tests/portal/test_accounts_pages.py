"""Every page of *Me* and sign-in opens for a person, and for nobody else."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "address",
    ["/me/", "/me/who/", "/me/contact/", "/me/forms/", "/me/consents/", "/me/consents/tele/",
     "/me/consents/cj/", "/account/enrol/", "/pin/", "/forms/thanks/", "/account/2fa/",
     "/account/sessions/", "/account/2fa/totp/activate/"],
)  # fmt: skip
def test_a_page_opens_for_the_person_it_belongs_to(browse, address: str) -> None:
    answer = browse("ana").get(address)
    assert answer.status_code in (200, 302), answer.status_code
    if answer.status_code == 302:
        assert answer["Location"].startswith("/account/reauthenticate/"), answer["Location"]
    else:
        assert b"<title>Mutual</title>" in answer.content
