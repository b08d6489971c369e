"""What people do with the week; each name lives where its rules are."""

from mutual.week.attending import (
    confirm_attendance,
    end_session,
    excuse,
    mark_no_show,
    may_end_with_one,
    one_partner_came,
)
from mutual.week.booking import book_session, cancel, reschedule, seat_in_group
from mutual.week.feeds import close_feed, open_feed
from mutual.week.groups import join_group, keep_apart, leave_group, make_group
from mutual.week.holds import replace_conjoint
from mutual.week.planning import plan_week, publish_week, template_for

__all__ = [
    "book_session",
    "cancel",
    "close_feed",
    "confirm_attendance",
    "end_session",
    "excuse",
    "join_group",
    "keep_apart",
    "leave_group",
    "make_group",
    "mark_no_show",
    "may_end_with_one",
    "one_partner_came",
    "open_feed",
    "plan_week",
    "publish_week",
    "replace_conjoint",
    "reschedule",
    "seat_in_group",
    "template_for",
]
