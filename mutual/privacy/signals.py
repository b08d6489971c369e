"""News of this room for the rooms above: a consent began or ended (house.md: no import upward)."""

from __future__ import annotations

from django.dispatch import Signal

#: Sent with ``person_id`` and ``code``, inside the transaction that writes the consent.
consent_given = Signal()
#: Sent with ``person_id`` and ``code``, inside the transaction that ends it (P-21).
consent_ended = Signal()
#: Sent with ``couple_id`` and ``at``, inside the transaction that separates a couple (P-71).
couple_parted = Signal()
