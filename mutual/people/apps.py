"""Connects what this room has to say after a restore."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, couples, staff and accounts."""

    name = "mutual.people"

    def ready(self) -> None:
        """Closed accounts close again; what a sign-in leaves behind, also in the trail."""
        from allauth.account.signals import password_changed, password_set, user_logged_in
        from allauth.usersessions import signals as theirs

        from mutual.people import audit_events, devices, factors, journal  # noqa: F401

        # devices.py keeps the list of sessions, without the network each came from.
        user_logged_in.disconnect(theirs.on_user_logged_in)
        for signal in (password_changed, password_set):
            signal.disconnect(theirs.on_password_changed)
