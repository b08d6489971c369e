"""The journal of ends: in step with the database whatever dies in between (P-21)."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from mutual.base.crypto import SealBroken
from mutual.people.models import Account
from mutual.privacy import actions as consents
from mutual.privacy import conflicts
from mutual.privacy.models import ConflictOfInterest, JointConsent, JointEnd
from mutual.wall import journal
from mutual.wall.context import as_service
from mutual.wall.models import Ended
from mutual.wall.relations import consent_in_force, end_relations, has_consent
from tests.world import id_of

AT = datetime(2026, 5, 4, 17, 0, tzinfo=UTC)


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "ends.jsonl"
    monkeypatch.setattr(journal, "file_of", lambda name: path)
    return path


@pytest.mark.rule("P-21")
def test_an_end_is_written_outside_once_it_is_committed(
    act, file: Path, django_capture_on_commit_callbacks
) -> None:
    with act("dee"), django_capture_on_commit_callbacks(execute=True):
        assert end_relations(id_of("mo"), id_of("ana"), "own_counselor") == 1
        assert not file.exists()
    (line,) = journal.kept("x")
    assert line.kind == "relation"
    assert line.what == {
        "viewer": str(id_of("mo")), "subject": str(id_of("ana")), "relations": "own_counselor",
    }  # fmt: skip
    assert file.stat().st_mode & 0o077 == 0
    assert journal.apply_again() == 0, "the database knows it"


@pytest.mark.rule("P-21")
def test_a_line_that_a_dead_process_could_not_write_is_written_at_the_next_start(
    act, file: Path
) -> None:
    with act("dee"):
        end_relations(id_of("mo"), id_of("ana"))
    assert not file.exists()
    assert journal.apply_again() == 0
    assert [line.kind for line in journal.kept("x")] == ["relation"]
    journal.apply_again()
    assert len(journal.kept("x")) == 1


@pytest.mark.rule("P-21")
def test_a_torn_last_line_is_left_out_and_any_other_stops_the_start(act, file: Path) -> None:
    what = {"viewer": str(id_of("kit")), "subject": str(id_of("ben")), "relations": ""}
    line = journal._text(journal.Line(str(uuid4()), "relation", what, datetime.now(UTC)))
    file.write_text(line + '\n{"id": "half')
    assert journal.apply_again() == 1
    journal._append("x", [line.replace("kit", "kit")])
    with pytest.raises(ValueError, match="Line 2 of"):
        journal.kept("x")


@pytest.mark.rule("P-21")
def test_an_end_of_a_kind_nobody_knows_stops_the_start(act, file: Path) -> None:
    journal._append("x", [journal._text(journal.Line(str(uuid4()), "from later", {}, AT))])
    with pytest.raises(ValueError, match="applies an end of kind"):
        journal.apply_again()


@pytest.mark.rule("P-21", "P-3")
def test_nobody_reads_the_ends_in_the_database(act, file: Path) -> None:
    with act("dee"):
        end_relations(id_of("mo"), id_of("ana"))
    for name in ("ana", "mo", "dee", "pia"):
        with act(name):
            assert not Ended.objects.exists()


@pytest.mark.rule("P-21", "P-86")
def test_a_closed_account_is_closed_again(act, file: Path) -> None:
    from mutual.people.journal import account_closed

    with act("dee"):
        account_closed(id_of("kit"), datetime.now(UTC))
    what = {"actor": str(id_of("kit"))}
    line = journal.Line(str(uuid4()), "account", what, datetime.now(UTC))
    journal._append("x", [journal._text(line)])
    assert journal.apply_again() == 1
    assert not Account.objects.get(actor_id=id_of("kit")).is_active
    assert Account.objects.get(actor_id=id_of("mo")).is_active


def again(kind: str, **what: str) -> None:
    """As a start after a restore that lost this end."""
    journal._append("x", [journal._text(journal.Line(str(uuid4()), kind, what, timezone.now()))])
    assert journal.apply_again() == 1


@pytest.mark.rule("P-21", "P-83", "P-85")
def test_a_removed_key_opens_nothing_again_and_no_password_stands_without_a_key(
    act, file: Path
) -> None:
    kit = Account.objects.get(actor_id=id_of("kit"))
    lost, kept = (
        Authenticator.objects.create(user=kit, type="webauthn", data={"name": name})
        for name in ("lost phone", "key")
    )
    again("factor", actor=str(id_of("kit")), type="webauthn", made=lost.created_at.isoformat())
    assert list(Authenticator.objects.filter(user=kit)) == [kept]
    assert Account.objects.get(pk=kit.pk).has_usable_password()
    again("factor", actor=str(id_of("kit")), type="", made="")
    assert not Authenticator.objects.filter(user=kit).exists()
    assert not Account.objects.get(pk=kit.pk).has_usable_password()
    assert Account.objects.get(actor_id=id_of("mo")).has_usable_password()


@pytest.mark.rule("P-21", "P-24")
def test_what_the_programme_ended_for_both_ends_again(act, file: Path) -> None:
    with act("ana") as ana:
        consents.sign_consent(ana, "team", "Ana Fiction")
    with act("ben") as ben:
        consents.sign_consent(ben, "team", "Ben Fiction")
    with act("dee") as dee:
        assert JointConsent.objects.get(couple_id=id_of("ab"), code="team").in_force
    again("joint", couple=str(id_of("ab")), code="team", by=str(id_of("dee")))
    with act("dee") as dee:
        assert not JointConsent.objects.get(couple_id=id_of("ab"), code="team").in_force
        assert JointEnd.objects.filter(couple_id=id_of("ab"), code="team").count() == 1
        assert dee.is_staff


@pytest.mark.rule("P-21", "P-25")
def test_a_release_that_was_dropped_before_it_began_never_begins(act, file: Path) -> None:
    now = timezone.now()
    with as_service("revocations"):
        consent_in_force(id_of("ana"), "pt:toxicology", now + timedelta(hours=20), None)
    again("release", person=str(id_of("ana")), code="pt:toxicology")
    assert not has_consent(id_of("ana"), "pt:toxicology", now + timedelta(hours=30))


@pytest.mark.rule("P-21", "P-6")
def test_a_conflict_that_was_declared_closes_the_record_again(
    act, file: Path, django_capture_on_commit_callbacks
) -> None:
    with act("noor") as noor, django_capture_on_commit_callbacks(execute=True):
        row = conflicts.declare(noor, "Ana Fiction", "relative")
    (line,) = journal.kept("x")
    assert "Ana" not in file.read_text() and "Fiction" not in file.read_text()
    file.unlink()
    what = {**line.what, "row": str(uuid4())}
    with pytest.raises(SealBroken):
        again("conflict", **what)
    file.unlink()
    what = {**line.what, "row": str(uuid4()), "staff": str(id_of("kit"))}
    what["sealed"] = conflicts._sealed(ConflictOfInterest(
        id=what["row"], name=row.name, relation=row.relation))  # fmt: skip
    again("conflict", **what)
    with act("dee"):
        assert ConflictOfInterest.objects.get(id=what["row"]).staff_id == id_of("kit")
    with act("dee") as dee:
        (found,) = [one for one in conflicts.register(dee) if str(one.row.id) == what["row"]]
        assert [match.name for match in found.matches] == ["Ana Fiction"]


@pytest.mark.rule("P-21")
def test_a_fresh_process_knows_how_to_end_every_kind_again() -> None:
    code = (
        "import django; django.setup(); from mutual.wall import journal;"
        " print(*sorted(journal._apply))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {
        "account", "conflict", "consent", "couple", "factor", "feed", "joint", "relation",
        "release",
    }  # fmt: skip
