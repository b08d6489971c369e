"""Who leaves is out within the second; each quarter somebody looks at who may do what (P-86)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.episode.models import CareAssignment
from mutual.outcomes import access_review, leaving
from mutual.people.models import AccessReviewLine, Account, Couple, Departure, Staff, StaffTask
from mutual.people.recheck import FRESH
from mutual.privacy import oncall
from mutual.record.models import Note
from mutual.wall import journal
from mutual.wall.context import acting
from mutual.wall.models import Relation
from mutual.wall.web import COOKIE
from tests.people.signing_in import signed_in
from tests.record.factories import start
from tests.world import id_of


def staff(name: str) -> Staff:
    """Somebody who works in the test world."""
    return Staff.objects.get(id=id_of(name))


@pytest.mark.rule("P-86", "P-8", "P-84")
def test_one_action_ends_sessions_account_rights_team_and_shifts(act) -> None:
    mo = signed_in("mo")
    token = mo.cookies[COOKIE].value
    now = timezone.now()
    with act("mo") as counselor:
        start(counselor, hours_ago=4)
        unsigned = Note.objects.filter(author_id=id_of("mo"), signed_at__isnull=True).count()
    with act("dee") as dee:
        oncall.plan(dee, staff("mo"), now + timedelta(hours=1), now + timedelta(hours=9))
        row = leaving.leave(dee, staff("mo"))
        found = row.found
        assert found["people"] == 1 and found["shifts"] == 1 and found["relations"] > 3
        assert found["sessions"] >= 1 and found["notes"] == unsigned > 0
        task = StaffTask.objects.get(rule="P-86")
        assert task.person_id == id_of("ana") and task.addressee_id == id_of("dee")
        assert not Relation.objects.filter(
            viewer_id=id_of("mo"), valid__contains=timezone.now()
        ).exists()
        today = timezone.localdate()
        assert not CareAssignment.objects.filter(
            staff_id=id_of("mo"), during__contains=today
        ).exists()
    with acting(token) as actor:
        assert actor.id is None
    assert "/account/login/" in mo.get("/staff/")["Location"]
    account = Account.objects.get(actor_id=id_of("mo"))
    assert not account.is_active and not account.has_usable_password()
    with act("mo"):
        assert not Couple.objects.exists(), "even a token made now opens nothing"


@pytest.mark.rule("P-86", "P-21")
def test_a_restored_backup_does_not_let_them_in_again(act, monkeypatch) -> None:
    noted: list[tuple[str, dict[str, str]]] = []
    real = journal.ended
    monkeypatch.setattr(
        journal, "ended", lambda kind, at, **w: (noted.append((kind, w)), real(kind, at, **w))[1]
    )
    with act("dee") as dee:
        leaving.leave(dee, staff("mo"))
    assert {"account", "relation"} <= {kind for kind, _ in noted}
    assert any(str(w.get("subject")) == str(id_of("ana")) for _, w in noted)


@pytest.mark.rule("P-86", "F-13")
def test_leaving_twice_is_once_and_never_ones_own(act) -> None:
    with act("dee") as dee:
        first = leaving.leave(dee, staff("kit"))
        assert leaving.leave(dee, staff("kit")).id == first.id
        with pytest.raises(Refused, match="somebody else"):
            leaving.leave(dee, staff("dee"))
    with act("mo") as mo, pytest.raises(NotThere):
        leaving.leave(mo, staff("noor"))
    assert Departure.objects.count() == 1


@pytest.mark.rule("P-86")
def test_a_review_asks_for_every_role_takes_away_and_closes_itself(act) -> None:
    with act("pia") as pia:
        assert access_review.state(pia).due
        review = access_review.begin(pia)
        assert access_review.begin(pia).id == review.id
        lines = list(AccessReviewLine.objects.filter(review=review).select_related("staff"))
        assert {(line.staff.name, line.role) for line in lines} >= {("Mo Lindgren", "counselor")}
        own = next(line for line in lines if line.staff_id == id_of("pia"))
        with pytest.raises(Refused, match="Somebody else"):
            access_review.answer(pia, own.public_id, keep=True)
        for line in lines:
            if line.id != own.id:
                access_review.answer(pia, line.public_id, keep=line.role != "biller")
        assert access_review.state(pia).open_since
    with act("bill") as bill:
        assert bill.roles == frozenset()
    assert staff("bill").roles == []
    with act("dee") as dee:
        access_review.answer(dee, own.public_id, keep=True)
        now = access_review.state(dee)
        assert now.open_since is None and not now.due
        later = timezone.now() + access_review.EVERY + timedelta(days=1)
        assert access_review.state(dee, now=later).due
    with act("ada") as ada, pytest.raises(NotThere):
        access_review.begin(ada)


@pytest.mark.rule("P-86")
def test_the_pages_of_access_are_the_directors_and_ask_again_who_they_are(db) -> None:
    mo, dee = signed_in("mo"), signed_in("dee")
    address = f"/staff/access/{staff('kit').public_id}/"
    assert mo.get("/staff/access/").status_code == 404 and mo.get(address).status_code == 404
    assert "Kit Amari" in dee.get("/staff/access/").content.decode()
    assert "reauthenticate" in dee.get(address)["Location"]
    fresh = signed_in("dee", **{FRESH: 9e9})
    assert fresh.post(address, {}).status_code == 422
    assert fresh.post(address, {"sure": "yes"}).status_code == 302
    page = fresh.get(address).content.decode()
    assert "Rights on records ended" in page and "ended by Dee Harbor" in page
    assert fresh.post("/staff/access/review/").status_code == 302
    assert "Still needed" in fresh.get("/staff/access/").content.decode()
