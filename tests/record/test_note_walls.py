"""Who comes to a note, and by which ways nobody does: drafts, sealed kinds, raw SQL."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.people.models import Person
from mutual.record import actions, queries
from mutual.record.actions import Draft
from mutual.record.models import Addendum, Note, NoteBody
from mutual.wall.relations import consent_in_force
from tests.record.factories import draft, filled, signed, start
from tests.world import id_of


def run(sql: str, *params: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


@pytest.mark.rule("F-10", "P-3")
def test_a_draft_opens_for_its_author_only(act) -> None:
    with act("mo") as mo:
        note = start(mo)
        draft(mo, note, "word " * 2000)
        assert queries.note(mo, note.public_id).parts[0][1].count("word") == 2000
    for other in ("ana", "ben", "kit", "pruitt", "reyes", "bill", "dee"):
        with act(other) as actor:
            with pytest.raises(NotThere):
                queries.note(actor, note.public_id)
            assert NoteBody.objects.count() == 0
    with act("ana"):
        assert Note.objects.count() == 0


@pytest.mark.rule("P-7", "P-9")
@pytest.mark.parametrize("kind", ["progress_note", "psychotherapy_note"])
def test_why_a_note_is_late_is_text_and_no_fact(act, kind: str) -> None:
    with act("mo") as mo:
        note = start(mo, kind=kind, hours_ago=24 * 8)
        draft(mo, note)
        actions.sign_note(mo, note, late_reason="She was in the hospital.")
        assert queries.note(mo, note.public_id).why_late == "She was in the hospital."
        word = "%hospital%"
        plain = run("select from record_notebody where late_reason like %s", word)
        assert plain == (kind == "progress_note")
        assert run("select from record_note n where n::text like %s", word) == 0
    with act("bill"):
        # Facts alone, where the table has M: date and minutes, and no word of why.
        assert Note.objects.filter(id=note.id).exists() == (kind == "progress_note")
        assert NoteBody.objects.count() == 0


@pytest.mark.rule("F-12")
def test_a_form_of_another_record_is_refused_and_nothing_is_written(act) -> None:
    with act("mo") as mo:
        note = start(mo)
        with pytest.raises(Refused) as refusal:
            actions.save_draft(mo, note, Draft(filled(note), 0, subject=uuid4()))
        assert refusal.value.rule == "F-12"
        assert NoteBody.objects.get(note_id=note.id).version == 0
        right = Person.objects.get(id=id_of("ana")).public_id
        assert actions.save_draft(mo, note, Draft(filled(note), 0, subject=right)) == 1


@pytest.mark.rule("P-2", "P-3")
def test_the_partner_finds_no_row_of_the_others_note_by_query_or_raw_sql(act) -> None:
    with act("mo") as mo:
        note = signed(mo)
    with act("ben") as ben:
        for wanted in (note.public_id, uuid4()):
            with pytest.raises(NotThere):
                queries.note(ben, wanted)
        for table in ("record_note", "record_notebody", "record_addendum"):
            with connection.cursor() as cursor:
                cursor.execute(f"select count(*) from {table}")
                assert cursor.fetchone() == (0,)


@pytest.mark.rule("P-4")
def test_a_notes_subject_cannot_be_moved_to_the_partner(act) -> None:
    with act("mo") as mo:
        note = start(mo)
        with pytest.raises(DatabaseError), transaction.atomic():
            run("update record_note set subject_id = %s where id = %s", id_of("ben"), note.id)
        with pytest.raises(NotThere):
            start(mo, "ben")
        assert Note.objects.get(id=note.id).subject_id == id_of("ana")


@pytest.mark.rule("P-4")
def test_a_text_lies_in_the_chart_of_its_note(act) -> None:
    with act("kit") as kit:
        other = start(kit, "ben")
    with act("mo") as mo, pytest.raises(DatabaseError), transaction.atomic():
        Addendum.objects.create(
            note_id=other.id, kind="progress_note", subject_id=id_of("ana"), author_id=mo.id,
            reason="x", text="x", signed_at=timezone.now(),
        )  # fmt: skip


@pytest.mark.rule("P-4")
def test_nobody_writes_in_another_hand(act) -> None:
    with act("mo") as mo:
        note = start(mo)
        with pytest.raises(DatabaseError), transaction.atomic():
            run(
                "insert into record_notebody (note_id, kind, subject_id, author_id, place,"
                " sections, objectives, version, tab, signed, saved_at) values (%s,"
                " 'progress_note', %s, %s, '', '{}', '[]', 0, '', false, now())",
                note.id,
                id_of("ana"),
                id_of("kit"),
            )


@pytest.mark.rule("P-7")
def test_the_biller_has_the_facts_of_a_signed_note_and_no_word_of_it(act) -> None:
    with act("mo") as mo:
        note = signed(mo)
    with act("bill") as bill:
        seen = queries.notes_of(bill, [id_of("ana")])
        assert [(n.minutes, n.opens) for n in seen] == [(60, False)]
        assert NoteBody.objects.count() == 0
        with pytest.raises(NotThere):
            queries.note(bill, note.public_id)


@pytest.mark.rule("P-9")
@pytest.mark.parametrize(
    ("who", "kind"),
    [
        ("mo", "psychotherapy_note"),
        ("mo", "sud_counseling_note"),
        ("reyes", "couple_solo_note"),
    ],
)
def test_a_sealed_kind_is_nowhere_readable_in_the_database(act, who: str, kind: str) -> None:
    phrase = "heliotrope umbrella"
    with act(who) as actor:
        note = start(actor, "ana", kind)
        draft(actor, note, phrase)
        note = actions.sign_note(actor, note)
        actions.add_addendum(actor, note, phrase, "more")
        view = queries.note(actor, note.public_id)
        assert view.parts[0][1] == phrase and view.addenda[0].text == phrase
        with connection.cursor() as cursor:
            for table in ("record_note", "record_notebody", "record_addendum"):
                cursor.execute(
                    f"select count(*) from {table} t where t::text like %s", [f"%{phrase}%"]
                )
                assert cursor.fetchone() == (0,)
        with pytest.raises(DatabaseError), transaction.atomic():
            run(
                "insert into record_notebody (note_id, kind, subject_id, author_id, place,"
                " sections, objectives, version, tab, signed, saved_at) values (%s, %s, %s, %s, '',"
                " '{\"text\": \"open\"}', '[]', 0, '', false, now())",
                uuid4(),
                kind,
                id_of("ana"),
                id_of(who),
            )


@pytest.mark.rule("P-13", "P-3")
def test_a_solo_note_reaches_neither_the_partner_nor_the_own_counselor_without_consent(act) -> None:
    with act("reyes") as reyes:
        note = signed(reyes, "ana", "couple_solo_note")
    for other in ("ben", "mo", "kit"):
        with act(other) as actor, pytest.raises(NotThere):
            queries.note(actor, note.public_id)
    with act("ana") as ana:
        consent_in_force(id_of("ana"), "oc:couple_solo_note", timezone.now() - timedelta(hours=1))
        assert queries.note(ana, note.public_id).signed
    with act("mo") as mo:
        assert queries.note(mo, note.public_id).signed


@pytest.mark.rule("C-76")
def test_a_closed_record_looks_empty_to_whoever_holds_the_phone(act) -> None:
    from mutual.record.portal import close_record, open_record

    with act("mo") as mo:
        note = signed(mo)
    with act("ana") as ana:
        assert len(queries.notes_of(ana, [id_of("ana")])) == 1
    with act("mo") as mo:
        close_record(mo, id_of("ana"))
        close_record(mo, id_of("ana"))
    with act("ana") as ana:
        assert queries.notes_of(ana, [id_of("ana")]) == []
        assert Note.objects.count() == 0
        with pytest.raises(NotThere):
            queries.note(ana, note.public_id)
    with act("mo") as mo:
        open_record(mo, id_of("ana"))
    with act("ana") as ana:
        assert queries.note(ana, note.public_id).signed


@pytest.mark.rule("P-1", "P-15")
def test_the_label_names_the_readers_that_the_table_gives() -> None:
    line = queries.reader_line("progress_note", "Ana", "Ben")
    assert "Ana" in line and "the medical team" in line and "Ben can't read it" in line
    assert "couples therapist" not in line
    assert "both have signed" in queries.reader_line("conjoint_note", "", "")
    assert "Ana" not in queries.reader_line("psychotherapy_note", "Ana", "Ben").split(".")[0]
