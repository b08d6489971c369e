"""Ten connections book one hour of one therapist and one books half an hour later (F-4).

Run as a process of its own on a cloned database, because real connections have to commit; prints
one line of JSON.
"""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import django


def main() -> None:
    """Book at the same moment from eleven threads, each with a connection of its own."""
    django.setup()
    from django.db import connections, transaction

    from mutual.base.refusal import Refused
    from mutual.wall.testing import acting_as
    from mutual.week.models import PersonBooking, Seat, Session, StaffBooking
    from tests.week.factories import at, individual
    from tests.world import id_of

    gate = threading.Barrier(11)
    outcomes: list[dict[str, str]] = []

    def book(number: int) -> None:
        late = number == 10
        start = at(1, 18) + (timedelta(minutes=30) if late else timedelta())
        typed = {"person": "ana" if number % 2 else "ben", "start": start.isoformat()}
        gate.wait()
        try:
            with transaction.atomic(), acting_as(id_of("ada"), "staff") as ada:
                individual(ada, typed["person"], "mo", start)
            outcomes.append({**typed, "said": "booked"})
        except Refused as refusal:
            outcomes.append({**typed, "said": refusal.text})
        finally:
            connections.close_all()

    threads = [threading.Thread(target=book, args=(n,)) for n in range(11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction.atomic(), acting_as(id_of("ada"), "staff"):
        left = [m.objects.count() for m in (Session, Seat, PersonBooking, StaffBooking)]
    print(json.dumps({"outcomes": outcomes, "left": left}))


if __name__ == "__main__":
    main()
