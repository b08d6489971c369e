"""What clinicians write: facts of a note, its text apart, signed once, never changed (C-71)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mutual.base.ids import public_id, uuid7
from mutual.wall.managers import Walls
from mutual.wall.policy import Walled
from mutual.week.models import Session

#: Encrypted with a key outside the database (P-9): their text is never in a JSON column.
SEALED = ("psychotherapy_note", "sud_counseling_note", "couple_solo_note")
#: The kinds one table of notes holds; the CHECKed column ``kind`` separates their policies.
NOTE_KINDS = {
    k: k
    for k in (
        "progress_note",
        "psychotherapy_note",
        "sud_counseling_note",
        "conjoint_own_note",
        "medical_note",
        "crisis_note",
        "contact_note",
        "conjoint_note",
        "couple_solo_note",
        "group_note",
    )
}


class Note(models.Model):
    """The facts of a note: kind, date, minutes, code, who signed when."""

    wall = Walled(
        level="facts",
        subject="subject_id",
        column="kind",
        kinds=NOTE_KINDS,
        author="author_id",
        masked=True,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    kind = models.CharField(max_length=24)
    subject_of = models.CharField(max_length=1)
    subject_id = models.UUIDField(db_index=True)
    session = models.ForeignKey(Session, null=True, on_delete=models.PROTECT)
    author_id = models.UUIDField()
    service_date = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    modality = models.CharField(max_length=20, default="video")
    template = models.CharField(max_length=10, default="dap")
    status = models.CharField(
        max_length=8, choices=[("draft", _("Draft")), ("signed", _("Signed"))], default="draft"
    )
    signed_at = models.DateTimeField(null=True)
    content_hash = models.BinaryField(null=True)
    late = models.BooleanField(default=False)
    cosign_by = models.UUIDField(null=True)  # the supervisor who has to co-sign (C-72)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = Walls()

    class Meta:
        indexes = [models.Index(fields=["subject_id", "-service_date"])]
        constraints = [
            models.CheckConstraint(name="note_kind", condition=models.Q(kind__in=list(NOTE_KINDS))),
            models.CheckConstraint(
                name="note_signed_whole",
                condition=models.Q(status="draft")
                | models.Q(signed_at__isnull=False, content_hash__isnull=False),
            ),
            # F-13: pressing Sign or opening the note twice makes one note.
            models.UniqueConstraint(
                fields=["session", "kind", "subject_id"],
                name="one_note_of_a_kind_per_session",
                condition=models.Q(session__isnull=False),
            ),
        ]


class NoteBody(models.Model):
    """The text of a note, by section; sealed kinds are encrypted (P-9)."""

    wall = Walled(subject="subject_id", column="kind", kinds=NOTE_KINDS, author="author_id")

    note = models.OneToOneField(
        Note, primary_key=True, on_delete=models.PROTECT, related_name="body"
    )
    kind = models.CharField(max_length=24)
    subject_id = models.UUIDField()
    author_id = models.UUIDField()
    place = models.CharField(max_length=200, blank=True, default="")
    sections = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    objectives = models.JSONField(default=list)  # public ids of plan rows in the same chart
    patterns = models.JSONField(default=list)  # of a couple note: keys and own words (patterns.py)
    version = models.PositiveIntegerField(default=0)
    tab = models.CharField(max_length=40, blank=True, default="")  # the page that saved last
    signed = models.BooleanField(default=False)  # a draft is its author's alone (F-10)
    # Why it is late, in the author's words: text, so not among the facts (P-7).
    late_reason = models.CharField(max_length=200, blank=True, default="")
    late_sealed = models.BinaryField(null=True)
    saved_at = models.DateTimeField(auto_now=True)

    objects = Walls()

    class Meta:
        constraints = [
            models.CheckConstraint(name="body_kind", condition=models.Q(kind__in=list(NOTE_KINDS))),
            models.CheckConstraint(
                name="body_sealed",
                condition=~models.Q(kind__in=SEALED) | models.Q(sections={}, late_reason=""),
            ),
            models.CheckConstraint(
                name="body_patterns",
                condition=models.Q(kind="conjoint_note") | models.Q(patterns=[]),
            ),
        ]


class Addendum(models.Model):
    """What was added after signing, with its own author, time and reason (C-71, F-11)."""

    wall = Walled(subject="subject_id", column="kind", kinds=NOTE_KINDS, author="author_id")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="addenda")
    kind = models.CharField(max_length=24)
    subject_id = models.UUIDField()
    author_id = models.UUIDField()
    reason = models.CharField(max_length=200)
    text = models.TextField(blank=True, default="")
    sealed = models.BinaryField(null=True)
    signed_at = models.DateTimeField()

    objects = Walls()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="addendum_kind", condition=models.Q(kind__in=list(NOTE_KINDS))
            ),
            models.CheckConstraint(
                name="addendum_sealed",
                condition=~models.Q(kind__in=SEALED) | models.Q(text=""),
            ),
        ]


class CoSignature(models.Model):
    """A supervisor's signature under the note of somebody they supervise (C-72)."""

    wall = Walled(
        level="facts",
        subject="subject_id",
        column="kind",
        kinds=NOTE_KINDS,
        extra_insert="supervisor_id = (select wall.actor()) and exists (select from"
        " public.record_note n where n.id = note_id and n.cosign_by = (select wall.actor()))",
        seen_by=("supervisor_id",),
    )

    note = models.OneToOneField(
        Note, primary_key=True, on_delete=models.PROTECT, related_name="cosignature"
    )
    kind = models.CharField(max_length=24)
    subject_id = models.UUIDField()
    supervisor_id = models.UUIDField()
    signed_at = models.DateTimeField()

    objects = Walls()
