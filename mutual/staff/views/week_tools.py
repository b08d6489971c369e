"""Where the work of the week is done, for each role: the row of links on its first page."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mutual.staff.views import asks, forecast, groups
from mutual.wall.context import Actor
from mutual.week.bridge.proposing import PLANNERS as WHOLE
from mutual.week.groups import PLANNERS


@dataclass(frozen=True)
class Tool:
    """One page of the week's work."""

    name: str
    words: str | Promise
    icon: str
    roles: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        """Its address."""
        return reverse(self.name)


TOOLS = (
    Tool("staff-board", _("Right now"), "clock", PLANNERS),
    Tool("staff-asks", _("Asked by partners"), "message-circle", asks.ROLES),
    Tool("staff-stand-ins", _("Who stands in"), "users-round", PLANNERS),
    Tool("staff-programme-board", _("All rooms"), "calendar-days", PLANNERS),
    Tool("staff-forecast", _("How this week ends"), "hourglass", forecast.ROLES),
    Tool("staff-groups", _("Groups"), "users-round", groups.ROLES),
    Tool("staff-solve", _("Propose a week"), "wand-sparkles", WHOLE),
    Tool("staff-work", _("Hours and time away"), "calendar-clock"),
)


def tools(actor: Actor) -> list[Tool]:
    """The pages of the week that somebody works with."""
    return [tool for tool in TOOLS if not tool.roles or actor.has(*tool.roles)]
