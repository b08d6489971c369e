"""A person on the way into the room: place, phone, private now, three taps (C-78, P-78)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mutual.base.crypto import open_sealed, seal
from mutual.base.refusal import NotThere, Refused
from mutual.people.lookups import licensed
from mutual.people.models import ContactLocation, StaffTask
from mutual.privacy.queries import missing
from mutual.room import rules
from mutual.room.models import Confirmation, RoomSeat, Tap
from mutual.wall import audit
from mutual.wall.context import Actor, as_service, current
from mutual.week.attending import own_counselor
from mutual.week.booking import local_day
from mutual.week.checks import cleared
from mutual.week.kinds import KINDS, NEUTRAL, SessionKind
from mutual.week.models import Seat, Session

#: How soon the own counselor calls after "not today".
CALL_WITHIN = timedelta(hours=2)


@dataclass(frozen=True)
class MySession:
    """A session that the actor has a seat in, as the way in needs it."""

    session: Session
    kind: SessionKind
    start: datetime
    end: datetime
    person_id: UUID

    @property
    def own(self) -> bool:
        """Whether it is an own session, which opens with the PIN (P-68)."""
        return self.kind.subject == "P"

    @property
    def title(self) -> str:
        """What the screen calls it: an own session reads "Session" (P-68)."""
        return str(NEUTRAL if self.kind.attendance == "apart" else self.kind.title)

    def door(self, now: datetime) -> rules.Door:
        """Whether it can be entered."""
        return rules.door(
            self.start,
            self.end,
            now,
            running=self.session.status == "running",
            closed=self.session.status in ("ended", "cancelled"),
        )


@dataclass(frozen=True)
class Place:
    """What a person says of this evening (P-75). ``near`` is who else is in the place."""

    label: str
    address: str
    state: str
    call_back: str
    near: str = ""
    local_number: str = ""
    emergency_confirmed: bool = False
    private_now: bool = False
    headphones: bool = False


def my_session(actor: Actor, public_id: UUID) -> MySession:
    """The session of an own seat.

    Raises:
        NotThere: for everybody without a seat of their own in it (P-77).
    """
    seat = (
        Seat.objects.filter(session__public_id=public_id, person_id=actor.sure_id, cancelled=False)
        .select_related("session")
        .first()
    )
    if not actor.is_person or seat is None or seat.kind not in KINDS:
        raise NotThere
    start, end = seat.during.lower, seat.during.upper
    assert start is not None and end is not None
    return MySession(seat.session, KINDS[seat.session.kind], start, end, seat.person_id)


def lacking(mine: MySession, at: datetime) -> list[str]:
    """Codes of the consents without which no session starts for this person (P-37, P-73, P-74)."""
    wanted = ["notice", "tele", *(["group"] if mine.kind.subject == "G" else [])]
    return missing(mine.person_id, wanted, at)


def has_contact(person_id: UUID) -> bool:
    """Whether an emergency contact was named, or "nobody" said (C-79)."""
    row = ContactLocation.objects.filter(person_id=person_id).first()
    return row is not None and bool(row.emergency_name or row.emergency_nobody)


def my_places(actor: Actor) -> tuple[dict[str, dict[str, str]], str]:
    """Places the person named, by label, and their phone number."""
    row = ContactLocation.objects.visible_to(actor).filter(person_id=actor.sure_id).first()
    return (dict(row.places), row.phone) if row else ({}, "")


def my_confirmation(actor: Actor, session: Session) -> Confirmation | None:
    """What the person confirmed for this session, if anything."""
    return (
        Confirmation.objects.visible_to(actor)
        .filter(session=session, person_id=actor.sure_id)
        .first()
    )


def step(actor: Actor, mine: MySession, now: datetime | None = None) -> rules.Step:
    """What the person has to do next, or that they may wait in the room."""
    row = my_confirmation(actor, mine.session)
    asked = True
    if mine.kind.key == "conjoint":
        seat = RoomSeat.objects.filter(session=mine.session, person_id=mine.person_id).first()
        asked = seat is not None and seat.asked_at is not None
    return rules.first_step(
        consents=not lacking(mine, now or timezone.now()),
        contact=has_contact(mine.person_id),
        confirmed=row is not None and row.emergency_confirmed,
        licensed=row is not None and row.licensed,
        private_now=row is not None and row.private_now,
        taps_asked=asked,
    )


def confirm_place(
    actor: Actor, mine: MySession, place: Place, *, now: datetime | None = None
) -> Confirmation:
    """Confirm place, phone and "private now?" for one session (C-78, P-75); a new place is kept.

    A place in a state where the clinician isn't licensed is written down too, so that the
    clinician sees why nobody comes; the person then gets no session there (C-46, P-76).

    Raises:
        Refused: with what is missing, by field.
    """
    moment = now or timezone.now()
    if not place.label.strip() or not place.address.strip() or len(place.state) != 2:
        raise Refused(_("Say where you are: a name for the place, address and state."),
                      rule="C-78", field="address")  # fmt: skip
    if not rules.digits_enough(place.call_back):
        raise Refused(_("Enter a phone number at which we can call you back now."),
                      rule="P-75", field="call_back")  # fmt: skip
    if not has_contact(actor.sure_id):
        raise Refused(_("Add someone outside the couple, or say nobody."), rule="C-79")
    if not place.emergency_confirmed:
        raise Refused(_("Say whether your emergency contact is still right."),
                      rule="C-78", field="emergency_confirmed")  # fmt: skip
    clinician = mine.session.clinician_id
    with transaction.atomic():
        number = place.local_number.strip() or _known_number(actor, place.address, place.state)
        row, _made = Confirmation.objects.update_or_create(
            session=mine.session,
            person_id=actor.sure_id,
            defaults={
                "clinician_id": clinician,
                "label": place.label.strip()[:40],
                "address": place.address.strip()[:200],
                "state": place.state.upper(),
                "near": place.near.strip()[:120],
                "call_back": place.call_back.strip()[:30],
                "local_number": number[:30],
                "emergency_confirmed": place.emergency_confirmed,
                "private_now": place.private_now,
                "headphones": place.headphones,
                "licensed": licensed(clinician, place.state.upper(), local_day(moment)),
                "confirmed_at": moment,
            },
        )
        _keep_place(actor, row)
    audit.note("write", "contact_location", row.person_id, row.id)
    return row


def _known_number(actor: Actor, address: str, state: str) -> str:
    """The emergency number that was found for this place before; by its own person alone."""
    return (
        Confirmation.objects.filter(
            person_id=actor.sure_id, address__iexact=address.strip(), state=state.upper()
        )
        .exclude(local_number="")
        .order_by("-confirmed_at")
        .values_list("local_number", flat=True)
        .first()
        or ""
    )


def _keep_place(actor: Actor, row: Confirmation) -> None:
    contact = ContactLocation.objects.writable_by(actor).sole(person_id=actor.sure_id)
    entry = {"address": row.address, "state": row.state}
    if contact.places.get(row.label) != entry:
        contact.places = {**contact.places, row.label: entry}
        contact.save(update_fields=["places"])


def tap(actor: Actor, mine: MySession, what: str, *, now: datetime | None = None) -> None:
    """One silent tap; whatever it is, nothing that the person can see differs (P-78).

    *Not today* gives the own counselor a task whose words don't say why.

    Raises:
        Refused: if it is no tap, or this session asks for none.
    """
    if mine.kind.key != "conjoint" or what not in rules.TAPS:
        raise Refused(_("This session asks for no taps."), rule="P-78")
    moment = now or timezone.now()
    row = Tap(session=mine.session, person_id=actor.sure_id, tapped_at=moment)
    row.sealed = seal(json.dumps({"tap": what}), f"ipv_screen:{row.id}")
    with transaction.atomic():
        row.save(force_insert=True)
        if what == "not_today":
            _tell_counselor(mine, moment)
    audit.note("write", "ipv_screen", actor.sure_id, row.id)


def taps_done(actor: Actor, mine: MySession, *, now: datetime | None = None) -> None:
    """The person goes on from the taps, whichever they were, or none."""
    RoomSeat.objects.update_or_create(
        session=mine.session,
        person_id=actor.sure_id,
        defaults={
            "clinician_id": mine.session.clinician_id,
            "asked_at": now or timezone.now(),
        },
    )


def _tell_counselor(mine: MySession, moment: datetime) -> None:
    counselor = own_counselor(mine.person_id, local_day(moment))
    if counselor is None:
        return
    with as_service("room_gate"):
        known = StaffTask.objects.filter(
            person_id=mine.person_id, addressee_id=counselor, rule="P-78", done_at__isnull=True,
            made_at__gt=moment - CALL_WITHIN,
        )  # fmt: skip
        if not known.exists():
            StaffTask(
                person_id=mine.person_id,
                author_id=current().sure_id,
                addressee_id=counselor,
                rule="P-78",
                # staff: a task, in the language of those who do it
                text=_("Call today, alone and by the safe route: about this evening’s session."),
                due=moment + CALL_WITHIN,
            ).save(force_insert=True)


def taps_of(actor: Actor, person_id: UUID, session: Session) -> list[tuple[datetime, str]]:
    """What somebody tapped before a session: for the own counselor and supervisor; audited."""
    rows = Tap.objects.visible_to(actor).filter(person_id=person_id, session=session)
    found = []
    for row in rows.order_by("tapped_at", "id"):
        body = json.loads(open_sealed(row.sealed, f"ipv_screen:{row.id}"))
        audit.read("ipv_screen", person_id, row.id)
        found.append((row.tapped_at, str(body["tap"])))
    return found


def both_go(session: Session) -> str:
    """``go``, ``not_yet`` or ``not_today`` of a couples session; never whose it is (P-78).

    Sessions of other kinds ask nobody, and a couple without clearance is never told why.
    """
    if session.kind != "conjoint":
        return "go"
    if not cleared(session.subject_id):
        return "not_today"
    with as_service("room_gate"):
        people = list(
            Seat.objects.filter(session=session, cancelled=False).values_list(
                "person_id", flat=True
            )
        )
        taps: dict[UUID, list[str]] = {person: [] for person in people}
        for row in Tap.objects.filter(session=session).order_by("tapped_at", "id"):
            body = json.loads(open_sealed(row.sealed, f"ipv_screen:{row.id}"))
            taps.setdefault(row.person_id, []).append(str(body["tap"]))
    return rules.decision(taps.values())


def held(mine: MySession, now: datetime) -> bool:
    """Whether both partners now read C-16's sentence instead of a session.

    Never before the start: an answer in the same second would tell who tapped.
    """
    return now >= mine.start and both_go(mine.session) == "not_today"


def enter(actor: Actor, mine: MySession, page: UUID, *, now: datetime | None = None) -> RoomSeat:
    """Take the own seat with a page; an older page of the same person is taken over (P-77, F-8).

    Raises:
        Refused: too early, over, or while something is still to confirm.
    """
    moment = now or timezone.now()
    if mine.door(moment) != "open" or step(actor, mine, moment) != "room":
        raise Refused(_("This session can’t be entered now."), rule="C-78")
    seat, _made = RoomSeat.objects.update_or_create(
        session=mine.session,
        person_id=actor.sure_id,
        defaults={
            "clinician_id": mine.session.clinician_id,
            "page": page,
            "since": moment,
            "left_at": None,
        },
    )
    return seat


def leave(actor: Actor, mine: MySession, *, now: datetime | None = None) -> None:
    """Give the seat up: the person pressed *Leave*. They may come back while it lasts."""
    RoomSeat.objects.filter(session=mine.session, person_id=actor.sure_id).update(
        left_at=now or timezone.now(), page=None
    )


def signal(actor: Actor, mine: MySession, what: str, *, now: datetime | None = None) -> None:
    """A silent *Help*: it changes only the clinician's pane (P-80).

    Raises:
        Refused: if it is no such signal.
    """
    if what not in rules.SIGNALS:
        raise Refused(_("This is no signal."), rule="P-80")
    RoomSeat.objects.filter(session=mine.session, person_id=actor.sure_id).update(
        **{f"{what}_at": now or timezone.now()}
    )
    audit.note("write", "contact_location", actor.sure_id, mine.session.id, "signal")
