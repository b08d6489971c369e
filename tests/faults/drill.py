"""What the restore drill does in its installation, each in a process of its own.

No import of conftest.py here: that would lead to the tests' shared server.
"""

from __future__ import annotations


def note(words: str) -> bool:
    """A message of Ana's, acknowledged when this returns."""
    from mutual.daily.actions import write_to_own
    from mutual.wall.testing import acting_as
    from tests.world import id_of

    with acting_as(id_of("ana"), "person") as ana:
        write_to_own(ana, words)
    return True


def notes() -> list[str]:
    from mutual.daily.models import OwnMessage
    from mutual.wall.testing import acting_as
    from tests.world import id_of

    with acting_as(id_of("ana"), "person"):
        return sorted(m.text for m in OwnMessage.objects.all())


def ends() -> str:
    """Ana takes a consent back, closes her calendar's feed, and Mo leaves her care team."""
    from mutual.privacy.actions import revoke
    from mutual.wall.relations import end_relations
    from mutual.wall.testing import acting_as
    from mutual.week.feeds import close_feed
    from tests.world import id_of

    with acting_as(id_of("ana"), "person") as ana:
        assert revoke(ana, "tpo") == 1
        close_feed(ana)
    with acting_as(id_of("dee"), "staff"):
        assert end_relations(id_of("mo"), id_of("ana")) == 1
    return "ended"


def sign_in() -> str:
    """Ana signs in, and has a calendar feed: (token, secret of the feed)."""
    from mutual.wall.context import acting, open_session
    from mutual.week.feeds import open_feed
    from tests.world import id_of

    token = open_session(id_of("ana"), "person")
    with acting(token) as ana:
        return f"{token} {open_feed(ana)}"


def standing(token: str, feed: str) -> dict[str, bool]:
    """What still holds: the consent, Mo's sight of Ana, the sign-in, the feed."""
    from mutual.base.refusal import NotThere
    from mutual.people.models import Person
    from mutual.privacy.queries import missing
    from mutual.wall.context import acting
    from mutual.wall.testing import acting_as
    from mutual.week.feeds import busy_times
    from tests.world import id_of

    with acting(token) as actor:
        signed_in = actor.id is not None
    with acting_as(id_of("mo"), "staff") as mo:
        sees = Person.objects.visible_to(mo).filter(id=id_of("ana")).exists()
    try:
        busy_times(feed)
        feeds = True
    except NotThere:
        feeds = False
    return {
        "consent": not missing(id_of("ana"), ["tpo"]), "sees": sees, "signed_in": signed_in,
        "feed": feeds,
    }  # fmt: skip


def again() -> int:
    from mutual.entry.restore import apply_here

    return apply_here()
