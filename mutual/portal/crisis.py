"""Where "My plan" on the crisis card leads: one address for everyone, filled or not (P-69)."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def plan_href() -> str:
    """The page of one's own safety plan; empty while no such page is installed."""
    try:
        return reverse("portal-safety-plan")
    except NoReverseMatch:
        return ""
