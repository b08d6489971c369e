"""The page "Who can see what about me": as true as the database, and alike for everyone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from mutual.privacy import actions, forms, sight
from mutual.privacy.sight_words import SECTIONS
from mutual.wall import policy
from mutual.wall.relations import relate
from mutual.wall.testing import acting_as
from tests.record.factories import same
from tests.world import STAFF, id_of

#: What a level opens, as the database names it.
OPENS = {"all": "", "own": ".author", "summary": ".extract", "exists": ".facts"}


def sights(actor) -> dict[str, sight.Sight]:
    found = sight.page(actor, id_of("ab"), id_of("ben"))
    return {one.kind: one for _, some in found.sections for one in some}


def held(viewer: str) -> set[tuple[str, str]]:
    """(kind, level) that the database gives somebody on Ana or the couple, the highest level."""
    names = [k for k, kind in policy.collect()[0].items() if kind.of != policy.Of.GROUP]
    wanted = [name + suffix for name in names for suffix in OPENS.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            "select subject, category from wall.held(%s, %s)",
            [[id_of("ana"), id_of("ab")], wanted],
        )
        found = {(str(s), category) for s, category in cursor.fetchall()}
    best = set()
    for name in names:
        subject = str(id_of("ab" if policy.kind(name).of == policy.Of.COUPLE else "ana"))
        for level, suffix in OPENS.items():
            if (subject, name + suffix) in found:
                best.add((name, level))
                break
    return best


@pytest.mark.rule("P-1")
def test_every_kind_stands_once_on_the_page() -> None:
    named = [kind for _, kinds in SECTIONS for kind in kinds]
    assert sorted(named) == sorted(policy.collect()[0])


@pytest.mark.rule("P-1", "P-11")
def test_the_page_names_exactly_whom_the_database_opens_a_kind_to(act) -> None:
    with act("ana") as ana:
        page = sights(ana)
    offices = {
        "ada": "admissions", "bill": "biller", "dee": "director", "pia": "privacy_officer",
        "cory": "care_coordinator",
    }  # fmt: skip
    for viewer, (name, _credential, _roles) in STAFF.items():
        duty = sight.duty_words(offices[viewer]) if viewer in offices else f"{name},"
        said = {
            (kind, reader.level)
            for kind, one in page.items()
            if policy.kind(kind).of != policy.Of.GROUP
            for reader in one.readers
            if reader.who.startswith(duty)
        }
        with act(viewer):
            assert said == held(viewer), viewer


@pytest.mark.rule("P-1")
def test_what_the_partner_sees_is_what_the_database_opens_to_them(act) -> None:
    with act("ana") as ana:
        page = sights(ana)
    said = {k for k, one in page.items() if one.partner_level not in ("none", "if")}
    with act("ben"):
        assert said == {kind for kind, _level in held("ben")}


@pytest.mark.rule("P-16", "P-21")
def test_a_consent_brings_its_reader_with_a_way_to_take_it_back(act, browse) -> None:
    code = "pc:progress_note"
    with act("ana") as ana:
        assert not sights(ana)["progress_note"].revocable
        actions.sign_consent(ana, code, "Ana Fiction")
        (reader,) = sights(ana)["progress_note"].revocable
    # Kit treats Ben: a relation to the couple, which a consent of Ana's opens to Ana's notes.
    assert "Kit Amari" in reader.who and reader.by.address == forms.address(code)
    page = browse("ana").get("/me/who/").content.decode()
    assert f"/me/consents/{reader.by.address}/" in page and "If you take back" in page
    with act("ana") as ana:
        actions.revoke(ana, code)
        assert not sights(ana)["progress_note"].revocable
    assert "If you take back" not in browse("ana").get("/me/who/").content.decode()


@pytest.mark.rule("P-15")
def test_the_label_beside_a_box_names_the_readers_of_its_own_kind(act) -> None:
    with act("ana") as ana:
        contact = sight.readers_of(ana, "contact_location", id_of("ab"))
        journal = sight.readers_of(ana, "journal", id_of("ab"))
        ours = sight.readers_of(ana, "agreement", id_of("ab"))
    assert any("Mo Lindgren" in one for one in contact) and "your partner" not in contact
    assert journal == []
    assert ours[0] == "your partner"


@pytest.mark.rule("P-48", "P-69", "P-65")
def test_the_page_is_the_same_whatever_there_is_and_whatever_the_partner_chose(act, browse) -> None:
    before = browse("ana").get("/me/who/")
    with act("ben") as ben:
        actions.sign_consent(ben, "pc:progress_note", "Ben Fiction")
        actions.revoke(ben, "group")
    from tests.record.factories import signed

    with act("mo") as mo:
        signed(mo)
    with act("kit") as kit:
        signed(kit, "ben", "crisis_note")
    assert same(before, browse("ana").get("/me/who/"))


@pytest.mark.rule("P-68")
def test_the_page_opens_with_the_pin_in_few_queries(browse, django_assert_max_num_queries) -> None:
    assert browse("ana", pin=False).get("/me/who/").headers["Location"].startswith("/pin/")
    mine = browse("ana")
    with django_assert_max_num_queries(12):
        page = mine.get("/me/who/").content.decode()
    assert "Mo Lindgren, your counselor" in page and "Noor" not in page
    assert not re.search(r"<details[^>]* open", page)


@pytest.mark.rule("P-33", "P-10")
def test_whoever_has_a_rare_door_open_stands_at_the_top(act, browse) -> None:
    with acting_as(id_of("dee"), "staff"):
        relate(
            id_of("noor"), "auditor", id_of("ana"), "P", reason="audit",
            since=timezone.now() - timedelta(days=1), until=timezone.now() + timedelta(days=1),
        )  # fmt: skip
    page = browse("ana").get("/me/who/").content.decode()
    assert "Noor Bakshi sees your record in an audit" in page
    assert "Noor" not in browse("ben").get("/me/who/").content.decode()
