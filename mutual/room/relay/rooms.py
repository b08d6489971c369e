"""Who may hear and see whom: a room's matrix turned into filled slots. The default is nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mutual.room.relay.peer import SLOTS, Peer

SEATS = SLOTS + 1
"""People in one room at most."""
NAME_LENGTH = 64

SlotView = dict[str, Any] | None


class Room:
    """The seats of one session. A matrix row outlives its page, so a reconnect needs no new one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seats: dict[str, Peer] = {}
        self.matrix: dict[str, tuple[str, ...]] = {}
        self._told: dict[str, list[SlotView]] = {}

    def route(self, matrix: Mapping[str, Iterable[str]]) -> None:
        """Set who hears and sees whom, whole: a seat left out hears nobody.

        Raises ``ValueError`` when somebody is to hear more seats than there are slots.
        """
        new: dict[str, tuple[str, ...]] = {}
        for seat, others in matrix.items():
            row = tuple(dict.fromkeys(other for other in others if other != seat))
            if len(row) > SLOTS:
                raise ValueError(f"a seat can hear {SLOTS} others at most, not {len(row)}")
            new[seat] = row
        self.matrix = new
        self.rewire()

    def enter(self, peer: Peer) -> Peer | None:
        """Seat a page; returns the page that sat there before, now out. Raises when full."""
        before = self.seats.get(peer.seat)
        if before is None and len(self.seats) >= SEATS:
            raise ValueError(f"room is full: {SEATS} people at most")
        self.seats[peer.seat] = peer
        self.rewire()
        return before

    def leave(self, peer: Peer) -> None:
        """Free a page's seat, unless another page sits there by now."""
        if self.seats.get(peer.seat) is peer:
            del self.seats[peer.seat]
        self._told.pop(peer.id, None)
        self.rewire()

    def rewire(self) -> None:
        """Fill the slots from the matrix. Takes effect with the next packet; nothing in between."""
        for viewer in self.seats.values():
            self._fill(viewer)
        for source in self.seats.values():
            for stream in source.upstream.values():
                stream.outlets = [
                    slot.audio if stream.kind == "audio" else slot.video
                    for viewer in self.seats.values()
                    for slot in viewer.slots
                    if slot.source is source
                ]
                if stream.kind == "video" and not all(o.attached for o in stream.outlets):
                    stream.wants_key_frame = True
        self.announce()

    def _fill(self, viewer: Peer) -> None:
        wanted = {
            seat: self.seats[seat]
            for seat in self.matrix.get(viewer.seat, ())
            if seat in self.seats
        }
        for slot in viewer.slots:  # whoever stays keeps the slot, so that no picture moves
            slot.point(wanted.pop(slot.seat, None) if slot.seat is not None else None)
        for slot in viewer.slots:
            if slot.source is None and wanted:
                slot.point(wanted.pop(next(iter(wanted))))

    def announce(self) -> None:
        """Tell each page's owner who is in its slots, where that changed."""
        for viewer in self.seats.values():
            view = [_view(slot.source) for slot in viewer.slots]
            if self._told.get(viewer.id) != view:
                self._told[viewer.id] = view
                viewer.tell("slots", slots=view)


def _view(source: Peer | None) -> SlotView:
    if source is None:
        return None
    return {
        "seat": source.seat,
        "live": source.connected,
        "microphone": source.microphone,
        "camera": source.camera,
    }


def name(value: object, what: str) -> str:
    """A room's or seat's name as the application gave it. Raises ``ValueError`` if unusable."""
    if not isinstance(value, str) or not 0 < len(value) <= NAME_LENGTH:
        raise ValueError(f"{what} must be a text of 1 to {NAME_LENGTH} characters")
    return value
