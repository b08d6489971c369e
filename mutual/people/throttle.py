"""Tries are slowed down where they come from, never where they point (P-32).

Nobody is locked out by somebody else's tries: the lanes of a sign-in hang on the device or the
network it comes from together with the address typed, known or not, so that an unsafe partner's
wrong guesses slow that partner's own. Passkeys go by none of them, and a full lane opens again by
itself: slow, never shut.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from mutual.base.home import secret
from mutual.people.models import Tries


@dataclass(frozen=True)
class Lane:
    """How many tries go freely within a time, and how long each further one waits."""

    name: str
    free: int
    within: timedelta
    pause: timedelta


#: A device the account has signed in with before.
KNOWN = Lane("known", 10, timedelta(minutes=10), timedelta(seconds=15))
#: Any other device, by the network it is in.
UNKNOWN = Lane("unknown", 8, timedelta(minutes=15), timedelta(seconds=30))
#: All addresses from one network together.
NETWORK = Lane("network", 60, timedelta(minutes=10), timedelta(seconds=5))
#: Mails with a code or link to one mailbox.
MAIL = Lane("mail", 5, timedelta(hours=1), timedelta(minutes=20))
#: Codes of a second factor: where they come from, and for one account from everywhere.
CODE = Lane("code", 5, timedelta(minutes=5), timedelta(seconds=30))
CODE_ALL = Lane("code-all", 60, timedelta(hours=1), timedelta(seconds=20))
#: Recovery: requests from one network, and words tried for one address.
ASKING = Lane("asking", 10, timedelta(hours=1), timedelta(minutes=5))

_COUNT = """
insert into people_tries as t (key, count, since, last) values (%(key)s, 1, %(now)s, %(now)s)
on conflict (key) do update set
  count = case when t.since < %(old)s then 1 else t.count + 1 end,
  since = case when t.since < %(old)s then %(now)s else t.since end,
  last = %(now)s
where t.count < %(free)s or t.last <= %(rested)s or t.since < %(old)s
returning count
"""


def go(lane: Lane, *parts: str, now: datetime | None = None) -> bool:
    """Whether one more try may go now; it is counted if it may. One statement, known or not.

    Args:
        parts: what the lane hangs on; kept as a keyed hash alone.
    """
    moment = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "key": _key(lane, parts),
                "now": moment,
                "old": moment - lane.within,
                "rested": moment - lane.pause,
                "free": lane.free,
            },
        )
        return cursor.fetchone() is not None


def clear(lane: Lane, *parts: str) -> None:
    """A try was right: the lane is empty again."""
    Tries.objects.filter(key=_key(lane, parts)).delete()


def forget(now: datetime | None = None) -> int:
    """Delete the counts nobody needs any more; returns how many."""
    moment = now or timezone.now()
    return Tries.objects.filter(last__lt=moment - timedelta(days=1)).delete()[0]


def _key(lane: Lane, parts: tuple[str, ...]) -> bytes:
    text = "\x00".join((lane.name, *parts))
    return hmac.new(secret("tries"), text.encode(), hashlib.sha256).digest()
