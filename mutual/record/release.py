"""Copies of the record: one's own, one for somebody outside, an auditor's view (P-27, P-40).

What leaves is prepared with the rights of whoever prepares it; a job lets it go, after asking the
gate again. Letting the couple's notes out needs both partners (C-74, P-42).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mutual.base.crypto import open_sealed, seal
from mutual.base.documents import render_pdf
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import partners
from mutual.people.models import Couple, Person
from mutual.privacy import engagements, package
from mutual.privacy.gate import NOTICE, Leaving, let_out, refuse_unless_open
from mutual.privacy.models import Consent, OutgoingRelease, PrivacyRequest
from mutual.record.actions import text_of
from mutual.record.models import Note
from mutual.record.queries import bodies
from mutual.record.templates import TEMPLATES
from mutual.wall import audit
from mutual.wall.context import Actor, as_service
from mutual.wall.relations import has_consent

#: Rows that come along with another: a note's facts with its text, a booking with its seat.
_ALONG = ("Note", "Session", "PersonBooking", "CoSignature", "Disclosure", "OutgoingRelease")


def missing_permission(couple_id: UUID, code: str) -> list[UUID]:
    """Whose half of a consent isn't in force; asked by a service, told to staff only."""
    both = partners([couple_id]).get(couple_id, [])
    with as_service("release"):
        return [p.person_id for p in both if not has_consent(p.person_id, code)]


def couple_notes_for_release(actor: Actor, couple: Couple, recipient: str) -> list[Note]:
    """The signed couple notes that may leave to a recipient (consent ``ext:<recipient>``).

    Raises:
        NotThere: if the actor may not read them.
        Refused: without the permission of both (C-74: "B's permission needed").
    """
    if not actor.is_staff:
        raise NotThere
    readable = bodies(actor).filter(kind="conjoint_note", subject_id=couple.id, signed=True)
    lacking = missing_permission(couple.id, f"ext:{recipient}")
    if lacking:
        names = [p.name for p in partners([couple.id])[couple.id] if p.person_id in lacking]
        raise Refused(
            _("%(name)s's permission needed") % {"name": names[-1] if names else "?"},
            rule="C-74",
        )
    notes = [body.note for body in readable.select_related("note").order_by("note__starts_at")]
    if not notes:
        raise NotThere
    audit.note("disclosure", "conjoint_note", couple.id, None, "released with both permissions")
    return notes


def _note(actor: Actor, row: Any) -> package.Entry | None:
    if not row.signed:
        return None
    words = text_of(row)
    pairs = [
        (str(section.title), words[section.key])
        for section in TEMPLATES[row.note.template].sections
        if words.get(section.key)
    ]
    day = date_format(row.note.service_date)
    return package.Entry(f"{day}, {row.note.minutes} min", pairs, row.note.service_date)


def _received(actor: Actor, row: Any) -> package.Entry:
    pairs = [(_("From"), row.source), (_("Received"), date_format(row.received_on))]
    if row.part2:
        # P-29: a record that came under Part 2 keeps its label wherever it goes on to.
        pairs.append((_("Label"), _("Received under 42 CFR part 2: the notice below holds for it")))
    return package.Entry(row.title, [*pairs, (_("Text"), row.text)], row.received_on)


def _left_out(actor: Actor, row: Any) -> None:
    return None


TELLERS: dict[str, package.Teller] = {
    "NoteBody": _note,
    "ReceivedRecord": _received,
    **dict.fromkeys(_ALONG, _left_out),
}


def _statements(person_id: UUID) -> list[package.Part]:
    """The person's words to refused corrections: they go along with the record (P-43)."""
    with as_service("request_desk"):
        rows = list(
            PrivacyRequest.objects.filter(
                person_id=person_id, kind="amendment", state="denied"
            ).exclude(statement="")
        )
    entries = [
        package.Entry(
            date_format(row.asked_at),
            [
                (_("Asked to be corrected"), row.words),
                (_("Our answer"), row.answer),
                (_("Statement"), row.statement),
            ],
        )
        for row in rows
    ]
    title = _("Statements of the person to this record")
    return [package.Part("privacy_request", title, entries)] if entries else []


def own_copy(actor: Actor, key: UUID) -> tuple[str, bytes]:
    """The file of a granted request for a copy of one's record: its type and bytes (P-40).

    It holds what the person may read: no working notes kept apart, nothing put together for a
    proceeding, no word of the partner outside what is shared.

    Raises:
        NotThere: for anybody else, and before the request was agreed.
    """
    row = PrivacyRequest.objects.visible_to(actor).sole(
        public_id=key, person_id=actor.sure_id, kind="access", state="granted"
    )
    person = Person.objects.get(id=actor.sure_id)
    kinds = [k for k in package.readable_kinds("self") if k != "privacy_request"]
    parts = package.collect(actor, person.id, kinds, TELLERS, reason="own copy")
    parts += _statements(person.id)
    if row.form == "json":
        said = package.as_json(parts, "")
        return "application/json", json.dumps(said, ensure_ascii=False, indent=1).encode()
    paper = package.as_paper(
        _("My record"),
        [[_("Name"), str(person)], [_("Made on"), date_format(timezone.localdate())]],
        parts,
        lang=_lang(),
        foot="",
    )
    return "application/pdf", render_pdf(package.PAPER, paper)


def audit_view(actor: Actor, key: UUID, sample_key: UUID) -> list[package.Part]:
    """One record of an audit's sample, on one of its days (P-33).

    Raises:
        NotThere: before, after, for another auditor, and for somebody outside the sample.
    """
    _row, sample = engagements.sample_of(actor, key)
    found = next((one for one in sample if one.public_id == sample_key), None)
    if found is None:
        raise NotThere
    kinds = package.readable_kinds("auditor", "S")
    return package.collect(actor, found.person_id, kinds, TELLERS, reason="audit")


def prepare_release(
    actor: Actor,
    person: Person,
    consent_key: UUID,
    *,
    kinds: Collection[str] = (),
    now: datetime | None = None,
) -> OutgoingRelease:
    """Prepare a copy for the recipient of a consent, with the rights of whoever prepares it (P-27).

    Args:
        consent_key: public id of the person's ``ext:`` or ``legal:`` consent.
        kinds: of those the consent names; all of them if left out.

    Raises:
        NotThere: for who may not read that consent.
        Refused: as the gate does; or when the actor may read nothing of what it names.
    """
    if not actor.is_staff:
        raise NotThere
    consent = Consent.objects.visible_to(actor).sole(public_id=consent_key, person_id=person.id)
    family = consent.code.partition(":")[0]
    if family not in ("ext", "legal"):
        raise Refused(_("Choose a consent to somebody outside."), rule="P-27", field="consent")
    moment = now or timezone.now()
    chosen = [k for k in consent.kinds if not kinds or k in kinds]
    proceeding = family == "legal"
    row = OutgoingRelease(
        person=person,
        by_id=actor.sure_id,
        made_at=moment,
        code=consent.code,
        recipient=consent.recipient,
        purpose="proceedings" if proceeding else "other",
        what=_("Copy of: %(what)s") % {"what": consent.description[:180]},
        kinds=chosen,
    )
    refuse_unless_open(_leaving(row), now=moment)
    parts = package.collect(actor, person.id, chosen, TELLERS, reason="release prepared")
    if not parts:
        raise Refused(_("There is nothing of this that you may read."), rule="P-27")
    parts += _statements(person.id)
    said = package.as_paper(
        _("Record"),
        [
            [_("Name"), str(person)],
            [_("To"), consent.recipient],
            [_("From"), settings.PROGRAMME_NAME],
        ],
        parts,
        lang=_lang(),
        foot="",
    )
    with transaction.atomic():
        row.sealed = seal(json.dumps(said), str(row.id))
        row.save(force_insert=True)
    # Each kind that went in has its own line as exported; this one only says what was made of it.
    audit.note("write", "disclosure_log", person.id, row.id, "release prepared")
    return row


def carry_out(release_id: UUID, *, now: datetime | None = None) -> str:
    """Let a prepared copy go, or withdraw it: the gate is asked again at this moment (P-21).

    Run by the job; a second run finds it settled. Returns the state: ``sent`` or ``withdrawn``.
    """
    moment = now or timezone.now()
    with transaction.atomic(), as_service("release_job") as service:
        row = OutgoingRelease.objects.select_for_update().get(id=release_id)
        if row.state != "queued":
            return row.state
        try:
            with transaction.atomic():
                passed = let_out(service, [_leaving(row)], now=moment, by=row.by_id)[0]
        except Refused:
            row.state, row.sealed = "withdrawn", None
        else:
            said = json.loads(open_sealed(bytes(row.sealed or b""), str(row.id)))
            said["foot"] = f"{passed.notice} {passed.scope}"
            row.sealed = seal(json.dumps(said), str(row.id))
            row.state, row.disclosure = "sent", passed.disclosure
        row.settled_at = moment
        row.save(update_fields=["state", "sealed", "settled_at", "disclosure"])
        audit.note("export", "disclosure_log", row.person_id, row.id, row.state)
        return row.state


def carry_out_waiting(now: datetime | None = None) -> int:
    """Settle every copy that waits, each in a transaction of its own; returns how many."""
    with transaction.atomic(), as_service("release_job"):
        waiting = list(OutgoingRelease.objects.filter(state="queued").values_list("id", flat=True))
    for release_id in waiting:
        carry_out(release_id, now=now)
    return len(waiting)


def release_paper(actor: Actor, key: UUID) -> bytes:
    """The document of a release that was let go, with its notice and scope, for who prepared it.

    Raises:
        NotThere: for everybody else, and while it waits or was withdrawn.
    """
    row = OutgoingRelease.objects.visible_to(actor).sole(
        public_id=key, by_id=actor.sure_id, state="sent"
    )
    # No reading of a record: what the gate let out is taken along by who prepared it (P-88).
    audit.note("disclosure", "disclosure_log", row.person_id, row.id, "document taken")
    return render_pdf(package.PAPER, json.loads(open_sealed(bytes(row.sealed or b""), str(row.id))))


def releases(actor: Actor, person_id: UUID) -> list[OutgoingRelease]:
    """What was prepared for somebody outside about a person, the newest first; one query."""
    rows = OutgoingRelease.objects.visible_to(actor).filter(person_id=person_id)
    return list(rows.defer("sealed").order_by("-made_at"))


def _leaving(row: OutgoingRelease) -> Leaving:
    return Leaving(
        way="proceeding" if row.purpose == "proceedings" else "release",
        person_id=row.person_id,
        recipient=row.recipient,
        what=row.what,
        purpose=row.purpose,
        kinds=tuple(row.kinds),
        consent=row.code,
    )


def notice_words() -> str:
    """The whole notice of 2.32, for a preview."""
    return str(NOTICE)


def _lang() -> str:
    return (get_language() or "en").split("-")[0]
