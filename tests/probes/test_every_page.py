"""Every page there is, opened by every role: small, quiet in its title, nothing inline, every
header in place, and beside each box in which something of a record is written who reads it.

The pages come from the URL resolver. A route that takes an argument and has no sample here fails:
who adds a page adds its probe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from mutual.episode import inquiry as inquiries
from mutual.people.models import Couple, Person, Staff
from mutual.privacy import (
    breaches,
    conflicts,
    emergencies,
    glass,
    legal,
    oncall,
    requests,
    watch,
)  # fmt: skip
from mutual.privacy.models import ConflictMatch, Consent
from mutual.wall import audit
from tests.plan.factories import couple_plan, own_plan
from tests.probes.headers import ROOMS, wrong_headers
from tests.probes.labels import NO_RECORD, Boxes
from tests.probes.report import WHOLE
from tests.record.factories import held, signed, start
from tests.world import PEOPLE, id_of

LARGEST = 100_000
#: One of each: both faces, every role of staff, and a visitor.
ROLES = (
    "", "ana", "ben", "reyes", "mo", "kit", "noor", "pruitt", "ada", "bill", "dee", "pia", "cory",
)  # fmt: skip
#: Asked for every page also in a sampled run.
FIRST = ("", "ana", "reyes", "mo", "ada", "dee", "pia")
#: These end or lock the session they are opened in: opened last.
ENDS = ("lock", "exit", "account_logout")
#: Pages whose title is one and the same.
PRIVATE = ("/staff/", "/me/", "/today/", "/us/", "/account/", "/pin/", "/unlock/", "/week/",
           "/messages/", "/check-in/", "/trust/", "/forms/", "/join/", "/home/")  # fmt: skip
#: A block of JSON is data that no browser runs.
_INLINE = re.compile(
    r"<style\b|<script(?![^>]*(?:\bsrc=|application/json))[^>]*>"
    r"|<[^>]+\s(?:style|on[a-z]+)\s*=",
    re.I,
)
_TITLE = re.compile(r"<title>(.*?)</title>", re.S)


def routes() -> list[tuple[str, URLPattern]]:
    """Every named route with its whole pattern; a route without a name has its pattern for one."""

    def walk(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, before + str(entry.pattern))
            else:
                yield before + str(entry.pattern), entry

    return list(walk(get_resolver()))


def visitor() -> Client:
    """Somebody who is not signed in, behind a proxy that ended TLS."""
    return Client(headers={"x-forwarded-proto": "https"})


def watch_samples(act) -> dict[str, dict[str, object]]:
    """An emergency that Mo opened, what the officer looks at, a shift, a conflict."""
    with act("mo") as mo:
        glassy = glass.open_record(mo, "Cleo Madeup", "medical", "Nobody answers the phone there.")
    with act("cory") as cory:
        conflict = conflicts.declare(cory, "Dan Madeup", "friend")
    with act("noor"):
        audit.read("progress_note", id_of("ana"))
    watch.look()
    with act("pia") as pia:
        found = watch.findings(pia)[0].row
        watched = watch.watch(pia, id_of("dan"), "Many know him.")
        match = ConflictMatch.objects.get(conflict=conflict)
    now = timezone.now()
    with act("dee") as dee:
        staff = Staff.objects.get(id=id_of("noor"))
        shift = oncall.plan(dee, staff, now - timedelta(hours=1), now + timedelta(hours=1))
        person = Person.objects.get(id=id_of("ben")).public_id
    opened, nothing = {"public_id": glassy.public_id}, {"public_id": uuid4()}
    return {
        "staff-glass-record": opened,
        "staff-glass-review": opened,
        "staff-glass-end": nothing,
        "staff-finding": {"public_id": found.public_id},
        "staff-unwatch": {"public_id": watched.public_id},
        "staff-oncall-person": {"public_id": person},
        "staff-oncall-end": {"public_id": shift.public_id},
        "staff-conflict-end": {"public_id": conflict.public_id},
        "staff-conflict-match": {"public_id": match.public_id},
    }


def duty_samples(act, consent: Consent) -> dict[str, dict[str, object]]:
    """One of each thing the privacy officer answers for: requests, demands, breaches, audits."""
    today = timezone.localdate()
    with act("ana") as ana:
        asked = requests.ask(ana, "access", "All of it.")
    with act("pia") as pia:
        demand = legal.log_demand(
            pia, name_asked="Ana Fiction", form="subpoena", sender="A lawyer",
            received_on=today, asks_for="Everything",
        )  # fmt: skip
        breach = breaches.log_breach(pia, "A letter went astray.", today, [id_of("ana")])
    with act("mo") as mo:
        emergency = emergencies.begin(mo, Person.objects.get(id=id_of("ana")))
    nothing = uuid4()
    return {
        "portal-request": {"public_id": asked.public_id},
        "portal-request-copy": {"public_id": asked.public_id},
        "staff-request": {"public_id": asked.public_id},
        "staff-request-paper": {"public_id": consent.public_id},
        "staff-demand": {"public_id": demand.public_id},
        "staff-demand-letter": {"public_id": demand.public_id},
        "staff-breach": {"public_id": breach.public_id},
        "staff-emergency": {"public_id": emergency.public_id},
        "staff-outside-copy": {"public_id": nothing},
        "staff-audit-end": {"public_id": nothing},
        "staff-audit-sample": {"public_id": nothing},
        "staff-audit-record": {"public_id": nothing, "sample_id": nothing},
        "staff-consent-paper": {"public_id": consent.public_id},
        "staff-sharing-offer": {"session": nothing},
    }


@pytest.fixture
def samples(act) -> dict[str, dict[str, object]]:
    """Arguments for each route that takes some, of records that exist in the test world."""
    own_session = held("mo", "individual", "P", "ana", ["ana"])
    joint = held("reyes", "conjoint", "C", "ab", ["ana", "ben"], hours_ago=5)
    groups = held("mo", "process_group", "G", uuid4(), ["ana", "cleo"], hours_ago=9)
    with act("mo") as mo:
        note = signed(mo)
        _plan, goal = own_plan(mo, "ana")
        draft = start(mo, hours_ago=4)
        person = Person.objects.get(id=id_of("ana")).public_id
        couple = Couple.objects.get(id=id_of("ab")).public_id
    with act("reyes") as reyes:
        couple_plan(reyes)
    with act("ana"):
        consent = Consent.objects.first()
        assert consent is not None
    asked = inquiries.receive_inquiry(
        name="Rosa", safe_route="call", reach="5125550100", safe_hours="noon", state="TX",
        question="Is this for us?", couple_word="",
    )  # fmt: skip
    nothing = uuid4()
    lane = {"public_id": couple, "lane": "a"}
    found: dict[str, dict[str, object]] = {
        "styleguide-shell": {"name": "staff"},
        "account_confirm_email": {"key": "none"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "none-none"},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
        "interop-calendar": {"token": "none"},
        "portal-key": {"handle": "0" * 32},
        "portal-key-by-number": {"number": 1, "what": "edit"},
        "staff-access-one": {"public_id": nothing},
        "staff-access-answer": {"public_id": nothing},
        "staff-renewal": {"public_id": nothing},
        "staff-renewal-stop": {"public_id": nothing},
        "portal-welcome": {"token": "none"},
        "portal-consent": {"code": "tele"},
        "portal-consent-copy": {"public_id": consent.public_id},
        "portal-form": {"public_id": nothing},
        "portal-agreement": {"public_id": nothing},
        "portal-journal-page": {"public_id": nothing},
        "portal-worksheet-read": {"public_id": nothing},
        "portal-worksheet": {"number": 1},
        "portal-note": {"public_id": note.public_id},
        "portal-part": {"code": "contract"},
        "portal-document": {"public_id": person, "which": "summary"},
        "staff-document": {"public_id": person, "which": "summary"},
        "staff-billing-download": {"public_id": nothing},
        "staff-billing-back": {"public_id": nothing},
        "staff-task-done": {"public_id": nothing},
        "staff-notice-settle": {"public_id": nothing},
        "staff-proposal": {"public_id": nothing},
        "staff-make-up": {"public_id": person},
        "staff-board-phone": {"public_id": nothing},
        "staff-group": {"public_id": nothing},
        "staff-ask": {"public_id": nothing},
        "staff-ask-answer": {"public_id": nothing},
        "portal-session": {"public_id": joint.public_id},
        "staff-stand-in": {"public_id": nothing},
        "staff-proposal-accept": {"public_id": nothing},
        "staff-parting": {"public_id": couple},
        "staff-incident": {"public_id": nothing},
        "portal-sharing-paper": {"public_id": nothing},
        **duty_samples(act, consent),
        **watch_samples(act),
        "staff-answers": {"public_id": person, "response_id": nothing},
        "staff-messages-own": {"public_id": person},
        "staff-messages-ours": {"public_id": couple},
        "staff-privacy-person": {"public_id": person},
        "staff-goal": {**lane, "goal": goal.public_id},
        "staff-notes-for": {"session": own_session.public_id},
        "staff-notes-group": {"session": groups.public_id},
        "staff-notes-group-draft": {"session": groups.public_id},
        "staff-team-place": {"public_id": couple, "place": "counselor-a"},
        "staff-note": {"public_id": draft.public_id},
    }
    by_start: dict[str, dict[str, object]] = {
        "staff/admissions/": {"public_id": asked.public_id},
        "staff/people/": {"public_id": person},
        "staff/couples/<uuid:public_id>/<lane:lane>/": lane,
        "staff/couples/": {"public_id": couple},
        "staff/notes/<uuid:public_id>/": {"public_id": draft.public_id},
        "staff/week/session/": {"public_id": joint.public_id},
        "staff/week/": {"public_id": couple},
        "staff/room/": {"session": joint.public_id},
        "join/": {"session": joint.public_id},
    }
    for pattern, route in routes():
        name = route.name or pattern
        for begin, given in by_start.items():
            if name not in found and pattern.startswith(begin):
                found[name] = given
    return found


def arguments(pattern: str, route: URLPattern) -> set[str]:
    """The names of what a route takes."""
    wanted = set(route.pattern.converters) | set(
        getattr(getattr(route.pattern, "regex", None), "groupindex", {})
    )
    return wanted | set(re.findall(r"<(?:\w+:)?(\w+)>", pattern))


def addresses(samples: dict[str, dict[str, object]]) -> list[tuple[str, str]]:
    """Name and address of every page; fails for a route nobody gave a sample."""
    found, silent = [], []
    for pattern, route in routes():
        name = route.name or pattern
        wanted = arguments(pattern, route)
        given = samples.get(name, {})
        if not route.name or (wanted and not wanted <= set(given)):
            silent.append(name)
        else:
            found.append((name, reverse(name, kwargs={k: given[k] for k in wanted})))
    assert silent == [], "a route without a probe: give it a sample argument in this file"
    return sorted(found, key=lambda page: page[0] in ENDS)


@pytest.mark.rule("P-1", "P-15", "P-32", "P-61", "P-62", "F-1")
@pytest.mark.parametrize("who", ROLES)
def test_every_page_is_small_quiet_and_has_nothing_inline(browse, samples, who: str) -> None:
    names = [word for given, family, *_ in PEOPLE.values() for word in (given, family)]
    wrong = []
    mine = browse(who) if who else visitor()
    # A sampled run asks every route for one of each sort of reader, every other one for the rest.
    turn = ROLES.index(who)
    step = 1 if WHOLE or who in FIRST else 2
    for name, address in addresses(samples)[turn % step :: step]:
        answer = mine.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        private = bool(who) and address.startswith(PRIVATE)
        if answer.status_code not in (200, 302, 404, 405):
            wrong.append((name, answer.status_code))
        if len(body) >= LARGEST:
            wrong.append((name, f"{len(body)} bytes"))
        if who and name not in ENDS and "no-store" not in answer.get("Cache-Control", ""):
            wrong.append((name, "may be kept by the browser"))
        wrong += [(name, found) for found in wrong_headers(answer, room=name in ROOMS)]
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        text = body.decode()
        inline = _INLINE.search(text)
        if inline:
            wrong.append((name, f"inline: {inline.group()[:60]}"))
        if answer.status_code == 200 and name not in NO_RECORD:
            wrong += [(name, f"no label beside {boxes}") for boxes in Boxes(text).bare]
        wrong += [(name, f"the browser keeps {box}") for box in Boxes(text).kept]
        title = _TITLE.search(text)
        if title and (private and title.group(1).strip() != "Mutual"
                      or any(word in title.group(1) for word in names)):  # fmt: skip
            wrong.append((name, f"title: {title.group(1)}"))
        if answer.status_code == 200 and not title and text.lstrip().startswith("<!doctype"):
            wrong.append((name, "no title"))
    assert wrong == []


def test_each_role_finds_something_and_a_visitor_nothing_of_the_staff(browse, samples) -> None:
    """The probe above would pass on pages that all answer 404; this one would not."""
    wanted = {
        "reyes": {"staff-messages-ours", "staff-session", "staff-week-couple", "staff-contract"},
        "noor": {"staff-oncall-people", "staff-oncall-person", "staff-oncall"},
        "mo": {
            "staff-glass",
            "staff-glass-record",
            "staff-couple-lane",
            "staff-note",
            "staff-goal",
            "staff-messages-own",
            "staff-alone",
            "staff-stay",
        },
        "ada": {
            "staff-inquiry",
            "staff-level",
            "staff-week-couple",
            "staff-insurance",
            "staff-team",
            "staff-team-place",
        },
        "bill": {"staff-billing", "staff-insurance"},
        "dee": {
            "staff-glass-queue",
            "staff-conflicts",
            "staff-programme",
            "staff-couples",
            "staff-confidences",
            "staff-audits",
        },
        "pia": {
            "staff-trail",
            "staff-unusual",
            "staff-finding",
            "staff-watched",
            "staff-glass-review",
            "staff-privacy",
            "staff-request",
            "staff-demand",
            "staff-breach",
            "staff-duties",
        },
    }
    opened = {}
    pages = [(n, a) for n, a in addresses(samples) if a.startswith("/staff/")]
    for who in ("", "ana", *wanted):
        mine = browse(who) if who else visitor()
        asked = [(n, a) for n, a in pages if who not in wanted or n in wanted[who]]
        opened[who] = {n for n, a in asked if mine.get(a).status_code == 200}
    assert opened[""] == opened["ana"] == set()
    missing = {who: some - opened[who] for who, some in wanted.items() if some - opened[who]}
    assert missing == {}
