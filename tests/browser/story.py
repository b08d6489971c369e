"""How the people of the story use the product, page by page, in a real browser.

Each function is one thing somebody does. They use what a person sees: labels, buttons, links.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.demo_server import Demo

PASSWORD = "ladder moon boat river"
PIN = "7391"
#: Keeps every connection that a page makes, so that its candidates can be asked for.
KEEP = """() => { window.made = []; const Real = RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...a) { super(...a); window.made.push(this); } }; }"""


@dataclass
class Story:
    """The running demo, a browser, and the pages of each person (a context of their own)."""

    demo: Demo
    browser: Browser
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, who: str, *, phone: bool = False) -> Page:
        """The page of somebody; made at first use."""
        if who not in self.pages:
            size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
            context = self.browser.new_context(viewport=size)  # type: ignore[arg-type]
            context.add_init_script(f"({KEEP})()")
            page = context.new_page()
            page.set_default_timeout(15_000)
            self.pages[who] = page
        return self.pages[who]

    def staff(self, who: str, path: str) -> Page:
        """A member of staff on a page, signed in by the demo's one click."""
        page = self.page(who)
        page.goto(self.demo.enter(who, path))
        return page

    def mail(self, to: str, pattern: str) -> str:
        """What a mail to somebody holds, from the demo's mail reader."""
        page = self.page("mailbox")
        page.goto(self.demo.at("", "/demo/mail"))
        page.locator("main li, main tr").filter(has_text=to).first.get_by_role("link").click()
        found = re.search(pattern, page.inner_text("main"))
        assert found, "no such mail"
        return found.group(0)


def until(what: Callable[[], Any], seconds: float = 20.0) -> None:
    """Wait for something to be true."""
    start = time.monotonic()
    while not what():
        assert time.monotonic() - start < seconds, "it didn't happen in time"
        time.sleep(0.1)


def totp(secret: str) -> str:
    """The six digits an authenticator shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


# The public site and the inquiry ------------------------------------------------------------


def ask(story: Story, name: str, word: str) -> None:
    """One partner asks on the public site, for themselves."""
    page = story.page("visitor")
    page.goto(story.demo.at("", "/contact/"))
    page.fill("[name=name]", name)
    page.check("[name=safe_route][value=mail]")
    page.fill("[name=reach]", "shared@home.example")  # one mailbox for two people (F-19)
    page.fill("[name=safe_hours]", "weekdays after 5 pm")
    page.select_option("[name=state]", "TX")
    page.fill("[name=couple_word]", word)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/contact/thanks/")


def invite_both(story: Story, names: list[str]) -> None:
    """Admissions answers, links the two by hand and invites each by a link of their own."""
    page = story.staff("ada", "/staff/admissions/")
    page.get_by_role("link", name=re.compile(f"^{names[0]}")).first.click()
    page.get_by_role("button", name="Reached them").click()
    page.get_by_role("button", name=f"Link {names[1]}").click()
    for name in names:
        page.goto(story.demo.at("ada", "/staff/admissions/"))
        page.get_by_role("link", name=re.compile(f"^{name}")).first.click()
        page.fill("[name=email]", f"{name.lower()}.alone@home.example")
        page.get_by_role("button", name="Send the link").click()
        page.get_by_text("Sent to").wait_for()


# An account of one's own ------------------------------------------------------------------------


def arrive(story: Story, name: str) -> Page:
    """A private link, an account, a second key, paper codes, a PIN: each alone."""
    page = story.page(name, phone=True)
    link = story.mail(f"{name.lower()}.alone", r"http\S+/welcome/\S+")
    path = "/welcome/" + link.split("/welcome/")[1]
    page.goto(story.demo.at(name.lower(), path))
    page.fill("[name=family_name]", "Storyline")
    page.fill("[name=birth_date]", "1990-03-01")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Send me the code").click()
    page.get_by_text("six digits").wait_for()
    page.fill("[name=code]", story.mail(f"{name.lower()}.alone", r"\b\d{6}\b"))
    page.locator("main form button").first.click()
    page.wait_for_url("**/account/enrol/**")
    # "Does someone else use this phone?" Yes: then a code app, not a passkey.
    page.check("[name=shared][value=yes]")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Use a code app").click()
    page.wait_for_url("**/totp/activate/**")
    shown = re.search(r"\b[A-Z2-7]{32}\b", page.content())
    assert shown, "the secret of the code app is shown for typing"
    page.fill("[name=code]", totp(shown.group(0)))
    page.locator("main form button").last.click()
    page.wait_for_url(lambda url: "totp/activate" not in url)
    page.goto(story.demo.at(name.lower(), "/me/"))
    page.wait_for_url("**/pin/**")
    page.fill("[name=pin]", PIN)
    page.fill("[name=again]", PIN)
    page.get_by_role("button", name="Open").click()
    page.wait_for_url("**/me/")
    return page


def contact_sheet(story: Story, name: str) -> None:
    """How one may be reached, and somebody outside the couple for an emergency (C-79)."""
    page = story.pages[name]
    page.goto(story.demo.at(name.lower(), "/me/contact/"))
    page.fill("[name=phone]", "555-0142")
    page.fill("[name=home_address]", "4 Example Lane, Sampletown")
    page.fill("[name=home_state]", "TX")
    page.fill("[name=code_word]", "porch light")
    page.fill("[name=emergency_name]", f"Sister of {name}")
    page.fill("[name=emergency_phone]", "555-0143")
    page.locator("main form").get_by_role("button").last.click()
    page.wait_for_load_state()
    assert page.locator(".field-error:visible").count() == 0


def sign(story: Story, name: str, *codes: str) -> None:
    """Sign consents, each alone, each with its own words."""
    page = story.pages[name]
    for code in codes:
        page.goto(story.demo.at(name.lower(), f"/me/consents/{code}/"))
        page.fill("[name=signature]", f"{name} Storyline")
        page.get_by_role("button", name="Sign", exact=True).click()
        page.goto(story.demo.at(name.lower(), f"/me/consents/{code}/"))
        page.get_by_text("Signed").first.wait_for()


def fill_form(story: Story, name: str, answers: list[int]) -> None:
    """Fill in the first open form on one's own phone; nothing is shown again afterwards."""
    page = story.pages[name]
    page.goto(story.demo.at(name.lower(), "/me/forms/"))
    page.locator("main a[href^='/forms/']").first.click()
    names = page.evaluate(
        "[...new Set([...document.querySelectorAll('main input[type=radio]')].map((r) => r.name))]"
    )
    assert len(names) >= len(answers)
    padded = answers + [0] * (len(names) - len(answers))  # PHQ-9 asks how difficult it was
    for name_, answer in zip(names, padded, strict=True):
        page.locator(f"input[type=radio][name='{name_}'][value='{answer}']").check()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/forms/thanks/**")


# Screening, team, insurance, admission ---------------------------------------------------------


def make_couple(story: Story, names: list[str]) -> str:
    """Admissions makes them a couple; returns the address of their admission page."""
    page = story.staff("ada", "/staff/admissions/")
    page.get_by_role("link", name=re.compile(f"^{names[0]}")).first.click()
    page.get_by_role("button", name="Make them a couple here").click()
    link = page.locator("main a[href*='/admission/']").first
    link.wait_for()
    return link.get_attribute("href") or ""


def assign_team(story: Story, admission: str, team: dict[str, str], *, refused: str = "") -> None:
    """Assign the care team; a wrong one is refused in words."""
    page = story.page("ada")
    page.goto(story.demo.at("ada", admission))
    for place, name in team.items():
        page.select_option(f"select[name={place}]", label=name)
    page.get_by_role("button", name="Assign").click()
    if refused:
        page.get_by_text(refused).first.wait_for()
    else:
        page.wait_for_load_state()
        assert page.locator(".field-error:visible, .notice.danger:visible").count() == 0


def person_path(story: Story, name: str) -> str:
    """``/staff/people/<id>`` of somebody, from the inquiry's links."""
    page = story.staff("ada", "/staff/admissions/")
    page.get_by_role("link", name=re.compile(f"^{name}")).first.click()
    href = page.locator("main a[href*='/insurance/']").first.get_attribute("href") or ""
    return href.removesuffix("insurance/")


def screen(story: Story, counselor: str, person: str) -> None:
    """The own counselor asks both live screens, alone with this partner, and rates the level."""
    page = story.staff(counselor, f"{person}screening/safety/")
    for group in page.locator("input[type=radio][value=no]").all():
        group.check()
    for name in ("alone", "headphones", "code_word"):
        page.check(f"[name={name}][value=yes]")
    page.get_by_role("button", name="Keep and seal").click()
    page.get_by_text("Negative").first.wait_for()
    page.goto(story.demo.at(counselor, f"{person}screening/risk/"))
    for item in ("1", "2", "6"):
        page.check(f"[name=item_{item}][value=no]")
    page.get_by_role("button", name="Keep and seal").click()
    page.get_by_text("None").first.wait_for()
    page.goto(story.demo.at(counselor, f"{person}level/"))
    for number in range(1, 6):
        page.select_option(f"[name=minimum_{number}]", "2.1")
        page.fill(f"[name=reason_{number}]", "needs this structure now")
    page.get_by_role("button", name="Sign").click()
    page.get_by_text("Level 2.1").first.wait_for()


def insure(story: Story, person: str, name: str, answer: bytes) -> Page:
    """Admissions types the card and drops the payer's answer."""
    page = story.staff("ada", f"{person}insurance/")
    page.fill("[name=payer_name]", "Fictional Health Plan")
    page.fill("[name=payer_number]", "FHP01")
    page.fill("[name=member_id]", "STORY0001")
    page.fill("[name=address]", "4 EXAMPLE LANE")
    page.fill("[name=city]", "SAMPLETOWN")
    page.fill("[name=state]", "TX")
    page.fill("[name=postcode]", "750010001")
    page.get_by_role("button", name="Save card").click()
    page.locator("input[type=file]").wait_for(state="attached")
    # A file that is cut off is refused whole, with the reason.
    page.locator("input[type=file]").set_input_files(
        {"name": "cut.271", "mimeType": "text/plain", "buffer": answer[: len(answer) // 2]}
    )
    page.get_by_role("button", name="Import").click()
    page.get_by_text("Nothing was imported").first.wait_for()
    page.locator("input[type=file]").set_input_files(
        {"name": "answer.271", "mimeType": "text/plain", "buffer": answer}
    )
    page.get_by_role("button", name="Import").click()
    page.get_by_text("$1,500").first.wait_for()
    return page


def admit(story: Story, admission: str, monday: str) -> None:
    """Readiness of each, then both are admitted in one act, from a Monday on."""
    page = story.page("ada")
    page.goto(story.demo.at("ada", admission))
    for side in ("A", "B"):
        panel = page.locator("form").filter(has=page.locator(f"button[name=ready][value={side}]"))
        for box in panel.locator("input[type=checkbox]").all():
            box.check()
        panel.get_by_role("button", name="Save").click()
        page.wait_for_load_state()
    page.fill("[name=on]", monday)
    page.get_by_role("button", name="Admit both").click()
    page.get_by_text("Both are admitted").first.wait_for()


def give_forms(story: Story, counselor: str, person: str) -> None:
    """The own counselor gives out the two intake forms."""
    page = story.staff(counselor, f"{person}forms/")
    for key in ("phq9", "audit_c"):
        page.goto(story.demo.at(counselor, f"{person}forms/"))
        page.select_option("select[name=key]", key)
        page.get_by_role("button", name="Give out").click()
        page.wait_for_load_state()


def payer_answer(name: str) -> bytes:
    """A made-up 271 for the story's card."""
    inside = [
        "BHT*0022*11*STORY*20261101*0900", "HL*1**20*1",
        "NM1*PR*2*FICTIONAL HEALTH PLAN*****PI*FHP01", "HL*2*1*21*1",
        "NM1*1P*2*MUTUAL DEMO PROGRAMME*****XX*1234567893", "HL*3*2*22*0",
        f"NM1*IL*1*STORYLINE*{name.upper()}****MI*STORY0001", "DMG*D8*19900301*F",
        "EB*1*IND*30^MH^AI*PR*FICTIONAL PPO", "EB*C*IND*30***23*1500*****Y",
        "EB*C*IND*30***29*900*****Y", "EB*A*IND*AI*****.2****Y",
        "EB*G*IND*30***23*5000*****Y", "EB*G*IND*30***29*4400*****Y",
    ]  # fmt: skip
    lines = [
        "ISA*00*          *00*          *ZZ*FHP01          *ZZ*MUTUALDEMO     "
        "*261101*0900*^*00501*000000001*0*T*:",
        "GS*HB*FHP01*MUTUALDEMO*20261101*0900*1*X*005010X279A1",
        "ST*271*0001*005010X279A1",
        *inside,
        f"SE*{len(inside) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return ("~\n".join(lines) + "~\n").encode("ascii")


def plan_week(story: Story, admission: str, monday: str) -> Page:
    """Admissions plans the first week from its template and publishes it."""
    page = story.page("ada")
    couple = admission.removeprefix("/staff/couples/").split("/")[0]
    page.goto(story.demo.at("ada", f"/staff/week/{couple}/?monday={monday}"))
    page.get_by_role("button", name=re.compile("^Plan")).click()
    page.wait_for_load_state()
    page.get_by_role("button", name=re.compile("^Publish")).click()
    page.get_by_text("Published").first.wait_for()
    return page
