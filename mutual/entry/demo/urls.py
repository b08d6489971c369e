"""Addresses of the demo, under /demo."""

from __future__ import annotations

from django.urls import path

from mutual.entry.demo.mail import mail, mailbox
from mutual.entry.demo.views import demo, enter

urlpatterns = [
    path("", demo, name="demo"),
    path("/enter", enter, name="demo-enter"),
    path("/mail", mailbox, name="demo-mail"),
    path("/mail/<uuid:mail_id>", mail, name="demo-mail-open"),
]
