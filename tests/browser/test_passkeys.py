"""Passkeys in a real Chromium with a virtual authenticator: made, used, asked for again, removed.

The device answers as a finger on a sensor does; what the server checks is what it checks always.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tests.browser.finder import MISSING, find_browser, launch_args
from tests.browser.live import Live, serving
from tests.world import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason=MISSING),
]


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=launch_args())
        yield chromium
        chromium.close()


class Device:
    """A browser of one person with an authenticator of its own."""

    def __init__(self, browser: Browser, live: Live) -> None:
        self.context: BrowserContext = browser.new_context(base_url=live.url)
        self.page: Page = self.context.new_page()
        self._cdp: CDPSession = self.context.new_cdp_session(self.page)
        self._cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        made = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = made["authenticatorId"]

    def credentials(self) -> list[dict[str, Any]]:
        """What the authenticator holds."""
        found = self._cdp.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return list(found["credentials"])

    def finger(self, fits: bool) -> None:
        """Whether the next finger on the sensor is the owner's."""
        self._cdp.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": fits}
        )

    def give_password(self, name: str, home: str) -> None:
        """Address and password on the sign-in page."""
        self.page.goto("/account/login/")
        self.page.fill("[name=login]", f"{name}@{home}.example")
        self.page.fill("[name=password]", PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()

    def sign_out(self) -> None:
        """Forget this sign-in, and nothing of the authenticator."""
        self.context.clear_cookies()

    def add_key(self, name: str) -> None:
        """Make a passkey; the page asks for the password again where that was a while ago."""
        self.page.goto("/account/2fa/webauthn/add/")
        if "reauthenticate" in self.page.url:
            self.page.fill("[name=password]", PASSWORD)
            self.page.get_by_role("button", name="Continue").click()
        self.page.wait_for_url("**/webauthn/add/**")
        self.page.fill("[name=name]", name)
        self.page.get_by_role("button", name="Add it").click()
        self.page.wait_for_url(re.compile(r"^(?!.*webauthn/add).*$"))


@pytest.mark.rule("P-86", "P-83", "P-10")
def test_staff_enrol_a_passkey_sign_in_with_it_and_are_asked_for_it_again(
    live: Live, browser: Browser
) -> None:
    device = Device(browser, live)
    page = device.page
    device.give_password("noor", "staff")
    page.goto("/staff/")
    assert "/account/enrol/" in page.url, "no page of staff without a key"
    device.add_key("blue key")
    (credential,) = device.credentials()
    assert credential["rpId"] == "localhost" and credential["isResidentCredential"]
    assert page.title() == "Mutual"
    page.goto("/staff/")
    assert page.url.endswith("/staff/")

    device.sign_out()
    device.give_password("noor", "staff")
    page.wait_for_url("**/2fa/authenticate/**")
    page.goto("/staff/")
    assert "/account/" in page.url, "the password alone opens nothing"
    page.goto("/account/2fa/authenticate/")
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/staff/")

    # Emergency access: what was typed is kept, and opens after the key alone.
    page.goto("/staff/emergency-access/")
    page.fill("[name=name]", "Ana Fiction")
    page.locator("[name=kind]").first.check()
    page.fill("[name=reason]", "She doesn't answer the door or the phone.")
    page.get_by_role("button", name="Open the record now").click()
    page.wait_for_url("**/webauthn/reauthenticate/**")
    assert page.get_by_label("Password").count() == 0
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/unlock/kept/")
    page.get_by_role("button", name="Send them now").click()
    page.wait_for_url(re.compile(r"/staff/emergency-access/[0-9a-f-]{36}/"))
    assert page.title() == "Mutual"
    device.context.close()


@pytest.mark.rule("P-82", "P-83", "P-84")
def test_a_partner_signs_in_with_the_passkey_alone_and_a_removed_one_opens_nothing(
    live: Live, browser: Browser
) -> None:
    phone = Device(browser, live)
    page = phone.page
    phone.give_password("ana", "home")
    phone.add_key("green phone")
    phone.sign_out()

    # Another finger on the same phone is nobody.
    page.goto("/account/login/")
    phone.finger(fits=False)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_timeout(500)
    page.goto("/today/")
    assert "/account/login/" in page.url
    phone.finger(fits=True)
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/today/")

    tablet = Device(browser, live)
    tablet.give_password("ana", "home")
    tablet.page.wait_for_url("**/2fa/authenticate/**")
    assert tablet.page.title() == "Mutual"
    tablet.context.close()

    # A second key, with which the first is removed; then the first opens nothing.
    # The keys lie behind the PIN of one's own: a finger enrolled on this phone doesn't reach them.
    page.goto("/account/2fa/")
    page.wait_for_url("**/pin/**")
    for name in ("pin", "again"):
        page.fill(f"[name={name}]", "4711")
    page.get_by_role("button", name="Open").click()
    page.wait_for_url("**/account/2fa/")
    assert page.get_by_text("green phone").count()
    assert page.get_by_text("ana@home.example").count() == 0
    live.call("tests.browser.test_passkeys:second_key", "ana")
    page.goto("/account/2fa/")
    page.get_by_role("link", name="green phone").click()
    if "reauthenticate" in page.url:
        page.get_by_role("button", name="Use your passkey").click()
        page.wait_for_url("**/account/key/**")
    page.get_by_role("button", name=re.compile("Remove|Take")).last.click()
    page.wait_for_load_state()
    page.goto("/account/2fa/")
    assert page.get_by_text("green phone").count() == 0
    phone.sign_out()
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_timeout(500)
    page.goto("/today/")
    assert "/account/login/" in page.url and page.title() == "Mutual"
    phone.context.close()


def second_key(name: str) -> int:
    """A code app of somebody on another device."""
    from allauth.mfa.totp.internal import auth as totp

    from tests.people.signing_in import account

    return int(totp.TOTP.activate(account(name), totp.generate_totp_secret()).instance.pk)
