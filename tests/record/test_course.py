"""A couple over the weeks: patterns of their notes, balance of their hours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from mutual.people.models import Couple
from mutual.record import actions, course, patterns, queries
from mutual.record.actions import Draft
from mutual.record.models import NoteBody
from mutual.wall.testing import acting_as
from mutual.week.models import Attendance
from tests.plan.factories import couple_plan
from tests.record.factories import filled, held, start
from tests.world import id_of


def couple_note(reyes, tags: list[str], days_ago: int = 0):
    plan = couple_plan(reyes)
    goal = plan[1] if isinstance(plan, tuple) else plan
    note = start(reyes, "ab", "conjoint_note", hours_ago=2 + 24 * days_ago)
    chosen = [str(goal.public_id)]
    words = Draft(filled(note), 0, place="Home, TX", objectives=chosen, patterns=tags)
    actions.save_draft(reyes, note, words)
    return actions.sign_note(reyes, note, late_reason="Caught up." if days_ago > 3 else "")


def test_tags_are_kept_once_in_the_order_of_the_list_and_own_words_after() -> None:
    own = patterns.split("Late replies, late replies ,, Sunday calls")
    tags = patterns.kept(["repair", "criticism", "repair", *own])
    assert tags == ["criticism", "repair", "Late replies", "Sunday calls"]
    assert len(patterns.kept([f"words {n}" for n in range(9)])) == patterns.OWN_MOST
    assert patterns.word("repair") == "Repair offered and taken"
    assert patterns.word("Sunday calls") == "Sunday calls"


def test_patterns_of_signed_couple_notes_are_counted_by_week(act) -> None:
    with act("reyes") as reyes:
        couple_note(reyes, ["criticism", "repair"])
        couple_note(reyes, ["repair", "Sunday calls"], days_ago=14)
        found = course.seen(reyes, id_of("ab"), timezone.localdate())
    assert sum(found.sessions) == 2
    assert {line.tag: line.total for line in found.lines} == {
        "repair": 2, "criticism": 1, "Sunday calls": 1,
    }  # fmt: skip
    assert found.lines[0].tag == "repair"
    assert [v for v in found.share(helps=True) if v is not None] == [1.0, 1.0]
    assert [v for v in found.share(helps=False) if v is not None] == [0.0, 1.0]


@pytest.mark.rule("P-2", "C-74")
def test_who_may_not_read_the_couples_notes_sees_no_pattern(act) -> None:
    with act("reyes") as reyes:
        couple_note(reyes, ["criticism"])
    for other in ("mo", "noor"):
        with act(other) as actor:
            assert course.seen(actor, id_of("ab"), timezone.localdate()).lines == []


@pytest.mark.rule("F-11")
def test_patterns_are_part_of_what_is_signed(act) -> None:
    with act("reyes") as reyes:
        note = couple_note(reyes, ["criticism"])
        body = NoteBody.objects.get(note_id=note.id)
        assert actions.unchanged(note, body)
        body.patterns = ["repair"]
        assert not actions.unchanged(note, body)


@pytest.mark.rule("P-4")
def test_a_note_of_one_persons_chart_has_no_patterns(act) -> None:
    with act("mo") as mo:
        note = start(mo)
        words = Draft(filled(note), 0, place="Home, TX", patterns=["criticism"])
        actions.save_draft(mo, note, words)
        assert queries.note(mo, note.public_id).patterns == []
        with pytest.raises(IntegrityError), transaction.atomic():
            NoteBody.objects.filter(note_id=note.id).update(patterns=["criticism"])


def attended(clinician: str, session, name: str, minutes: int) -> None:
    with acting_as(id_of(clinician), "staff"):
        Attendance(
            session=session, person_id=id_of(name), clinician_id=id_of(clinician),
            minutes=minutes, measured=minutes, status="attended",
            confirmed_at=timezone.now(), confirmed_by=id_of(clinician),
        ).save(force_insert=True)  # fmt: skip


@pytest.mark.rule("C-33", "C-34", "C-40")
def test_the_balance_is_the_attendance_that_counts_by_where_it_was_spent(act) -> None:
    now = timezone.now()
    monday = course.monday_of(now)
    into = (now - course.week_span(monday)[0]) / timedelta(hours=1)
    shift = 24 * 7 if into < 30 else 0  # keep both in one programme week
    own = held("mo", "individual", "P", "ana", ["ana"], hours_ago=5 + shift)
    joint = held("reyes", "conjoint", "C", "ab", ["ana", "ben"], hours_ago=9 + shift)
    attended("mo", own, "ana", 55)
    attended("reyes", joint, "ana", 70)
    with act("mo") as mo:
        weeks = course.balance(mo, [id_of("ana")], timezone.localdate())[id_of("ana")]
    minutes = [week.minutes for week in weeks if week.total]
    assert minutes == [{"individual": 55, "group": 0, "side": 0, "together": 70}]
    assert sum(week.total for week in weeks) == 125


def test_the_page_shows_patterns_to_the_therapist_and_the_balance_to_the_own_counselor(
    act, browse, django_assert_max_num_queries
) -> None:
    with act("reyes") as reyes:
        couple_note(reyes, ["criticism", "Sunday calls"])
        key = Couple.objects.get(id=id_of("ab")).public_id
    therapist, counselor = browse("reyes"), browse("mo")
    with django_assert_max_num_queries(12):
        page = therapist.get(reverse("staff-course", args=[key, "ours"])).content.decode()
    assert "Criticism meets defence" in page
    assert "Sunday calls" in page
    own = counselor.get(reverse("staff-course", args=[key, "a"])).content.decode()
    assert "One to one" in own
    assert "Criticism meets defence" not in own
    assert counselor.get(reverse("staff-course", args=[key, "b"])).status_code == 404


def test_a_couple_note_keeps_what_was_ticked_and_typed(act, browse) -> None:
    with act("reyes") as reyes:
        couple_plan(reyes)
        note = start(reyes, "ab", "conjoint_note")
    there = reverse("staff-note", args=[note.public_id])
    mine = browse("reyes")
    page = mine.get(there).content.decode()
    assert "Patterns seen" in page
    sent = {
        "part-work": "Talked.", "version": "0", "patterns": ["repair"],
        "own_patterns": "Sunday calls", "modality": "video", "do": "save",
    }  # fmt: skip
    assert mine.post(there, sent).status_code == 302
    page = mine.get(there).content.decode()
    assert 'value="repair"' in page
    assert 'value="Sunday calls"' in page
    with act("reyes") as reyes:
        assert queries.note(reyes, note.public_id).patterns == ["repair", "Sunday calls"]
