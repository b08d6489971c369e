"""The room's socket: who comes in, what the page is told, and the way to the relay.

Every message acts under the sign-in of the page's cookie, in a transaction of its own: whoever
lost their sign-in, seat or care team is out with the next message, and within seconds without one.
Partners are told where they stand themselves, and nothing about who else waits (P-78).
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.db import DatabaseError, transaction

from mutual.base.refusal import NotThere, Refused
from mutual.base.threads import in_thread
from mutual.room import actions, attendance, pin, queries, video
from mutual.room.doorway import MySession, my_session
from mutual.room.relay.client import RelayError
from mutual.room.relay.page import KINDS, PageLink
from mutual.room.seats import room_name, seat_name
from mutual.wall import audit, live
from mutual.wall.context import Actor, acting
from mutual.wall.live_socket import cookies_of
from mutual.wall.web import COOKIE
from mutual.week.models import Session

T = TypeVar("T")
Message = dict[str, Any]

#: Close codes: the page doesn't come back by itself after these.
TAKEN, OVER = 4001, 4004
#: Seconds between two looks at whether somebody may still be here.
LOOK = 5.0


class RoomConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """One page of one session: a partner's, or its clinician's."""

    token: str
    key: str
    actor_id: UUID
    staff: bool
    session: Session
    page: UUID
    link: PageLink | None = None
    stretch: UUID | None = None
    told: Message | None = None
    watcher: asyncio.Task[None] | None = None

    # Coming and going

    async def connect(self) -> None:
        """Let a page in whose person sits in this session, or whose clinician holds it."""
        cookies = cookies_of(self.scope)
        self.token = cookies.get(COOKIE, "")
        self.key = cookies.get(settings.SESSION_COOKIE_NAME, "")
        self.page = uuid4()
        self.ear = ExitStack()
        try:
            self.actor_id, self.staff, self.session = await self._begin(
                UUID(str(self.scope["url_route"]["kwargs"]["session"]))
            )
        except (NotThere, Refused, PermissionError):
            await self.close()  # before it is accepted: the same answer as for no such room
            return
        await self.accept()
        await self.channel_layer.group_add(self._everyone, self.channel_name)
        self.ear.enter_context(live.hearing(self.actor_id, self._refresh))
        self.watcher = asyncio.create_task(self._watch())
        await self._tell_all(takes=str(self.actor_id))

    async def disconnect(self, code: int) -> None:
        """The socket is gone; the seat in the relay waits a minute for the same person (F-8)."""
        self.ear.close()
        if self.watcher is not None:
            self.watcher.cancel()
        if self.link is not None:
            self.link.detach()
        if hasattr(self, "session"):
            await self.channel_layer.group_discard(self._everyone, self.channel_name)

    @property
    def _everyone(self) -> str:
        return f"room.{room_name(self.session.id)}"

    # From the page

    async def receive_json(self, content: Any, **more: Any) -> None:
        """One message from the page; checked anew each time."""
        if not isinstance(content, dict):
            return
        kind = str(content.get("type", ""))
        try:
            if kind in KINDS:
                await self._media(content, kind)
            elif self.staff:
                await self._command(kind, content)
            elif kind == "help":
                await self._as_partner(
                    lambda actor, mine: actions.signal(actor, mine, str(content.get("signal")))
                )
                await self._tell_all()
        except Refused as refused:
            await self.send_json({"type": "refused", "words": refused.text, "field": refused.field})
        except (NotThere, PermissionError):
            await self._out(OVER)

    async def _media(self, content: Message, kind: str) -> None:
        state = await self._state()
        if kind == "leave":
            await self._leave(state)
            return
        if state not in ("in", "aside"):
            return
        if self.link is None:
            client = await video.relay()
            self.link = PageLink(
                client,
                room_name(self.session.id),
                seat_name(self.session.id, self.actor_id),
                self._send_media,
                on_event=self._event,
            )
        try:
            await self.link.receive(content)
            if kind == "join":
                # Again after each join: a relay that was restarted must know it too.
                await video.reroute(self.session)
        except RelayError:
            await self.send_json({"type": "closed", "reason": "again"})

    async def _leave(self, state: str) -> None:
        if state == "taken":
            return
        await self._stretch_ends()
        if self.link is not None:
            await self.link.close()
        if self.staff:
            await self._as_clinician(
                lambda actor, session: actions.clinician_leaves(actor, session)
            )
        else:
            await self._as_partner(lambda actor, mine: actions.leave(actor, mine))
        await self._tell_all()
        await self.close(OVER)

    async def _command(self, kind: str, content: Message) -> None:
        """What the clinician's pane asks for."""
        seat = content.get("seat")

        def work(actor: Actor, session: Session) -> None:
            person = _person(session, seat)
            if kind == "admit":
                actions.admit(
                    actor, session, _sure(person), local_number=str(content.get("number") or "")
                )
            elif kind == "out":
                actions.put_out(actor, session, _sure(person))
            elif kind == "lock":
                actions.lock(actor, session, content.get("on") is True)
            elif kind == "aside":
                actions.speak_with(actor, session, person)
            elif kind == "break":
                change = actions.start_break if content.get("on") is True else actions.end_break
                change(actor, session)
            elif kind == "emergency":
                actions.open_emergency(actor, session, _sure(person))
            elif kind in ("log", "close_emergency"):
                row = queries.desk(actor, session).emergency
                if row is None:
                    raise NotThere
                if kind == "log":
                    actions.note_in_emergency(actor, row, str(content.get("words") or ""))
                else:
                    actions.close_emergency(actor, row)
            elif kind == "end":
                actions.end_room(actor, session)
            else:
                raise Refused("")

        await self._as_clinician(work)
        if kind == "end":
            await self._stretch_ends()
            with contextlib.suppress(RelayError):
                await video.close_room(self.session)
        else:
            await self._reroute()
        await self._tell_all()

    # To the page

    async def room_changed(self, event: Message) -> None:
        """Something changed in this room; tell this page where it stands now, if that differs."""
        takes, page = event.get("takes"), event.get("page")
        if takes == str(self.actor_id) and page != str(self.page):
            await self._out(TAKEN)
            return
        await self._refresh()

    async def _refresh(self) -> None:
        try:
            message = await self._view()
        except (NotThere, PermissionError, Refused):
            await self._out(OVER)
            return
        if not self.staff and message["state"] not in ("in", "aside") and self.link is not None:
            # Put out, held or over: media ends on the server, whatever the page does.
            await self._stretch_ends()
            link, self.link = self.link, None
            await link.close()
        if message["state"] == "taken":
            await self._out(TAKEN)
        elif self.staff or message != self.told:
            self.told = message
            await self.send_json(message)

    async def _send_media(self, message: Message) -> None:
        with contextlib.suppress(RuntimeError):  # the socket closed in this very moment
            await self.send_json(message)

    async def _out(self, code: int) -> None:
        link, self.link = self.link, None
        await self._stretch_ends()
        if link is not None and code != TAKEN:
            await link.close()
        await self.send_json({"type": "taken" if code == TAKEN else "over"})
        await self.close(code)

    async def _tell_all(self, takes: str = "") -> None:
        event: Message = {"type": "room.changed"}
        if takes:
            event |= {"takes": takes, "page": str(self.page)}
        await self.channel_layer.group_send(self._everyone, event)

    async def _reroute(self) -> None:
        try:
            await video.reroute(self.session)
        except RelayError:
            await self.send_json({"type": "closed", "reason": "again"})

    # Attendance

    async def _event(self, event: Message) -> None:
        """The relay says that this page's media connected or not: the stretches of C-56."""
        if event["event"] == "connected":
            await self._stretch_ends()
            self.stretch = await self._timed(
                lambda: attendance.connected(self.session, self.actor_id, person=not self.staff)
            )
        elif event["event"] != "slots":
            await self._stretch_ends()

    async def _stretch_ends(self) -> None:
        stretch, self.stretch = self.stretch, None
        if stretch is not None:
            await self._timed(lambda: attendance.still_connected(stretch, person=not self.staff))

    async def _watch(self) -> None:
        """Every few seconds: may they still be here, and they still are."""
        while True:
            await asyncio.sleep(LOOK)
            stretch = self.stretch
            if stretch is not None:
                here = partial(attendance.still_connected, stretch, person=not self.staff)
                await self._timed(here)
            with contextlib.suppress(DatabaseError):  # the next look decides
                await self._refresh()

    # In the database

    @in_thread
    def _timed(self, work: Callable[[], T]) -> T:
        with transaction.atomic():
            return work()

    @in_thread
    def _begin(self, public_id: UUID) -> tuple[UUID, bool, Session]:
        def work(actor: Actor) -> tuple[UUID, bool, Session]:
            pin.refuse_closed(self.key)
            if actor.is_staff:
                session = actions.held_session(actor, public_id)
                actions.open_room(actor, session, self.page)
                return actor.sure_id, True, session
            mine = my_session(actor, public_id)
            pin.refuse_closed(self.key, private=mine.own)
            actions.enter(actor, mine, self.page)
            return actor.sure_id, False, mine.session

        return self._acting(work)

    @in_thread
    def _as_partner(self, work: Callable[[Actor, MySession], T]) -> T:
        return self._acting(lambda actor: work(actor, my_session(actor, self.session.public_id)))

    @in_thread
    def _as_clinician(self, work: Callable[[Actor, Session], T]) -> T:
        return self._acting(
            lambda actor: work(actor, actions.held_session(actor, self.session.public_id))
        )

    @in_thread
    def _view(self) -> Message:
        def work(actor: Actor) -> Message:
            pin.refuse_closed(self.key)
            if actor.is_staff:
                session = actions.held_session(actor, self.session.public_id)
                view = queries.desk(actor, session)
                if view.state and view.state.page not in (None, self.page):
                    return {"type": "room", "state": "taken"}
                return queries.clinician_json(view)
            mine = my_session(actor, self.session.public_id)
            pin.stays_open(self.key)
            state, people = queries.partner_state(actor, mine, self.page)
            return {"type": "room", "state": state, "people": people}

        return self._acting(work)

    async def _state(self) -> str:
        return str((await self._view())["state"])

    def _acting(self, work: Callable[[Actor], T]) -> T:
        audit.begin(secrets.token_hex(8))
        try:
            with transaction.atomic(), acting(self.token, active=True) as actor:
                # Being in a room is activity (P-84).
                if actor.id is None or getattr(self, "actor_id", actor.id) != actor.id:
                    raise NotThere
                done = work(actor)
                audit.flush()
                return done
        finally:
            audit.drop()


def _person(session: Session, seat: object) -> UUID | None:
    if not seat:
        return None
    try:
        return queries.person_of(session, UUID(str(seat)))
    except ValueError:
        return None


def _sure(person: UUID | None) -> UUID:
    if person is None:
        raise NotThere
    return person
