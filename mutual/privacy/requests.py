"""What people ask about their own record, each on its legal clock (P-38 to P-43).

How staff answer is in :mod:`mutual.privacy.answering`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mutual.base.crypto import open_sealed
from mutual.base.refusal import NotThere, Refused
from mutual.people.models import CoupleMember
from mutual.privacy import clocks
from mutual.privacy.models import JointConsent, PrivacyRequest
from mutual.privacy.models.requests import KINDS
from mutual.wall import audit
from mutual.wall.context import Actor, as_service

KIND_WORDS = dict(KINDS)
#: Why something may be refused, by kind of request; those marked may be reviewed (164.524(a)).
GROUNDS = {
    "danger": gettext_lazy("It could endanger your life or safety, or that of another person"),
    "danger_other": gettext_lazy("It names another person and could cause them serious harm"),
    "apart": gettext_lazy("Working notes kept apart are not part of the copy"),
    "proceedings": gettext_lazy("It was put together for a court or other proceeding"),
    "accurate": gettext_lazy("What is written is accurate and complete"),
    "not_ours": gettext_lazy("We did not write it; its author can correct it"),
    "confidence": gettext_lazy("It can't be given without what was said in confidence"),
    "cannot": gettext_lazy("We are not able to do this"),
}
REVIEWABLE = ("danger", "danger_other")
GROUNDS_FOR = {
    "access": ("danger", "danger_other", "apart", "proceedings"),
    "conjoint": ("confidence", "danger", "danger_other"),
    "amendment": ("accurate", "not_ours"),
    "accounting": ("cannot",),
    "restriction": ("cannot",),
    "confidential": ("cannot",),
}


def ask(
    actor: Actor,
    kind: str,
    words: str = "",
    *,
    form: str = "pdf",
    self_pay: bool = False,
    now: datetime | None = None,
) -> PrivacyRequest:
    """Ask about one's own record; a second press finds the first open one (F-13).

    What needs nobody's judgement is answered at once: the list of disclosures, to keep what one
    pays for from the plan (P-39), and the shared notes when both have signed (P-42).

    Raises:
        NotThere: for anybody but a person for themselves.
        Refused: for no such kind, or without the words that it needs.
    """
    if not actor.is_person:
        raise NotThere
    if kind not in KIND_WORDS:
        raise Refused(_("Choose what you ask for."), rule="P-40", field="kind")
    if kind in ("amendment", "restriction") and not self_pay and not words.strip():
        raise Refused(_("Write what it is about."), rule="P-43", field="words")
    moment = now or timezone.now()
    with as_service("request_desk"):
        twin = PrivacyRequest.objects.filter(
            person_id=actor.sure_id, kind=kind, state="open", words=words.strip()
        ).first()
        if twin is not None:
            return twin
        row = PrivacyRequest(
            person_id=actor.sure_id,
            kind=kind,
            asked_at=moment,
            words=words.strip(),
            form=form if form in ("pdf", "json") else "pdf",
            self_pay=self_pay and kind == "restriction",
            due_on=clocks.due(kind, day_of(moment)),
        )
        answer = _at_once(row)
        if answer:
            row.state, row.answer, row.decided_at = "granted", answer, moment
        row.save(force_insert=True)
    audit.note("write", "privacy_request", row.person_id, row.id, "asked")
    return row


def _at_once(row: PrivacyRequest) -> str:
    if row.kind == "accounting":
        return _("The list stands under How my record was shared, and can be saved from there.")
    if row.self_pay:
        return _("In force from now on: nothing goes to your plan while you pay in full.")
    if row.kind == "conjoint" and _shared_open(row.person_id):
        return _("You can read them: they stand under Notes.")
    return ""


def _shared_open(person_id: UUID) -> bool:
    couples = CoupleMember.objects.filter(
        person_id=person_id, couple__ended_on__isnull=True
    ).values_list("couple_id", flat=True)
    return JointConsent.objects.filter(
        couple_id__in=list(couples), code="cj", in_force=True
    ).exists()


def take_back(actor: Actor, key: UUID) -> PrivacyRequest:
    """Take one's own open request back."""
    return _own_change(actor, key, state="withdrawn", only="open")


def ask_review(actor: Actor, key: UUID, *, now: datetime | None = None) -> PrivacyRequest:
    """Ask for a second professional after a refusal for danger (P-41).

    Raises:
        Refused: where the law gives no review.
    """
    row = own(actor, key)
    if row.state != "denied" or row.ground not in REVIEWABLE or row.reviewed_at:
        raise Refused(_("This answer can't be reviewed."), rule="P-41")
    return _own_change(actor, key, review_asked_at=now or timezone.now())


def add_statement(actor: Actor, key: UUID, words: str) -> PrivacyRequest:
    """One's own statement to a refused correction; it goes along with the record (P-43).

    Raises:
        Refused: without words, or where no correction was refused.
    """
    row = own(actor, key)
    if row.kind != "amendment" or row.state != "denied":
        raise Refused(_("There is nothing to add a statement to."), rule="P-43")
    if not words.strip():
        raise Refused(_("Write your statement."), rule="P-43", field="statement")
    return _own_change(actor, key, statement=words.strip())


def own(actor: Actor, key: UUID) -> PrivacyRequest:
    """One request of one's own.

    Raises:
        NotThere: for anybody else's and for none.
    """
    return PrivacyRequest.objects.visible_to(actor).sole(public_id=key, person_id=actor.sure_id)


def mine(actor: Actor) -> list[RequestLine]:
    """One's own requests, the newest first; one query."""
    rows = PrivacyRequest.objects.visible_to(actor).filter(person_id=actor.sure_id)
    today = timezone.localdate()
    return [line_of(row, today) for row in rows.order_by("-asked_at")]


@dataclass(frozen=True)
class RequestLine:
    """A request with its clock."""

    row: PrivacyRequest
    words: str
    state_words: str
    due: date
    days_left: int
    alarm: bool
    legal: str
    waits_for_review: bool
    name: str = ""


def line_of(row: PrivacyRequest, today: date, name: str = "") -> RequestLine:
    """How a request stands on a day."""
    last = row.extended_on or row.due_on
    review_waits = row.review_asked_at is not None and row.reviewed_at is None
    open_ = row.state == "open" or review_waits
    return RequestLine(
        row=row,
        words=str(KIND_WORDS[row.kind]),
        state_words=row.get_state_display(),
        due=last,
        days_left=(last - today).days,
        alarm=open_ and clocks.alarm(last, today),
        legal=clocks.CLOCKS[row.kind].legal,
        waits_for_review=review_waits,
        name=name,
    )


def prepared_text(actor: Actor, row: PrivacyRequest) -> str:
    """The shared notes as prepared for the person who asked (P-42); read audited."""
    if row.person_id != actor.id or row.prepared is None:
        return ""
    audit.read("privacy_request", row.person_id, row.id, "prepared copy")
    return open_sealed(row.prepared, str(row.id))


def _own_change(actor: Actor, key: UUID, *, only: str = "", **changes: object) -> PrivacyRequest:
    row = own(actor, key)
    if only and row.state != only:
        raise Refused(_("This was answered already."), rule="P-40")
    for name, value in changes.items():
        setattr(row, name, value)
    with as_service("request_desk"):
        row.save(update_fields=list(changes))
    audit.note("write", "privacy_request", row.person_id, row.id, "by the person")
    return row


def programme_zone() -> ZoneInfo:
    """The zone in which the days of legal clocks are counted."""
    return ZoneInfo(settings.PROGRAMME_ZONE)


def day_of(moment: datetime) -> date:
    """The programme's day of an instant."""
    return moment.astimezone(programme_zone()).date()
