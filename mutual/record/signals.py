"""News of the record for rooms above: they listen, the record never asks up."""

from __future__ import annotations

from django.dispatch import Signal

#: Sent once, in the transaction of the signature: ``note`` (record.Note), ``actor``.
note_signed = Signal()
#: Sent once, when a supervisor has co-signed: ``note``, ``actor`` (C-72).
note_cosigned = Signal()
#: Sent once, when an episode was closed with its summary: ``facts`` (record.DischargeFacts).
discharged = Signal()
