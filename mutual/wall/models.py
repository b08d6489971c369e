"""What the wall knows: relations, consents in force, notices, refused imports of its own."""

from __future__ import annotations

from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models

from mutual.base.ids import public_id, uuid7
from mutual.wall.policy import RELATIONS, Raw


class Relation(models.Model):
    """Someone stands in a relation to a person, couple or group, for a time, for a reason.

    Rooms write these rows; the database turns them into grants (triggers.sql).
    """

    wall = Raw(
        why="relations are what grants are made from; each is written under its own kind's right",
        select=(
            "viewer_id = (select wall.actor())"
            " or subject_id = any((select wall.subjects('care_team'))::uuid[])"
            " or subject_id = any((select wall.subjects('couple'))::uuid[])"
            " or ((select wall.everyone('care_team.facts'))"
            " or (select wall.everyone('group_roster.facts')))"
            " and (subject_id = any((select wall.conflicts())::uuid[])) is not true"
            # Who may end a shift or an emergency must find it.
            " or relation = 'on_call' and (select wall.everyone('on_call.write'))"
            " or relation = 'break_glass' and (select wall.everyone('glass.write'))"
        ),
        insert=(
            "subject_id = any(wall.subjects(wall.writer_kind(relation)))"
            " or wall.everyone(wall.writer_kind(relation))"
        ),
        update=(
            "subject_id = any(wall.subjects(wall.writer_kind(relation)))"
            " or wall.everyone(wall.writer_kind(relation))"
        ),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    viewer_id = models.UUIDField()
    subject_id = models.UUIDField(null=True)
    subject_of = models.CharField(max_length=1)
    relation = models.CharField(max_length=40)
    valid = DateTimeRangeField()
    reason = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(fields=["viewer_id"]),
            models.Index(fields=["subject_id", "relation"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="relation_subject_of",
                condition=models.Q(subject_of__in=["P", "C", "G", "*"]),
            ),
            # A relation of the table has a subject unless its role is programme-wide.
            models.CheckConstraint(
                name="relation_has_subject",
                condition=models.Q(subject_id__isnull=False)
                | ~models.Q(
                    relation__in=[
                        r
                        for r in RELATIONS
                        if r not in ("admissions", "biller", "director", "auditor", "sysadmin")
                        and r not in ("couples_therapist", "prescriber", "nurse", "supervisor")
                    ]
                ),
            ),
        ]


class ConsentFact(models.Model):
    """A consent of one person is in force for a time; written by ``privacy`` alone."""

    wall = Raw(
        why="the bare fact that a code is in force, from which grants are made; the consent"
        " itself (kind consent) lies in the privacy room",
        select="person_id = any((select wall.subjects('consent'))::uuid[])"
        " or (person_id = any((select wall.everyone_but('consent'))::uuid[])) is false",
        insert="person_id = any((select wall.subjects('consent.write'))::uuid[])"
        " or (select wall.everyone('consent.write'))",
        update="person_id = any((select wall.subjects('consent.write'))::uuid[])"
        " or (select wall.everyone('consent.write'))",
        # P-25: what hasn't begun may be dropped without a trace.
        delete="person_id = any((select wall.subjects('consent.write'))::uuid[])"
        " and lower(valid) > now()",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    code = models.CharField(max_length=80)
    valid = DateTimeRangeField()

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "code"]),
            GistIndex(fields=["valid"], name="consentfact_valid"),
        ]


class Notice(models.Model):
    """A neutral notice to one account (P-49): one text for all kinds, no link, no name."""

    wall = Raw(
        why="the outbox belongs to the one it is sent to; jobs of the service 'notices' send it",
        select="viewer_id = (select wall.actor()) or (select wall.everyone('notices'))",
        insert="(select wall.actor()) is not null",
        update="(select wall.everyone('notices'))",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    viewer_id = models.UUIDField(db_index=True)
    occasion = models.CharField(max_length=80)
    due = models.DateTimeField()
    #: After this moment it says nothing that is still news: not sent any more.
    until = models.DateTimeField(null=True)
    next_try = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    #: Empty: waits. ``sending``, ``sent``, ``together`` (with another of the same minute),
    #: ``portal``, ``call``, ``withdrawn``, ``late``, ``failed`` (somebody must look), ``seen``
    #: (somebody looked and reached them otherwise).
    outcome = models.CharField(max_length=20, default="")
    #: Of a failure, in a word of the sender's own: never what a server answered.
    why = models.CharField(max_length=40, default="")

    class Meta:
        constraints = [
            # F-6: one reminder per person, occasion (session and lead time).
            models.UniqueConstraint(fields=["viewer_id", "occasion"], name="notice_once"),
        ]
        indexes = [
            models.Index(fields=["due"], name="notice_waiting", condition=models.Q(outcome="")),
        ]


class Ended(models.Model):
    """Something ended that a restored backup must not bring back; see journal.py (P-21)."""

    wall = Raw(
        why="ids, codes and times of ends of every kind, kept for the start after a restore;"
        " whoever ends something adds a line, and only that start reads them",
        select="(select wall.everyone('revocations'))",
        insert="(select wall.actor()) is not null",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    what = models.JSONField()
    at = models.DateTimeField()
