"""Two people move one session at the same moment, and one cancels it (capability 5, F-4).

Run as a process of its own on a cloned database, because real connections have to commit; prints
one line of JSON.
"""

from __future__ import annotations

import json
import threading

import django


def main() -> None:
    """Move one session from three connections at once, again and again."""
    django.setup()
    from django.db import connections, transaction

    from mutual.base.refusal import Refused
    from mutual.wall.testing import acting_as
    from mutual.week import booking
    from mutual.week.models import PersonBooking, Seat, Session, StaffBooking
    from tests.week.factories import at, individual
    from tests.world import id_of

    with transaction.atomic(), acting_as(id_of("ada"), "staff") as ada:
        made = individual(ada, "ana", "mo", at(1, 9))
    outcomes: list[str] = []
    for turn in range(4):
        gate = threading.Barrier(3)

        def move(who: str, day: int, hour: int, gate: threading.Barrier = gate) -> None:
            gate.wait()
            try:
                with transaction.atomic(), acting_as(id_of(who), "staff") as actor:
                    mine = Session.objects.select_related("clinician").get(id=made.id)
                    booking.reschedule(actor, mine, at(day, hour))
                outcomes.append("moved")
            except Refused as refusal:
                outcomes.append(refusal.text)
            finally:
                connections.close_all()

        threads = [
            threading.Thread(target=move, args=(who, 1 + n, 10 + turn))
            for n, who in enumerate(("ada", "mo", "cory"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with transaction.atomic(), acting_as(id_of("ada"), "staff"):
        session = Session.objects.get(id=made.id)
        spans = {
            str(row.during.lower)
            for rows in (
                [session],
                Seat.objects.filter(session=session, cancelled=False),
                PersonBooking.objects.filter(session=session, cancelled=False),
                StaffBooking.objects.filter(session=session, cancelled=False),
            )
            for row in rows
        }
        counts = [
            model.objects.filter(session=session, cancelled=False).count()
            for model in (Seat, PersonBooking, StaffBooking)
        ]
    print(json.dumps({"outcomes": outcomes, "spans": sorted(spans), "counts": counts}))


if __name__ == "__main__":
    main()
