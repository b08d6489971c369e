"""Notes from the first word to the addendum: drafts kept, signed once, closed for good."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Couple, Person, Staff
from mutual.plan.actions import close_objective
from mutual.record import actions, queries
from mutual.record.actions import Draft, DraftMoved
from mutual.record.group import Part, save_group, sign_group, start_notes
from mutual.record.models import CoSignature, Note, NoteBody
from mutual.record.release import couple_notes_for_release
from mutual.record.signals import note_signed
from mutual.record.starting import start_each
from mutual.wall.relations import consent_in_force, relate
from mutual.wall.testing import acting_as
from mutual.week.models import Group, Session
from tests.plan.factories import couple_plan, own_plan
from tests.record.factories import draft, filled, held, signed, start
from tests.world import id_of

PEOPLE = ("cleo", "ana", "dan")


def run(sql: str, *params: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


@pytest.mark.rule("F-13")
def test_opening_the_note_of_a_session_five_times_makes_one_note(act) -> None:
    session = held("mo", "individual", "P", "ana", ["ana"])
    with act("mo") as mo:
        found = {
            actions.start_note(mo, session, "progress_note", Person(id=id_of("ana"))).id
            for _ in range(5)
        }
        assert len(found) == 1
        key = uuid4()
        now = timezone.now()
        calls = {
            actions.start_note(
                mo, None, "contact_note", Person(id=id_of("ana")), starts_at=now, ends_at=now,
                key=key,
            ).id
            for _ in range(5)
        }  # fmt: skip
        assert len(calls) == 1


@pytest.mark.rule("F-13", "C-71")
def test_signing_five_times_signs_once_and_each_repeat_gets_the_first_answer(act) -> None:
    heard = []

    def hear(sender, note, actor, **_):
        heard.append(note.id)

    note_signed.connect(hear)
    try:
        with act("mo") as mo:
            note = start(mo)
            draft(mo, note)
            answers = [actions.sign_note(mo, note) for _ in range(5)]
    finally:
        note_signed.disconnect(hear)
    assert len({(a.signed_at, bytes(a.content_hash)) for a in answers}) == 1
    assert heard == [note.id]


@pytest.mark.rule("C-69")
def test_a_soap_note_without_its_plan_is_refused(act) -> None:
    with act("mo") as mo:
        note = start(mo)
        words = {"subjective": "x", "objective": "x", "assessment": "x"}
        actions.save_draft(mo, note, Draft(words, 0, place="Home", template="soap"))
        with pytest.raises(Refused, match="^Plan is empty$") as refusal:
            actions.sign_note(mo, note)
        assert refusal.value.field == "plan"
        assert Note.objects.get(id=note.id).status == "draft"


@pytest.mark.rule("C-69")
def test_a_note_says_where_the_person_was(act) -> None:
    with act("mo") as mo:
        note = start(mo)
        actions.save_draft(mo, note, Draft(filled(note), 0))
        with pytest.raises(Refused, match="where the person was"):
            actions.sign_note(mo, note)


@pytest.mark.rule("C-66")
def test_a_progress_note_needs_an_objective_active_on_the_day_of_service(act) -> None:
    with act("mo") as mo:
        _, objective = own_plan(mo, "ana")
        note = start(mo)
        draft(mo, note)
        with pytest.raises(Refused, match="Choose an active objective"):
            actions.sign_note(mo, note)
        close_objective(mo, objective, met=False, on=note.service_date - timedelta(days=2))
        draft(mo, note, objectives=[str(objective.public_id)])
        with pytest.raises(Refused, match="Choose an active objective"):
            actions.sign_note(mo, note)


@pytest.mark.rule("C-66")
def test_a_note_linked_to_an_active_objective_is_signed(act) -> None:
    with act("mo") as mo:
        _, objective = own_plan(mo, "ana")
        note = start(mo)
        draft(mo, note, objectives=[str(objective.public_id)])
        assert actions.sign_note(mo, note).status == "signed"
        assert [c.words for c in queries.note(mo, note.public_id).linked] == [objective.objective]


@pytest.mark.rule("C-66")
def test_an_objective_of_the_couple_does_not_serve_an_own_note(act) -> None:
    with act("reyes") as reyes:
        _, ours = couple_plan(reyes)
    with act("mo") as mo:
        own_plan(mo, "ana")
        note = start(mo)
        draft(mo, note, objectives=[str(ours.public_id)])
        with pytest.raises(Refused, match="Choose an active objective"):
            actions.sign_note(mo, note)


@pytest.mark.rule("C-70")
def test_a_late_note_is_marked_with_its_reason(act) -> None:
    with act("mo") as mo:
        note = start(mo, hours_ago=24 * 8)
        draft(mo, note)
        with pytest.raises(Refused, match="why this note is late"):
            actions.sign_note(mo, note)
        done = actions.sign_note(mo, note, late_reason="Ill for a week")
        assert done.late and queries.note(mo, done.public_id).why_late == "Ill for a week"


@pytest.mark.rule("C-71", "F-11")
@pytest.mark.parametrize(
    "sql",
    [
        "update record_note set minutes = 1 where id = %s",
        "update record_note set status = 'draft' where id = %s",
        "update record_notebody set sections = '{}' where note_id = %s",
        "update record_notebody set place = 'x' where note_id = %s",
    ],
)
@pytest.mark.parametrize("role", ["author", "owner"])
def test_the_database_refuses_to_change_a_signed_note_by_any_path(act, sql, role) -> None:
    with act("mo") as mo:
        note = signed(mo)
        if role == "owner":
            from mutual.entry.database import connect

            # Another connection can't see this transaction: the trigger is what it relies on.
            with connect("mutual_owner", connection.settings_dict["NAME"]) as link:
                rows = link.execute(
                    "select tgname from pg_trigger where tgname in ('note_closed',"
                    " 'note_body_closed', 'addendum_closed') and tgenabled = 'O'"
                ).fetchall()
            assert len(rows) == 3
            return
        with pytest.raises(DatabaseError, match="closed: add an addendum"), transaction.atomic():
            run(sql, note.id)


@pytest.mark.rule("C-71", "F-11")
def test_nobody_deletes_a_note_or_its_text(act) -> None:
    with act("mo") as mo:
        note = signed(mo)
        assert run("delete from record_notebody where note_id = %s", note.id) == 0
        assert run("delete from record_note where id = %s", note.id) == 0
        with pytest.raises(Refused, match="Add an addendum"):
            actions.save_draft(mo, note, Draft({"data": "other"}, 1))


@pytest.mark.rule("F-11")
def test_who_came_and_when_does_not_change_under_a_signed_note(act) -> None:
    session = held("mo", "individual", "P", "ana", ["ana"])
    with act("mo") as mo:
        note = start_notes(mo, session)[0]
        draft(mo, note)
        actions.sign_note(mo, note)
    with act("ada"):
        for sql in (
            "update week_session set during = tstzrange(now(), now() + interval '1 hour')",
            "update week_seat set cancelled = true",
        ):
            column = "id" if "week_session" in sql else "session_id"
            with pytest.raises(DatabaseError, match="signed note"), transaction.atomic():
                run(f"{sql} where {column} = %s", session.id)
        assert run("update week_session set status = 'ended' where id = %s", session.id) == 1
    with act("mo"):
        body = NoteBody.objects.get(note_id=note.id)
        assert actions.unchanged(Note.objects.get(id=note.id), body)


@pytest.mark.rule("C-71", "F-11")
def test_an_addendum_carries_author_time_and_reason_and_leaves_the_hash_alone(act) -> None:
    with act("mo") as mo:
        note = signed(mo)
        before = bytes(Note.objects.get(id=note.id).content_hash)
        with pytest.raises(Refused, match="Say why"):
            actions.add_addendum(mo, note, "One more thing", " ")
        key = uuid4()
        for _ in range(3):
            actions.add_addendum(mo, note, "The date was 3 May", "wrong date", key=key)
        view = queries.note(mo, note.public_id)
        assert [(a.by, a.reason) for a in view.addenda] == [("Mo Lindgren", "wrong date")]
        assert bytes(view.note.content_hash) == before
        with pytest.raises(DatabaseError, match="addendum is closed"), transaction.atomic():
            run("update record_addendum set text = 'x'")


@pytest.mark.rule("C-72")
def test_a_supervised_authors_note_waits_for_the_supervisor(act) -> None:
    Staff.objects.filter(id=id_of("mo")).update(supervisor_id=id_of("sol"))
    with acting_as(id_of("dee"), "staff"):
        relate(id_of("sol"), "supervisor", id_of("ana"), "P", reason="supervises Mo")
    with act("mo") as mo:
        note = signed(mo)
        assert not actions.claimable(note)
        with pytest.raises(NotThere):
            actions.cosign(mo, note)
    with act("sol") as sol:
        assert [n.id for n in queries.cosign_waiting(sol)] == [note.id]
        first = actions.cosign(sol, Note.objects.get(id=note.id))
        assert actions.cosign(sol, note).signed_at == first.signed_at
        assert queries.cosign_waiting(sol) == []
    with act("mo"):
        assert actions.claimable(Note.objects.get(id=note.id)) and CoSignature.objects.count() == 1


@pytest.mark.rule("C-73")
def test_a_group_note_has_one_shared_part_and_one_line_each_and_names_nobody_else(act) -> None:
    with act("ada"):
        group = Group(name="Skills", kind="skills_group", leader_id=id_of("sol"))
        group.save(force_insert=True)
        relate(id_of("sol"), "leader", group.id, "G", reason="leads")
        for name in ("ana", "cleo"):
            relate(id_of("sol"), "leader", id_of(name), "P", reason="leads your group")
    session = held("sol", "skills_group", "G", group.id, ["ana", "cleo"])
    with act("sol") as sol:
        own = {id_of("ana"): Part("Took part."), id_of("cleo"): Part("Listened.")}
        with pytest.raises(Refused, match="names another member"):
            save_group(sol, session, "Refusal skills, Cleo began", own, place="Video")
        with pytest.raises(Refused, match="names another member"):
            save_group(
                sol,
                session,
                "Refusal skills",
                {**own, id_of("ana"): Part("Helped cleo.")},
                place="Video",
            )
        notes = save_group(sol, session, "Refusal skills", own, place="Video")
        sign_group(sol, notes)
    with act("ana") as ana:
        mine = queries.notes_of(ana, [id_of("ana")])
        text = str([queries.note(ana, n.public_id).parts for n in mine])
        assert "Refusal skills" in text and "Took part." in text
        assert "Cleo" not in text and "Listened" not in text


@pytest.mark.rule("C-73", "F-13")
def test_notes_of_a_group_are_started_together_in_the_order_of_their_seats(
    act, django_assert_num_queries
) -> None:
    one, two = (held("sol", "psychoeducation", "G", uuid4(), p) for p in (["ana"], PEOPLE))
    with act("ada"):
        for name in PEOPLE:
            relate(id_of("sol"), "leader", id_of(name), "P", reason="leads")
    with act("sol") as sol:
        with django_assert_num_queries(2 + 1 + 4 + 1):
            start_notes(sol, one)
        with django_assert_num_queries(2 + 1 + 4 + len(PEOPLE)):  # a line of the trail for each
            notes = start_notes(sol, two)
        assert [n.subject_id for n in notes] == [id_of(name) for name in PEOPLE]
        assert [n.id for n in start_notes(sol, two)] == [n.id for n in notes]
    with act("mo") as mo, pytest.raises(NotThere):
        start_each(mo, two, "group_note", [Person(id=id_of("cleo"))])


@pytest.mark.rule("C-74")
def test_a_conjoint_session_yields_one_couple_note_and_one_short_note_in_each_chart(act) -> None:
    session = held("reyes", "conjoint", "C", "ab", ["ana", "ben"])
    with act("reyes") as reyes:
        _, ours = couple_plan(reyes)
        for _ in range(2):
            notes = start_notes(reyes, session)
        assert [(n.kind, n.subject_id) for n in notes] == [
            ("conjoint_note", id_of("ab")),
            ("conjoint_own_note", id_of("ana")),
            ("conjoint_own_note", id_of("ben")),
        ]
        draft(reyes, notes[1])
        with pytest.raises(Refused, match="Choose an active objective"):
            actions.sign_note(reyes, notes[1])
        for note in notes:
            draft(reyes, note, objectives=[str(ours.public_id)])
            actions.sign_note(reyes, note)
    with act("ana") as ana:
        seen = queries.notes_of(ana, [id_of("ana"), id_of("ben"), id_of("ab")])
        assert [(n.kind, n.subject_id) for n in seen] == [("conjoint_own_note", id_of("ana"))]


@pytest.mark.rule("C-74", "P-7")
def test_releasing_ours_needs_both_and_one_signature_reads_under_review(act) -> None:
    session = held("reyes", "conjoint", "C", "ab", ["ana", "ben"])
    with act("reyes") as reyes:
        note = start_notes(reyes, session)[0]
        draft(reyes, note)
        actions.sign_note(reyes, note)
    since = timezone.now() - timedelta(minutes=1)
    with act("ana") as ana:
        assert queries.joint_state(ana, id_of("ab")) == "closed"
        consent_in_force(id_of("ana"), "cj", since)
        consent_in_force(id_of("ana"), "ext:clinic", since)
        assert queries.joint_state(ana, id_of("ab")) == "review"
        with pytest.raises(NotThere):
            queries.note(ana, note.public_id)
    with act("reyes") as reyes, pytest.raises(Refused, match="Ben's permission needed"):
        couple_notes_for_release(reyes, Couple(id=id_of("ab")), "clinic")
    with act("ben"):
        consent_in_force(id_of("ben"), "cj", since)
        consent_in_force(id_of("ben"), "ext:clinic", since)
    with act("ana") as ana:
        assert queries.joint_state(ana, id_of("ab")) == "open"
        assert queries.note(ana, note.public_id).signed
    with act("reyes") as reyes:
        assert len(couple_notes_for_release(reyes, Couple(id=id_of("ab")), "clinic")) == 1


@pytest.mark.rule("F-14", "F-10")
def test_two_windows_never_overwrite_each_other(act) -> None:
    with act("mo") as mo:
        note = start(mo)
        assert actions.save_draft(mo, note, Draft({"data": "first"}, 0, tab="one")) == 1
        # The same page goes on saving from the version it was opened with.
        assert actions.save_draft(mo, note, Draft({"data": "first, more"}, 0, tab="one")) == 2
        with pytest.raises(DraftMoved) as moved:
            actions.save_draft(mo, note, Draft({"data": "second"}, 0, tab="two"))
        assert moved.value.theirs["data"] == "first, more"
        assert (
            actions.save_draft(mo, note, Draft({"data": "second"}, moved.value.version, tab="two"))
            == 3
        )


@pytest.mark.rule("C-70")
def test_the_unsigned_list_holds_what_was_held_until_all_its_notes_are_signed(act) -> None:
    session = held("reyes", "conjoint", "C", "ab", ["ana", "ben"])
    with act("reyes") as reyes:
        assert [u.session.id for u in queries.unsigned(reyes)] == [session.id]
        notes = start_notes(reyes, session)
        for note in notes:
            assert queries.unsigned(reyes)
            draft(reyes, note)
            actions.sign_note(reyes, note)
        assert queries.unsigned(reyes) == []
    with act("mo") as mo:
        assert queries.unsigned(mo) == []
        assert Session.objects.filter(id=session.id).exists()
