"""Discharge of one partner: a summary about one person, a plan with a first date, papers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from mutual.base.refusal import NotThere, Refused
from mutual.episode.actions import close_lapsed
from mutual.episode.models import CoupleEpisode, Episode
from mutual.people.models import Person
from mutual.record import discharge as d
from mutual.record import papers
from mutual.record.models import DischargeFacts, DischargeSummary
from mutual.wall.testing import acting_as
from tests.plan.factories import own_plan
from tests.world import id_of

WORDS = d.Words("Naltrexone 50 mg", "Asked today: none", "Clinic in Austin", "Six weeks of work")


def stay() -> None:
    """Both partners admitted to level 2.1 five weeks ago, their joint work open."""
    today = timezone.localdate()
    begun = today - timedelta(days=35)
    with acting_as(id_of("ada"), "staff"):
        for name in ("ana", "ben"):
            Episode.objects.update_or_create(
                person_id=id_of(name), defaults={
                    "stage": "admitted", "level": "2.1", "opened_on": begun, "admitted_on": begun,
                },
            )  # fmt: skip
        CoupleEpisode.objects.update_or_create(
            couple_id=id_of("ab"), defaults={"opened_on": begun, "status": "open"}
        )


def plan(joint: bool = True) -> d.RecoveryPlan:
    """Ana's; in the tests' world the couple's joint work is cleared."""
    return d.RecoveryPlan(
        appointment_with="Clinic in Austin",
        appointment_at=timezone.now() + timedelta(days=5),
        joint_at=timezone.now() + timedelta(days=9) if joint else None,
        joint_with="Dr. Reyes" if joint else "",
        steps="Group on Tuesdays",
    )


def ana() -> Person:
    return Person.objects.get(id=id_of("ana"))


@pytest.mark.rule("C-103")
def test_a_planned_discharge_without_a_dated_first_appointment_is_refused(act) -> None:
    stay()
    with act("mo") as mo:
        for missing in (None, d.RecoveryPlan(appointment_with="Clinic")):
            with pytest.raises(Refused, match="When is the first appointment") as refusal:
                d.discharge(mo, ana(), "completed", plan=missing)
            assert refusal.value.rule == "C-103"
        assert Episode.objects.get(person_id=id_of("ana")).stage == "admitted"


@pytest.mark.rule("C-102", "C-97")
def test_discharge_of_one_leaves_the_others_episode_open_and_holds_the_joint_work(act) -> None:
    stay()
    with act("mo") as mo:
        facts = d.discharge(mo, ana(), "completed", plan=plan(), words=WORDS)
        assert facts.due_on == timezone.localdate() + timedelta(days=7)
        assert d.discharge(mo, ana(), "completed", plan=plan()).id == facts.id
    with act("kit"):
        assert Episode.objects.get(person_id=id_of("ben")).stage == "admitted"
        assert Episode.objects.get(person_id=id_of("ben")).level == "2.1"
        assert CoupleEpisode.objects.get(couple_id=id_of("ab")).status == "held"
        close_lapsed(timezone.localdate() + timedelta(days=29))
        assert CoupleEpisode.objects.get(couple_id=id_of("ab")).status == "held"
        close_lapsed(timezone.localdate() + timedelta(days=30))
        assert CoupleEpisode.objects.get(couple_id=id_of("ab")).status == "closed"


@pytest.mark.rule("C-102")
def test_a_summary_says_nothing_of_the_partner_but_that_couple_work_took_place(act) -> None:
    stay()
    with act("mo") as mo:
        own_plan(mo, "ana")
        facts = d.discharge(mo, ana(), "completed", plan=plan(), words=WORDS)
        words = papers.summary_words(DischargeSummary.objects.get(facts=facts))
    text = str(words)
    assert "Ben" not in text and "Fiction" in text
    assert "Couple work took place." in text
    for wanted in (
        "Naltrexone",
        "2.1",
        "Two talks of ten minutes",
        "Clinic in Austin",
        "Asked today",
        "Completed",
        "Six weeks",
    ):
        assert wanted in text


@pytest.mark.rule("C-102", "F-13")
def test_a_summary_is_signed_whole_once_and_then_closed(act) -> None:
    stay()
    with act("mo") as mo:
        facts = d.discharge(mo, ana(), "completed", plan=plan())
        with pytest.raises(Refused, match="Course of treatment is empty"):
            d.sign_summary(mo, facts)
        assert [f.id for f in d.due(mo, facts.due_on)] == [facts.id]
        d.save_summary(mo, facts, WORDS)
        first = d.sign_summary(mo, facts)
        assert d.sign_summary(mo, facts).signed_at == first.signed_at
        with pytest.raises(Refused, match="is signed"):
            d.save_summary(mo, first, WORDS)
        with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
            DischargeSummary.objects.filter(facts=facts).update(content={})
        assert d.due(mo, facts.due_on) == []


@pytest.mark.rule("C-102", "P-2", "P-51")
def test_the_papers_open_for_the_person_once_signed_and_never_for_the_partner(act) -> None:
    stay()
    with act("mo") as mo:
        facts = d.discharge(mo, ana(), "completed", plan=plan(), words=WORDS)
    with act("ana") as actor, pytest.raises(NotThere):
        papers.summary_pdf(actor, facts.public_id)
    with act("mo") as mo:
        d.sign_summary(mo, DischargeFacts.objects.get(id=facts.id))
    with act("ana") as actor:
        for made in (papers.summary_pdf, papers.recovery_pdf):
            pdf = made(actor, facts.public_id)
            assert pdf.startswith(b"%PDF") and b"/Author" not in pdf
            assert b"Fiction" not in pdf[pdf.find(b"xmpmeta") :]
    for other in ("ben", "kit", "bill", "ada"):
        with act(other) as actor, pytest.raises(NotThere):
            papers.recovery_pdf(actor, facts.public_id)


@pytest.mark.rule("C-103")
def test_where_joint_work_is_cleared_the_couples_first_appointment_is_needed_too(act) -> None:
    stay()
    with act("mo") as mo:
        with pytest.raises(Refused, match="When is the first appointment") as refusal:
            d.discharge(mo, ana(), "completed", plan=plan(joint=False))
        assert refusal.value.field == "joint_at"
        facts = d.discharge(mo, ana(), "completed", plan=plan())
        words = papers.recovery_words(DischargeSummary.objects.get(facts=facts))
        assert len(words["parts"][0]["items"]) == 2
