"""Two threads with two addresses."""

from __future__ import annotations

from django.urls import path

from mutual.portal.views import messages

urlpatterns = [
    path("messages/", messages.page, name="portal-messages"),
    path("messages/own/", messages.own, name="portal-messages-own"),
    path("messages/ours/", messages.ours, name="portal-messages-ours"),
]
